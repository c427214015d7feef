//! Files made to stop, blow up or fool a reader. Each is answered in time with a document or a typed error that names
//! the limit. Sizes are bounded so that the tests stay fast; `HOSTILE=full cargo test --release --test hostile` reads
//! the full ones.
#![allow(clippy::unwrap_used)]

mod common;

use common::{file, stream};
use flate2::{Compression, write::ZlibEncoder};
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};
use yusuan::Options;

/// A full size, or a smaller one for everyday.
fn size(full: usize, everyday: usize) -> usize {
    if std::env::var_os("HOSTILE").is_some() { full } else { everyday }
}

fn packed(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// A page with this content stream object and what `resources` and further objects (from number 5) say.
fn page(content: Vec<u8>, resources: &str, more: Vec<Vec<u8>>) -> Vec<u8> {
    let page =
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<{resources}>>>>");
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        page.into_bytes(),
        content,
    ];
    objects.extend(more);
    file(&objects)
}

fn content(data: &[u8]) -> Vec<u8> {
    stream(b"/Filter/FlateDecode", &packed(data))
}

/// The rules of the findings, or the error's words.
fn answer(bytes: &[u8], options: &Options) -> Vec<String> {
    let began = Instant::now();
    let rules = match yusuan::extract(bytes, options) {
        Ok(documents) => documents.into_iter().flat_map(|d| d.findings).map(|f| f.rule).collect(),
        Err(error) => vec![error.to_string()],
    };
    assert!(began.elapsed() < Duration::from_secs(300), "{:?}", began.elapsed());
    rules
}

/// All limits but time: what a test sees must not depend on how busy the machine is.
fn unhurried() -> Options {
    let mut options = Options::default();
    options.limits.time = None;
    options
}

fn assert_says(bytes: &[u8], rule: &str) {
    let rules = answer(bytes, &unhurried());
    assert!(rules.iter().any(|r| r == rule), "{rule} is not among {rules:?}");
}

#[test]
fn a_stream_that_unpacks_to_ten_gigabytes_is_cut() {
    let zeros = packed(&vec![0; size(10_000 << 20, 100 << 20)]);
    assert_says(
        &page(stream(b"/Filter[/FlateDecode/FlateDecode]", &packed(&zeros)), "", vec![]),
        "pdf.limit.stream_bytes",
    );
}

#[test]
fn ten_million_operators_are_cut() {
    let data = b"q Q ".repeat(size(5_000_000, 1_100_000));
    assert_says(&page(content(&data), "", vec![]), "pdf.limit.operators");
}

#[test]
fn a_hundred_thousand_rulings_are_cut() {
    let data = (0..100_000).fold(String::new(), |mut text, i| {
        let (x, y) = (i % 500 + 10, i * 7 % 800);
        let _ = writeln!(text, "{x} {y} m {} {y} l S", x + 20);
        text
    });
    assert_says(&page(content(data.as_bytes()), "", vec![]), "pdf.limit.rulings");
}

#[test]
fn a_lattice_of_a_hundred_thousand_cells_is_read() {
    let data = (0..316).fold(String::new(), |mut text, i| {
        let (x, y) = (f64::from(i).mul_add(1.85, 5.0), f64::from(i).mul_add(2.6, 5.0));
        let _ = writeln!(text, "{x} 5 m {x} 824 l S 5 {y} m 588 {y} l S");
        text
    });
    let text = b"BT /G 1.5 Tf 5.4 5.4 Td (1) Tj ET ".to_vec();
    let page = page(
        content(&[text, data.into_bytes()].concat()),
        "/Font<</G<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>",
        vec![],
    );
    assert!(!answer(&page, &unhurried()).is_empty());
    let mut few = unhurried();
    few.limits.memory = 4 << 20;
    assert!(answer(&page, &few).iter().any(|rule| rule == "grid.limit.memory"));
}

#[test]
fn thousands_of_pages_full_of_cells_are_cut() {
    let mut data = (0..41).fold(String::new(), |mut text, i| {
        let (x, y) = (f64::from(i).mul_add(14.0, 5.0), f64::from(i).mul_add(20.0, 5.0));
        let _ = writeln!(text, "{x} 5 m {x} 805 l S 5 {y} m 565 {y} l S");
        text
    });
    data.push_str("BT /G 2 Tf ");
    for i in 0..1600 {
        let _ = writeln!(data, "1 0 0 1 {} {} Tm (1,234.56) Tj", i % 40 * 14 + 6, i / 40 * 20 + 7);
    }
    let count = size(5_000, 12);
    let font = "/Resources<</Font<</G<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>";
    let one = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R{font}>>");
    let kids: String = (0..count).map(|page| format!("{} 0 R ", page + 4)).collect();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count {count}>>").into_bytes(),
        content(data.as_bytes()),
    ];
    objects.resize(count + 3, one.into_bytes());
    let mut options = unhurried();
    options.limits.memory = size(options.limits.memory, 4 << 20);
    let rules = answer(&file(&objects), &options);
    assert!(rules.iter().any(|r| r == "grid.limit.memory"), "{rules:?}");
}

