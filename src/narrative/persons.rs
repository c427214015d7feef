//! Names and phone numbers of persons are taken out of all texts, unless they are asked for.

use super::words::Words;
use crate::document::narrative::Narrative;

/// What stands where a name or number was.
const GONE: &str = "……";

/// Takes personal data out of every text.
pub(super) fn redact(words: &Words, narrative: &mut Narrative) {
    let mut each = |text: &mut String| {
        if let Some(clean) = redacted(words, text) {
            *text = clean;
        }
    };
    for figure in &mut narrative.figures {
        each(&mut figure.source.text);
        figure.reason.as_mut().map(&mut each);
        figure.purpose.as_mut().map(&mut each);
        if let Some(change) = &mut figure.change {
            each(&mut change.source.text);
        }
    }
    for functions in narrative.functions.iter_mut() {
        each(&mut functions.source.text);
        functions.items.iter_mut().for_each(&mut each);
    }
    for organization in narrative.organization.iter_mut() {
        each(&mut organization.source.text);
        organization.subordinate_units.iter_mut().for_each(&mut each);
        organization.offices.iter_mut().for_each(&mut each);
    }
    for project in &mut narrative.projects {
        let own = [&mut project.overview, &mut project.plan, &mut project.goal, &mut project.executor];
        own.into_iter().flatten().for_each(&mut each);
        if let Some(basis) = &mut project.policy_basis {
            each(&mut basis.text);
        }
        if let Some(allocation) = &mut project.allocation {
            each(&mut allocation.text);
            allocation.parts.iter_mut().for_each(|p| each(&mut p.purpose));
        }
        if let Some(source) = &mut project.amount_source {
            each(&mut source.text);
        }
        each(&mut project.source.text);
    }
    narrative.quantities.iter_mut().for_each(|q| each(&mut q.source.text));
    narrative.lists.iter_mut().for_each(|l| {
        each(&mut l.source.text);
        l.names.iter_mut().for_each(&mut each);
    });
    narrative.declared_empty.iter_mut().for_each(|d| each(&mut d.source.text));
    narrative.reconciliations.iter_mut().for_each(|r| {
        each(&mut r.source.text);
        r.reason.as_mut().map(&mut each);
    });
    narrative.mentions.iter_mut().for_each(|m| each(&mut m.source.text));
    narrative.glossary.iter_mut().for_each(|t| {
        each(&mut t.definition);
        each(&mut t.source.text);
    });
    narrative.headings.iter_mut().for_each(|h| {
        h.text.as_mut().map(&mut each);
    });
}

/// The text without personal data; `None` where it has none.
fn redacted(words: &Words, text: &str) -> Option<String> {
    let labelled = text.contains(':') && words.words.persons.is_match(text);
    let digits = text.bytes().filter(u8::is_ascii_digit).count() >= 7;
    if !labelled && !digits {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while let Some(found) = words.words.persons.find(rest).filter(|_| labelled) {
        let (head, tail) = rest.split_at(found.end);
        out.push_str(head);
        rest = tail;
        // only what is labelled is a person's: 各市政协负责人列席 is a sentence
        if let Some(value) = rest.trim_start().strip_prefix(':') {
            let end = value.find([',', '。', ';', '、', '\n']).unwrap_or(value.len());
            out.push(':');
            out.push_str(GONE);
            rest = value.get(end..).unwrap_or_default();
            changed = true;
        }
    }
    out.push_str(rest);
    let without = without_phones(&out);
    (changed || without.is_some()).then(|| without.unwrap_or(out))
}

/// The text without mobile (11 digits) and land line (area code and number) numbers.
fn without_phones(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let mut changed = false;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
        if !digit(at) {
            at += 1;
            continue;
        }
        let mut end = at;
        while digit(end) || (bytes.get(end) == Some(&b'-') && digit(end + 1)) {
            end += 1;
        }
        let run = text.get(at..end).unwrap_or_default();
        let joined = matches!(bytes.get(end), Some(b'.' | b',')) && digit(end + 1)
            || at > 0 && matches!(bytes.get(at - 1), Some(b'.' | b','));
        if is_phone(run)
            && !joined
            && !text.get(end..).is_some_and(|t| t.trim_start().starts_with(['元', '万']))
        {
            out.push_str(text.get(from..at).unwrap_or_default());
            out.push_str(GONE);
            from = end;
            changed = true;
        }
        at = end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    changed.then_some(out)
}

fn is_phone(run: &str) -> bool {
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let mobile = digits == 11 && run.len() <= 13 && run.starts_with('1') && !run.starts_with("10");
    let land = run.split_once('-').is_some_and(|(area, number)| {
        area.starts_with('0')
            && matches!(area.len(), 3 | 4)
            && matches!(number.len(), 7 | 8)
            && !number.contains('-')
    });
    mobile || land
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::words::words;
    use super::*;

    #[test]
    fn names_and_numbers_of_persons_are_taken_out() {
        let clean = |text: &str| redacted(words().unwrap(), text);
        assert_eq!(clean("联系人:张某,联系电话:13800000000。").as_deref(), Some("联系人:……,联系电话:……。"));
        assert_eq!(clean("咨询请拨0908-4222222或13912345678").as_deref(), Some("咨询请拨……或……"));
        for text in [
            "邀请各市政协负责人列席。",
            "特定目标 57102355",
            "预算13812345678元",
            "13812345678.00",
            "说明:无",
        ] {
            assert_eq!(clean(text), None, "{text}");
        }
    }
}
