//! The syntax tree.
//!
//! Its node kinds and the position that each node carries are those of the Go compiler (`cmd/compile/internal/syntax`),
//! because gc's messages are worded and placed after them: a binary expression stands at its operator, a call at its `(`,
//! a selector at its dot. [`Expr::start`] gives the leftmost position of a tree.
//!
//! **Ownership.** Nodes are allocated in a [`bumpalo::Bump`] and referenced as `&'a`. Trees are never changed after
//! parsing.
//!
//! **Numbering.** Expressions, identifiers and clauses carry a [`NodeId`], dense within their *unit*. A unit is either
//! the body of one function declaration, or all the rest of a file (function literals of package-level variables
//! included). So what is known about a body is a dense vector, whether the body was parsed with its file or on demand.

use base::{FileId, Pos, Symbol};

base::entity_id!(
    /// An expression, identifier or clause within its unit.
    pub struct NodeId, "node"
);

/// One source file. Declarations stand in source order.
#[derive(Debug)]
pub struct File<'a> {
    pub id: FileId,
    /// Blank if the package clause is missing or broken.
    pub pkg_name: Ident,
    pub decls: &'a [Decl<'a>],
    pub eof: Pos,
    /// From the first valid `//go:build` line's minimum version: `go1.N`, empty if there is none.
    pub go_version: &'a str,
    /// All `//go:` directives and `//export` lines of the file, in order.
    pub directives: &'a [Directive<'a>],
    /// Ranges of `directives` that stand where none can apply, in order. Each holds what gathered up to the statement,
    /// or end of a declaration, that could not take them; those in a skipped body are all in the range behind it.
    pub dropped_directives: &'a [std::ops::Range<u32>],
    /// How many [`NodeId`]s the file's unit uses.
    pub node_count: usize,
    /// Position of the package clause.
    pub pos: Pos,
}

/// A `//go:name arguments` comment.
#[derive(Clone, Copy, Debug)]
pub struct Directive<'a> {
    /// Just after the slashes, where gc places complaints about it.
    pub pos: Pos,
    /// Without the slashes: `go:linkname localname importpath.name`.
    pub text: &'a str,
    /// Whether the comment starts its line (only then is it in force).
    pub at_line_start: bool,
}

/// A use or declaration of a name.
#[derive(Clone, Copy, Debug)]
pub struct Ident {
    pub id: NodeId,
    pub pos: Pos,
    pub name: Symbol,
}

#[derive(Debug)]
pub enum Decl<'a> {
    Import(&'a ImportDecl<'a>),
    Const(&'a ConstDecl<'a>),
    Type(&'a TypeDecl<'a>),
    Var(&'a VarDecl<'a>),
    Func(&'a FuncDecl<'a>),
}

/// Declarations in one pair of parentheses share a group; the number (the offset of `(`) is unique within the file.
pub type Group = u32;

#[derive(Debug)]
pub struct ImportDecl<'a> {
    pub pos: Pos,
    pub group: Option<Group>,
    pub pragma: &'a [Directive<'a>],
    /// The explicit package name, `.` and `_` included.
    pub local_name: Option<Ident>,
    /// A `BasicLit` (kind String unless bad); `None` after a syntax error.
    pub path: Option<&'a Expr<'a>>,
}

#[derive(Debug)]
pub struct ConstDecl<'a> {
    pub pos: Pos,
    pub group: Option<Group>,
    pub pragma: &'a [Directive<'a>],
    pub names: &'a [Ident],
    pub ty: Option<&'a Expr<'a>>,
    /// One expression, or a `List`.
    pub values: Option<&'a Expr<'a>>,
}

#[derive(Debug)]
pub struct TypeDecl<'a> {
    pub pos: Pos,
    pub group: Option<Group>,
    pub pragma: &'a [Directive<'a>],
    pub name: Ident,
    pub tparams: &'a [Field<'a>],
    /// `type A = B`
    pub alias: bool,
    pub ty: &'a Expr<'a>,
}

#[derive(Debug)]
pub struct VarDecl<'a> {
    pub pos: Pos,
    pub group: Option<Group>,
    pub pragma: &'a [Directive<'a>],
    pub names: &'a [Ident],
    pub ty: Option<&'a Expr<'a>>,
    /// One expression, or a `List`.
    pub values: Option<&'a Expr<'a>>,
}

#[derive(Debug)]
pub struct FuncDecl<'a> {
    pub pos: Pos,
    pub pragma: &'a [Directive<'a>],
    pub recv: Option<&'a Field<'a>>,
    pub name: Ident,
    pub tparams: &'a [Field<'a>],
    /// Always `ExprKind::FuncType`.
    pub ty: &'a Expr<'a>,
    pub body: BodySource<'a>,
}