#[test]
fn a_page_of_twenty_thousand_words_is_no_budget() {
    let data = (0..21_000).fold(String::from("BT /G 2 Tf "), |mut text, i| {
        let _ = writeln!(text, "1 0 0 1 {} {} Tm (1) Tj", i % 140 * 4 + 5, i / 140 * 5 + 5);
        text
    });
    let font = "/Font<</G<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>";
    assert_says(&page(content(data.as_bytes()), font, vec![]), "grid.limit.words");
}

#[test]
fn a_character_map_of_a_million_entries_is_cut() {
    let mut map = String::from("1 begincodespacerange <0000><ffff> endcodespacerange 1 beginbfchar\n");
    for code in 0..size(1_000_000, 210_000) {
        let _ = writeln!(map, "<{code:06x}> <{:04x}>", 0x4E00 + code % 20_000);
    }
    let fonts = "/Font<</G<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>>>";
    let page = page(stream(b"", b"BT /G 9 Tf (a) Tj ET"), fonts, vec![content(map.as_bytes())]);
    assert_says(&page, "pdf.limit.cmap_entries");
}

#[test]
fn a_page_tree_a_hundred_thousand_deep_is_cut() {
    let count = size(100_000, 20_000);
    let mut objects = vec![b"<</Type/Catalog/Pages 2 0 R>>".to_vec()];
    objects.extend((0..count).map(|i| format!("<</Type/Pages/Kids[{} 0 R]>>", i + 3).into_bytes()));
    objects.push(b"<</Type/Page/MediaBox[0 0 99 99]>>".to_vec());
    assert_says(&file(&objects), "pdf.limit.depth");
}

#[test]
fn a_page_tree_that_is_its_own_child_ends() {
    let objects =
        [&b"<</Type/Catalog/Pages 2 0 R>>"[..], b"<</Type/Pages/Kids[2 0 R 3 0 R]>>", b"<</Type/Page>>"];
    assert_says(&file(&objects.map(<[u8]>::to_vec)), "pdf.page.unreadable");
}

#[test]
fn pages_that_are_missing_keep_their_numbers_and_are_listed() {
    let kids = b"<</Type/Pages/Kids[3 0 R 99 0 R 3 0 R 98 0 R]/MediaBox[0 0 99 99]>>".to_vec();
    let objects = [b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), kids, b"<</Type/Page>>".to_vec()];
    let documents = yusuan::extract(&file(&objects), &unhurried()).unwrap();
    let finding = documents[0].findings.iter().find(|f| f.rule == "pdf.page.unreadable").unwrap();
    assert!(finding.message.starts_with("pages 2–3"), "{}", finding.message);
}

#[test]
fn a_font_that_refers_to_itself_is_read() {
    let font =
        b"<</Type/Font/Subtype/Type0/BaseFont/X/DescendantFonts[5 0 R]/Encoding 6 0 R/ToUnicode 5 0 R>>"
            .to_vec();
    let page = page(
        stream(b"", b"BT /G 9 Tf 9 9 Td (abc) Tj ET"),
        "/Font<</G 5 0 R>>",
        vec![font, b"6 0 R".to_vec()],
    );
    assert_says(&page, "pdf.font.undecodable");
}

#[test]
fn arrays_nested_a_million_deep_are_left_out() {
    let count = size(1_000_000, 100_000);
    let nest = [b"[".repeat(count), b"]".repeat(count)].concat();
    let kids = [b"<</Type/Pages/Kids".to_vec(), nest, b">>".to_vec()].concat();
    let objects = [b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), kids, b"<</Type/Page>>".to_vec()];
    assert_says(&file(&objects), "pdf.limit.depth");
}

#[test]
fn a_million_objects_are_cut() {
    let mut few = unhurried();
    few.limits.objects = size(500_000, 50_000);
    let nothing = vec![b"null".to_vec(); size(1_000_000, 60_000)];
    let rules = answer(&page(stream(b"", b""), "", nothing), &few);
    assert!(rules.iter().any(|r| r == "pdf.limit.objects"), "{rules:?}");
}

