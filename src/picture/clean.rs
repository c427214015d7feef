//! The renderer's SVG → one that can only draw. What passes is a list, not what does not pass: elements, attributes and
//! references that this list lacks make the page unusable rather than unsafe. On the way white space and digits that
//! nobody sees go, which halves the size.

use super::image::{JPEG, PNG, smaller};
use std::fmt::Write as _;

/// Elements that draw.
const ELEMENTS: [&str; 18] = [
    "svg",
    "g",
    "defs",
    "path",
    "rect",
    "use",
    "image",
    "clipPath",
    "mask",
    "pattern",
    "linearGradient",
    "radialGradient",
    "stop",
    "filter",
    "feColorMatrix",
    "feComponentTransfer",
    "feFuncA",
    "symbol",
];

/// Attributes of drawing, beside references and styles.
const ATTRIBUTES: [&str; 56] = [
    "id",
    "d",
    "x",
    "y",
    "width",
    "height",
    "viewBox",
    "preserveAspectRatio",
    "xmlns",
    "xmlns:xlink",
    "transform",
    "fill",
    "fill-rule",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-dasharray",
    "stroke-dashoffset",
    "opacity",
    "clip-path",
    "clip-rule",
    "clipPathUnits",
    "mask",
    "mask-type",
    "maskUnits",
    "maskContentUnits",
    "filter",
    "filterUnits",
    "color-interpolation-filters",
    "in",
    "type",
    "values",
    "tableValues",
    "patternUnits",
    "patternContentUnits",
    "patternTransform",
    "gradientUnits",
    "gradientTransform",
    "spreadMethod",
    "offset",
    "stop-color",
    "stop-opacity",
    "cx",
    "cy",
    "r",
    "fx",
    "fy",
    "fr",
    "x1",
    "y1",
    "x2",
    "y2",
];

/// Attributes that are lists of numbers.
const NUMBERS: [&str; 8] =
    ["d", "x", "y", "width", "height", "transform", "stroke-width", "stroke-dasharray"];

/// The id of the renderer's list of glyphs, whose outlines are in thousandths of their size.
const GLYPHS: &str = "outline-glyph";

/// The SVG with nothing in it but drawing.
///
/// # Errors
/// What it holds that is not on the list.
pub(super) fn clean(svg: &str) -> Result<String, String> {
    let mut out = String::with_capacity(svg.len() / 2);
    let mut rest = svg;
    let mut glyphs = false;
    while let Some(start) = rest.find('<') {
        let (between, tag) = rest.split_at(start);
        if !between.trim().is_empty() {
            return Err("text".into());
        }
        let (tag, behind) = tag.get(1..).and_then(|t| t.split_once('>')).ok_or("a tag without an end")?;
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            let _ = write!(out, "</{}>", known(name.trim(), &ELEMENTS)?);
            glyphs &= name.trim() != "defs";
            continue;
        }
        let (tag, end) = tag.strip_suffix('/').map_or((tag, ">"), |t| (t, "/>"));
        let (name, attributes) = tag.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((tag, ""));
        let _ = write!(out, "<{}", known(name, &ELEMENTS)?);
        for attribute in Attributes(attributes) {
            let (name, value) = attribute?;
            glyphs |= name == "id" && value == GLYPHS;
            write(&mut out, name, value, glyphs)?;
        }
        out.push_str(end);
    }
    if rest.trim().is_empty() { Ok(out) } else { Err("text".into()) }
}

fn known<'n>(name: &'n str, list: &[&str]) -> Result<&'n str, String> {
    list.contains(&name)
        .then_some(name)
        .ok_or_else(|| format!("`{}`", crate::output::printable::printable(name)))
}

/// Names and values of a tag's attributes.
struct Attributes<'t>(&'t str);

impl<'t> Iterator for Attributes<'t> {
    type Item = Result<(&'t str, &'t str), String>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.0.trim_start();
        if text.is_empty() {
            return None;
        }
        let parsed = text.split_once('=').and_then(|(name, rest)| {
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, behind) = rest.get(1..)?.split_once(quote)?;
            Some((name.trim_end(), value, behind))
        });
        let Some((name, value, behind)) = parsed else {
            self.0 = "";
            return Some(Err("an attribute without a value".into()));
        };
        self.0 = behind;
        Some(Ok((name, value)))
    }
}

