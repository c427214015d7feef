//! The page around its parts: head with the policy that forbids everything foreign, pages, panel, help, data, script.

use super::pack::Packer;
use super::{Lang, Review, data, escape};
use crate::document::{Document, Kind, Scope, Severity};
use crate::output::words;
use crate::picture::marks::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// A4 in points: the shape of a page that nobody could measure.
const A4: (f32, f32) = (595.0, 842.0);

/// The head of an HTML file that may run this script, use this style, show pictures that it holds itself, and nothing
/// else.
pub(super) fn head(lang: Lang, title: &str, style: &str, script: &str) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src blob: data:; \
         base-uri 'none'; form-action 'none'\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"referrer\" content=\"no-referrer\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{}</title><style>{style}</style></head>",
        lang.word("lang"),
        hash(script),
        hash(style),
        escape(title)
    )
}

/// What a document is called: 部门预算, 单位决算.
pub(super) fn kind(lang: Lang, document: &Document) -> &'static str {
    match (document.head.scope, document.head.kind) {
        (Scope::Department, Kind::Budget) => lang.word("budget"),
        (Scope::Department, Kind::FinalAccount) => lang.word("final_account"),
        (Scope::Unit, Kind::Budget) => lang.word("unit_budget"),
        (Scope::Unit, Kind::FinalAccount) => lang.word("unit_final_account"),
    }
}

/// The document's name for a title.
fn title(lang: Lang, document: &Document) -> (String, String) {
    let head = &document.head;
    let name = head.department.clone().unwrap_or_else(|| lang.word("department_unknown").to_owned());
    let year = head.fiscal_year.map_or(lang.word("year_unknown").to_owned(), |y| lang.fill("year", &[&y]));
    (name, format!("{year} {}", kind(lang, document)))
}

/// The whole page; `right` are the sections of what was read.
pub(super) fn page(review: &Review<'_>, right: &str) -> String {
    let (lang, document) = (review.lang, review.document);
    let (name, year) = title(lang, document);
    let mut out = head(lang, &format!("{name} {year}"), STYLE, SCRIPT);
    out.push_str("<body>");
    top(review, &name, &year, &mut out);
    out.push_str("<main><div class=\"left\" id=\"left\" tabindex=\"-1\">");
    let shown = review.rendered.pages.len();
    let _ =
        write!(out, "<p class=\"hint\">{}</p>", lang.fill("pages_shown", &[&shown, &document.source.pages]));
    if review.rendered.lacks_font {
        let _ = write!(out, "<p class=\"alarm\" role=\"alert\">{}</p>", lang.word("no_font"));
    }
    for number in review.rendered.pages.keys() {
        sheet(review, *number, &mut out);
    }
    let _ = write!(
        out,
        "</div><div class=\"right\" id=\"right\" tabindex=\"-1\">{}{right}<footer>{}<br>{}<br>SHA-256 {}</footer></div>\
         <aside class=\"panel\" id=\"panel\" aria-live=\"polite\"><p class=\"hint\">{}</p></aside></main>",
        contents(review),
        escape(&lang.fill("made_by", &[&env!("CARGO_PKG_VERSION")])),
        escape(&document.source.path),
        escape(&document.source.sha256),
        lang.word("panel_hint")
    );
    out.push_str(&help(lang));
    let mut packer = Packer::default();
    for (number, made) in &review.rendered.pages {
        if let Ok(made) = made {
            let picture = packer.page(&made.svg);
            let _ = write!(out, "<script type=\"text/plain\" id=\"z{number}\">{picture}</script>");
        }
    }
    let _ = write!(out, "<script type=\"text/plain\" id=\"outlines\">{}</script>", packer.outlines());
    let _ = writeln!(
        out,
        "<script type=\"application/json\" id=\"data\">{}</script><script>{SCRIPT}</script></body></html>",
        data::json(review)
    );
    out
}

fn sheet(review: &Review<'_>, number: u32, out: &mut String) {
    let lang = review.lang;
    let made = review.rendered.pages.get(&number);
    let drawn = made.and_then(|m| m.as_ref().ok()).map(|s| (s.width, s.height));
    let read = review.sizes.get(&number).copied().filter(|(w, h)| *w > 0.0 && *h > 0.0);
    let (width, height) = read.or(drawn).unwrap_or(A4);
    let _ = write!(
        out,
        "<figure class=\"page\" id=\"page-{number}\" data-n=\"{number}\"><figcaption>{}</figcaption>",
        lang.fill("page", &[&number])
    );
    if let Some(Err(why)) = made {
        let said = lang.fill("page_undrawn", &[&data::why(lang, why)]);
        let _ = write!(out, "<p class=\"alarm\">{}</p>", escape(&said));
    }
    let _ = write!(
        out,
        "<div class=\"paper\"><svg class=\"over\" viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"none\" \
         width=\"{width}\" height=\"{height}\" role=\"group\"></svg></div></figure>"
    );
}

/// A measure with a bar: how much of a whole.
fn measure(word: &str, text: &str, part: u32, whole: u32, out: &mut String) {
    let _ = write!(
        out,
        "<div class=\"measure\"><span>{word}</span> <b>{text}</b>\
         <meter min=\"0\" max=\"{}\" value=\"{part}\"></meter></div>",
        whole.max(1)
    );
}

