//! Exact decimals → numbers of a spreadsheet, which keeps 15 digits of a number and no more.

use rust_decimal::Decimal;

/// Digits of a number that every spreadsheet keeps.
const DIGITS: usize = 15;

/// The number that a spreadsheet shows with just these digits; `None` where it would lose one: then the amount has to
/// stand there as text.
pub(super) fn exact(amount: Decimal) -> Option<f64> {
    let digits = amount.mantissa().unsigned_abs().to_string();
    if digits.trim_end_matches('0').len() > DIGITS {
        return None;
    }
    let number: f64 = amount.to_string().parse().ok()?;
    // what is written into the file must be this very amount
    let written: Decimal = number.to_string().parse().ok()?;
    (written == amount).then_some(number)
}

/// The format that shows as many decimals as are printed: `#,##0.00`.
pub(super) fn format(scale: u32) -> String {
    let decimals = usize::try_from(scale).unwrap_or_default().min(DIGITS);
    match decimals {
        0 => "#,##0".to_owned(),
        n => format!("#,##0.{}", "0".repeat(n)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_amount_of_up_to_fifteen_digits_is_kept_and_a_longer_one_is_no_number() {
        for text in
            ["0", "-0.01", "43.00", "9628.221344", "9999999999999.99", "0.00000001", "123456789012345"]
        {
            let amount: Decimal = text.parse().unwrap();
            let written = exact(amount).unwrap().to_string();
            assert_eq!(written.parse::<Decimal>().unwrap(), amount, "{text}");
        }
        for text in ["12345678901234.56", "0.1234567890123456", "1234567890123456"] {
            assert_eq!(exact(text.parse().unwrap()), None, "{text}");
        }
    }

    #[test]
    fn the_format_shows_the_printed_decimals() {
        assert_eq!([0, 2, 6].map(format), ["#,##0", "#,##0.00", "#,##0.000000"]);
    }
}
