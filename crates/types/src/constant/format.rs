//! Values as messages show them: Go's `%.6g`, `%g` and `strconv.Quote`.

/// `%.6g`: six significant digits, trailing zeros removed, an exponent when it is below -4 or above 5.
pub fn format_g6(x: f64) -> String {
    let scientific = format!("{x:.5e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("{:e} writes an exponent");
    let exponent: i32 = exponent.parse().expect("a number");
    if (-4..6).contains(&exponent) {
        let fixed = format!("{x:.*}", (5 - exponent) as usize);
        return if fixed.contains('.') { fixed.trim_end_matches('0').trim_end_matches('.').into() } else { fixed };
    }
    let mantissa = if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    with_exponent(mantissa, exponent)
}

/// `%g`: as few digits as identify the number, an exponent when it is below -4 or above 20.
pub fn format_g(x: f64) -> String {
    let scientific = format!("{x:e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("{:e} writes an exponent");
    let exponent: i32 = exponent.parse().expect("a number");
    if (-4..21).contains(&exponent) { format!("{x}") } else { with_exponent(mantissa, exponent) }
}

fn with_exponent(mantissa: &str, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_as_go_prints_them() {
        let cases = [(0.0, "0"), (1.5, "1.5"), (1e6, "1e+06"), (123456.0, "123456"), (1234567.0, "1.23457e+06")];
        for (x, want) in cases {
            assert_eq!(format_g6(x), want);
        }
        assert_eq!(format_g6(0.0001), "0.0001");
        assert_eq!(format_g6(0.00001), "1e-05");
        assert_eq!(format_g(1e20), "100000000000000000000");
        assert_eq!(format_g(1e21), "1e+21");
        assert_eq!(format_g(0.1), "0.1");
    }
}
