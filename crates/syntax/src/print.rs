//! Trees back to text, in two forms.
//!
//! The *short* form is gc's, for messages: one line, with `…` for what stands inside the braces of function and
//! composite literals. The *source* form is a Go file again, laid out much as gofmt would, without comments; parsing
//! and printing it gives the same text. Where the parser drops parentheses that the text needs, they are put back.
//!
//! Trees lean left without bound (`a + b + c`, `x.f().g()`), so left operands are taken in a loop.

use crate::ast::*;
use crate::parser::is_type_elem;

/// gc's String of an expression, for messages.
pub fn expr_string(e: &Expr) -> String {
    let mut printer = Printer::new(Form::Short);
    printer.expr(e);
    printer.out
}

/// The beginning of [`expr_string`]; takes no longer for large trees, so that every node of one can be shown.
pub fn expr_summary(e: &Expr) -> String {
    const LENGTH: usize = 60;
    let mut printer = Printer { limits: Some(Limits { length: LENGTH, operands: 16 }), ..Printer::new(Form::Short) };
    printer.expr(e);
    let mut text = printer.out;
    if let Some((cut, _)) = text.char_indices().nth(LENGTH) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

/// gc's String of a simple statement.
pub(crate) fn simple_stmt_string(stmt: &Stmt) -> String {
    let mut printer = Printer::new(Form::Short);
    printer.simple_stmt(stmt);
    printer.out
}

/// A whole file as source. A skipped body prints as a comment.
pub fn file(file: &File) -> String {
    let mut printer = Printer::new(Form::Source);
    printer.write("package ");
    printer.write(file.pkg_name.name.as_str());
    printer.newline();
    let mut rest = file.decls;
    while !rest.is_empty() {
        printer.newline();
        rest = printer.decl_group(rest);
        printer.newline();
    }
    printer.out
}

/// One statement as source.
pub fn stmt_string(stmt: &Stmt) -> String {
    let mut printer = Printer::new(Form::Source);
    printer.stmt(stmt);
    printer.out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Short,
    Source,
}

struct Printer {
    out: String,
    form: Form,
    indent: usize,
    /// Between a statement's keyword and its block, where `T{` would open the block.
    in_header: bool,
    limits: Option<Limits>,
}

/// What a summary leaves out.
#[derive(Clone, Copy)]
struct Limits {
    /// Expressions that begin after so many bytes.
    length: usize,
    /// All but so many of the left operands that contain each other.
    operands: usize,
}

impl Printer {
    fn new(form: Form) -> Printer {
        Printer { out: String::new(), form, indent: 0, in_header: false, limits: None }
    }

    fn write(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn newline(&mut self) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n('\t', self.indent));
    }

    fn is_short(&self) -> bool {
        self.form == Form::Short
    }

    /// What stands between braces, one item per line; items print themselves.
    fn lines<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.write("{");
        self.indent += 1;
        for it in items {
            self.newline();
            item(self, it);
        }
        self.indent -= 1;
        self.newline();
        self.write("}");
    }

    fn separated<T>(&mut self, items: &[T], separator: &str, mut item: impl FnMut(&mut Self, &T)) {
        for (index, it) in items.iter().enumerate() {
            if index > 0 {
                self.write(separator);
            }
            item(self, it);
        }
    }

    // Expressions

    fn expr(&mut self, e: &Expr) {
        let limits = self.limits.unwrap_or(Limits { length: usize::MAX, operands: usize::MAX });
        if self.out.len() > limits.length {
            return;
        }
        let mut spine = Vec::new();
        let mut first = e;
        while let Some(left) = left_operand(first).filter(|_| spine.len() < limits.operands) {
            spine.push(first);
            first = left;
        }
        if left_operand(first).is_some() {
            self.write("…");
        } else {
            self.leading(first);
        }
        for e in spine.into_iter().rev() {
            self.trailing(e);
        }
    }

    fn exprs(&mut self, list: &[&Expr]) {
        self.separated(list, ", ", |printer, e| printer.expr(e));
    }

    /// A node without left operand.
    fn leading(&mut self, e: &Expr) {
        match e.kind {
            ExprKind::Bad => self.write("<bad expr>"),
            ExprKind::Name(name) => self.write(name.as_str()),
            ExprKind::BasicLit { text, .. } => self.write(text),
            ExprKind::CompositeLit(literal) => self.elements(literal),
            ExprKind::FuncLit(literal) => {
                self.expr(literal.ty);
                self.write(" ");
                if !self.is_short() {
                    let in_header = std::mem::replace(&mut self.in_header, false);
                    self.block(literal.body);
                    self.in_header = in_header;
                } else if literal.body.list.is_empty() {
                    self.write("{}");
                } else {
                    self.write("{…}");
                }
            }
            ExprKind::Paren(x) => {
                self.write("(");
                self.expr(x);
                self.write(")");
            }
            ExprKind::TypeSwitchGuard { lhs, x } => {
                if let Some(lhs) = lhs {
                    self.write(lhs.name.as_str());
                    self.write(" := ");
                }
                self.expr(x);
                self.write(".(type)");
            }
            ExprKind::Unary { op, x } => self.unary(op, x),
            ExprKind::List(elems) => self.exprs(elems),
            ExprKind::ArrayType { len, elem } => {
                self.write("[");
                match len {
                    Some(len) => self.expr(len),
                    None => self.write("..."),
                }
                self.write("]");
                self.expr(elem);
            }
            ExprKind::SliceType { elem } => {
                self.write("[]");
                self.expr(elem);
            }
            ExprKind::DotsType { elem } => {
                self.write("...");
                self.expr(elem);
            }
            ExprKind::StructType(ty) => self.struct_type(ty),
            ExprKind::InterfaceType(ty) => self.interface_type(ty),
            ExprKind::FuncType(ty) => {
                self.write("func");
                self.signature(ty);
            }
            ExprKind::MapType { key, value } => {
                self.write("map[");
                self.expr(key);
                self.write("]");
                self.expr(value);
            }
            ExprKind::ChanType { dir, elem } => {
                self.write(match dir {
                    ChanDir::Both => "chan ",
                    ChanDir::SendOnly => "chan<- ",
                    ChanDir::RecvOnly => "<-chan ",
                });
                // chan (<-chan T) is not chan<- (chan T)
                if dir == ChanDir::Both && matches!(elem.kind, ExprKind::ChanType { dir: ChanDir::RecvOnly, .. }) {
                    self.write("(");
                    self.expr(elem);
                    self.write(")");
                } else {
                    self.expr(elem);
                }
            }
            ExprKind::KeyValue { .. }
            | ExprKind::Selector { .. }
            | ExprKind::Index { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Assert { .. }
            | ExprKind::Binary { .. }
            | ExprKind::Call(_) => unreachable!("print: {e:?} has a left operand"),
        }
    }

    /// A node whose left operand has been printed.
    fn trailing(&mut self, e: &Expr) {
        match e.kind {
            ExprKind::CompositeLit(literal) => self.elements(literal),
            ExprKind::KeyValue { value, .. } => {
                self.write(": ");
                self.expr(value);
            }
            ExprKind::Selector { sel, .. } => {
                self.write(".");
                self.write(sel.name.as_str());
            }
            ExprKind::Index { index, .. } => {
                self.write("[");
                self.expr(index);
                self.write("]");
            }
            ExprKind::Slice { index, .. } => {
                self.write("[");
                if let Some(low) = index[0] {
                    self.expr(low);
                }
                self.write(":");
                if let Some(high) = index[1] {
                    self.expr(high);
                }
                if let Some(max) = index[2] {
                    self.write(":");
                    self.expr(max);
                }
                self.write("]");
            }
            ExprKind::Assert { ty, .. } => {
                self.write(".(");
                self.expr(ty);
                self.write(")");
            }
            ExprKind::Binary { op, y, .. } => {
                self.write(" ");
                self.write(op.as_str());
                self.write(" ");
                self.expr(y);
            }
            ExprKind::Call(call) => {
                self.write("(");
                self.exprs(call.args);
                if call.has_dots {
                    self.write("...");
                }
                self.write(")");
            }
            _ => unreachable!("print: {e:?} has no left operand"),
        }
    }

    fn elements(&mut self, literal: &CompositeLit) {
        if literal.elems.is_empty() {
            self.write("{}");
        } else if self.is_short() {
            self.write("{…}");
        } else if literal.keys == literal.elems.len() {
            self.lines(literal.elems, |printer, e| {
                printer.expr(e);
                printer.write(",");
            });
        } else {
            self.write("{");
            self.exprs(literal.elems);
            self.write("}");
        }
    }

    fn unary(&mut self, op: Operator, x: &Expr) {
        self.write(op.as_str());
        if self.is_short() {
            return self.expr(x);
        }
        let needs_parens = match x.kind {
            ExprKind::Binary { .. } => true,
            ExprKind::CompositeLit(_) => self.in_header,
            _ => false,
        };
        if needs_parens {
            self.write("(");
            self.expr(x);
            return self.write(")");
        }
        if let ExprKind::Unary { op: inner, .. } = x.kind {
            use Operator::*;
            if matches!((op, inner), (Add, Add) | (Sub, Sub) | (And, And | Xor)) {
                self.write(" "); // these would make one token
            }
        }
        self.expr(x);
    }

    // Types

    fn struct_type(&mut self, ty: &StructType) {
        self.write("struct");
        if ty.fields.is_empty() {
            return self.write("{}");
        }
        // Fields declared in one list stand together again.
        let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
        for (index, field) in ty.fields.iter().enumerate() {
            match groups.last_mut() {
                Some(group)
                    if field.name.is_some()
                        && ty.fields[group.start].name.is_some()
                        && std::ptr::eq(field.ty, ty.fields[group.start].ty) =>
                {
                    group.end += 1;
                }
                _ => groups.push(index..index + 1),
            }
        }
        let field = |printer: &mut Self, group: &std::ops::Range<usize>| {
            let fields = &ty.fields[group.clone()];
            if fields[0].name.is_some() {
                printer.separated(fields, ", ", |printer, field| {
                    printer.write(field.name.map_or("", |name| name.name.as_str()));
                });
                printer.write(" ");
            }
            printer.expr(fields[0].ty);
            if let Some(Some(tag)) = ty.tags.get(group.start) {
                printer.write(" ");
                printer.expr(tag);
            }
        };
        if self.is_short() {
            self.write("{");
            self.separated(&groups, "; ", field);
            self.write("}");
        } else {
            self.write(" ");
            self.lines(&groups, field);
        }
    }

    fn interface_type(&mut self, ty: &InterfaceType) {
        self.write("interface");
        let method = |printer: &mut Self, method: &Field| match (method.name, method.ty.kind) {
            (Some(name), ExprKind::FuncType(signature)) => {
                printer.write(name.name.as_str());
                printer.signature(signature);
            }
            _ => printer.expr(method.ty),
        };
        if self.is_short() || ty.methods.len() <= 1 {
            self.write("{");
            self.separated(ty.methods, "; ", method);
            self.write("}");
        } else {
            self.write(" ");
            self.lines(ty.methods, method);
        }
    }

    fn signature(&mut self, ty: &FuncType) {
        self.write("(");
        self.params(ty.params);
        self.write(")");
        match ty.results {
            [] => {}
            [Field { name: None, ty, .. }] => {
                self.write(" ");
                self.expr(ty);
            }
            results => {
                self.write(" (");
                self.params(results);
                self.write(")");
            }
        }
    }

    /// Parameters of one list share their type.
    fn params(&mut self, params: &[Field]) {
        for (index, param) in params.iter().enumerate() {
            if index > 0 {
                self.write(", ");
            }
            if let Some(name) = param.name {
                self.write(name.name.as_str());
                let next = params.get(index + 1);
                if next.is_some_and(|next| next.name.is_some() && std::ptr::eq(next.ty, param.ty)) {
                    continue;
                }
                self.write(" ");
            }
            self.expr(param.ty);
        }
    }

    fn type_params(&mut self, tparams: &[Field], of_type: bool) {
        if tparams.is_empty() {
            return;
        }
        self.write("[");
        self.params(tparams);
        // [P *T,] is a type parameter, [P *T] an array length.
        if of_type && tparams.len() == 1 && combines_with_name(tparams[0].ty) {
            self.write(",");
        }
        self.write("]");
    }

    // Declarations

    /// Prints the first declaration and those of its group; returns the rest.
    fn decl_group<'d, 'a>(&mut self, decls: &'d [Decl<'a>]) -> &'d [Decl<'a>] {
        let (keyword, group) = keyword_and_group(&decls[0]);
        if group.is_none() {
            self.write(keyword);
            self.write(" ");
            self.decl(&decls[0]);
            return &decls[1..];
        }
        let len = decls.iter().take_while(|decl| keyword_and_group(decl) == (keyword, group)).count();
        self.write(keyword);
        self.write(" (");
        self.indent += 1;
        for decl in &decls[..len] {
            self.newline();
            self.decl(decl);
        }
        self.indent -= 1;
        self.newline();
        self.write(")");
        &decls[len..]
    }

    /// A declaration without its keyword.
    fn decl(&mut self, decl: &Decl) {
        match decl {
            Decl::Import(decl) => {
                if let Some(name) = decl.local_name {
                    self.write(name.name.as_str());
                    self.write(" ");
                }
                if let Some(path) = decl.path {
                    self.expr(path);
                }
            }
            Decl::Const(decl) => self.value_decl(decl.names, decl.ty, decl.values),
            Decl::Var(decl) => self.value_decl(decl.names, decl.ty, decl.values),
            Decl::Type(decl) => {
                self.write(decl.name.name.as_str());
                self.type_params(decl.tparams, true);
                self.write(if decl.alias { " = " } else { " " });
                self.expr(decl.ty);
            }
            Decl::Func(decl) => {
                if let Some(recv) = decl.recv {
                    self.write("(");
                    self.params(std::slice::from_ref(recv));
                    self.write(") ");
                }
                self.write(decl.name.name.as_str());
                self.type_params(decl.tparams, false);
                self.signature(decl.signature());
                match decl.body {
                    BodySource::None => {}
                    BodySource::Skipped { .. } => self.write(" { /* skipped */ }"),
                    BodySource::Parsed(body) => {
                        self.write(" ");
                        self.block(body.block);
                    }
                }
            }
        }
    }

    fn value_decl(&mut self, names: &[Ident], ty: Option<&Expr>, values: Option<&Expr>) {
        self.separated(names, ", ", |printer, name| printer.write(name.name.as_str()));
        if let Some(ty) = ty {
            self.write(" ");
            self.expr(ty);
        }
        if let Some(values) = values {
            self.write(" = ");
            self.expr(values);
        }
    }

    // Statements

    fn block(&mut self, block: &BlockStmt) {
        if block.list.is_empty() {
            self.write("{}");
        } else {
            self.lines(block.list, |printer, stmt| printer.stmt(stmt));
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt.kind {
            StmtKind::Empty => self.write(";"),
            StmtKind::Labeled { label, stmt } => {
                if self.out.ends_with('\t') {
                    self.out.pop();
                }
                self.write(label.name.as_str());
                self.write(":");
                self.newline();
                self.stmt(stmt);
            }
            StmtKind::Block(block) => self.block(block),
            StmtKind::Expr(_) | StmtKind::Send { .. } | StmtKind::Assign { .. } | StmtKind::Range(_) => {
                self.simple_stmt(stmt)
            }
            StmtKind::Decl([]) => self.write("const ()"),
            StmtKind::Decl(decls) => {
                self.decl_group(decls);
            }
            StmtKind::Branch { tok, label } => {
                self.write(tok.as_str());
                if let Some(label) = label {
                    self.write(" ");
                    self.write(label.name.as_str());
                }
            }
            StmtKind::Go { call } => {
                self.write("go ");
                self.expr(call);
            }
            StmtKind::Defer { call } => {
                self.write("defer ");
                self.expr(call);
            }
            StmtKind::Return { results } => {
                self.write("return");
                if let Some(results) = results {
                    self.write(" ");
                    self.expr(results);
                }
            }
            StmtKind::If(branch) => self.if_stmt(branch),
            StmtKind::For(stmt) => self.for_stmt(stmt),
            StmtKind::Switch(stmt) => {
                self.write("switch ");
                self.header(stmt.init, stmt.tag);
                self.clauses(stmt.body, |printer, case| {
                    match case.cases {
                        Some(cases) => {
                            printer.write("case ");
                            printer.expr(cases);
                        }
                        None => printer.write("default"),
                    }
                    case.body
                });
            }
            StmtKind::Select(stmt) => {
                self.write("select ");
                self.clauses(stmt.body, |printer, case| {
                    match case.comm {
                        Some(comm) => {
                            printer.write("case ");
                            printer.simple_stmt(comm);
                        }
                        None => printer.write("default"),
                    }
                    case.body
                });
            }
        }
    }

    fn simple_stmt(&mut self, stmt: &Stmt) {
        match stmt.kind {
            StmtKind::Expr(x) => self.expr(x),
            StmtKind::Send { chan, value } => {
                self.expr(chan);
                self.write(" <- ");
                self.expr(value);
            }
            StmtKind::Assign { op, lhs, rhs } => {
                let op = op.map_or("", |op| op.as_str());
                self.expr(lhs);
                match rhs {
                    Some(rhs) => {
                        self.write(" ");
                        self.write(op);
                        self.write("= ");
                        self.expr(rhs);
                    }
                    None => {
                        self.write(op);
                        self.write(op);
                    }
                }
            }
            StmtKind::Range(clause) => {
                if let Some(lhs) = clause.lhs {
                    self.expr(lhs);
                    self.write(if clause.def { " := " } else { " = " });
                }
                self.write("range ");
                self.expr(clause.x);
            }
            _ => unreachable!("print: not a simple statement: {stmt:?}"),
        }
    }

    /// `init; cond ` before a block.
    fn header(&mut self, init: Option<&Stmt>, cond: Option<&Expr>) {
        self.in_header = true;
        if let Some(init) = init {
            self.simple_stmt(init);
            self.write("; ");
        }
        if let Some(cond) = cond {
            self.expr(cond);
            self.write(" ");
        }
        self.in_header = false;
    }

    fn if_stmt(&mut self, branch: &IfStmt) {
        let mut branch = branch;
        loop {
            self.write("if ");
            self.header(branch.init, Some(branch.cond));
            self.block(branch.then);
            let Some(els) = branch.els else { return };
            self.write(" else ");
            match els.kind {
                StmtKind::If(next) => branch = next,
                _ => return self.stmt(els),
            }
        }
    }

    fn for_stmt(&mut self, stmt: &ForStmt) {
        self.write("for ");
        match (stmt.init, stmt.post) {
            (Some(Stmt { kind: StmtKind::Range(_), .. }), _) => {
                self.in_header = true;
                self.simple_stmt(stmt.init.expect("matched"));
                self.in_header = false;
                self.write(" ");
            }
            (None, None) => self.header(None, stmt.cond),
            (init, post) => {
                self.in_header = true;
                if let Some(init) = init {
                    self.simple_stmt(init);
                }
                self.write("; ");
                if let Some(cond) = stmt.cond {
                    self.expr(cond);
                }
                self.write("; ");
                if let Some(post) = post {
                    self.simple_stmt(post);
                    self.write(" ");
                }
                self.in_header = false;
            }
        }
        self.block(stmt.body);
    }

    /// The clauses of a switch or select; `head` prints `case …` and returns the body.
    fn clauses<'a: 'b, 'b, T>(&mut self, clauses: &[T], mut head: impl FnMut(&mut Self, &T) -> &'b [&'a Stmt<'a>]) {
        self.write("{");
        for clause in clauses {
            self.newline();
            let body = head(self, clause);
            self.write(":");
            self.indent += 1;
            for stmt in body {
                self.newline();
                self.stmt(stmt);
            }
            self.indent -= 1;
        }
        self.newline();
        self.write("}");
    }
}