#[test]
fn a_form_that_paints_itself_ends() {
    let form = stream(
        b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>",
        &b"/X Do ".repeat(100),
    );
    assert_says(
        &page(stream(b"", &b"/X Do ".repeat(100)), "/XObject<</X 5 0 R>>", vec![form]),
        "pdf.stream.broken",
    );
}

#[test]
fn forms_that_paint_ten_forms_each_are_cut() {
    let form = |next: usize| {
        let dict = format!("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {next} 0 R>>>>");
        stream(dict.as_bytes(), &b"/X Do ".repeat(10))
    };
    let forms = (6..36).map(form).chain([stream(b"/Subtype/Form/BBox[0 0 9 9]", b"0 0 m 9 0 l S")]).collect();
    assert_says(&page(form(5), "/XObject<</X 5 0 R>>", forms), "pdf.limit.operators");
}

#[test]
fn numbers_that_are_none_and_a_page_without_bounds_are_survived() {
    let wild =
        b"BT /G 9 Tf nan inf Td (abc) Tj ET 1e999 0 m 99999999999999999999999999999999999999999999 5 l S \
                 1 0 0 1 999999999999999999999999999999999999999999 0 cm 1 1 m 5 1 l S";
    for media in ["[0 0 nan inf]", "[-1e30 0 99999999999999999999999999 9]", "[0 0 0 0]", "[5]", "7"] {
        let page = format!("<</Type/Page/MediaBox{media}/Contents 4 0 R/UserUnit 1e9/Rotate 9999999999>>");
        let objects = [
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Kids[3 0 R]>>".to_vec(),
            page.into_bytes(),
            stream(b"", wild),
        ];
        assert!(!answer(&file(&objects), &unhurried()).is_empty());
    }
}

#[test]
fn one_large_object_named_a_million_times_is_read_once() {
    let count = size(1_000_000, 100_000);
    let mut file = b"%PDF-1.5\n1 0 obj\n[".to_vec();
    file.extend(b"0 ".repeat(200_000));
    file.extend(b"]\nendobj\n");
    let start = file.len();
    let entries = packed(&[1, 0, 0, 0, 9, 0].repeat(count));
    let dict = format!("/Type/XRef/Size {count}/W[1 4 1]/Root 1 0 R/Filter/FlateDecode");
    file.extend([b"2 0 obj\n".to_vec(), stream(dict.as_bytes(), &entries), b"\nendobj\n".to_vec()].concat());
    let _ = write!(file, "startxref\n{start}\n%%EOF");
    let mut few = unhurried();
    few.limits.memory = 16 << 20;
    assert_eq!(answer(&file, &few).len(), 1);
}

#[test]
fn one_large_array_in_an_object_stream_is_not_read_for_every_number() {
    let count = 20_000;
    let index = (0..count).fold(String::new(), |text, i| text + &format!("{} 0 ", i + 10));
    let body = [index.as_bytes(), b"[", &b"0 ".repeat(200_000), b"]"].concat();
    let dict = format!("/Type/ObjStm/N {count}/First {}/Filter/FlateDecode", index.len());
    let kids =
        (0..count).fold(String::from("<</Type/Pages/Kids["), |text, i| text + &format!("{} 0 R ", i + 10));
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        (kids + "]>>").into_bytes(),
        stream(dict.as_bytes(), &packed(&body)),
    ];
    // Without cross-reference data, so that the objects of the stream are found.
    let bytes = file(&objects);
    let cut = memchr::memmem::rfind(&bytes, b"xref\n0").unwrap();
    let answer = answer(&bytes[..cut], &unhurried());
    assert_eq!(answer.len(), 1, "{answer:?}");
    assert!(answer[0].starts_with("limit `memory` reached"), "{answer:?}");
}

#[test]
fn every_page_of_images_alone_is_named_as_a_scan() {
    let image = stream(b"/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", b"\0");
    let page = page(stream(b"", b"q 595 0 0 842 0 0 cm /I Do Q"), "/XObject<</I 5 0 R>>", vec![image]);
    let documents = yusuan::extract(&page, &unhurried());
    let said = match documents {
        Ok(documents) => {
            documents[0].findings.iter().any(|f| f.rule == "pdf.page.scan" && f.place.page == Some(1))
        }
        Err(error) => error.to_string().starts_with("scanned"),
    };
    assert!(said);
}
