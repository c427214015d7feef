//! Lists of classification codes.