/// The operand that a node's text begins with.
fn left_operand<'a>(e: &Expr<'a>) -> Option<&'a Expr<'a>> {
    match e.kind {
        ExprKind::CompositeLit(literal) => literal.ty,
        ExprKind::Call(call) => Some(call.fun),
        ExprKind::KeyValue { key: x, .. }
        | ExprKind::Selector { x, .. }
        | ExprKind::Index { x, .. }
        | ExprKind::Slice { x, .. }
        | ExprKind::Assert { x, .. }
        | ExprKind::Binary { x, .. } => Some(x),
        _ => None,
    }
}

fn keyword_and_group(decl: &Decl) -> (&'static str, Option<Group>) {
    match decl {
        Decl::Import(decl) => ("import", decl.group),
        Decl::Const(decl) => ("const", decl.group),
        Decl::Type(decl) => ("type", decl.group),
        Decl::Var(decl) => ("var", decl.group),
        Decl::Func(_) => ("func", None),
    }
}

/// Whether a name followed by the constraint `x` reads as a value expression: `P *T`, but not `P *T|~Q`.
fn combines_with_name(x: &Expr) -> bool {
    let mut x = x;
    loop {
        match x.kind {
            ExprKind::Unary { op, x } => return op == Operator::Mul && !is_type_elem(x),
            ExprKind::Binary { x: left, y, .. } => {
                if is_type_elem(y) {
                    return false;
                }
                x = left;
            }
            ExprKind::Paren(x) => return !is_type_elem(x),
            _ => return false,
        }
    }
}
