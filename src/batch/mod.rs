//! Many files: discovery, workers, outcome of each.
