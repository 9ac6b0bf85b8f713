//! String constants as ropes: a chain of n concatenations costs O(n), because the bytes are joined once, when somebody
//! looks.

use std::sync::{Arc, Mutex};

#[derive(Debug)]
pub struct Text {
    len: usize,
    content: Mutex<Content>,
}

#[derive(Debug)]
enum Content {
    Flat(Arc<[u8]>),
    Concat(Arc<Text>, Arc<Text>),
}

impl Text {
    pub fn new(bytes: &[u8]) -> Arc<Text> {
        Arc::new(Text { len: bytes.len(), content: Mutex::new(Content::Flat(bytes.into())) })
    }

    pub fn concat(left: &Arc<Text>, right: &Arc<Text>) -> Arc<Text> {
        let content = Mutex::new(Content::Concat(left.clone(), right.clone()));
        Arc::new(Text { len: left.len + right.len, content })
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn bytes(&self) -> Arc<[u8]> {
        let mut content = self.content.lock().unwrap();
        let (left, right) = match &*content {
            Content::Flat(bytes) => return bytes.clone(),
            Content::Concat(left, right) => (left.clone(), right.clone()),
        };
        let mut joined = Vec::with_capacity(self.len);
        let mut pending = vec![right, left];
        while let Some(part) = pending.pop() {
            match &*part.content.lock().unwrap() {
                Content::Flat(bytes) => joined.extend_from_slice(bytes),
                Content::Concat(left, right) => pending.extend([right.clone(), left.clone()]),
            }
        }
        let joined: Arc<[u8]> = joined.into();
        *content = Content::Flat(joined.clone());
        joined
    }
}

/// Long chains are taken apart in a loop: the derived drop would recurse once per concatenation.
impl Drop for Text {
    fn drop(&mut self) {
        let mut pending = Vec::new();
        take_parts(self, &mut pending);
        while let Some(part) = pending.pop() {
            if let Some(mut text) = Arc::into_inner(part) {
                take_parts(&mut text, &mut pending);
            }
        }
    }
}

fn take_parts(text: &mut Text, pending: &mut Vec<Arc<Text>>) {
    let content = text.content.get_mut().unwrap();
    if let Content::Concat(left, right) = std::mem::replace(content, Content::Flat(Arc::from([]))) {
        pending.extend([left, right]);
    }
}
