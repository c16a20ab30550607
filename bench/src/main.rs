//! The codec beside its peers and beside memcpy, in one run, by ratios. `cargo xtask bench codec` builds and starts it.

mod allocations;
mod candidates;
mod cases;
mod instructions;
mod kernel;
mod measure;
mod messages;
mod ours;
mod peers;
mod report;

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

fn main() -> Result<()> {
    let (mut rounds, mut only, mut json, mut alone) = (41, String::new(), None, None);
    let (mut exactly, mut instructions, mut record) = (false, false, false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} wants a value"));
        match &*arg {
            "--rounds" => rounds = value()?.parse().context("--rounds wants a number")?,
            "--only" => only = value()?,
            "--exactly" => exactly = true,
            "--json" => json = Some(PathBuf::from(value()?)),
            "--alone" => alone = Some(value()?.parse().context("--alone wants a number of passes")?),
            "--instructions" => instructions = true,
            "--record" => record = true,
            _ => bail!(
                "unknown argument {arg}; there are --rounds N, --only TEXT, --exactly, --json FILE, --alone PASSES, \
                 --instructions and --record"
            ),
        }
    }
    let is_wanted = |name: &str| if exactly { name == only } else { name.contains(&only) };
    let plans = cases::all().into_iter().filter(|plan| is_wanted(&plan.name));
    if let Some(passes) = alone {
        plans.for_each(|plan| println!("{} operations", plan.make().alone(passes)));
        return Ok(());
    }
    if instructions {
        return instructions::run(plans.map(|plan| plan.name), record);
    }
    if rounds < 5 {
        bail!("fewer than 5 rounds say nothing");
    }
    println!(
        "Every candidate's output is compared before it is timed. {rounds} interleaved rounds; the time is the lower"
    );
    println!("quartile's; ours ÷ theirs is the median of the rounds' ratios, with the interval that holds it by 95 %.");
    let mut outcomes = Vec::new();
    for plan in plans {
        let outcome = plan.make().run(rounds);
        report::table(&outcome);
        outcomes.push(outcome);
    }
    let allocations = allocations::per_small_frame();
    report::summary(&outcomes, allocations);
    if let Some(file) = json {
        report::write(&file, rounds, &outcomes, allocations)?;
        println!("\n{}", file.display());
    }
    Ok(())
}
