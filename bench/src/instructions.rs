//! How many instructions ours takes: what shows a regression on a machine that is too noisy to time it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// More than this is a regression: compilers and C libraries differ by less.
const TOLERANCE: f64 = 1.05;

/// Counts the instructions of each case's operation with callgrind, beside those that are recorded.
pub fn run(names: impl Iterator<Item = String>, record: bool) -> Result<()> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("instructions.json");
    let mut recorded: BTreeMap<String, f64> = match std::fs::read_to_string(&file) {
        Ok(text) => serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()))?,
        Err(_) => BTreeMap::new(),
    };
    println!("{:<45} {:>12} {:>12}", "instructions for each", "counted", "recorded");
    let mut worse = 0;
    for name in names {
        let counted = count(&name)?;
        let before = recorded.get(&name).copied();
        let is_worse = before.is_some_and(|before| counted > before * TOLERANCE);
        worse += usize::from(is_worse);
        let shown = before.map_or("-".into(), |before| format!("{before:.1}"));
        println!("{name:<45} {counted:>12.1} {shown:>12}{}", if is_worse { "  MORE" } else { "" });
        if record {
            recorded.insert(name, (counted * 10.0).round() / 10.0);
        }
    }
    if record {
        std::fs::write(&file, serde_json::to_string_pretty(&recorded)? + "\n")?;
    } else if worse > 0 {
        bail!("{worse} cases take more instructions than recorded; where that is meant, record it with --record");
    }
    Ok(())
}

fn count(name: &str) -> Result<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*watched*", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["--alone", "4", "--only", name, "--exactly"])
        .output()
        .context("could not start valgrind; on Debian: apt-get install valgrind")?;
    let told = String::from_utf8_lossy(&output.stderr);
    let collected = told.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim());
    let operations = String::from_utf8_lossy(&output.stdout);
    let operations = operations.split_once(" operations").map(|(count, _)| count);
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
    let (Some(collected), Some(operations)) = (number(collected), number(operations)) else {
        bail!("valgrind did not count {name}: {told}");
    };
    Ok(collected / operations)
}
