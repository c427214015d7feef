//! Dates and years in Chinese text.
