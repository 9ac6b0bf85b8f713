//! `gossamer help`, written from the flag table.

use crate::failure::Failure;
use crate::flag_table::{Command, Effect, FLAGS, FlagSpec};
use crate::print;
use std::ffi::OsString;
use std::fmt::Write;
use std::process::ExitCode;

pub fn help(args: &[OsString]) -> Result<ExitCode, Failure> {
    let topic = args.first().map(|topic| topic.to_string_lossy());
    let text = match topic.as_deref() {
        None => overview(),
        Some("environment") => ENVIRONMENT.to_owned(),
        Some(topic) => {
            let Some(command) = Command::ALL.into_iter().find(|command| command.name() == topic) else {
                return Err(Failure::Command(format!("help {topic}: unknown help topic")));
            };
            topic_of(command)
        }
    };
    print::output(&text)?;
    Ok(ExitCode::SUCCESS)
}

pub fn overview() -> String {
    "\
Gossamer compiles Go to WebAssembly.

Usage:

\tgossamer <command> [arguments]

The commands are:

\tbuild       compile packages to WebAssembly modules
\trun         compile a program and run it
\tcheck       report all mistakes in packages
\tenv         print settings
\tversion     print versions
\thelp        print this text, or that of a command

Use \"gossamer help <command>\" for more information about a command, and
\"gossamer help environment\" for the variables that are read.
"
    .to_owned()
}

const BUILD: &str = "
Build compiles the packages named by the import paths, along with all that
they import, to one WebAssembly module for each main package.

Mistakes are reported as 'go build' reports them; then nothing is written and
the exit code is 1. Packages that are no main package are checked.

Packages are import paths, directories (./cmd/serve), patterns (./...), or
.go files of one directory. The module is named as 'go build' names it: after
the last element of the import path that is not a major version, or after the
first file.
";

const RUN: &str = "
Run compiles the named main package and runs it with the arguments. The exit
code is the program's.

Programs for wasip1 run in the engine that is built in, those for js in Node.js
24 or newer: the one on PATH, the npm package 'node' of the project, or the one
that GOSSAMER_NODE names.

The package is one import path, directory or pattern that matches a single
main package, or a list of .go files.
";

const CHECK: &str = "
Check reports the mistakes in the named packages and in those that they
import from the same module: all of them, types checked even in packages with
syntax errors, sorted by place. 'std' names the standard library.

With -gc, the messages are selected, merged and ordered as the Go compiler
does it, only without its limit of ten.
";

const ENV: &str = "
Env prints the settings that decide about a build: the environment first, then
what 'go env -w' wrote, then the go.env file of the SDK. With names as
arguments, it prints the values alone, one per line. Settings are changed with
'go env -w'.
";

const VERSION: &str = "
Version prints the version of this program, and of the Go SDK that it finds.
";

const ENVIRONMENT: &str = "\
Gossamer reads the go command's variables, from the environment, from the file
that 'go env -w' writes, and from GOROOT/go.env, the first that is set:

\tGOOS, GOARCH
\t\tThe target: js/wasm or wasip1/wasm. Unset, or the machine's own,
\t\tmeans wasip1/wasm. GOOS=js alone implies GOARCH=wasm.
\tGOROOT
\t\tThe Go SDK; the -goroot flag overrides it. By default the SDK that
\t\tthe go command on PATH belongs to, or one in the usual places or in
\t\tthe module cache, or one fetched with pip. GOSSAMER_SDK, which is
\t\tonly printed, says which it is and why.
\tGOTOOLCHAIN
\t\tlocal: the first SDK found is used, or none, whatever go.mod and
\t\tgo.work ask for. If there is none at all, one is fetched still.
\tGOPROXY
\t\toff: no SDK is fetched. (Modules never are.)
\tGOFLAGS
\t\tA space-separated list of -flag=value settings, applied before the
\t\tcommand line.
\tGOENV
\t\tThe file that 'go env -w' writes, or off.
\tGOEXPERIMENT
\t\tExperiments to switch on or off; they set build tags.
\tGO111MODULE, GOMODCACHE, GOPATH, GOWORK
\t\tWhere modules are found.
";

fn topic_of(command: Command) -> String {
    let story = match command {
        Command::Build => BUILD,
        Command::Run => RUN,
        Command::Check => CHECK,
        Command::Env => ENV,
        Command::Version => VERSION,
    };
    let mut text = format!("usage: {}\n{story}", command.usage());
    let of_command = |spec: &&FlagSpec| spec.commands.contains(&command);
    let section = |text: &mut String, title: &str, lists: fn(&Effect) -> bool| {
        let mut specs = FLAGS.iter().filter(of_command).filter(|spec| lists(&spec.effect)).peekable();
        if specs.peek().is_some() {
            let _ = write!(text, "\n{title}\n\n");
        }
        for spec in specs {
            let value = if spec.value.is_empty() { String::new() } else { format!(" {}", spec.value) };
            let help = match spec.effect {
                Effect::Effective => spec.help.to_owned(),
                Effect::Ignored(reason) | Effect::Refused(reason) => format!("{}: {reason}", spec.help),
            };
            let _ = write!(text, "\t-{}{value}\n\t\t{help}\n", spec.name);
        }
    };
    section(&mut text, "The flags are:", |effect| matches!(effect, Effect::Effective));
    section(&mut text, "Accepted, without effect:", |effect| matches!(effect, Effect::Ignored(_)));
    section(&mut text, "Refused:", |effect| matches!(effect, Effect::Refused(_)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_name_no_missing_feature() {
        for text in [&*overview(), BUILD, RUN, CHECK, ENV, VERSION, ENVIRONMENT] {
            assert!(!text.contains("not yet supported"), "{text}");
        }
    }
}