impl<'a> FuncDecl<'a> {
    pub fn signature(&self) -> &'a FuncType<'a> {
        match self.ty.kind {
            ExprKind::FuncType(signature) => signature,
            _ => unreachable!("the type of a FuncDecl is a FuncType"),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub enum BodySource<'a> {
    /// A forward declaration.
    None,
    /// Skipped by matching braces; `parse_body` reads it on demand. Raw positions of `{` and one past `}`.
    Skipped {
        start: Pos,
        end: Pos,
    },
    Parsed(&'a FuncBody<'a>),
}

/// A function declaration's body: a unit of its own.
#[derive(Debug)]
pub struct FuncBody<'a> {
    pub block: &'a BlockStmt<'a>,
    /// How many [`NodeId`]s the unit uses.
    pub node_count: usize,
}

#[derive(Debug)]
pub struct Expr<'a> {
    pub id: NodeId,
    /// The position gc gives this kind of node.
    pub pos: Pos,
    pub kind: ExprKind<'a>,
}

#[derive(Clone, Copy, Debug)]
pub enum ExprKind<'a> {
    /// Stands where a syntax error was reported.
    Bad,
    Name(Symbol),
    /// `text` as written. `bad`: the lexer has complained about it.
    BasicLit {
        kind: LitKind,
        text: &'a str,
        bad: bool,
    },
    /// At its `{`.
    CompositeLit(&'a CompositeLit<'a>),
    KeyValue {
        key: &'a Expr<'a>,
        value: &'a Expr<'a>,
    },
    FuncLit(&'a FuncLit<'a>),
    Paren(&'a Expr<'a>),
    Selector {
        x: &'a Expr<'a>,
        sel: Ident,
    },
    /// Also instantiations: several indices are a `List`.
    Index {
        x: &'a Expr<'a>,
        index: &'a Expr<'a>,
    },
    Slice {
        x: &'a Expr<'a>,
        index: [Option<&'a Expr<'a>>; 3],
        /// `x[i:j:k]`
        full: bool,
    },
    /// `x.(T)`
    Assert {
        x: &'a Expr<'a>,
        ty: &'a Expr<'a>,
    },
    /// `lhs := x.(type)`; only as the tag of a switch.
    TypeSwitchGuard {
        lhs: Option<Ident>,
        x: &'a Expr<'a>,
    },
    /// Unary operators, `*x` (Mul), `&x` (And), `<-x` (Recv), `~x` (Tilde).
    Unary {
        op: Operator,
        x: &'a Expr<'a>,
    },
    /// In constraints also `|` unions.
    Binary {
        op: Operator,
        x: &'a Expr<'a>,
        y: &'a Expr<'a>,
    },
    Call(&'a CallExpr<'a>),
    /// `a, b, c`: two or more.
    List(&'a [&'a Expr<'a>]),
    /// `len` is `None` for `[...]T`.
    ArrayType {
        len: Option<&'a Expr<'a>>,
        elem: &'a Expr<'a>,
    },
    SliceType {
        elem: &'a Expr<'a>,
    },
    /// `...T`
    DotsType {
        elem: &'a Expr<'a>,
    },
    StructType(&'a StructType<'a>),
    InterfaceType(&'a InterfaceType<'a>),
    FuncType(&'a FuncType<'a>),
    MapType {
        key: &'a Expr<'a>,
        value: &'a Expr<'a>,
    },
    ChanType {
        dir: ChanDir,
        elem: &'a Expr<'a>,
    },
}

#[derive(Debug)]
pub struct CompositeLit<'a> {
    pub ty: Option<&'a Expr<'a>>,
    pub elems: &'a [&'a Expr<'a>],
    /// How many elements are `KeyValue`.
    pub keys: usize,
    pub rbrace: Pos,
}

#[derive(Debug)]
pub struct FuncLit<'a> {
    /// Always `ExprKind::FuncType`.
    pub ty: &'a Expr<'a>,
    pub body: &'a BlockStmt<'a>,
}

impl<'a> FuncLit<'a> {
    pub fn signature(&self) -> &'a FuncType<'a> {
        match self.ty.kind {
            ExprKind::FuncType(signature) => signature,
            _ => unreachable!("the type of a FuncLit is a FuncType"),
        }
    }
}

#[derive(Debug)]
pub struct CallExpr<'a> {
    pub fun: &'a Expr<'a>,
    pub args: &'a [&'a Expr<'a>],
    /// The last argument is followed by `...`.
    pub has_dots: bool,
}

