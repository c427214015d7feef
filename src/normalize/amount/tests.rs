#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn value(text: &str) -> Option<String> {
    match parse(text) {
        Parsed::Value(value) => Some(value.to_string()),
        _ => None,
    }
}

#[test]
fn amounts_keep_every_printed_digit() {
    for (printed, wanted) in [
        ("374.96", "374.96"),
        ("43.00", "43.00"),
        ("0", "0"),
        ("0.00", "0.00"),
        ("278076101", "278076101"),
        ("3,286,618,082.20", "3286618082.20"),
        ("3，518.85", "3518.85"),
        ("1'234.50", "1234.50"),
        ("1’234.50", "1234.50"),
        ("12,3456.78", "123456.78"),
        ("1\u{a0}234\u{a0}567.89", "1234567.89"),
        ("1 234 567.89", "1234567.89"),
        ("１，２３４．５０", "1234.50"),
        ("+12.00", "12.00"),
        ("¥12.00", "12.00"),
        ("￥ 1,200", "1200"),
        (" 12.00\n", "12.00"),
        ("1234567890123456789012345678", "1234567890123456789012345678"),
        ("0.000000", "0.000000"),
        ("7 0 2 . 4 5", "702.45"),
        ("- 1 , 2 0 2 . 4 5", "-1202.45"),
    ] {
        assert_eq!(value(printed).as_deref(), Some(wanted), "{printed:?}");
    }
}

#[test]
fn the_rest_of_a_torn_number_is_no_amount() {
    for printed in [".50", ",320", "-.50", "(.50)", ",320.50", "．50"] {
        assert_eq!(parse(printed), Parsed::NotAmount, "{printed:?}");
    }
}

#[test]
fn numbers_below_one_another_are_no_amount() {
    for printed in ["54\u{2029}26", "236\u{2029}236.64", "1\u{2029}200"] {
        assert_eq!(parse(printed), Parsed::NotAmount, "{printed:?}");
    }
}

#[test]
fn negatives_in_every_costume() {
    for printed in [
        "-12.00",
        "−12.00",
        "－12.00",
        "－１２．００",
        "–12.00",
        "(12.00)",
        "（12.00）",
        "（ 12.00 ）",
        "△12.00",
        "▲12.00",
        "12.00-",
        "- 12.00",
        "-¥12.00",
        "—12.00",
    ] {
        assert_eq!(value(printed).as_deref(), Some("-12.00"), "{printed:?}");
    }
    assert_eq!(value("-0.00").as_deref(), Some("0.00"));
    for printed in ["-(12.00)", "--12.00", "+-12.00", "-12.00-"] {
        assert_eq!(parse(printed), Parsed::NotAmount, "{printed:?}");
    }
}

#[test]
fn dashes_blanks_and_words_are_told_apart() {
    for printed in ["—", "-", "–", "——", "－", "−", "/", "／", "---", "─", " — "] {
        assert_eq!(parse(printed), Parsed::Dash, "{printed:?}");
    }
    for printed in ["", " ", "\u{3000}", "\u{200b}", "\n"] {
        assert_eq!(parse(printed), Parsed::Blank, "{printed:?}");
    }
    for printed in ["无", "空", " 无 ", "（无）", "无。", "没有"] {
        assert_eq!(parse(printed), Parsed::Nothing, "{printed:?}");
    }
}

#[test]
fn what_is_no_amount() {
    for printed in [
        "12.5%",
        "12.5万元",
        "1.2.3",
        "1,23",
        "12,34.5",
        "1,2345,678",
        "1.234,56",
        "1,234'567",
        ",123",
        "1,,234",
        "05",
        "0,123",
        "行政运行",
        "12a",
        "43.00 43.00",
        "12.50 43",
        "12 34",
        "2026-02-05",
        "12345678901234567890123456789",
        "1/2",
        "$12",
        "()",
        "+",
        ".",
        "1 2 3 4 5 6 7 8 9 0",
        "一",
    ] {
        assert_eq!(parse(printed), Parsed::NotAmount, "{printed:?}");
    }
    assert_eq!(parse(&"1".repeat(100_000)), Parsed::NotAmount);
}

