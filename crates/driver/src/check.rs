//! The front end's phases in order: load, parse, check types.

use crate::config::CheckConfig;
use crate::outcome::{CheckOutcome, LoadError};

/// Loads, parses and type-checks what `config` names. A user's mistakes are in the outcome.
pub fn check(config: &CheckConfig) -> CheckOutcome {
    let message = format!("gossamer: {}: no front end in this build", config.goroot.display());
    CheckOutcome { load_errors: vec![LoadError { at: None, message }], ..CheckOutcome::default() }
}