/// A struct field, parameter, type parameter, method specification or embedded element.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    pub pos: Pos,
    /// `None`: an anonymous parameter, an embedded field or an embedded interface element.
    pub name: Option<Ident>,
    /// Names declared in one list share the very same node.
    pub ty: &'a Expr<'a>,
}

#[derive(Debug)]
pub struct StructType<'a> {
    pub fields: &'a [Field<'a>],
    /// Empty if no field has a tag, else one entry per field: a `BasicLit`.
    pub tags: &'a [Option<&'a Expr<'a>>],
}

#[derive(Debug)]
pub struct InterfaceType<'a> {
    /// Methods (named, with a `FuncType`) and embedded elements, in source order.
    pub methods: &'a [Field<'a>],
}

#[derive(Debug)]
pub struct FuncType<'a> {
    pub params: &'a [Field<'a>],
    pub results: &'a [Field<'a>],
    /// Go 1.27: type parameters of an interface method are not part of the language; they are kept here so that the
    /// checker can refuse them where the parser does not.
    pub tparams: &'a [Field<'a>],
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ChanDir {
    Both,
    SendOnly,
    RecvOnly,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LitKind {
    Int,
    Float,
    Imag,
    Rune,
    String,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Operator {
    /// `:` in `:=`
    Def,
    Not,
    Recv,
    Tilde,
    OrOr,
    AndAnd,
    Eql,
    Neq,
    Lss,
    Leq,
    Gtr,
    Geq,
    Add,
    Sub,
    Or,
    Xor,
    Mul,
    Div,
    Rem,
    And,
    AndNot,
    Shl,
    Shr,
}

impl Operator {
    pub fn as_str(self) -> &'static str {
        match self {
            Operator::Def => ":",
            Operator::Not => "!",
            Operator::Recv => "<-",
            Operator::Tilde => "~",
            Operator::OrOr => "||",
            Operator::AndAnd => "&&",
            Operator::Eql => "==",
            Operator::Neq => "!=",
            Operator::Lss => "<",
            Operator::Leq => "<=",
            Operator::Gtr => ">",
            Operator::Geq => ">=",
            Operator::Add => "+",
            Operator::Sub => "-",
            Operator::Or => "|",
            Operator::Xor => "^",
            Operator::Mul => "*",
            Operator::Div => "/",
            Operator::Rem => "%",
            Operator::And => "&",
            Operator::AndNot => "&^",
            Operator::Shl => "<<",
            Operator::Shr => ">>",
        }
    }

    /// spec: "There are five precedence levels for binary operators"; 0 for the others.
    pub fn precedence(self) -> u8 {
        use Operator::*;
        match self {
            OrOr => 1,
            AndAnd => 2,
            Eql | Neq | Lss | Leq | Gtr | Geq => 3,
            Add | Sub | Or | Xor => 4,
            Mul | Div | Rem | And | AndNot | Shl | Shr => 5,
            Def | Not | Recv | Tilde => 0,
        }
    }

    pub fn is_comparison(self) -> bool {
        self.precedence() == 3
    }

    pub fn is_shift(self) -> bool {
        matches!(self, Operator::Shl | Operator::Shr)
    }
}

impl std::fmt::Display for Operator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug)]
pub struct Stmt<'a> {
    pub pos: Pos,
    pub kind: StmtKind<'a>,
}

#[derive(Clone, Copy, Debug)]
pub enum StmtKind<'a> {
    Empty,
    Labeled {
        label: Ident,
        stmt: &'a Stmt<'a>,
    },
    Block(&'a BlockStmt<'a>),
    Expr(&'a Expr<'a>),
    Send {
        chan: &'a Expr<'a>,
        value: &'a Expr<'a>,
    },
    Decl(&'a [Decl<'a>]),
    /// `op` is `None` for `=`, `Def` for `:=`, else the operator of `op=`. `rhs` is `None` for `++` (Add) and `--` (Sub).
    Assign {
        op: Option<Operator>,
        lhs: &'a Expr<'a>,
        rhs: Option<&'a Expr<'a>>,
    },
    Branch {
        tok: BranchKind,
        label: Option<Ident>,
    },
    /// `call` is any expression; the checker asks for a call.
    Go {
        call: &'a Expr<'a>,
    },
    Defer {
        call: &'a Expr<'a>,
    },
    /// One expression, or a `List`.
    Return {
        results: Option<&'a Expr<'a>>,
    },
    If(&'a IfStmt<'a>),
    For(&'a ForStmt<'a>),
    Switch(&'a SwitchStmt<'a>),
    Select(&'a SelectStmt<'a>),
    /// `lhs = range x`, `lhs := range x`, `range x`; only as the init of a `For`.
    Range(&'a RangeClause<'a>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BranchKind {
    Break,
    Continue,
    Fallthrough,
    Goto,
}

impl BranchKind {
    pub fn as_str(self) -> &'static str {
        match self {
            BranchKind::Break => "break",
            BranchKind::Continue => "continue",
            BranchKind::Fallthrough => "fallthrough",
            BranchKind::Goto => "goto",
        }
    }
}

