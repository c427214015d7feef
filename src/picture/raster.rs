//! SVG → PNG.

use super::fonts;
use resvg::{tiny_skia, usvg};
use std::sync::Arc;

/// Pixels of a picture. Beyond them it is drawn smaller.
const MAX_PIXELS: f32 = 60e6;

/// The picture with `scale` pixels a point.
///
/// # Errors
/// Why it cannot be drawn.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, String> {
    let mut options = usvg::Options::default();
    for path in fonts::label_fonts() {
        if let Ok(bytes) = std::fs::read(path) {
            let source = usvg::fontdb::Source::Binary(Arc::new(bytes));
            Arc::make_mut(&mut options.fontdb).load_font_source(source);
        }
    }
    let family = options.fontdb.faces().next().and_then(|f| f.families.first().map(|(name, _)| name.clone()));
    if let Some(family) = family {
        Arc::make_mut(&mut options.fontdb).set_sans_serif_family(family);
    }
    let tree = usvg::Tree::from_str(svg, &options).map_err(|e| e.to_string())?;
    let size = tree.size();
    let scale = scale.min((MAX_PIXELS / (size.width() * size.height())).sqrt());
    let side = |points: f32| (points * scale).ceil().max(1.0) as u32;
    let mut pixels =
        tiny_skia::Pixmap::new(side(size.width()), side(size.height())).ok_or("too large a picture")?;
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    #[test]
    fn a_picture_has_as_many_pixels_as_asked() {
        let svg =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\" viewBox=\"0 0 20 10\"/>";
        let png = super::png(svg, 2.0).unwrap();
        assert_eq!(png.get(1..4), Some(&b"PNG"[..]));
        // width and height stand in the first chunk
        assert_eq!(png.get(16..24), Some(&[0, 0, 0, 40, 0, 0, 0, 20][..]));
        assert!(super::png("no svg", 1.0).is_err());
    }
}
