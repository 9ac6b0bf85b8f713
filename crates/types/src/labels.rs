//! Labels of a function body, for trees whose parser did not check branches.
//!
//! One walk declares labels and resolves branches. A `goto` whose label is not in scope yet is *pending* in its block,
//! then in the enclosing one, until the label turns up. It jumps over a variable if one was declared in the label's block
//! since the goto, or the inner block with it, was seen there: so each pending goto carries how many declarations its
//! block had by then.

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::store::*;
use base::{Pos, Symbol};
use rustc_hash::FxHashMap;
use syntax::ast::{self, BranchKind, Decl, Operator, Stmt, StmtKind};

impl<'a> Checker<'a> {
    /// Checks that labels are used correctly in a body.
    pub(crate) fn labels(&mut self, body: &'a ast::BlockStmt<'a>) {
        let mut walk = Walk {
            checker: self,
            labels: Vec::new(),
            by_name: FxHashMap::default(),
            labeled: FxHashMap::default(),
            blocks: Vec::new(),
            waiting: FxHashMap::default(),
        };
        let pending = walk.block(None, body.list);
        let Walk { mut labels, by_name, .. } = walk;

        for goto in pending {
            let name = goto.label.name;
            match by_name.get(&name) {
                Some(&label) => {
                    labels[label].used = true;
                    self.error(goto.label, Code::JumpIntoBlock, format!("goto {name} jumps into block"));
                }
                None => self.error(goto.label, Code::UndeclaredLabel, format!("label {name} not declared")),
            }
        }
        // spec: "It is illegal to define a label that is never used."
        for label in labels {
            let Object { pos, name, .. } = *self.obj(label.obj);
            if label.used {
                self.store.objects[label.obj].kind = ObjKind::Label { used: true };
            } else {
                self.soft_error(pos, Code::UnusedLabel, format!("label {name} declared and not used"));
            }
        }
    }
}

struct Label {
    obj: ObjId,
    /// Index of the block that declares it.
    block: usize,
    used: bool,
}

#[derive(Clone, Copy)]
struct PendingGoto {
    label: ast::Ident,
    /// How many variable declarations its block had when it was seen there.
    declarations: usize,
}

#[derive(Default)]
struct Block {
    pending: Vec<PendingGoto>,
    declarations: usize,
    /// The last of them.
    declared_at: Pos,
    is_closed: bool,
}

struct Walk<'c, 'a> {
    checker: &'c mut Checker<'a>,
    labels: Vec<Label>,
    by_name: FxHashMap<Symbol, usize>,
    /// The labeled statements around the place of the walk, innermost last.
    labeled: FxHashMap<Symbol, Vec<&'a Stmt<'a>>>,
    blocks: Vec<Block>,
    /// How many gotos are pending for a name, in all blocks.
    waiting: FxHashMap<Symbol, usize>,
}

/// A label and the statement it labels.
type Labeled<'a> = Option<(ast::Ident, &'a Stmt<'a>)>;

