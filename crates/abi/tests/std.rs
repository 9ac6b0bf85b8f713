//! All declared types of a large part of std: the same sizes as the checker's, whose constants programs see, and link
//! names that tell them apart.

mod common;

use abi::methods::Target;
use abi::{CanonId, Descriptors, EnvId};
use ir::Program;
use types::{ObjId, ObjKind, PkgId, Type};

#[test]
fn types_of_std() {
    for goroot in testing::goroots() {
        let text = "package main\nimport _ \"net/http\"\nfunc main() {}";
        common::with_program(&goroot, text, |types, checker, _| {
            let mut declared: Vec<CanonId> = Vec::new();
            for pkg in checker.packages.ids().collect::<Vec<PkgId>>() {
                let scope = checker.packages[pkg].scope;
                let objects: Vec<ObjId> = checker.scope(scope).objects().map(|entry| entry.1).collect();
                for obj in objects {
                    if !matches!(checker.obj(obj).kind, ObjKind::TypeName) {
                        continue;
                    }
                    checker.query().object(obj);
                    let ty = checker.obj(obj).ty.unwrap();
                    let is_generic = checker.is_generic(ty);
                    if is_generic || matches!(checker.ty(ty), Type::Basic(_)) {
                        continue;
                    }
                    let is_constraint = match checker.under_type(ty) {
                        Type::Interface(iface) => {
                            let tset = checker.type_set(iface);
                            !checker.type_set_is_method_set(tset)
                        }
                        _ => false,
                    };
                    if is_constraint {
                        continue;
                    }
                    let canon = types.canon(checker, ty, EnvId::EMPTY);
                    let layout = types.layout(checker, canon);
                    let name = types.link_name(checker, canon);
                    let expected = (checker.sizeof(ty).map(|size| size as u64), checker.alignof(ty));
                    assert_eq!((Some(layout.size), i64::from(layout.align)), expected, "{name}");
                    declared.push(canon);
                }
            }
            assert!(checker.errors.is_empty(), "{:?}", checker.errors);
            declared.sort();
            declared.dedup();
            assert!(declared.len() > 1000, "{}", declared.len());

            let mut descriptors = Descriptors::new(types, checker).unwrap();
            let mut program = Program::default();
            for &ty in &declared {
                let pointer = types.pointer_to(ty);
                for ty in [ty, pointer] {
                    let set = types.method_set(checker, ty);
                    for &id in types.methods(set) {
                        let method = types.method(id);
                        assert!(matches!(types[method.sig], abi::CanonType::Func { .. }));
                        assert!(
                            !matches!(method.target, Target::Declared { pointer_receiver: true, .. })
                                || ty == pointer
                                || method.is_on_value()
                        );
                    }
                    descriptors.descriptor(types, checker, &mut program, ty);
                    descriptors.ir_layout(types, checker, &mut program, ty);
                }
            }
            loop {
                let pending = descriptors.take_pending();
                if pending.is_empty() {
                    break;
                }
                for ty in pending {
                    for request in descriptors.requests(types, checker, ty) {
                        if let abi::Request::Descriptor(ty) = request {
                            descriptors.descriptor(types, checker, &mut program, ty);
                        }
                    }
                }
            }
            let names = program.data_by_name();
            let twice = names.windows(2).find(|pair| program.data[pair[0]].name == program.data[pair[1]].name);
            assert_eq!(twice.map(|pair| program.data[pair[0]].name.as_str()), None);
        });
    }
}
