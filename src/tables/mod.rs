//! Which of the twelve tables a grid is; joins over pages.
