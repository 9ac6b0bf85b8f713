//! How a command ends when it cannot do its work.

use crate::flag_table::Command;
use crate::print;
use load::fs::cause;
use std::io::ErrorKind;
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
    /// Standard output takes no more.
    Output(std::io::Error),
    /// A bug of ours.
    Internal(String),
}

impl Failure {
    pub fn report(&self) -> ExitCode {
        match self {
            Failure::Command(message) => {
                print::message(&format!("gossamer {message}\nRun 'gossamer help' for usage."));
                ExitCode::from(2)
            }
            Failure::Usage(command, message) => {
                print::message(message);
                report_usage(*command)
            }
            Failure::Help(command) => report_usage(*command),
            Failure::Refused(message) | Failure::Internal(message) => {
                print::message(&format!("gossamer: {message}"));
                ExitCode::from(2)
            }
            Failure::Go(message) => {
                print::message(message);
                ExitCode::FAILURE
            }
            Failure::Fatal(message) => {
                print::message(&format!("gossamer: {message}"));
                ExitCode::FAILURE
            }
            // A reader that has gone away (`| head`) has read what it wanted.
            Failure::Output(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::from(BROKEN_PIPE),
            Failure::Output(error) => {
                print::message(&format!("gossamer: cannot write to standard output: {}", cause(error)));
                ExitCode::FAILURE
            }
        }
    }
}

/// What a shell shows of a program that a broken pipe ended, as it does most.
const BROKEN_PIPE: u8 = 128 + 13;

fn report_usage(command: Command) -> ExitCode {
    print::message(&format!("usage: {}\nRun 'gossamer help {}' for details.", command.usage(), command.name()));
    ExitCode::from(2)
}
