//! Which of the machine's fonts stand in for Chinese fonts that a PDF names without bringing them along. A page whose
//! font is not there would be blank where it speaks of money.

use hayro_svg::hayro_interpret::font::{FallbackFontQuery, FontData, FontQuery};
use hayro_svg::hayro_interpret::hayro_cmap::CidFamily;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

/// Files of fonts with Chinese glyphs, those with serifs (宋体) first; best ones first.
const SERIF: [&str; 8] = [
    "NotoSerifCJK-Regular.ttc",
    "NotoSerifCJKsc-Regular.otf",
    "SourceHanSerifSC-Regular.otf",
    "SourceHanSerif-Regular.ttc",
    "simsun.ttc",
    "Songti.ttc",
    "uming.ttc",
    "gbsn00lp.ttf",
];
const SANS: [&str; 12] = [
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSans-Regular.ttc",
    "SourceHanSans.ttc",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "msyh.ttc",
    "PingFang.ttc",
    "STHeiti Light.ttc",
    "DroidSansFallbackFull.ttf",
];

/// Folders in which systems keep their fonts; those of a user come first.
const FOLDERS: [&str; 5] = [
    "/usr/local/share/fonts",
    "/usr/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:\\Windows\\Fonts",
];
const OWN_FOLDERS: [&str; 4] =
    [".local/share/fonts", ".fonts", "Library/Fonts", "AppData/Local/Microsoft/Windows/Fonts"];

/// Folders within folders that are searched.
const MAX_DEPTH: usize = 5;
/// Files that are looked at; a system with all fonts of the world has some thousands.
const MAX_FILES: usize = 20_000;
/// Bytes of a font that is read; the largest of the lists has some 30 MB.
const MAX_FONT: u64 = 128 << 20;

/// An installed font.
struct Installed {
    data: FontData,
    /// Which font of a collection.
    index: u32,
    path: PathBuf,
}

struct Both {
    serif: Option<Installed>,
    sans: Option<Installed>,
}

/// Looked for once, when the first page asks.
static CHINESE: LazyLock<Both> = LazyLock::new(|| {
    let files = files();
    Both { serif: first(&files, &SERIF), sans: first(&files, &SANS) }
});

/// What became of the fonts that a file lacks.
#[derive(Default)]
pub(super) struct Asked {
    /// A Chinese font was asked for.
    chinese: AtomicBool,
}

impl Asked {
    /// Whether a Chinese font was needed and none is installed.
    pub(super) fn in_vain(&self) -> bool {
        self.chinese.load(Ordering::Relaxed) && CHINESE.serif.is_none() && CHINESE.sans.is_none()
    }

    /// The font that stands in for one that the PDF does not bring along.
    pub(super) fn answer(&self, query: &FontQuery) -> Option<(FontData, u32)> {
        match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(font) if is_chinese(font) => {
                self.chinese.store(true, Ordering::Relaxed);
                let (first, second) = (&CHINESE.serif, &CHINESE.sans);
                let (first, second) = if is_black(font) { (second, first) } else { (first, second) };
                first.as_ref().or(second.as_ref()).map(|f| (Arc::clone(&f.data), f.index))
            }
            FontQuery::Fallback(font) => Some(font.pick_standard_font().get_font_data()),
        }
    }
}

/// Installed fonts with Chinese glyphs, for labels of pictures.
pub(super) fn label_fonts() -> impl Iterator<Item = &'static Path> {
    CHINESE.sans.iter().chain(&CHINESE.serif).map(|f| f.path.as_path()).take(1)
}

/// Whether the font's characters are those of an East Asian collection.
fn is_chinese(font: &FallbackFontQuery) -> bool {
    font.character_collection.as_ref().is_some_and(|c| {
        matches!(
            c.family,
            CidFamily::AdobeGB1
                | CidFamily::AdobeCNS1
                | CidFamily::AdobeJapan1
                | CidFamily::AdobeKorea1
                | CidFamily::AdobeIdentity
        )
    })
}

/// Whether it is a 黑体 by its name.
fn is_black(font: &FallbackFontQuery) -> bool {
    const NAMES: [&str; 5] = ["hei", "gothic", "黑", "sans", "yahei"];
    let names = [&font.post_script_name, &font.font_name, &font.font_family];
    names.into_iter().flatten().any(|name| NAMES.iter().any(|n| name.to_lowercase().contains(n)))
}

/// All font files of the usual folders.
fn files() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from);
    let own = home.iter().flat_map(|home| OWN_FOLDERS.map(|f| home.join(f)));
    let mut files = Vec::new();
    for folder in own.chain(FOLDERS.map(PathBuf::from)) {
        search(&folder, 0, &mut files);
    }
    files
}

fn search(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        if files.len() >= MAX_FILES {
            return;
        }
        if path.is_dir() {
            if depth < MAX_DEPTH {
                search(&path, depth + 1, files);
            }
        } else {
            files.push(path);
        }
    }
}

/// The best of these fonts that is there and can be read.
fn first(files: &[PathBuf], names: &[&str]) -> Option<Installed> {
    let named = |name: &&str| {
        let is = |path: &&PathBuf| path.file_name().is_some_and(|f| f.eq_ignore_ascii_case(*name));
        files.iter().find(is)
    };
    names.iter().filter_map(named).find_map(|path| installed(path))
}

fn installed(path: &Path) -> Option<Installed> {
    if std::fs::metadata(path).ok()?.len() > MAX_FONT {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    let index = simplified(&bytes)?;
    Some(Installed { data: Arc::new(bytes), index, path: path.to_path_buf() })
}

/// Which font of a file has the forms of mainland China: the one whose family says `SC` or `CN`, else the first.
fn simplified(bytes: &[u8]) -> Option<u32> {
    let count = ttf_parser::fonts_in_collection(bytes).unwrap_or(1);
    let family = |face: &ttf_parser::Face<'_>| {
        let names = face.names().into_iter().filter(|n| n.name_id == ttf_parser::name_id::FAMILY);
        names.filter_map(|n| n.to_string()).collect::<Vec<_>>()
    };
    let is_simplified = |index: &u32| {
        let face = ttf_parser::Face::parse(bytes, *index).ok();
        let names = face.as_ref().map(family).unwrap_or_default();
        names.iter().any(|n| n.ends_with(" SC") || n.ends_with(" CN"))
    };
    ttf_parser::Face::parse(bytes, 0).ok()?;
    Some((0..count).find(is_simplified).unwrap_or(0))
}
