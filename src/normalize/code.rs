//! Classification codes.
