//! A batch cut into shards that run anywhere, and what a folder says of the run that filled it.
//!
//! The shard of an input depends on the name of its output alone (SHA-256 of the bytes of the relative path): the same
//! files give the same shards wherever they are mounted.

use super::discover::Input;
use sha2::{Digest, Sha256};
use std::path::Path;

/// Shard K of N, as the user writes it: `2/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err(format!("`{text}` is no shard; hint: 1/4 to 4/4 are the four quarters")),
        }
    }
}

impl Shard {
    /// Whether an input belongs to this shard.
    pub fn holds(self, input: &Input) -> bool {
        let digest = Sha256::digest(input.output.as_os_str().as_encoded_bytes());
        let head = digest.iter().take(8).fold(0u64, |n, b| n << 8 | u64::from(*b));
        head % u64::from(self.of) == u64::from(self.number - 1)
    }
}

/// A hash of all outputs of a batch, those of all shards: shards of the same batch have the same.
pub fn batch_id(inputs: &[Input]) -> String {
    let mut outputs: Vec<&Path> = inputs.iter().map(|i| i.output.as_path()).collect();
    outputs.sort_unstable();
    let mut hash = Sha256::new();
    for output in outputs {
        hash.update(output.as_os_str().as_encoded_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::discover::Origin;
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn every_input_is_in_one_shard_and_shards_are_of_like_size() {
        let inputs: Vec<Input> = (0..400)
            .map(|n| Input { origin: Origin::Stdin, output: PathBuf::from(format!("a/{n}.json")) })
            .collect();
        let mut sizes = [0; 4];
        for input in &inputs {
            let homes: Vec<u32> = (1..=4).filter(|k| Shard { number: *k, of: 4 }.holds(input)).collect();
            assert_eq!(homes.len(), 1);
            sizes[homes[0] as usize - 1] += 1;
        }
        assert!(sizes.iter().all(|n| (70..=130).contains(n)), "{sizes:?}");
    }

    #[test]
    fn shards_are_written_k_of_n() {
        assert_eq!("2/8".parse(), Ok(Shard { number: 2, of: 8 }));
        for wrong in ["0/4", "5/4", "1", "a/b", "1/0", "-1/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
