//! How a command ends when it cannot do its work.

use crate::flag_table::Command;
use std::process::ExitCode;

#[derive(Debug)]
pub enum Failure {
    /// No such command.
    Command(String),
    /// A flag or its value is wrong; the command's usage line follows.
    Usage(Command, String),
    /// The command line is well-formed and asks for what does not exist, as an architecture that is not wasm.
    Refused(String),
    /// Anything else that is the user's to mend.
    Fatal(String),
    /// Likewise, in the words of the go command.
    Go(String),
    /// `-help` was given: the usage line alone.
    Help(Command),
}

impl Failure {
    pub fn report(&self) -> ExitCode {
        match self {
            Failure::Command(message) => {
                eprintln!("gossamer {message}\nRun 'gossamer help' for usage.");
                ExitCode::from(2)
            }
            Failure::Usage(command, message) => {
                eprintln!("{message}");
                report_usage(*command)
            }
            Failure::Help(command) => report_usage(*command),
            Failure::Refused(message) => {
                eprintln!("gossamer: {message}");
                ExitCode::from(2)
            }
            Failure::Go(message) => {
                eprintln!("{message}");
                ExitCode::FAILURE
            }
            Failure::Fatal(message) => {
                eprintln!("gossamer: {message}");
                ExitCode::FAILURE
            }
        }
    }
}

fn report_usage(command: Command) -> ExitCode {
    eprintln!("usage: {}\nRun 'gossamer help {}' for details.", command.usage(), command.name());
    ExitCode::from(2)
}
