//! What annotations show: values of form fields, typed notes, stamps. A viewer paints their appearance streams over the
//! page, so they are read as part of it.

use super::interpret::Interpreter;
use super::matrix::Matrix;
use super::object::{Dictionary, Object, Stream};
use super::page::PageNode;
use super::state::State;
use super::store::{Store, as_dict};

/// More annotations than this on one page are no form that somebody filled in.
const MOST: usize = 10_000;
/// Flags of an annotation that no viewer shows: Hidden and NoView.
const UNSEEN: i64 = 1 << 1 | 1 << 5;

impl<'s> Interpreter<'s, '_> {
    /// Paints the page's annotations. One that holds text and says nowhere how it looks is noted as unread.
    pub(super) fn annotations(&mut self, node: &PageNode<'s>, start: State) {
        let store = self.store();
        let Some(list) = store.array(node.dict, b"Annots") else { return };
        self.trouble.annotations |= list.len() > MOST;
        for annotation in list.iter().take(MOST).filter_map(|a| as_dict(store.resolve(a))) {
            if store.is_late() {
                self.trouble.time = true;
                return;
            }
            let subtype = store.name(annotation, b"Subtype");
            // Links and closed windows of comments are no text of the page.
            let window = matches!(subtype, Some(b"Link" | b"Popup" | b"Text"));
            let off = annotation.get(b"OC").is_some_and(|group| self.shared.hidden.hides(store, group));
            if window || off || store.integer(annotation, b"F").unwrap_or(0) & UNSEEN != 0 {
                continue;
            }
            let Some(form) = appearance(store, annotation) else {
                self.trouble.annotations |= holds_text(store, annotation, subtype);
                continue;
            };
            if let Some(map) = placed(store, annotation, form) {
                self.state = State { ctm: map.then(&start.ctm), ..start };
                self.form(form, node.resources, 0);
                self.stack.clear();
            }
        }
        self.state = start;
    }
}

/// The stream that paints the annotation as it is now.
fn appearance<'s>(store: &'s Store<'s>, annotation: &'s Dictionary) -> Option<&'s Stream> {
    let normal = store.get(store.dict(annotation, b"AP")?, b"N")?;
    match normal {
        Object::Stream(stream) => Some(stream),
        // One for each state: of a check box, say.
        states => store.stream(as_dict(states)?, store.name(annotation, b"AS")?),
    }
}

/// Form space → user space, apart from the form's own matrix: the form's box comes to lie on the annotation's.
fn placed(store: &Store, annotation: &Dictionary, form: &Stream) -> Option<Matrix> {
    let [x0, y0, x1, y1] = store.numbers::<4>(annotation, b"Rect")?;
    let [a0, b0, a1, b1] = store.numbers::<4>(&form.dict, b"BBox")?;
    let own = store.numbers::<6>(&form.dict, b"Matrix").map_or(Matrix::IDENTITY, Matrix::new);
    let shown = own.apply_box(a0, b0, a1, b1);
    let (width, height) = (f64::from(shown.width()), f64::from(shown.height()));
    let (sx, sy) = ((x1 - x0).abs() / width, (y1 - y0).abs() / height);
    let (left, bottom) = (f64::from(shown.x0), f64::from(shown.y0));
    let map = Matrix::new([sx, 0.0, 0.0, sy, x0.min(x1) - left * sx, y0.min(y1) - bottom * sy]);
    map.is_sane().then_some(map)
}

/// Whether it has a text that a viewer would show.
fn holds_text(store: &Store, annotation: &Dictionary, subtype: Option<&[u8]>) -> bool {
    let key: &[u8] = match subtype {
        Some(b"Widget") => b"V",
        Some(b"FreeText") => b"Contents",
        _ => return false,
    };
    // A field with several places on the page keeps its value above them.
    let value = store.get(annotation, key).or_else(|| store.get(store.dict(annotation, b"Parent")?, key));
    matches!(value, Some(Object::String(text)) if text.iter().any(|byte| byte.is_ascii_graphic()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::limits::{Access, Deadline, Limits};

    /// A page that says `Total:` in its content and holds this annotation.
    fn read(annotation: &str) -> crate::pdf::Source {
        let content = "BT /F 9 Tf 1 0 0 1 60 700 Tm (Total:) Tj ET";
        let value = "BT /F 10 Tf 2 5 Td (1,234.56) Tj ET";
        let font = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>";
        let pdf = format!(
            "%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n\
             2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
             3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[6 0 R]/Contents 4 0 R/Resources{font}>>\nendobj\n\
             4 0 obj\n<</Length {}>>stream\n{content}\nendstream\nendobj\n\
             6 0 obj\n<</Type/Annot {annotation}>>\nendobj\n\
             7 0 obj\n<</Subtype/Form/BBox[0 0 100 20]/Resources{font}/Length {}>>stream\n{value}\nendstream\nendobj\n\
             trailer<</Root 1 0 R/Size 8>>\nstartxref\n0\n%%EOF\n",
            content.len(),
            value.len()
        );
        let limits = Limits::default();
        crate::pdf::read(pdf.as_bytes(), Access { password: None, limits: &limits }, Deadline::never())
            .unwrap()
    }

    fn text(source: &crate::pdf::Source) -> String {
        source.pages.iter().flat_map(|page| &page.glyphs).map(|glyph| glyph.ch).collect()
    }

    fn rules(source: &crate::pdf::Source) -> Vec<&str> {
        source.findings.iter().map(|f| f.rule.as_str()).filter(|r| *r != "pdf.repaired").collect()
    }

    #[test]
    fn the_value_of_a_form_field_is_text_of_the_page() {
        let source = read("/Subtype/Widget/FT/Tx/V(1,234.56)/F 4/Rect[120 690 320 710]/AP<</N 7 0 R>>");
        assert_eq!(text(&source), "Total:1,234.56");
        assert_eq!(rules(&source), [""; 0]);
        // twice as wide as the form: x = 120 + 2 · 2
        let digit = source.pages[0].glyphs[6];
        assert!((digit.bbox.x0 - 124.0).abs() < 0.1, "{digit:?}");
    }

    #[test]
    fn a_form_field_without_an_appearance_is_named() {
        let source = read("/Subtype/Widget/FT/Tx/V(1,234.56)/F 4/Rect[120 690 220 710]");
        assert_eq!(text(&source), "Total:");
        assert_eq!(rules(&source), ["pdf.annotation.unread"]);
    }

    #[test]
    fn what_no_viewer_shows_is_not_read() {
        let source = read("/Subtype/Widget/V(1)/F 2/Rect[120 690 220 710]/AP<</N 7 0 R>>");
        assert_eq!((text(&source).as_str(), rules(&source).len()), ("Total:", 0));
    }
}
