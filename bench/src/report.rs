//! Tables for people, JSON for programs.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::cases::{Bar, Outcome, Who};
use crate::measure::Ratio;

fn shown(ratio: Ratio) -> String {
    format!("{:.2} [{:.2}-{:.2}]", ratio.median, ratio.low, ratio.high)
}

/// One case, the fastest first.
pub fn table(outcome: &Outcome) {
    println!("\n{} ({:.0} B each)", outcome.name, outcome.bytes_per_operation);
    println!("  {:<31} {:>11}  {:<20} ours ÷ it", "", "ns each", "÷ memcpy");
    let mut entries: Vec<_> = outcome.entries.iter().collect();
    entries.sort_by(|one, other| one.nanoseconds.total_cmp(&other.nanoseconds));
    for entry in entries {
        let mark = if entry.who == Who::Ours { '*' } else { ' ' };
        let memcpy = entry.memcpy.filter(|_| entry.who != Who::Memcpy).map_or("-".into(), shown);
        let ours = if entry.who == Who::Ours { "-".into() } else { shown(entry.ours) };
        println!("{mark} {:<31} {:>11.1}  {memcpy:<20} {ours}", entry.name, entry.nanoseconds);
    }
}

/// Every bar, and whether it is met: when the interval includes it or lies below.
pub fn summary(outcomes: &[Outcome], allocations: f64) {
    println!("\n{:<45} {:<22} {:<18} bar", "", "ours", "against");
    for outcome in outcomes {
        let best = outcome.entries.iter().filter(|entry| entry.who == Who::Peer);
        let best =
            best.min_by(|one, other| one.nanoseconds.total_cmp(&other.nanoseconds)).map_or("-", |best| best.name);
        let (against, at_most) = match outcome.bar {
            Bar::BestPeer(at_most) => (best, at_most),
            Bar::Memcpy(at_most) => ("memcpy", at_most),
        };
        let ratio = outcome.ratio.map_or("-".into(), shown);
        let met = match outcome.met {
            Some(true) => "met",
            Some(false) => "NOT MET",
            None => "",
        };
        println!("{:<45} {ratio:<22} {against:<18} {at_most:.2} {met}", outcome.name);
    }
    let met = if allocations == 0.0 { "met" } else { "NOT MET" };
    println!("{:<45} {allocations:<22} {:<18} 0    {met}", "allocations per small frame received", "");
}

#[derive(serde::Serialize)]
struct File<'a> {
    rounds: usize,
    allocations_per_small_frame: f64,
    cases: &'a [Outcome],
}

pub fn write(file: &Path, rounds: usize, cases: &[Outcome], allocations_per_small_frame: f64) -> Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let text = serde_json::to_string_pretty(&File { rounds, allocations_per_small_frame, cases })?;
    std::fs::write(file, text).with_context(|| format!("could not write {}", file.display()))
}
