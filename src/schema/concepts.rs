//! The language of titles and headers (`schemas/concepts.toml`): a text is cut into the fewest words that we know and
//! says what these words say together. Words that nobody knows are counted, never guessed.

use crate::error::Error;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const SOURCE: (&str, &str) = ("concepts.toml", include_str!("../../schemas/concepts.toml"));

/// What a character that no word covers costs, in words: a reading with fewer unknown characters always wins over one
/// with fewer words, as no word has more than this many parts.
const UNKNOWN: u32 = 32;

/// A set of concepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Set(u128);

impl Set {
    /// Nothing.
    pub const EMPTY: Set = Set(0);

    /// The set of these concepts; names that the vocabulary lacks are left out (a test holds our own names).
    pub fn of(names: &[&str]) -> Set {
        names.iter().filter_map(|name| lexicon().concept(name)).fold(Set::EMPTY, Set::union)
    }

    /// Both together.
    #[must_use]
    pub fn union(self, other: Set) -> Set {
        Set(self.0 | other.0)
    }

    /// What is in this one and not in the other.
    #[must_use]
    pub fn without(self, other: Set) -> Set {
        Set(self.0 & !other.0)
    }

    /// What is in both.
    #[must_use]
    pub fn common(self, other: Set) -> Set {
        Set(self.0 & other.0)
    }

    /// Whether everything of the other one is here.
    pub fn has(self, other: Set) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the two share something.
    pub fn meets(self, other: Set) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it holds nothing.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many concepts it holds.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Their names, in the order of the file.
    pub fn names(self) -> Vec<&'static str> {
        let all = lexicon().names.iter().enumerate();
        all.filter(|(i, _)| self.0 >> i & 1 == 1).map(|(_, (n, _))| n.as_str()).collect()
    }

    /// Those of a group (`about`, `side`, `part`, …).
    #[must_use]
    pub fn of_group(self, group: &str) -> Set {
        let all = lexicon().names.iter().enumerate();
        all.filter(|(_, (_, g))| g == group).fold(Set::EMPTY, |set, (i, _)| set.union(Set(self.0 & 1 << i)))
    }
}

/// What a text says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// The concepts that its words name.
    pub says: Set,
    /// Characters that no word covers.
    pub unknown: usize,
}

impl Meaning {
    /// Both texts together.
    #[must_use]
    pub fn and(self, other: Meaning) -> Meaning {
        Meaning { says: self.says.union(other.says), unknown: self.unknown + other.unknown }
    }
}

/// A word of a text: its place in bytes and what it says; `None` for characters that no word covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Bytes of the text.
    pub at: std::ops::Range<usize>,
    /// What it says; nothing for a filler.
    pub says: Option<Set>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fillers: Vec<String>,
    /// Group → concept → words.
    concept: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// All words.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Name and group of each concept.
    names: Vec<(String, String)>,
    words: FxHashMap<String, Set>,
    /// Characters of the longest word.
    longest: usize,
}

/// The vocabulary. The file is part of the program; a test proves that it parses.
pub fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let mut lexicon = parse(SOURCE.0, SOURCE.1).unwrap_or_default();
        super::handicap::get().words.iter().for_each(|word| _ = lexicon.words.remove(word));
        lexicon
    })
}

/// What a text says: a key (see [`crate::normalize::text::key`]), without spaces and punctuation.
pub fn meaning(key: &str) -> Meaning {
    lexicon().meaning(key)
}

fn parse(name: &str, text: &str) -> Result<Lexicon, Error> {
    let error = |cause: String| Error::Layout { file: name.to_owned(), cause };
    let file: File = toml::from_str(text).map_err(|e| error(e.to_string()))?;
    let mut lexicon = Lexicon::default();
    let concepts = file.concept.into_iter().flat_map(|(group, concepts)| {
        concepts.into_iter().map(move |(concept, words)| (group.clone(), concept, words))
    });
    for (index, (group, concept, words)) in concepts.enumerate() {
        if index >= u128::BITS as usize {
            return Err(error(format!("more than {} concepts", u128::BITS)));
        }
        for word in words.iter().flat_map(|w| expand(w)) {
            let says = lexicon.words.entry(word).or_default();
            *says = says.union(Set(1 << index));
        }
        lexicon.names.push((concept, group));
    }
    for word in file.fillers {
        lexicon.words.entry(word).or_default();
    }
    lexicon.longest = lexicon.words.keys().map(|w| w.chars().count()).max().unwrap_or(0);
    Ok(lexicon)
}

