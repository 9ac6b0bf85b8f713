//! Detects instantiation cycles that would need infinitely many instances.

#[derive(Default)]
pub struct MonoGraph {}
