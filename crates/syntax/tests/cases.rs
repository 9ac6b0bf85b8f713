//! Small cases: each file in `testdata` holds a Go source and, behind `----` lines, what becomes of it.
//!
//! ```text
//! package p
//! func f( {}
//! ---- errors
//! 2:9: syntax error: unexpected {, expected )
//! ---- printed
//! …
//! ```
//!
//! `errors` are the diagnostics with their positions in the text, `locations` the same with line directives applied,
//! `printed` is the tree as source. A source whose first line is `// go1.26` is parsed as that version does.
//! `BLESS=1` rewrites the sections that a file has; a file without any gets errors and printed source.

#![allow(clippy::disallowed_methods)] // tests read files and run programs

mod common;

use std::fmt::Write;
use std::path::Path;
use syntax::Bodies;

#[test]
fn cases() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata");
    testing::check(&dir, |_, text| {
        let (source, sections) = testing::split_sections(text, &["errors", "printed"]);
        with_results(source, &sections)
    });
}

fn with_results(source: &str, sections: &[&str]) -> String {
    let generic_methods = !source.starts_with("// go1.26");
    let options = common::options(Bodies::Parse, generic_methods);
    let mut text = source.to_string();
    common::parse_with(source.as_bytes(), options, |parsed, map| {
        for section in sections {
            writeln!(text, "---- {section}").unwrap();
            match *section {
                "errors" => {
                    for diagnostic in &parsed.diagnostics {
                        let (_, line, column) = map.physical(diagnostic.pos);
                        writeln!(text, "{line}:{column}: {}", diagnostic.message).unwrap();
                    }
                }
                "locations" => {
                    for diagnostic in &parsed.diagnostics {
                        writeln!(text, "{}: {}", map.location(diagnostic.pos), diagnostic.message).unwrap();
                    }
                }
                "printed" => text.push_str(&syntax::print::file(&parsed.file)),
                _ => panic!("no section is called {section}"),
            }
        }
    });
    text
}

#[test]
fn dirty_text_is_reported_where_it_stands() {
    let text = b"\xef\xbb\xbfpackage p\nvar s = \"a\0b\xff\"\nvar \xef\xbb\xbft = 1 +\n";
    common::parse(text, Bodies::Skip, |parsed, map| {
        let shown: Vec<_> = parsed
            .diagnostics
            .iter()
            .map(|diagnostic| {
                let (_, line, column) = map.physical(diagnostic.pos);
                format!("{line}:{column}: {}", diagnostic.message)
            })
            .collect();
        assert_eq!(
            shown,
            [
                "2:11: invalid NUL character",
                "2:13: invalid UTF-8 encoding",
                "3:5: invalid BOM in the middle of the file",
            ]
        );
    });
}

#[test]
fn hostile_nesting_ends_in_a_message() {
    let many = |text: &str| text.repeat(200_000);
    for text in [
        format!("var x = {}1{}", many("("), many(")")),
        format!("var x {}int", many("[]")),
        format!("var x = {}{}", many("func() { f("), many(")}")),
        format!("var x {}", many("interface{ m(")),
        format!("var x = T{}", many("{")),
        format!("func f() {{{}}}", many("if x {} else ")),
        format!("func f() {{{}}}", many("L: ")),
        format!("type T[{}", many("P[")),
    ] {
        let text = format!("package p\n{text}");
        let parse = move || {
            common::parse(text.as_bytes(), Bodies::Parse, |parsed, _| {
                let messages: Vec<_> = parsed.diagnostics.iter().map(|found| found.message.as_str()).collect();
                assert_eq!(messages, ["exceeded max nesting depth"]);
                syntax::print::file(&parsed.file);
            });
        };
        std::thread::Builder::new().stack_size(64 << 20).spawn(parse).unwrap().join().unwrap();
    }
}

#[test]
fn long_chains_take_no_stack() {
    for link in [" + a", ".b", "(1)", "[1]", ".(T)"] {
        let text = format!("package p\nvar x = a{}\n", link.repeat(100_000));
        common::parse(text.as_bytes(), Bodies::Parse, |parsed, _| {
            assert!(parsed.diagnostics.is_empty());
            let syntax::ast::Decl::Var(decl) = parsed.file.decls[0] else { panic!("a variable") };
            let values = decl.values.unwrap();
            assert!(values.start() <= values.end());
            assert!(syntax::expr_string(values).len() >= 100_000 * link.len());
            let mut nodes = 0;
            syntax::walk::walk_expr(values, &mut |_| {
                nodes += 1;
                true
            });
            assert!(nodes > 100_000);
        });
    }
}
