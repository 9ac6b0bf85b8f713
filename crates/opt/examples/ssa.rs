//! Runs passes on SSA text: `ssa in.ssa out.ssa pass...`.
#![allow(clippy::disallowed_methods)]
use ir::{Opcode, Program, parse, print, verify};
use std::time::Instant;
fn stats(p: &Program, what: &str) {
    let mut c = std::collections::BTreeMap::new();
    let (mut n, mut slots) = (0, 0);
    for f in p.funcs.values() {
        let Some(b) = &f.body else { continue };
        slots += b.slots.len();
        for k in b.blocks.values() {
            for &i in &k.insts {
                n += 1;
                *c.entry(b.insts[i].op).or_insert(0) += 1;
            }
        }
    }
    let g = |o: Opcode| c.get(&o).copied().unwrap_or(0);
    let loads: usize = c.iter().filter(|(o, _)| o.name().starts_with("load")).map(|x| *x.1).sum();
    let stores: usize = c.iter().filter(|(o, _)| o.name().starts_with("store")).map(|x| *x.1).sum();
    eprintln!(
        "{what}: insts {n} new {} newarray {} slots {slots} loads {loads} stores {stores} moves {} zero {} nil {} bounds {} le {} div {} shift {}",
        g(Opcode::New),
        g(Opcode::NewArray),
        g(Opcode::Move) + g(Opcode::MoveTyped),
        g(Opcode::Zero),
        g(Opcode::NilCheck),
        g(Opcode::Bounds),
        g(Opcode::BoundsLe),
        g(Opcode::DivCheck),
        g(Opcode::ShiftCheck)
    );
}
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let text = std::fs::read_to_string(&args[0]).unwrap();
    let mut p = parse::program(&text).unwrap();
    for f in verify::program(&p).iter().take(5) {
        eprintln!("before: {f}");
    }
    stats(&p, "before");
    for pass in &args[2..] {
        let t = Instant::now();
        opt::run(&mut p, &opt::Options::default(), &[pass.as_str()]).unwrap();
        let e = t.elapsed();
        stats(&p, &format!("{pass} {e:?}"));
    }
    for f in verify::program(&p).iter().take(5) {
        eprintln!("after: {f}");
    }
    std::fs::write(&args[1], print::program(&p, print::Options::default())).unwrap();
}
