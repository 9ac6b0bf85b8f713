//! Measurements as text: a line for the terminal, tables for `bench/RESULTS.md`.

use super::stats::geometric_mean;
use super::tools::Machine;
use super::{CheckStd, Hello, Measured, Row, Versus};
use driver::Goos as Os;
use std::fmt::Write;

/// What is shown of a row while the others are measured.
pub fn line(row: &Row) -> String {
    let ratio = |measured: &Measured<Versus>| match measured {
        Ok(versus) => format!("{:.2}", versus.ratio),
        Err(reason) => reason.clone(),
    };
    format!(
        "{:<11} compile {}  size {}  wasmtime {}  node {}",
        row.name,
        ratio(&row.compile),
        ratio(&row.raw),
        ratio(&row.wasmtime),
        ratio(&row.node)
    )
}

pub fn results(machine: &Machine, rows: &[Row], hello: &Hello, std: &[CheckStd], runs: usize) -> String {
    let mut text = format!(
        "# Results of `cargo xtask bench`\n\n{}; wasmtime 48. Medians of {runs} interleaved runs; ratios are ours to \
         Go's, so less is better. Both compile with `-ldflags=-s`.\n",
        machine.versions().join(", ")
    );
    let mut problems = Vec::new();
    text.push_str("\n## Run time\n\nIn ms: wasmtime from compiled code on, Node from the start of its process on.\n\n");
    let columns = [
        Column { title: "wasmtime", digits: 0, of: |row: &Row| &row.wasmtime },
        Column { title: "Node", digits: 0, of: |row: &Row| &row.node },
    ];
    table(&mut text, rows, &columns, &mut problems);
    text.push_str("\n## Size\n\nOf the wasip1 module, in KiB.\n\n");
    let columns = [
        Column { title: "raw", digits: 1, of: |row: &Row| &row.raw },
        Column { title: "brotli", digits: 1, of: |row: &Row| &row.brotli },
    ];
    table(&mut text, rows, &columns, &mut problems);
    text.push_str(
        "\n## Compile time\n\nIn ms, for wasip1: Go's with its standard library compiled already, ours from nothing.\n\n",
    );
    table(&mut text, rows, &[Column { title: "compile", digits: 0, of: |row: &Row| &row.compile }], &mut problems);
    text.push_str("\nPeak memory of our compiler, in MiB: ");
    let memory = rows.iter().map(|row| match &row.memory {
        Ok(mebibytes) => format!("{} {mebibytes:.0}", row.name),
        Err(_) => format!("{} –", row.name),
    });
    let _ = writeln!(text, "{}.", memory.collect::<Vec<_>>().join(", "));
    small_tables(&mut text, hello, std);
    problems.sort();
    problems.dedup();
    if !problems.is_empty() {
        let _ = writeln!(text, "\n## What could not be measured\n\n{}", problems.join("\n"));
    }
    text
}

struct Column {
    title: &'static str,
    digits: usize,
    of: fn(&Row) -> &Measured<Versus>,
}

fn table(text: &mut String, rows: &[Row], columns: &[Column], problems: &mut Vec<String>) {
    text.push_str("| program |");
    for Column { title, .. } in columns {
        let _ = write!(text, " {title}: Go | ours | ratio |");
    }
    text.push_str("\n|---|");
    columns.iter().for_each(|_| text.push_str("--:|--:|--:|"));
    text.push('\n');
    for row in rows {
        let _ = write!(text, "| {} |", row.name);
        for Column { title, digits, of } in columns {
            let unit = if matches!(*title, "raw" | "brotli") { 1024.0 } else { 1.0 };
            match of(row) {
                Ok(Versus { go, ours, ratio }) => {
                    let _ = write!(text, " {:.*} | {:.*} | {ratio:.2} |", digits, go / unit, digits, ours / unit);
                }
                Err(reason) => {
                    text.push_str(" – | – | – |");
                    problems.push(format!("- {} ({title}): {reason}", row.name));
                }
            }
        }
        text.push('\n');
    }
    text.push_str("| **geometric mean** |");
    for column in columns {
        let ratios: Vec<f64> = rows.iter().filter_map(|row| Some((column.of)(row).as_ref().ok()?.ratio)).collect();
        match geometric_mean(&ratios) {
            Some(mean) if ratios.len() == rows.len() => {
                let _ = write!(text, " | | **{mean:.2}** |");
            }
            Some(mean) => {
                let _ = write!(text, " | | **{mean:.2}** of {} |", ratios.len());
            }
            None => text.push_str(" | | – |"),
        }
    }
    text.push('\n');
}

fn small_tables(text: &mut String, hello: &Hello, std: &[CheckStd]) {
    text.push_str(
        "\n## fmt hello\n\n`examples/hello`, with `-ldflags=-s`.\n\n| | Go | ours | ratio |\n|---|--:|--:|--:|\n",
    );
    match &hello.compile {
        Ok(Versus { go, ours, ratio }) => {
            let _ = writeln!(text, "| compile (ms) | {go:.0} | {ours:.0} | {ratio:.2} |");
        }
        Err(reason) => {
            let _ = writeln!(text, "| compile (ms) | | {reason} | |");
        }
    }
    for (os, size) in [Os::Wasip1, Os::Js].into_iter().zip(&hello.size) {
        match size {
            Ok((go, ours)) => {
                for (what, go, ours) in [("", go.raw, ours.raw), (", brotli", go.brotli, ours.brotli)] {
                    let ratio = ours as f64 / go as f64;
                    let _ = writeln!(text, "| {} bytes{what} | {go} | {ours} | {ratio:.2} |", os.name());
                }
            }
            Err(reason) => {
                let _ = writeln!(text, "| {} bytes | | {reason} | |", os.name());
            }
        }
    }
    text.push_str("\n## `gossamer check std`\n\n| GOOS | ms |\n|---|--:|\n");
    for CheckStd { os, millis } in std {
        let shown = millis.as_ref().map_or_else(Clone::clone, |millis| format!("{millis:.0}"));
        let _ = writeln!(text, "| {} | {shown} |", os.name());
    }
}
