//! A line of a picture → characters with boxes, how sure each is, and what else it may be.

use super::lines::Box4;
use super::{Picture, ScanError, models};
use rten::Model;
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Height of the lines that the model was trained on, in pixels.
const HEIGHT: usize = 48;
/// Widest line that is read at once, in pixels of the model.
const WIDEST: usize = 3200;
/// An alternative that is less likely than this is none.
const UNLIKELY: f32 = 0.001;
/// Most alternatives of a character.
const ALTERNATIVES: usize = 4;
/// Half of the widest a digit or letter is, and any other character, as a share of the line's height.
const NARROW: f32 = 0.45;
const WIDE: f32 = 0.7;
/// White around a line, as a share of its height.
const MARGIN: f32 = 0.15;

/// A recognized character, in pixels of the straight picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Character {
    /// The most likely reading.
    pub ch: char,
    /// Left, top, right, bottom.
    pub bbox: [f32; 4],
    /// Probability of `ch`, 0–1.
    pub confidence: f32,
    /// Other readings with their probabilities, likeliest first; ' ' stands for none.
    pub others: Vec<(char, f32)>,
}

/// Reads lines of text with the model of a folder, which is loaded when the first picture asks for it.
pub struct Recognizer {
    folder: PathBuf,
    loaded: OnceLock<Result<Loaded, String>>,
}

/// The model, and the characters that it knows.
struct Loaded {
    model: Model,
    characters: Vec<char>,
}

impl std::fmt::Debug for Recognizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recognizer({})", models::RECOGNIZER_SHA256)
    }
}

impl Recognizer {
    /// The recognizer whose model lies in `folder`. Files without scans never load it.
    ///
    /// # Errors
    /// [`ScanError::Model`] where it is not there. Another file than the known one is told when it is loaded.
    pub fn at(folder: &Path) -> Result<Self, ScanError> {
        models::present(folder)?;
        Ok(Self { folder: folder.to_owned(), loaded: OnceLock::new() })
    }

    /// Loads the model now.
    ///
    /// # Errors
    /// [`ScanError::Model`] where it cannot be read or is another one.
    pub fn check(&self) -> Result<(), ScanError> {
        self.loaded().map(|_| ())
    }

    fn loaded(&self) -> Result<&Loaded, ScanError> {
        let loaded = self.loaded.get_or_init(|| Loaded::load(&self.folder).map_err(|e| e.to_string()));
        loaded.as_ref().map_err(|cause| ScanError::Recognizer(cause.clone()))
    }
}

impl Loaded {
    fn load(folder: &Path) -> Result<Self, ScanError> {
        let bytes = models::recognizer(folder)?;
        let wrong = |cause: String| ScanError::Model { file: models::RECOGNIZER.to_owned(), cause };
        let model = Model::load(bytes).map_err(|e| wrong(e.to_string()))?;
        let list = model.metadata().get("character").ok_or_else(|| wrong("no list of characters".into()))?;
        // The first class is "nothing", the last a blank that the list leaves out.
        let listed = list.lines().map(|line| line.chars().next().unwrap_or(' '));
        let characters = std::iter::once('\0').chain(listed).chain([' ']).collect();
        Ok(Self { model, characters })
    }
}

impl Recognizer {
    /// Reads one line of text.
    ///
    /// # Errors
    /// [`ScanError::Recognizer`] where the model cannot be run.
    pub(super) fn read(&self, picture: &Picture, line: Box4) -> Result<Vec<Character>, ScanError> {
        let [x0, y0, x1, y1] = line.map(|v| v as f32);
        let margin = (y1 - y0) * MARGIN;
        let (left, top) = (x0 - margin, y0 - margin);
        let scale = (y1 - y0 + 2.0 * margin) / HEIGHT as f32;
        let width = (((x1 - x0 + 2.0 * margin) / scale).ceil() as usize).clamp(16, WIDEST);
        let mut input = NdTensor::<f32, 4>::zeros([1, 3, HEIGHT, width]);
        for y in 0..HEIGHT {
            for x in 0..width {
                let (px, py) = (left + (x as f32 + 0.5) * scale, top + (y as f32 + 0.5) * scale);
                let grey = picture.at(px - 0.5, py - 0.5) / 127.5 - 1.0;
                (0..3).for_each(|channel| input[[0, channel, y, x]] = grey);
            }
        }
        let loaded = self.loaded()?;
        let failed = |e: &dyn std::fmt::Display| ScanError::Recognizer(e.to_string());
        let output = loaded.model.run_one(input.view().into(), None).map_err(|e| failed(&e))?;
        let output: NdTensor<f32, 3> =
            output.try_into().map_err(|_| failed(&"not a row of probabilities"))?;
        let steps: Vec<Vec<f32>> = (0..output.size(1))
            .map(|step| (0..output.size(2)).map(|class| output[[0, step, class]]).collect())
            .collect();
        let pitch = width as f32 * scale / steps.len().max(1) as f32;
        let place = |step: usize| (left + step as f32 * pitch, left + (step + 1) as f32 * pitch);
        let mut read = characters(&steps, &loaded.characters, place, (y0, y1));
        once(&mut read);
        spread(&mut read, (x0, x1));
        Ok(read)
    }
}

