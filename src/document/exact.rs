//! Exact decimals in JSON, for `#[serde(with = "exact")]`: printed from mantissa and scale, read from the text of the
//! number. `serde_json/arbitrary_precision` would do it too, but for the whole program of whoever uses this library,
//! where it breaks untagged enums with an `f64`.

use rust_decimal::Decimal;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The amount that a JSON number spells, with all of its digits; `None` where the text is no number or too long.
pub(crate) fn parse(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

pub(crate) fn serialize<S: Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
    let text = value.to_string();
    if !to.is_human_readable() {
        return to.serialize_str(&text);
    }
    RawValue::from_string(text).map_err(S::Error::custom)?.serialize(to)
}

pub(crate) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Decimal, D::Error> {
    read(&Box::<RawValue>::deserialize(from)?)
}

fn read<E: serde::de::Error>(raw: &RawValue) -> Result<Decimal, E> {
    parse(raw.get()).ok_or_else(|| E::custom(format!("{} is no amount", raw.get())))
}

/// The same for amounts that may be `null`.
pub(crate) mod option {
    use super::{Decimal, Deserialize, Deserializer, RawValue, Serializer, read};

    pub(crate) fn serialize<S: Serializer>(value: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => super::serialize(value, to),
            None => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Decimal>, D::Error> {
        Option::<Box<RawValue>>::deserialize(from)?.map(|raw| read(&raw)).transpose()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rust_decimal::Decimal;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Both {
        #[serde(with = "super")]
        one: Decimal,
        #[serde(with = "super::option")]
        other: Option<Decimal>,
    }

    #[test]
    fn every_digit_is_written_and_read() {
        for text in
            [r#"{"one":43.00,"other":null}"#, r#"{"one":-79228162514264337593543.95035,"other":0.10}"#]
        {
            let both: Both = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&both).unwrap(), text);
        }
    }

    #[test]
    fn texts_and_numbers_without_end_are_no_amounts() {
        for text in [r#""43.00""#, "1e99", "true"] {
            let text = format!(r#"{{"one":{text},"other":null}}"#);
            assert!(serde_json::from_str::<Both>(&text).unwrap_err().to_string().contains("is no amount"));
        }
    }
}
