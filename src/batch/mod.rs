//! Many files: which ones there are (`discover`, `shard`, `archive`), reading them on several threads (`run`, `order`, `guard`),
//! putting results into a folder (`write`, `lock`), what is done already (`manifest`, `ledger`, `record`), joining
//! folders (`merge`), and what to tell a person afterwards (`summary`).
//!
//! One bad file never stops the rest, the order of results is the order of inputs whatever the number of jobs, and
//! no more than a bounded number of results is ever held in memory.

pub mod archive;
pub mod discover;
pub mod ledger;
pub mod lock;
pub mod manifest;
pub mod merge;
pub mod order;
pub mod origins;
pub mod record;
pub mod report;
pub mod run;
pub mod shard;
pub mod summary;
pub mod write;

pub use crate::guard;
pub use discover::{Found, Input, Origin};
pub use report::{Failure, How, Outcome, Report};
pub use run::{Plan, run};
