//! What the text says, as HTML: figures with their changes and reasons, projects, performance tables.

use super::tables::doubt;
use super::{Review, amount, escape, place};
use crate::picture::marks::{FIGURES, PERFORMANCE};
use std::fmt::Write as _;

/// The amounts of the text.
pub(super) fn figures(review: &Review<'_>, out: &mut String) {
    let (lang, figures) = (review.lang, &review.document.narrative.figures);
    if figures.is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<h2 class=\"group\" id=\"figures\">{}</h2><section class=\"tbl\"><div class=\"wide\"><table><thead><tr>\
         <th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th>\
         <th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        lang.word("figures"),
        lang.word("figure"),
        lang.word("amount"),
        lang.word("change"),
        lang.word("previous"),
        lang.word("reason"),
    );
    for (i, figure) in figures.iter().enumerate() {
        let cells = ["amount", "change", "previous"].map(|column| review.marks.at(FIGURES, i, column));
        let class = doubt(review, &cells);
        let source = &figure.source;
        let _ = write!(
            out,
            "<tr class=\"{}\"{}><th scope=\"row\">{} {}</th>",
            class.trim(),
            place(source.page, &source.bbox),
            escape(&figure.label),
            page_link(review, source.page)
        );
        for (cell, is_amount) in cells.into_iter().zip([true, false, false]) {
            match cell {
                Some(index) => amount(review, "td", index, out),
                None if is_amount && figure.not_arranged => {
                    let _ = write!(out, "<td class=\"n dim\">{}</td>", lang.word("not_arranged"));
                }
                None => out.push_str("<td class=\"n\"></td>"),
            }
        }
        let said = figure.reason.as_deref().or(figure.purpose.as_deref()).unwrap_or_default();
        let _ = write!(out, "<td class=\"said\">{}</td></tr>", escape(said));
    }
    out.push_str("</tbody></table></div></section>");
}

fn page_link(review: &Review<'_>, page: u32) -> String {
    format!("<a class=\"pg\" href=\"#page-{page}\">{}</a>", review.lang.fill("page_short", &[&page]))
}

/// The projects that the text describes.
pub(super) fn projects(review: &Review<'_>, out: &mut String) {
    let (lang, narrative) = (review.lang, &review.document.narrative);
    if narrative.projects.is_empty() {
        return;
    }
    let _ = write!(out, "<h2 class=\"group\" id=\"projects\">{}</h2>", lang.word("projects"));
    let mut row = narrative.figures.len();
    for project in &narrative.projects {
        let source = &project.source;
        let _ = write!(
            out,
            "<section class=\"tbl card\"{}><h3>{}",
            place(source.page, &source.bbox),
            escape(&project.name)
        );
        if project.amount.is_some() {
            if let Some(index) = review.marks.at(FIGURES, row, "amount") {
                amount(review, "span", index, out);
            }
            row += 1;
        }
        let _ = write!(out, "{}</h3><dl>", page_link(review, source.page));
        let basis = project.policy_basis.as_ref().map(|b| b.text.as_str());
        let allocation = project.allocation.as_ref().map(|a| a.text.as_str());
        let period = project.period.as_ref().map(|p| p.text.as_str());
        let fields = [
            (lang.word("overview"), project.overview.as_deref()),
            (lang.word("basis"), basis),
            (lang.word("executor"), project.executor.as_deref()),
            (lang.word("allocation"), allocation),
            (lang.word("period"), period),
            (lang.word("plan"), project.plan.as_deref()),
            (lang.word("goal"), project.goal.as_deref()),
        ];
        for (label, text) in fields {
            if let Some(text) = text {
                let _ = write!(out, "<dt>{label}</dt><dd>{}</dd>", escape(text));
            }
        }
        out.push_str("</dl>");
        if !project.withheld.is_empty() {
            let said = lang.fill("withheld", &[&project.withheld.join("、")]);
            let _ = write!(out, "<p class=\"note\">{}</p>", escape(&said));
        }
        out.push_str("</section>");
    }
}

/// The performance tables: money and indicators.
pub(super) fn performance(review: &Review<'_>, out: &mut String) {
    let (lang, document) = (review.lang, review.document);
    if document.performance.is_empty() {
        return;
    }
    let _ = write!(out, "<h2 class=\"group\" id=\"performance\">{}</h2>", lang.word("performance"));
    for (i, p) in document.performance.iter().enumerate() {
        let page = p.pages.first().copied().unwrap_or(0);
        let name = p.project.as_deref().or(p.department.as_deref()).unwrap_or(&p.title);
        let _ = write!(
            out,
            "<section class=\"tbl card\"{}><h3>{}{}</h3><dl>",
            place(page, &p.bbox),
            escape(name),
            page_link(review, page)
        );
        for f in &p.funding {
            let _ = write!(out, "<dt>{}</dt><dd>", escape(&f.label));
            let column = f.id.strip_prefix("fiscal.").unwrap_or(&f.id);
            match review.marks.at(PERFORMANCE, i, column) {
                Some(index) => amount(review, "span", index, out),
                None => out.push_str(&escape(&f.amount.to_string())),
            }
            out.push_str("</dd>");
        }
        if let Some(goal) = &p.goal {
            let _ = write!(out, "<dt>{}</dt><dd>{}</dd>", lang.word("goal"), escape(goal));
        }
        out.push_str("</dl>");
        if !p.indicators.is_empty() {
            indicators(review, &p.indicators, out);
        }
        out.push_str("</section>");
    }
}

fn indicators(review: &Review<'_>, all: &[crate::document::performance::Indicator], out: &mut String) {
    let lang = review.lang;
    let _ = write!(
        out,
        "<details><summary>{} ({})</summary><div class=\"wide\"><table><thead><tr><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        lang.word("indicator"),
        all.len(),
        lang.word("indicator"),
        lang.word("target"),
        lang.word("weight"),
        lang.word("last_year_value")
    );
    for indicator in all {
        let levels =
            [indicator.level1.as_deref(), indicator.level2.as_deref(), Some(indicator.name.as_str())];
        let name: Vec<&str> = levels.into_iter().flatten().collect();
        let weight = indicator.weight.map_or(String::new(), |w| w.to_string());
        let _ = write!(
            out,
            "<tr{}><th scope=\"row\">{}</th><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
            place(indicator.page, &indicator.bbox),
            escape(&name.join(" › ")),
            escape(indicator.target.as_ref().map_or("", |t| &t.raw)),
            escape(&weight),
            escape(indicator.previous.as_deref().unwrap_or_default())
        );
    }
    out.push_str("</tbody></table></div></details>");
}
