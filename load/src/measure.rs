//! What a process took of the machine, and what a list of ratios says.

use std::fs;

use anyhow::{Context as _, Result};

/// Nanoseconds of CPU that all threads of a process had, by the kernel's accounting.
pub fn cpu(process: u32) -> Result<u64> {
    let mut sum = 0;
    for task in fs::read_dir(format!("/proc/{process}/task")).context("this benchmark reads /proc, which Linux has")? {
        // A thread may end meanwhile.
        let Ok(text) = fs::read_to_string(task?.path().join("schedstat")) else { continue };
        sum += text.split(' ').next().and_then(|field| field.parse::<u64>().ok()).context("schedstat has no number")?;
    }
    Ok(sum)
}

/// Bytes of memory that a process has resident.
pub fn resident(process: u32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? << 10)
}

/// The median, and an interval around it that has the true one in it with 95 % and more (5 values: 94 %), by their order alone.
pub fn median(values: &[f64]) -> (f64, f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let middle = if n % 2 == 1 { sorted[n / 2] } else { f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]) };
    // The most values that can be left out on each side: what a fair coin does at most once in 40.
    let mut left_out = 0;
    let (mut below, mut ways) = (0.0, 0.5_f64.powi(n as i32));
    for k in 0..n / 2 {
        below += ways;
        if below > 0.025 {
            break;
        }
        left_out = k + 1;
        ways *= (n - k) as f64 / (k + 1) as f64;
    }
    let edge = left_out.saturating_sub(1).min(n - 1);
    (middle, sorted[edge], sorted[n - 1 - edge])
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_interval_is_by_order() {
        assert_eq!(median(&[5.0, 1.0, 4.0, 2.0, 3.0]), (3.0, 1.0, 5.0));
        let nine: Vec<f64> = (1..=9).map(f64::from).collect();
        assert_eq!(median(&nine), (5.0, 2.0, 8.0));
    }
}