/// Name, state, how much is placed and proved, filters, legend.
fn top(review: &Review<'_>, name: &str, year: &str, out: &mut String) {
    let (lang, document) = (review.lang, review.document);
    let proof = &document.proof;
    let status = words::outcome(document.head.status);
    out.push_str("<header class=\"top\"><div class=\"who\">");
    if let Some(index) = &review.index {
        let _ = write!(out, "<a class=\"home\" href=\"{}\">{}</a>", escape(index), lang.word("to_index"));
    }
    let _ = write!(
        out,
        "<h1>{} <small>{}</small></h1><span class=\"chip d-{status}\">{}</span>",
        escape(name),
        escape(year),
        lang.find(&format!("status_{status}")).unwrap_or_default()
    );
    if document.source.parts > 1 {
        let part = lang.fill("part_of", &[&document.source.part, &document.source.parts]);
        let _ = write!(out, "<span class=\"chip\">{part}</span>");
    }
    out.push_str("</div><div class=\"measures\">");
    measure(
        lang.word("coverage"),
        &lang.fill("coverage_of", &[&proof.placed, &proof.printed]),
        proof.placed,
        proof.printed,
        out,
    );
    measure(
        lang.word("proof"),
        &lang.fill("proof_of", &[&proof.proved, &proof.amounts]),
        proof.proved,
        proof.amounts,
        out,
    );
    let closes = lang.fill(
        "identities_of",
        &[
            &(proof.exact + proof.rounding + proof.inconsistent),
            &proof.exact,
            &proof.rounding,
            &proof.inconsistent,
        ],
    );
    let _ = write!(
        out,
        "<div class=\"measure\"><span>{}</span> <b>{closes}</b></div></div>",
        lang.word("identities")
    );
    let _ = write!(
        out,
        "<div class=\"tools\"><div class=\"filter\" role=\"group\" aria-label=\"{}\">",
        lang.word("show")
    );
    for (id, word) in [
        ("all", lang.word("filter_all")),
        ("doubt", lang.word("filter_doubtful")),
        ("broke", lang.word("filter_broken")),
    ] {
        let pressed = id == "all";
        let _ = write!(
            out,
            "<button type=\"button\" data-show=\"{id}\" aria-pressed=\"{pressed}\">{word}</button>"
        );
    }
    let _ = write!(out, "</div><ul class=\"legend\" aria-label=\"{}\">", lang.word("legend"));
    for state in State::ALL {
        let count = review.marks.all.iter().filter(|m| m.state == state && m.value.is_some()).count();
        let word = lang.find(state.id()).unwrap_or_default();
        let about = lang.find(&format!("about_{}", state.id())).unwrap_or_default();
        let _ = write!(
            out,
            "<li class=\"s-{}\" title=\"{about}\">{word} <small>{count}</small></li>",
            state.id()
        );
    }
    let _ = write!(
        out,
        "</ul><button type=\"button\" id=\"print\">{}</button><button type=\"button\" id=\"ask\">? {}</button>\
         </div></header>",
        lang.word("print"),
        lang.word("help")
    );
}

/// Links to the parts of the right side.
fn contents(review: &Review<'_>) -> String {
    let (lang, document) = (review.lang, review.document);
    let mut out = String::from("<nav class=\"contents\">");
    for table in &document.tables {
        let status = words::status(table.status);
        let title = lang.find(&format!("table_{status}")).unwrap_or_default();
        let _ = write!(
            out,
            "<a href=\"#t{0}\" class=\"st-{status}\" title=\"{1} · {title}\">{0}</a>",
            table.number,
            escape(&table.title)
        );
    }
    let narrative = &document.narrative;
    let parts = [
        ("figures", lang.word("figures"), narrative.figures.len()),
        ("projects", lang.word("projects"), narrative.projects.len()),
        ("performance", lang.word("performance"), document.performance.len()),
        ("others", lang.word("other_tables"), document.other_tables.len()),
    ];
    for (id, word, count) in parts.into_iter().filter(|(_, _, count)| *count > 0) {
        let _ = write!(out, "<a href=\"#{id}\">{word} <small>{count}</small></a>");
    }
    let worst = document.findings.iter().map(|f| f.severity).max();
    let class = match worst {
        Some(Severity::Error) => "f-error",
        Some(Severity::Warning) => "f-warning",
        _ => "f-info",
    };
    let count = document.findings.iter().filter(|f| f.severity > Severity::Info).count();
    let _ = write!(
        out,
        "<a href=\"#findings\" class=\"{class}\">{} <small>{count}</small></a></nav>",
        lang.word("findings")
    );
    out
}

/// The keys, and what the states mean.
fn help(lang: Lang) -> String {
    let keys = [
        ("n", lang.word("key_n")),
        ("u", lang.word("key_u")),
        ("← →", lang.word("key_arrows")),
        ("f", lang.word("key_f")),
        ("Esc", lang.word("key_escape")),
        ("?", lang.word("key_help")),
    ];
    let mut out = format!("<dialog id=\"help\"><h2>{}</h2><dl class=\"keys\">", lang.word("keys"));
    for (key, what) in keys {
        let _ = write!(out, "<dt><kbd>{key}</kbd></dt><dd>{what}</dd>");
    }
    let _ = write!(out, "</dl><h2>{}</h2><dl class=\"states\">", lang.word("legend"));
    for state in State::ALL {
        let word = lang.find(state.id()).unwrap_or_default();
        let about = lang.find(&format!("about_{}", state.id())).unwrap_or_default();
        let _ = write!(out, "<dt class=\"s-{}\">{word}</dt><dd>{about}</dd>", state.id());
    }
    let _ = write!(out, "</dl><button type=\"button\" id=\"shut\">{}</button></dialog>", lang.word("close"));
    out
}
