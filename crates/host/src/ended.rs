//! How a program ended.

use std::fmt;

#[derive(Debug)]
pub struct Ended {
    pub status: Status,
    /// Empty if the streams were inherited.
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Status {
    /// It returned from `main`, called `os.Exit`, or died with a message of its own (code 2).
    Exited(i32),
    /// The engine stopped it. In a program of ours this is a bug of ours: Go's own failures never end in a trap.
    Trapped(Trap),
    /// A signal ended the process that it ran in.
    Signalled(i32),
    /// It ran longer than it was allowed to.
    TimedOut,
}

impl Status {
    /// The exit code for a process that stands in for the program: the shell's convention for what has none.
    pub fn code(&self) -> i32 {
        match self {
            Status::Exited(code) => *code,
            Status::Trapped(_) => 134, // wasmtime's own, and abort's
            Status::Signalled(signal) => 128 + signal,
            Status::TimedOut => 124, // timeout(1)'s
        }
    }

    /// What the program did not say itself.
    pub fn complaint(&self) -> Option<String> {
        match self {
            Status::Exited(_) => None,
            Status::Trapped(trap) => Some(trap.to_string()),
            Status::Signalled(signal) => Some(format!("the program was ended by signal {signal}")),
            Status::TimedOut => Some("the program took too long".to_owned()),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct Trap {
    /// The engine's words, as `wasm trap: integer divide by zero`.
    pub reason: String,
    /// Innermost first.
    pub frames: Vec<TrapFrame>,
    /// Whether there were more frames than were kept.
    pub truncated: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub struct TrapFrame {
    /// From the name section.
    pub func_name: Option<String>,
    pub func_idx: u32,
    /// Of the instruction, from the module's first byte.
    pub module_offset: Option<usize>,
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        for frame in &self.frames {
            write!(f, "\n\t{frame}")?;
        }
        if self.truncated {
            f.write_str("\n\t...")?;
        }
        Ok(())
    }
}

impl fmt::Display for TrapFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.func_name {
            Some(name) => f.write_str(name)?,
            None => write!(f, "func[{}]", self.func_idx)?,
        }
        match self.module_offset {
            Some(offset) => write!(f, " at {offset:#x}"),
            None => Ok(()),
        }
    }
}
