//! Identical instances are one type: maps an origin type and its type arguments to the instance.

#[derive(Default)]
pub struct Context {}
