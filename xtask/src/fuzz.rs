//! `cargo xtask fuzz`: broken programs for the checker, which must answer with messages.
//!
//! Each case is one of Go's own test programs with a few tokens dropped, doubled, swapped with a neighbour or replaced by
//! a token from elsewhere. Seed and number decide a case, so any can be run again. A worker process checks one case after
//! the other under limits of time and memory; what panics, hangs or kills it is kept in the output directory, and a new
//! worker goes on with the next case.

use crate::conformance::types_suite::{PieceKind, Scanner};
use crate::conformance::{Job, Suite, config, find_goroot};
use driver::{Inputs, LoosePackage, Rules};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const MEMORY: u64 = 3 << 30;
/// Cases of one worker: the checker leaves its tables behind, since a build needs them to the end.
const BATCH: u64 = 200;
const TIME_LIMIT: Duration = Duration::from_secs(5);

struct Request {
    seed: u64,
    first: u64,
    count: u64,
    out: PathBuf,
    worker: bool,
}

impl Request {
    fn parse(args: &[String]) -> Result<Request, String> {
        let out = std::env::temp_dir().join("gossamer-fuzz");
        let mut request = Request { seed: 1, first: 0, count: 2000, out, worker: false };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            if arg == "--worker" {
                request.worker = true;
                continue;
            }
            let value = args.next().ok_or(format!("{arg} needs a value"))?;
            let number = || value.parse().map_err(|_| format!("{arg} needs a number"));
            match arg.as_str() {
                "--seed" => request.seed = number()?,
                "--first" => request.first = number()?,
                "--count" => request.count = number()?,
                "--out" => request.out = PathBuf::from(value),
                other => return Err(format!("fuzz: unknown argument {other}\n{}", crate::USAGE)),
            }
        }
        Ok(request)
    }
}

pub fn fuzz(args: &[String]) -> Result<(), String> {
    let request = Request::parse(args)?;
    std::fs::create_dir_all(&request.out).map_err(|error| format!("{}: {error}", request.out.display()))?;
    if request.worker {
        return worker(&request);
    }
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let end = request.first + request.count;
    let (mut next, mut deaths) = (request.first, 0);
    while next < end {
        let mut command = Command::new(&program);
        command.args(["fuzz", "--worker", "--out"]).arg(&request.out);
        let count = BATCH.min(end - next);
        for (name, number) in [("--seed", request.seed), ("--first", next), ("--count", count)] {
            command.arg(name).arg(number.to_string());
        }
        let status = command.status().map_err(|error| format!("fuzz: {error}"))?;
        if status.success() {
            next += count;
            continue;
        }
        // The worker notes the case before it begins with it.
        let current = std::fs::read_to_string(request.out.join("current")).unwrap_or_default();
        let current: u64 = current.trim().parse().map_err(|_| format!("fuzz: the worker ended with {status}"))?;
        let kept = request.out.join(format!("death-{}-{current}.go", request.seed));
        let _ = std::fs::copy(request.out.join("case.go"), &kept); // if it is gone, seed and number still tell it
        println!("{}: the worker ended with {status}", kept.display());
        deaths += 1;
        next = current + 1;
    }
    let panics = std::fs::read_dir(&request.out).map_or(0, |entries| {
        let prefix = format!("panic-{}-", request.seed);
        entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix)).count()
    });
    println!("{} cases: {deaths} deaths, {panics} panics", request.count);
    if deaths + panics == 0 { Ok(()) } else { Err(format!("fuzz: see {}", request.out.display())) }
}

