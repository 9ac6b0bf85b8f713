//! Bugs of ours: a panic becomes one message and an exit code, wherever and however often it was caught on the way.
//!
//! A phase that catches a panic to say more about it panics again (`lower: main.f: …`), and threads hand theirs on to
//! whoever waits for them. So the hook prints nothing: it keeps the place of the first one, and what arrives in
//! [`guarded`] in the end is reported with it.

use crate::failure::Failure;
use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Mutex;

/// Of the first panic.
struct Origin {
    /// File and line of our own source, which name the phase.
    place: String,
    /// As far as RUST_BACKTRACE asks for one.
    backtrace: Option<String>,
}

static ORIGIN: Mutex<Option<Origin>> = Mutex::new(None);

/// Does the work of a command; a panic in it is a [`Failure::Internal`].
pub fn guarded<R>(work: impl FnOnce() -> Result<R, Failure>) -> Result<R, Failure> {
    std::panic::set_hook(Box::new(remember));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let origin = ORIGIN.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        Err(Failure::Internal(report(&text_of(&*panic), origin)))
    })
}

fn remember(info: &PanicHookInfo<'_>) {
    let mut origin = ORIGIN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if origin.is_some() {
        return;
    }
    let place = info.location().map_or("an unknown place".to_owned(), |at| format!("{}:{}", at.file(), at.line()));
    let backtrace = Backtrace::capture();
    let backtrace = (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
    *origin = Some(Origin { place, backtrace });
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}

fn report(text: &str, origin: Option<Origin>) -> String {
    let (place, backtrace) = match origin {
        Some(origin) => (format!(" ({})", origin.place), origin.backtrace),
        None => (String::new(), None),
    };
    let hint = if backtrace.is_some() { "" } else { " RUST_BACKTRACE=1 says more." };
    format!(
        "internal error: {text}{place}\n\tThis is a bug in gossamer {}, not in your program. Please report it, with \
         the program.{hint}{}",
        env!("CARGO_PKG_VERSION"),
        backtrace.map_or(String::new(), |backtrace| format!("\n{}", backtrace.trim_end()))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_one_message_with_the_first_place() {
        let result: Result<(), Failure> = guarded(|| {
            let thread = std::thread::spawn(|| catch_unwind(|| panic!("index out of bounds")).unwrap_err());
            let inner = thread.join().unwrap();
            panic!("lower: main.f: {}", text_of(&*inner));
        });
        let _ = std::panic::take_hook();
        let Err(Failure::Internal(message)) = result else { panic!("not internal") };
        let first = message.lines().next().unwrap();
        assert!(first.starts_with("internal error: lower: main.f: index out of bounds (crates/cli/src/"), "{message}");
        assert!(message.contains("a bug in gossamer"), "{message}");
    }
}