#[derive(Debug)]
pub struct BlockStmt<'a> {
    pub pos: Pos,
    pub list: &'a [&'a Stmt<'a>],
    pub rbrace: Pos,
}

#[derive(Debug)]
pub struct IfStmt<'a> {
    pub init: Option<&'a Stmt<'a>>,
    pub cond: &'a Expr<'a>,
    pub then: &'a BlockStmt<'a>,
    /// An `If` or a `Block`.
    pub els: Option<&'a Stmt<'a>>,
}

#[derive(Debug)]
pub struct ForStmt<'a> {
    /// Also a `Range`.
    pub init: Option<&'a Stmt<'a>>,
    pub cond: Option<&'a Expr<'a>>,
    pub post: Option<&'a Stmt<'a>>,
    pub body: &'a BlockStmt<'a>,
}

#[derive(Debug)]
pub struct SwitchStmt<'a> {
    pub init: Option<&'a Stmt<'a>>,
    /// Also a `TypeSwitchGuard`.
    pub tag: Option<&'a Expr<'a>>,
    pub body: &'a [CaseClause<'a>],
    pub rbrace: Pos,
}

#[derive(Debug)]
pub struct SelectStmt<'a> {
    pub body: &'a [CommClause<'a>],
    pub rbrace: Pos,
}

#[derive(Debug)]
pub struct RangeClause<'a> {
    pub lhs: Option<&'a Expr<'a>>,
    /// `:=`
    pub def: bool,
    pub x: &'a Expr<'a>,
}

#[derive(Debug)]
pub struct CaseClause<'a> {
    /// The implicit variable of a type switch is recorded under it.
    pub id: NodeId,
    pub pos: Pos,
    /// One expression, or a `List`; `None` for `default`.
    pub cases: Option<&'a Expr<'a>>,
    pub body: &'a [&'a Stmt<'a>],
    pub colon: Pos,
}

#[derive(Debug)]
pub struct CommClause<'a> {
    pub pos: Pos,
    /// A send, or a receive as `Expr`, `Assign`; `None` for `default`.
    pub comm: Option<&'a Stmt<'a>>,
    pub body: &'a [&'a Stmt<'a>],
    pub colon: Pos,
}

impl<'a> Expr<'a> {
    /// The name, if the expression is just an identifier.
    pub fn as_ident(&self) -> Option<Ident> {
        match self.kind {
            ExprKind::Name(name) => Some(Ident { id: self.id, pos: self.pos, name }),
            _ => None,
        }
    }

    /// The expression without enclosing parentheses.
    pub fn unparen(&'a self) -> &'a Expr<'a> {
        let mut e = self;
        while let ExprKind::Paren(x) = e.kind {
            e = x;
        }
        e
    }

    /// The elements of a `List`, or the expression alone.
    pub fn list(&'a self) -> ExprList<'a> {
        match self.kind {
            ExprKind::List(elems) => ExprList::Many(elems),
            _ => ExprList::One(self),
        }
    }
}

/// What `x` or `x, y, z` stands for; see [`Expr::list`].
#[derive(Clone, Copy, Debug)]
pub enum ExprList<'a> {
    One(&'a Expr<'a>),
    Many(&'a [&'a Expr<'a>]),
}

impl<'a> ExprList<'a> {
    pub const EMPTY: ExprList<'static> = ExprList::Many(&[]);

    pub fn of(e: Option<&'a Expr<'a>>) -> ExprList<'a> {
        e.map_or(ExprList::Many(&[]), |e| e.list())
    }
    pub fn len(&self) -> usize {
        match self {
            ExprList::One(_) => 1,
            ExprList::Many(elems) => elems.len(),
        }
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    pub fn get(&self, index: usize) -> Option<&'a Expr<'a>> {
        match self {
            ExprList::One(e) => (index == 0).then_some(*e),
            ExprList::Many(elems) => elems.get(index).copied(),
        }
    }
    pub fn iter(self) -> impl Iterator<Item = &'a Expr<'a>> + Clone {
        (0..self.len()).map(move |index| self.get(index).expect("index below len"))
    }
}