fn worker(request: &Request) -> Result<(), String> {
    let limit = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    setrlimit(Resource::As, limit).map_err(|error| format!("fuzz: memory limit: {error}"))?;
    let goroot = find_goroot().ok_or("fuzz: no Go SDK found: set GOROOT")?;
    let corpus = corpus(&goroot);
    let job =
        Job { suite: Suite::Types, name: String::new(), os: "wasip1".to_owned(), goroot, seconds: 60, official: false };

    /// Milliseconds since the worker's start at which the current case began.
    static BEGAN: AtomicU64 = AtomicU64::new(0);
    let start = Instant::now();
    #[expect(clippy::disallowed_methods, reason = "a checker that hangs cannot be asked to stop")]
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_millis(100));
            let began = Duration::from_millis(BEGAN.load(Ordering::Relaxed));
            if start.elapsed().saturating_sub(began) > TIME_LIMIT {
                eprintln!("fuzz: no answer after {} s", TIME_LIMIT.as_secs());
                std::process::exit(3);
            }
        }
    });

    let case = request.out.join("case.go");
    for number in request.first..request.first + request.count {
        let source = mutant(&corpus, request.seed, number);
        let written = std::fs::write(&case, &source);
        let noted = std::fs::write(request.out.join("current"), number.to_string());
        written.and(noted).map_err(|error| format!("{}: {error}", request.out.display()))?;
        BEGAN.store(start.elapsed().as_millis() as u64, Ordering::Relaxed);
        let rules = match number % 2 {
            0 => Rules::BUILD,
            _ => Rules::Types2Test { fake_import_c: true },
        };
        let package = LoosePackage { import_path: "p".to_owned(), files: vec![case.clone()] };
        let config = config(&job, &request.out, Inputs::Packages(vec![package]), rules);
        if catch_unwind(AssertUnwindSafe(|| driver::check(&config))).is_err() {
            let kept = request.out.join(format!("panic-{}-{number}.go", request.seed));
            std::fs::write(&kept, &source).map_err(|error| format!("{}: {error}", kept.display()))?;
            println!("{}: panic", kept.display());
        }
    }
    Ok(())
}

struct Program {
    text: Vec<u8>,
    tokens: Vec<Range<usize>>,
}

/// Go's tests of the type checker, and those of the compiler, in a fixed order.
fn corpus(goroot: &Path) -> Vec<Program> {
    let mut paths = Vec::new();
    let tests = ["check", "examples", "fixedbugs", "spec"].map(|dir| format!("src/internal/types/testdata/{dir}"));
    for dir in tests.iter().map(String::as_str).chain(["test", "test/fixedbugs", "test/typeparam", "test/ken"]) {
        let Ok(entries) = std::fs::read_dir(goroot.join(dir)) else { continue };
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "go"));
        files.sort();
        paths.extend(files);
    }
    let texts = paths.iter().filter_map(|path| std::fs::read(path).ok()).filter(|text| text.len() < 40_000);
    let programs = texts.map(|text| {
        let mut scanner = Scanner::new(&text);
        let mut tokens = Vec::new();
        while let Some(piece) = scanner.next() {
            if matches!(piece.kind, PieceKind::Token) {
                tokens.push(piece.range);
            }
        }
        Program { tokens, text }
    });
    programs.filter(|program| program.tokens.len() > 3).collect()
}

fn mutant(corpus: &[Program], seed: u64, number: u64) -> Vec<u8> {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number.wrapping_mul(0xd1b5_4a32_d192_ed03) | 1);
    let program = &corpus[random.below(corpus.len())];
    let mut words: Vec<&[u8]> = program.tokens.iter().map(|range| &program.text[range.clone()]).collect();
    for _ in 0..=random.below(3) {
        // The package clause stays.
        let at = 2 + random.below(words.len() - 2);
        match random.below(5) {
            0 => words[at] = b"",
            1 => {
                let word = words[at];
                words.insert(at, word);
            }
            2 if at + 1 < words.len() => words.swap(at, at + 1),
            3 => words[at] = words[2 + random.below(words.len() - 2)],
            _ => {
                let other = &corpus[random.below(corpus.len())];
                words[at] = &other.text[other.tokens[random.below(other.tokens.len())].clone()];
            }
        }
    }
    // Between the tokens stands what stood there, comments and line breaks included.
    let mut text = Vec::with_capacity(program.text.len() + 64);
    let mut gaps = program.tokens.windows(2).map(|pair| &program.text[pair[0].end..pair[1].start]);
    text.extend_from_slice(&program.text[..program.tokens[0].start]);
    for word in words {
        text.extend_from_slice(word);
        text.extend_from_slice(gaps.next().unwrap_or(b"\n"));
    }
    text
}

/// Marsaglia's xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}