/// A wide character that the model tells twice, both times at the same place, is one: 合 before a gap becomes 合合.
fn once(read: &mut Vec<Character>) {
    /// Characters of full width stand further apart than this share of their height.
    const APART: f32 = 0.6;
    let middle = |c: &Character| (c.bbox[0] + c.bbox[2]) * 0.5;
    read.dedup_by(|second, first| {
        let height = first.bbox[3] - first.bbox[1];
        let same =
            first.ch == second.ch && !first.ch.is_ascii() && middle(second) - middle(first) < APART * height;
        if same {
            first.bbox[2] = second.bbox[2];
        }
        same
    });
}

/// A character is told at its middle: it reaches halfway to its neighbours, and no further than characters are wide.
fn spread(read: &mut [Character], (left, right): (f32, f32)) {
    let middles: Vec<f32> = read.iter().map(|c| (c.bbox[0] + c.bbox[2]) * 0.5).collect();
    for (at, character) in read.iter_mut().enumerate() {
        let [_, top, _, bottom] = character.bbox;
        let most = (bottom - top) * if character.ch.is_ascii() { NARROW } else { WIDE };
        let middle = middles.get(at).copied().unwrap_or(left);
        let before = at.checked_sub(1).and_then(|at| middles.get(at));
        let from = before.map_or(left, |before| (before + middle) * 0.5);
        let to = middles.get(at + 1).map_or(right, |after| (after + middle) * 0.5);
        character.bbox[0] = from.max(middle - most).min(middle);
        character.bbox[2] = to.min(middle + most).max(middle);
    }
}

/// Steps of probabilities → characters: a class that goes on over steps is one character, class 0 is none.
fn characters(
    steps: &[Vec<f32>],
    known: &[char],
    place: impl Fn(usize) -> (f32, f32),
    (top, bottom): (f32, f32),
) -> Vec<Character> {
    let mut read: Vec<Character> = Vec::new();
    let mut before = 0;
    for (at, step) in steps.iter().enumerate() {
        let mut order: Vec<usize> = (0..step.len()).filter(|class| step[*class] > UNLIKELY).collect();
        order.sort_by(|a, b| step[*b].total_cmp(&step[*a]));
        let class = order.first().copied().unwrap_or(0);
        let (from, to) = place(at);
        let named = |class: usize| match class {
            0 => ' ',
            class => known.get(class).copied().unwrap_or('\u{FFFD}'),
        };
        match read.last_mut() {
            Some(last) if class != 0 && class == before => {
                last.bbox[2] = to;
                if step[class] > last.confidence {
                    last.confidence = step[class];
                    last.others =
                        order[1..].iter().take(ALTERNATIVES).map(|c| (named(*c), step[*c])).collect();
                }
            }
            _ if class != 0 => read.push(Character {
                ch: named(class),
                bbox: [from, top, to, bottom],
                confidence: step[class],
                others: order[1..].iter().take(ALTERNATIVES).map(|c| (named(*c), step[*c])).collect(),
            }),
            _ => {}
        }
        before = class;
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_character_told_twice_at_one_place_is_one_and_digits_side_by_side_are_two() {
        let at = |ch: char, x: f32| Character {
            ch,
            bbox: [x, 0.0, x + 2.0, 20.0],
            confidence: 0.9,
            others: Vec::new(),
        };
        let mut read = vec![at('合', 0.0), at('合', 6.0), at('计', 40.0), at('1', 60.0), at('1', 66.0)];
        read.extend([at('人', 80.0), at('人', 99.0)]);
        once(&mut read);
        assert_eq!(read.iter().map(|c| c.ch).collect::<String>(), "合计11人人");
    }

    #[test]
    fn steps_become_characters_with_what_else_they_may_be() {
        let known = ['\0', '3', '8'];
        let steps = [
            vec![0.9, 0.05, 0.05],
            vec![0.1, 0.5, 0.4],
            vec![0.0, 0.7, 0.3],
            vec![1.0, 0.0, 0.0],
            vec![0.0, 1.0, 0.0],
        ];
        let read = characters(&steps, &known, |s| (s as f32, s as f32 + 1.0), (0.0, 9.0));
        assert_eq!(read.iter().map(|c| c.ch).collect::<String>(), "33");
        assert_eq!((read[0].bbox, read[0].confidence), ([1.0, 0.0, 3.0, 9.0], 0.7));
        assert_eq!(read[0].others, [('8', 0.3)]);
        assert!(read[1].others.is_empty());
    }
}
