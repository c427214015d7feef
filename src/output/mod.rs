//! Documents → bytes (JSON and the rest), and back.