impl<'a> Walk<'_, 'a> {
    /// Walks a block, which belongs to the statement `labeled` if given, and returns the gotos that stay pending.
    fn block(&mut self, labeled: Labeled<'a>, list: &'a [&'a Stmt<'a>]) -> Vec<PendingGoto> {
        let block = self.blocks.len();
        self.blocks.push(Block::default());
        self.within(labeled, |walk| {
            for stmt in list {
                walk.stmt(block, None, stmt);
            }
        });
        self.blocks[block].is_closed = true;
        std::mem::take(&mut self.blocks[block].pending)
    }

    /// Walks a part of the statement `labeled`.
    fn within(&mut self, labeled: Labeled<'a>, walk: impl FnOnce(&mut Self)) {
        let Some((label, stmt)) = labeled else { return walk(self) };
        self.labeled.entry(label.name).or_default().push(stmt);
        walk(self);
        self.labeled.entry(label.name).or_default().pop();
    }

    fn nested(&mut self, block: usize, labeled: Labeled<'a>, list: &'a [&'a Stmt<'a>]) {
        let unresolved = self.block(labeled, list);
        let outer = &mut self.blocks[block];
        let declarations = outer.declarations;
        outer.pending.extend(unresolved.into_iter().map(|goto| PendingGoto { declarations, ..goto }));
    }

    fn stmt(&mut self, block: usize, labeled: Labeled<'a>, stmt: &'a Stmt<'a>) {
        if self.checker.enter(stmt) {
            self.stmt_internal(block, labeled, stmt);
        }
        self.checker.leave();
    }

    fn stmt_internal(&mut self, block: usize, labeled: Labeled<'a>, stmt: &'a Stmt<'a>) {
        match stmt.kind {
            StmtKind::Decl(decls) => {
                for decl in decls {
                    if let Decl::Var(var) = decl {
                        self.declares_variable(block, var.pos);
                    }
                }
            }
            StmtKind::Assign { op: Some(Operator::Def), .. } => self.declares_variable(block, stmt.pos),
            StmtKind::Labeled { label, stmt: inner } if label.name.is_blank() => self.stmt(block, labeled, inner),
            StmtKind::Labeled { label, stmt: inner } => {
                self.declare(block, label);
                self.stmt(block, Some((label, inner)), inner);
            }
            StmtKind::Branch { tok, label: Some(label) } => self.branch(block, tok, label),
            StmtKind::Block(body) => self.nested(block, labeled, body.list),
            StmtKind::If(branch) => {
                self.nested(block, labeled, branch.then.list);
                if let Some(els) = branch.els {
                    self.stmt(block, labeled, els);
                }
            }
            StmtKind::For(stmt) => self.nested(block, labeled, stmt.body.list),
            StmtKind::Switch(switch) => self.within(labeled, |walk| {
                for clause in switch.body {
                    walk.nested(block, None, clause.body);
                }
            }),
            StmtKind::Select(select) => self.within(labeled, |walk| {
                for clause in select.body {
                    walk.nested(block, None, clause.body);
                }
            }),
            _ => {}
        }
    }

    fn declares_variable(&mut self, block: usize, pos: Pos) {
        let block = &mut self.blocks[block];
        block.declarations += 1;
        block.declared_at = pos;
    }

    /// Declares a label and resolves the gotos that wait for it.
    fn declare(&mut self, block: usize, label: ast::Ident) {
        let name = label.name;
        let pkg = Some(self.checker.env.pkg);
        let obj = self.checker.new_object(ObjKind::Label { used: false }, label.pos, pkg, name, None);
        match self.by_name.get(&name) {
            Some(&other) => {
                let mut err = ErrorBuilder::new(Code::DuplicateLabel);
                err.soft = true;
                err.add(label, format!("label {name} already declared"));
                self.checker.add_alt_decl(&mut err, self.labels[other].obj);
                self.checker.report(err);
            }
            None => {
                self.by_name.insert(name, self.labels.len());
                self.labels.push(Label { obj, block, used: false });
                self.checker.record_def(label, obj);
            }
        }

        let Some(waiting) = self.waiting.get_mut(&name).filter(|waiting| **waiting > 0) else { return };
        let known = self.by_name[&name];
        let Block { pending, declarations, declared_at, .. } = &mut self.blocks[block];
        let resolved: Vec<PendingGoto> = pending.extract_if(.., |goto| goto.label.name == name).collect();
        *waiting -= resolved.len();
        self.labels[known].used |= !resolved.is_empty() && self.labels[known].obj == obj;
        for goto in resolved {
            self.checker.record_use(goto.label, obj);
            // spec: "Executing the "goto" statement must not cause any variables to come into scope that were not already
            // in scope at the point of the goto."
            if goto.declarations < *declarations {
                let line = self.checker.sources.location(*declared_at).line;
                let message = format!("goto {name} jumps over variable declaration at line {line}");
                self.checker.soft_error(goto.label, Code::JumpOverDecl, message);
            }
        }
    }

    fn branch(&mut self, block: usize, tok: BranchKind, label: ast::Ident) {
        let name = label.name;
        // spec: "If there is a label, it must be that of an enclosing "for", "switch", or "select" statement" (break),
        // "that of an enclosing "for" statement" (continue).
        let target = self.labeled.get(&name).and_then(|around| around.last()).map(|stmt| stmt.kind);
        let is_valid = match tok {
            BranchKind::Break => {
                matches!(target, Some(StmtKind::For(_) | StmtKind::Switch(_) | StmtKind::Select(_)))
            }
            BranchKind::Continue => matches!(target, Some(StmtKind::For(_))),
            BranchKind::Goto => {
                let known = self.by_name.get(&name).map(|&label| self.labels[label].block);
                if known.is_none_or(|declaring| self.blocks[declaring].is_closed) {
                    let declarations = self.blocks[block].declarations;
                    self.blocks[block].pending.push(PendingGoto { label, declarations });
                    *self.waiting.entry(name).or_default() += 1;
                    return;
                }
                true
            }
            BranchKind::Fallthrough => unreachable!("labels: a fallthrough has no label"),
        };
        if !is_valid {
            let message = format!("invalid {} label {name}", tok.as_str());
            self.checker.error(label, Code::MisplacedLabel, message);
            return;
        }
        let known = self.by_name[&name];
        self.labels[known].used = true;
        self.checker.record_use(label, self.labels[known].obj);
    }
}

