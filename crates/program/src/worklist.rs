//! The loop that lowers what is wanted until nothing is.

use crate::methods::{Awakened, LiveMethods};
use crate::{Input, Linked, embed, order, settings};
use abi::{CanonId, CanonType, CodeForm, Descriptors, EnvId, Types};
use ir::FuncId;
use lower::{FuncKey, Module, Request};
use rustc_hash::FxHashMap;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use types::{Checker, PkgId};

pub struct Worklist<'i, 'a> {
    input: &'i Input<'i>,
    module: Module<'a>,
    live: LiveMethods,
    visible: Vec<CanonId>,
    itabs: Vec<(CanonId, CanonId)>,
    /// The functions that descriptors and itabs refer to.
    provided: FxHashMap<abi::Request, FuncId>,
    /// The first file that could not be read.
    failure: Option<String>,
}

impl<'i, 'a> Worklist<'i, 'a> {
    pub fn run(mut checker: Checker<'a>, input: &'i Input<'i>) -> (Checker<'a>, Result<Linked, String>) {
        let mut types = Types::new(Some(input.main));
        let descriptors = match Descriptors::new(&mut types, &mut checker) {
            Ok(descriptors) => descriptors,
            Err(message) => return (checker, Err(message)),
        };
        let mut worklist = Worklist {
            input,
            module: Module::new(checker, types, descriptors),
            live: LiveMethods::default(),
            visible: Vec::new(),
            itabs: Vec::new(),
            provided: FxHashMap::default(),
            failure: None,
        };
        let order = worklist.roots();
        worklist.drain();
        lower::init::finish(&mut worklist.module, &order);
        worklist.drain();
        let linked = match worklist.failure.take() {
            Some(message) => Err(message),
            None => Ok(worklist.describe()),
        };
        (worklist.module.checker, linked)
    }

    /// Asks for what runs in any case, and tells in which order packages are initialised.
    fn roots(&mut self) -> Vec<PkgId> {
        let cx = &mut self.module;
        for (pkg, files) in &self.input.directives {
            for (index, directives) in files.iter().enumerate() {
                cx.directives.add(*pkg, index, directives);
                cx.links.add(&cx.checker, *pkg, directives);
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "each alias stands for itself")]
        for (name, target) in &self.input.aliases {
            cx.links.add_alias(name, target);
        }
        for &entry in &self.input.entries {
            let obj = lower::declare::runtime_object(cx, entry);
            cx.func(FuncKey::Declared(obj, EnvId::EMPTY));
        }
        let runtime =
            lower::declare::package(cx, "runtime").expect("program: package runtime is part of every program");
        let order = order::initialization_order(&cx.checker, &[self.input.main, runtime]);
        for &pkg in &order {
            lower::init::roots(cx, pkg);
        }
        order
    }

    fn drain(&mut self) {
        loop {
            while let Some(request) = self.module.pending.pop_front() {
                self.answer(request);
            }
            let Module { checker, types, descriptors, .. } = &mut self.module;
            let requests = descriptors.frame_words.take_requests(types, checker);
            requests.into_iter().for_each(|request| self.provide(request));
            let types = self.module.descriptors.take_pending();
            let itabs = self.module.descriptors.take_pending_itabs();
            if types.is_empty() && itabs.is_empty() && self.module.pending.is_empty() {
                return;
            }
            types.into_iter().for_each(|ty| self.make_visible(ty));
            self.itabs.extend(itabs);
        }
    }

    fn answer(&mut self, request: Request) {
        let mut awakened = Awakened::default();
        match request {
            Request::Func(func) => {
                let module = AssertUnwindSafe(&mut self.module);
                let lowered = catch_unwind(|| lower::functions::lower_function({ module }.0, func));
                if let Err(panic) = lowered {
                    self.blame(func, panic);
                }
            }
            Request::Global(obj) => {
                let site = self.module.checker.decl_site(obj);
                if let Some(embedded) = site.and_then(|site| self.input.embeds.get(&site)) {
                    if let Err(message) = embed::set(&mut self.module, obj, embedded, self.input.read) {
                        self.failure.get_or_insert(message);
                    }
                } else if !settings::set(&mut self.module, obj, &self.input.settings) {
                    lower::statics::lower_global(&mut self.module, obj);
                }
            }
            Request::InterfaceMethod(name, sig) => self.live.call(name, sig, &mut awakened),
            Request::ReflectMethod(name) => self.live.reflect(name, &mut awakened),
        }
        self.awaken(awakened);
    }

    /// Lowering has ended in a panic: says in which function, if the panic is a bug.
    fn blame(&self, func: FuncId, panic: Box<dyn Any + Send>) -> ! {
        if panic.is::<lower::Unsupported>() {
            resume_unwind(panic);
        }
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a bug");
        panic!("lower: {}: {text}", self.module.program.funcs[func].name);
    }

    /// The type's descriptor is wanted, and with it whatever that refers to.
    fn make_visible(&mut self, ty: CanonId) {
        self.visible.push(ty);
        let Module { checker, types, descriptors, .. } = &mut self.module;
        for request in descriptors.requests(types, checker, ty) {
            self.provide(request);
        }
        let Module { checker, types, .. } = &mut self.module;
        if matches!(types.shape(checker, ty), CanonType::Interface(_)) {
            return;
        }
        let set = types.method_table(checker, ty);
        let methods: Vec<_> = types.methods(set).to_vec();
        let mut awakened = Awakened::default();
        for method in methods {
            self.live.add(&self.module.types, ty, method, &mut awakened);
        }
        self.awaken(awakened);
    }

    /// Makes what a descriptor refers to.
    fn provide(&mut self, request: abi::Request) {
        let func = match request {
            abi::Request::Descriptor(ty) => {
                self.module.descriptor(ty);
                return;
            }
            abi::Request::Equal(plan) => self.module.func(FuncKey::Equal(plan)),
            abi::Request::Hash(plan) => self.module.func(FuncKey::Hash(plan)),
            abi::Request::Method { receiver, method, form } => self.module.method_code(receiver, method, form),
            abi::Request::FrameCall(sig) => self.module.func(FuncKey::FrameCall(sig)),
            abi::Request::FrameStub(sig) => self.module.func(FuncKey::FrameStub(sig)),
        };
        self.provided.insert(request, func);
    }

    /// Makes the code of methods that became live.
    fn awaken(&mut self, awakened: Awakened) {
        for (receiver, method) in awakened.called {
            self.provide(abi::Request::Method { receiver, method, form: CodeForm::Interface });
        }
        for (receiver, method) in awakened.reflected {
            self.provide(abi::Request::Method { receiver, method, form: CodeForm::Interface });
            self.provide(abi::Request::Method { receiver, method, form: CodeForm::Direct });
            let sig = self.module.types.method(method).sig;
            self.module.descriptor(sig);
        }
    }

    /// Writes descriptors and itabs, when all that is live is known.
    fn describe(&mut self) -> Linked {
        let Worklist { module, visible, itabs, provided, .. } = self;
        let Module { checker, types, descriptors, program, exports, .. } = module;
        descriptors.emit(types, checker, program, visible, itabs, &mut |_, request| provided.get(&request).copied());
        let type_links = descriptors.type_links(types, checker, visible);
        let itabs = descriptors.itab_links(program, itabs);
        let exports =
            exports.iter().map(|export| (export.name.clone(), program.funcs[export.func].name.clone())).collect();
        Linked { program: std::mem::take(program), type_links, itabs, exports }
    }
}
