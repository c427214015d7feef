//! Identities, proof per amount, findings.