#[cfg(test)]
mod tests {
    use crate::checker::{Checker, Config};
    use crate::version::GoVersion;
    use base::SourceMap;
    use bumpalo::Bump;
    use std::path::Path;
    use syntax::ast::{BodySource, Decl};
    use syntax::{Bodies, ParseOptions};

    /// The complaints about the labels of a function's body, and whether it terminates.
    fn check(body: &str) -> (Vec<String>, bool) {
        let (mut sources, arena) = (SourceMap::new(), Bump::new());
        let text = format!("package p\nfunc f() {{\n{body}\n}}\n");
        let id = sources.add(Path::new("p.go"), "p.go", text.into_bytes().into()).expect("small file");
        let options = ParseOptions { bodies: Bodies::Parse, check_branches: false, generic_methods: false };
        let parsed = syntax::parse_file(&arena, id, sources.file(id), &options);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let max_version = GoVersion::go1(26);
        let config = Config { ignore_branch_errors: false, ..Config::for_build(max_version) };
        let mut checker = Checker::new(config, &sources, &arena);
        let file = arena.alloc(parsed.file);
        let Decl::Func(func) = &file.decls[0] else { panic!("function expected") };
        let BodySource::Parsed(body) = func.body else { panic!("body expected") };
        checker.labels(body.block);
        let terminates = checker.is_terminating(body.block);
        let line = |pos| sources.location(pos).line;
        let show = |error: &base::Diagnostic| format!("{}: {}", line(error.pos) - 2, error.message);
        (checker.errors.iter().map(|(_, error)| show(error)).collect(), terminates)
    }

    fn errors(body: &str) -> Vec<String> {
        check(body).0
    }

    fn terminates(body: &str) -> bool {
        check(body).1
    }

    #[test]
    fn targets_of_break_and_continue() {
        assert!(errors("L: for { switch { default: continue L }; break L }").is_empty());
        assert_eq!(
            errors("L: switch { default: continue L }"),
            ["1: invalid continue label L", "1: label L declared and not used"]
        );
        assert_eq!(errors("L: {\nbreak L }"), ["2: invalid break label L", "1: label L declared and not used"]);
    }

    #[test]
    fn gotos() {
        assert!(errors("goto L; { goto L }; L: goto L").is_empty());
        assert_eq!(errors("goto L"), ["1: label L not declared"]);
        assert_eq!(errors("goto L\n{ L: }"), ["1: goto L jumps into block"]);
        assert_eq!(errors("{ goto L }\nx := 1\nL: _ = x"), ["1: goto L jumps over variable declaration at line 4"]);
        assert!(errors("x := 1; goto L; { y := x }; L: _ = x").is_empty());
        assert_eq!(errors("L: goto L\nL: ;"), ["2: label L already declared"]);
    }

    #[test]
    fn terminating_statements() {
        assert!(terminates("for { }"));
        assert!(terminates("for { for { break } }"));
        assert!(!terminates("for { if true { break } }"));
        assert!(!terminates("L: for { for { break L } }"));
        assert!(terminates("L: for { M: for { break M }; continue L }"));
        assert!(!terminates("for range 3 { }"));
        assert!(terminates("if x { return } else if y { goto L } else { select { } }; ;"));
        assert!(!terminates("switch { case x: return }"));
        assert!(terminates("switch { case x: fallthrough; default: return }"));
        assert!(!terminates("switch { case x: switch { default: break }; return; default: if y { break }; return }"));
        assert!(!terminates("L: switch { default: switch { default: for { break L } } }"));
        assert!(terminates("L: switch { default: M: switch { default: for { continue L } } }"));
    }
}