#[test]
fn torn_numbers_are_joined_and_marked() {
    for (printed, wanted) in [
        ("117,4 71.46", "117471.46"),
        ("117,4\n71.46", "117471.46"),
        ("374.9 6", "374.96"),
        ("374.\n96", "374.96"),
        ("1234\n567.89", "1234567.89"),
        ("1,234 .50", "1234.50"),
        ("1234 .50", "1234.50"),
        ("50.", "50"),
    ] {
        let reading = read(printed);
        assert!(reading.repaired, "{printed:?}");
        assert_eq!(value(printed).as_deref(), Some(wanted), "{printed:?}");
    }
    for whole in ["1,234.50", "1\u{2009}234.50", "-12", "（12.00）", "１２"] {
        assert!(!read(whole).repaired, "{whole:?}");
    }
}

#[test]
fn units_move_the_point_and_keep_the_digits() {
    for (printed, unit, wan) in [
        ("96,282,213.44", Unit::Yuan, "9628.221344"),
        ("0.00", Unit::Yuan, "0.000000"),
        ("1", Unit::Yuan, "0.0001"),
        ("12.50", Unit::ThousandYuan, "1.250"),
        ("43.00", Unit::Wan, "43.00"),
        ("1.5", Unit::Yi, "15000"),
        ("1.23456", Unit::Yi, "12345.6"),
        ("-2", Unit::Yi, "-20000"),
    ] {
        let Parsed::Value(value) = parse(printed) else { panic!("{printed}") };
        assert_eq!(to_wan(value, unit).map(|v| v.to_string()).as_deref(), Some(wan), "{printed}");
    }
    assert_eq!(to_wan(Decimal::MAX, Unit::Yi), None);
    assert_eq!(to_wan(Decimal::new(1, 28), Unit::Yuan), None);
}

#[test]
fn measures_come_with_their_unit() {
    for (text, number, unit) in [
        ("12.5万元", "12.5", "万元"),
        ("89.46%", "89.46", "%"),
        ("89.46％", "89.46", "%"),
        ("1,522.00平方米", "1522.00", "平方米"),
        ("25 人", "25", "人"),
        ("-3.20 万元", "-3.20", "万元"),
        ("100", "100", ""),
    ] {
        let (value, found) = measure(text).unwrap();
        assert_eq!((value.to_string().as_str(), found.as_str()), (number, unit), "{text}");
    }
    assert_eq!(measure("有效推进"), None);
    assert_eq!(measure(""), None);
}

proptest::proptest! {
    #[test]
    fn printing_and_reading_is_the_identity(mantissa in -10i128.pow(27)..10i128.pow(27), scale in 0u32..8) {
        let value = Decimal::from_i128_with_scale(mantissa, scale);
        proptest::prop_assert_eq!(parse(&value.to_string()), Parsed::Value(value));
    }

    #[test]
    fn grouped_and_wide_forms_read_alike(mantissa in 0i64..1_000_000_000_000, scale in 0u32..4) {
        let plain = Decimal::new(mantissa, scale).to_string();
        let (integer, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(i, f)| (i, Some(f)));
        let mut grouped = String::new();
        for (i, c) in integer.chars().enumerate() {
            if i > 0 && (integer.len() - i) % 3 == 0 { grouped.push(','); }
            grouped.push(c);
        }
        if let Some(f) = fraction { grouped.push('.'); grouped.push_str(f); }
        let wide: String = grouped.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
        proptest::prop_assert_eq!(parse(&grouped), parse(&plain));
        proptest::prop_assert_eq!(parse(&wide), parse(&plain));
    }

    #[test]
    fn reading_never_invents_digits(text in "[0-9.,' \n０-９（）()-]{0,20}") {
        if let Parsed::Value(value) = parse(&text) {
            let folded = text.chars().map(|c| if ('０'..='９').contains(&c) { char::from_u32(c as u32 - 0xfee0).unwrap() } else { c });
            let printed: String = folded.filter(char::is_ascii_digit).collect();
            let read: String = value.to_string().chars().filter(char::is_ascii_digit).collect();
            proptest::prop_assert_eq!(read.trim_start_matches('0'), printed.trim_start_matches('0'));
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,30}") {
        let _ = (read(&text), measure(&text));
    }

    #[test]
    fn there_and_back_keeps_value(mantissa in -10i64.pow(12)..10i64.pow(12), scale in 0u32..4) {
        let value = Decimal::new(mantissa, scale);
        for unit in [Unit::Yuan, Unit::ThousandYuan, Unit::Wan, Unit::Yi] {
            let wan = to_wan(value, unit).unwrap();
            proptest::prop_assert_eq!(from_wan(wan, unit).unwrap(), value);
        }
    }
}
