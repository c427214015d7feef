//! Grid rows → typed rows.
