//! Interface types.

use crate::checker::Checker;
use crate::code::Code;
use crate::store::*;
use crate::universe::typ;
use base::{Pos, sym};
use smallvec::SmallVec;
use syntax::ast::{Expr, InterfaceType};

impl<'a> Checker<'a> {
    /// `def`: the name of the type that is declared to be this interface.
    pub(super) fn interface_type(
        &mut self,
        e: &'a Expr<'a>,
        interface: &'a InterfaceType<'a>,
        def: Option<ObjId>,
    ) -> TypeId {
        let iface = self.new_interface();
        let ty = self.new_type(Type::Interface(iface));
        // A named receiver makes better messages.
        let named = def.and_then(|def| self.obj(def).ty).filter(|&ty| self.as_named(ty).is_some());
        let recv_type = named.map_or(ty, |named| self.unalias(named));

        let mut methods: SmallVec<[ObjId; 8]> = SmallVec::new();
        let mut embeddeds: SmallVec<[TypeId; 4]> = SmallVec::new();
        let mut embed_pos: SmallVec<[Pos; 4]> = SmallVec::new();
        for field in interface.methods {
            let Some(name) = field.name else {
                embeddeds.push(self.parse_union(field.ty));
                embed_pos.push(field.ty.start());
                continue;
            };
            // spec: "The name of each explicitly specified method must be unique and not blank."
            if name.name.is_blank() {
                self.error(name, Code::BlankIfaceMethod, "methods must have a unique non-blank name");
                continue;
            }
            let method_type = self.typ(field.ty);
            let Type::Signature(sig) = self.ty(method_type) else {
                if self.is_valid(method_type) {
                    let name = self.type_string(method_type);
                    let message = format!("{name} is not a method signature");
                    self.error(field.ty, Code::InvalidSyntaxTree, message);
                }
                continue;
            };
            let pkg = Some(self.env.pkg);
            let recv = self.new_var(VarKind::Recv, name.pos, pkg, sym::EMPTY, Some(recv_type));
            self.signatures[sig].recv = Some(recv);
            let kind = ObjKind::Func { has_ptr_recv: false, origin: None };
            let method = self.new_object(kind, name.pos, pkg, name.name, Some(method_type));
            self.record_def(name, method);
            methods.push(method);
        }
        if self.packages[self.env.pkg].whole {
            self.pkg_state().interface_types.push((e, iface));
        }
        self.complete_interface(iface, e.pos, &mut methods, &embeddeds, &embed_pos);
        ty
    }

    /// The interface that stands around a constraint `~T` or `A|B`.
    pub(crate) fn implicit_interface(&mut self, e: &'a Expr<'a>) -> TypeId {
        let iface = self.new_interface();
        let ty = self.new_type(Type::Interface(iface));
        let embedded = self.parse_union(e);
        self.complete_interface(iface, Pos::NONE, &mut SmallVec::new(), &[embedded], &[e.start()]);
        self.interfaces[iface].implicit = true;
        ty
    }

    /// From here on the interface's type set can be computed; it soon is, so that its errors are reported.
    fn complete_interface(
        &mut self,
        iface: InterfaceId,
        pos: Pos,
        methods: &mut SmallVec<[ObjId; 8]>,
        embeddeds: &[TypeId],
        embed_pos: &[Pos],
    ) {
        // All of them are of the same package.
        let key = |obj: &ObjId| {
            let name = self.obj(*obj).name;
            (!is_exported(name), name.as_str())
        };
        methods.sort_by_key(key);
        let methods = self.obj_list(methods);
        let embeddeds = self.type_list(embeddeds);
        let embed_pos = self.pos_list(embed_pos);
        let is_empty = methods.is_empty() && embeddeds.is_empty();
        let Type::Interface(top) = self.ty(typ::EMPTY_INTERFACE) else {
            unreachable!("types: the empty interface is an interface")
        };
        let tset = if is_empty { self.interfaces[top].tset } else { None };
        let implicit = self.interfaces[iface].implicit;
        self.interfaces[iface] = InterfaceData { methods, embeddeds, embed_pos, implicit, complete: true, tset };
        if !is_empty {
            self.later(move |checker| {
                checker.compute_interface_type_set(pos, iface);
            });
        }
    }
}