/// `a(b|c|)` → `ab`, `ac`, `a`.
fn expand(word: &str) -> Vec<String> {
    let Some((before, rest)) = word.split_once('(') else { return vec![word.to_owned()] };
    let Some((choices, after)) = rest.split_once(')') else { return vec![word.to_owned()] };
    let tails = expand(after);
    choices.split('|').flat_map(|c| tails.iter().map(move |tail| format!("{before}{c}{tail}"))).collect()
}

impl Lexicon {
    /// The set of one concept.
    pub fn concept(&self, name: &str) -> Option<Set> {
        self.names.iter().position(|(n, _)| n == name).map(|i| Set(1 << i))
    }

    /// Whether a text is made of words that we know, and says something or is one of the fillers.
    pub fn knows(&self, key: &str) -> bool {
        !key.is_empty() && self.meaning(key).unknown == 0
    }

    /// Whether a text is one word.
    pub fn is_word(&self, key: &str) -> bool {
        self.words.contains_key(key)
    }

    /// What a text says.
    pub fn meaning(&self, key: &str) -> Meaning {
        if let Some(says) = self.words.get(key) {
            return Meaning { says: *says, unknown: 0 };
        }
        let mut meaning = Meaning::default();
        for word in self.cut(key) {
            match word.says {
                Some(says) => meaning.says = meaning.says.union(says),
                None => meaning.unknown += key.get(word.at).map_or(0, |t| t.chars().count()),
            }
        }
        meaning
    }

    /// Cuts a text into the fewest words, with the fewest characters that no word covers.
    pub fn cut(&self, key: &str) -> Vec<Word> {
        let bounds: Vec<usize> = key.char_indices().map(|(i, _)| i).chain([key.len()]).collect();
        let count = bounds.len() - 1;
        // from the end: the least cost from each character on, and where its first word ends (`None`: not covered);
        // of readings with equally many words the one with the longest first words is taken
        let mut best: Vec<(u32, usize, Option<Set>)> = vec![(0, count, None); count + 1];
        for start in (0..count).rev() {
            let mut least = (best[start + 1].0 + UNKNOWN, start + 1, None);
            for end in (start + 1..=count.min(start + self.longest)).rev() {
                let cost = best[end].0 + 1;
                if cost < least.0
                    && let Some(says) = self.words.get(&key[bounds[start]..bounds[end]])
                {
                    least = (cost, end, Some(*says));
                }
            }
            best[start] = least;
        }
        let mut words: Vec<Word> = Vec::new();
        let mut start = 0;
        while start < count {
            let (_, end, says) = best[start];
            let at = bounds[start]..bounds[end];
            match words.last_mut() {
                Some(last) if says.is_none() && last.says.is_none() => last.at.end = at.end,
                _ => words.push(Word { at, says }),
            }
            start = end;
        }
        words
    }
}

/// Reads sets of concepts from a file's lists of names.
///
/// # Errors
/// The first name that the vocabulary lacks.
pub(super) fn sets(lists: &[Vec<String>]) -> Result<Vec<Set>, String> {
    lists.iter().map(|names| set(names)).collect()
}

/// Reads one set of concepts.
///
/// # Errors
/// The first name that the vocabulary lacks.
pub(super) fn set(names: &[String]) -> Result<Set, String> {
    names.iter().try_fold(Set::EMPTY, |set, name| {
        let concept = lexicon().concept(name).ok_or_else(|| format!("`{name}` is no concept"))?;
        Ok(set.union(concept))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> (Vec<&'static str>, usize) {
        let meaning = meaning(text);
        let mut names = meaning.says.names();
        names.sort_unstable();
        (names, meaning.unknown)
    }

    #[test]
    fn the_file_parses() {
        let lexicon = parse(SOURCE.0, SOURCE.1).unwrap();
        assert!(lexicon.names.len() > 60 && lexicon.longest < UNKNOWN as usize);
    }

    #[test]
    fn a_text_says_what_its_words_say() {
        assert_eq!(says("一般公共预算财政拨款收入"), (vec!["fiscal", "general", "revenue"], 0));
        assert_eq!(says("非财政拨款结转结余"), (vec!["carryover", "non_fiscal"], 0));
        assert_eq!(says("上级一般公共预算安排的转移支付"), (vec!["general", "superior", "transfer"], 0));
        assert_eq!(
            says("部门预算支出经济分类科目编码"),
            (vec!["budget", "code", "economic", "expenditure"], 0)
        );
        assert_eq!(says("公务用车购置及运行维护费"), (vec!["vehicles"], 0));
        assert_eq!(says("国有资本经营收入"), (vec!["capital", "revenue"], 0));
    }

    #[test]
    fn what_nobody_knows_is_counted() {
        assert_eq!(says("彩票公益金支出"), (vec!["expenditure"], 5));
        assert_eq!(says(""), (vec![], 0));
    }
}