fn write(out: &mut String, name: &str, value: &str, glyphs: bool) -> Result<(), String> {
    match name {
        "xlink:href" | "href" => {
            let inside = value.strip_prefix('#').is_some_and(is_id);
            // pixels within the file, and nothing that is read as a document
            let pixels = [PNG, JPEG].iter().any(|p| value.strip_prefix(p).is_some_and(is_base64));
            if !inside && !pixels {
                return Err("a reference to the outside".into());
            }
        }
        "style" if is_style(value) => {}
        "style" => return Err("a style".into()),
        _ => {
            known(name, &ATTRIBUTES)?;
            let url = value.find("url(").map(|at| value.get(at + 4..).unwrap_or_default());
            if url.is_some_and(|u| !u.strip_suffix(')').and_then(|u| u.strip_prefix('#')).is_some_and(is_id))
            {
                return Err("a reference to the outside".into());
            }
        }
    }
    if value.contains(['<', '&']) {
        return Err("an entity".into());
    }
    let smaller = (name == "xlink:href").then(|| smaller(value)).flatten();
    let value = smaller.as_deref().unwrap_or(value);
    let _ = write!(out, " {name}=\"");
    if NUMBERS.contains(&name) {
        numbers(out, value, glyphs && name == "d", name == "transform");
    } else {
        out.push_str(value);
    }
    out.push('"');
    Ok(())
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn is_base64(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

/// Whether a style says only how to blend, how to enlarge, or a colour.
fn is_style(text: &str) -> bool {
    const PROPERTIES: [&str; 4] = ["mix-blend-mode", "image-rendering", "background-color", "mask-type"];
    let mut said = text.split(';').map(str::trim).filter(|s| !s.is_empty());
    said.all(|one| {
        one.split_once(':').is_some_and(|(property, value)| {
            let plain = |c: char| c.is_ascii_alphanumeric() || " (),.-#".contains(c);
            PROPERTIES.contains(&property.trim()) && value.chars().all(plain) && !value.contains("url")
        })
    })
}

/// Most digits behind the point in coordinates of a few hundred points: a hundredth of a point is what paper shows.
const DIGITS: i32 = 2;

/// Writes a list of numbers with letters between them with as many digits as can be seen.
fn numbers(out: &mut String, text: &str, glyph: bool, transform: bool) {
    let is_number = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E');
    // letters of names (`scale`) are no exponents: these begin behind a digit
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    let mut at = 0;
    let mut largest = 0.0_f64;
    while at < bytes.len() {
        let begins = bytes.get(at).is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
        let mut end = at + 1;
        if begins {
            while bytes.get(end).is_some_and(|&b| {
                let sign = matches!(b, b'-' | b'+');
                let exponent = matches!(bytes.get(end - 1), Some(b'e' | b'E'));
                is_number(b) && (!sign || exponent)
            }) {
                end += 1;
            }
            if let Some(number) =
                text.get(at..end).and_then(|t| t.parse::<f64>().ok()).filter(|n| n.is_finite())
            {
                largest = largest.max(number.abs());
                spans.push((at, end, number));
            }
        }
        at = end;
    }
    // what is drawn in a small space is enlarged
    let digits = |size: f64| {
        let before = if size > 0.0 { size.log10().floor() as i32 } else { 0 };
        DIGITS + (2 - before).clamp(-DIGITS, 8)
    };
    let own = if glyph && largest >= 100.0 { 0 } else { digits(largest) };
    let mut done = 0;
    for (start, end, number) in spans {
        let between = text.get(done..start).unwrap_or_default();
        out.push_str(between);
        let digits = if transform { digits(number.abs()) } else { own };
        short(out, number, digits);
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
}

/// The number with at most so many digits behind the point.
fn short(out: &mut String, number: f64, digits: i32) {
    let text = format!("{number:.*}", usize::try_from(digits).unwrap_or(0));
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    match text {
        "-0" | "" => out.push('0'),
        text => match (text.strip_prefix("0."), text.strip_prefix("-0.")) {
            (Some(rest), _) => {
                let _ = write!(out, ".{rest}");
            }
            (_, Some(rest)) => {
                let _ = write!(out, "-.{rest}");
            }
            _ => out.push_str(text),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn drawing_passes_with_the_digits_that_can_be_seen() {
        let svg = r##"<svg viewBox="0 0 595.32 841.92" width="595.32">
    <use xlink:href="#g0" transform="matrix(0.01050001 0 -0 -0.01050001 72.024994 110.3333)" fill="#000000"/>
    <path d="M72.024994,110.3333 L100,0.25 Z"/>
    <defs id="outline-glyph"><path id="g0" d="M512.34,10.2 L-100.7,0.1"/></defs>
</svg>"##;
        assert_eq!(
            clean(svg).unwrap(),
            r##"<svg viewBox="0 0 595.32 841.92" width="595.32"><use xlink:href="#g0" transform="matrix(.0105 0 0 -.0105 72.025 110.33)" fill="#000000"/><path d="M72.02,110.33 L100,.25 Z"/><defs id="outline-glyph"><path id="g0" d="M512,10 L-101,0"/></defs></svg>"##
        );
    }

    #[test]
    fn what_runs_or_reaches_out_does_not_pass() {
        for hostile in [
            "<svg><script>alert(1)</script></svg>",
            "<svg onload=\"alert(1)\"/>",
            "<svg><image xlink:href=\"https://example.org/x.png\"/></svg>",
            "<svg><image href=\"data:image/svg+xml;base64,AAAA\"/></svg>",
            "<svg><use href=\"other.svg#a\"/></svg>",
            "<svg><rect fill=\"url(https://example.org)\"/></svg>",
            "<svg><rect style=\"background-color:url(x)\"/></svg>",
            "<svg><rect style=\"behavior: none\"/></svg>",
            "<svg><foreignObject/></svg>",
            "<svg><style>@import 'x'</style></svg>",
            "<svg>text</svg>",
            "<svg><a href=\"#x\"/></svg>",
            "<!DOCTYPE svg [<!ENTITY x \"y\">]><svg/>",
            "<svg id=\"&x;\"/>",
            "<svg id=x/>",
            "<svg",
        ] {
            assert!(clean(hostile).is_err(), "{hostile}");
        }
    }

    #[test]
    fn small_spaces_keep_their_digits_and_odd_numbers_do_no_harm() {
        let mut out = String::new();
        numbers(&mut out, "M0.00123456,0.5 1e-3 -1e400 -- 5", false, false);
        assert!(out.starts_with("M.0012,.5 .001"), "{out}");
        assert!(out.contains("--"), "{out}");
    }
}
