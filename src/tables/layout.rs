//! Which publisher's layout a document follows, by the share of a layout's evidence that is seen.

use super::piece::Piece;
use crate::normalize::text;
use crate::schema::{self, Layout};
use std::sync::Arc;

/// A recognized layout.
#[derive(Clone, Debug)]
pub struct Recognized {
    /// The layout; `None` where none fits.
    pub layout: Option<Arc<Layout>>,
    /// 0–100: share of its evidence that was seen.
    pub score: u8,
}

/// Shares below this are chance.
const ENOUGH: usize = 50;

/// Recognizes the layout of a document: the user's layouts first, then the built-in ones.
pub fn recognize(pieces: &[Piece], own: &[Arc<Layout>]) -> Recognized {
    let mut texts: Vec<String> = Vec::new();
    for piece in pieces {
        texts.extend(piece.caption.title.clone());
        if let Some(number) = piece.caption.number {
            texts.push(format!("公开{number:02}表"));
        }
        let slots = &piece.grid;
        for row in piece.rows.clone().take(4) {
            texts.extend(slots.row(row).filter(|c| !c.is_blank()).map(|c| text::clean(&c.text())));
        }
    }
    // headers come again with every piece
    texts.sort_unstable();
    texts.dedup();
    let mut best = Recognized { layout: None, score: 0 };
    let mut best_hits = 0;
    for layout in own.iter().chain(schema::layouts()) {
        let hits = layout.evidence.iter().filter(|r| texts.iter().any(|t| r.is_match(t))).count();
        let share = hits * 100 / layout.evidence.len().max(1);
        if share >= ENOUGH
            && (share > best.score as usize || share == best.score as usize && hits > best_hits)
        {
            best = Recognized { layout: Some(layout.clone()), score: share.min(100) as u8 };
            best_hits = hits;
        }
    }
    best
}
