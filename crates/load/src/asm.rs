//! Assembly files of the SDK, as far as they only give a function a second name:
//!
//! ```text
//! TEXT ·SwapInt32(SB),NOSPLIT,$0
//!     JMP    internal∕runtime∕atomic·Xchg(SB)
//! ```
//!
//! In symbols a middle dot stands for the dot after the package, which is the file's own if nothing stands before it,
//! and a division slash for the slash.

/// The functions whose code is a jump to another one: name in the package, and the other's symbol (`path.Name`).
pub fn aliases(package: &str, text: &str) -> Vec<(String, String)> {
    let mut aliases = Vec::new();
    // The function that has no instruction yet.
    let mut open: Option<&str> = None;
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        if let Some(rest) = line.strip_prefix("TEXT") {
            open = symbol_of(rest).and_then(|symbol| symbol.strip_prefix('·'));
        } else if let Some(rest) = line.strip_prefix("JMP") {
            if let (Some(name), Some(target)) = (open.take(), symbol_of(rest)) {
                aliases.push((name.to_owned(), full_symbol(package, target)));
            }
        } else if !line.is_empty() && !line.starts_with('#') {
            open = None;
        }
    }
    aliases
}

/// `·Name` in ` ·Name(SB),NOSPLIT,$0`.
fn symbol_of(operands: &str) -> Option<&str> {
    let symbol = operands.trim_start().split("(SB)").next()?;
    let symbol = symbol.split("<ABIInternal>").next()?;
    symbol.contains('·').then_some(symbol)
}

fn full_symbol(package: &str, symbol: &str) -> String {
    match symbol.strip_prefix('·') {
        Some(name) => format!("{package}.{name}"),
        None => symbol.replace('∕', "/").replace('·', "."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_are_names_and_other_code_is_not() {
        let text = "#include \"textflag.h\"\n\nTEXT ·A(SB),NOSPLIT,$0\n\tJMP\tinternal∕x·B(SB)\n\n\
                    TEXT ·C(SB), NOSPLIT, $0-8\n\tGet SP\n\tJMP ·D(SB)\n// TEXT ·E(SB)\nTEXT ·F<ABIInternal>(SB),$0\n\tJMP ·G(SB)\n";
        let found = aliases("p/q", text);
        let expected = [("A", "internal/x.B"), ("F", "p/q.G")];
        assert_eq!(found, expected.map(|(name, target)| (name.to_owned(), target.to_owned())));
    }
}
