//! Interleaved rounds, and what can be said of them on a machine that others use as well.

use std::time::{Duration, Instant};

/// How long one candidate runs at a time: short enough to be often left alone by the scheduler.
const SLICE: Duration = Duration::from_micros(500);

/// Runs all candidates in turns. Gives each one's nanoseconds per pass, round by round.
pub fn rounds(candidates: &mut [Box<dyn FnMut() + '_>], rounds: usize) -> Vec<Vec<f64>> {
    let passes: Vec<u32> = candidates.iter_mut().map(passes_in_a_slice).collect();
    let mut times = vec![Vec::with_capacity(rounds); candidates.len()];
    for round in 0..rounds {
        // Nobody always comes after the same one.
        for turn in 0..candidates.len() {
            let index = (turn + round) % candidates.len();
            // What others have left in the caches is not this one's fault.
            candidates[index]();
            let start = Instant::now();
            for _ in 0..passes[index] {
                candidates[index]();
            }
            times[index].push(start.elapsed().as_nanos() as f64 / f64::from(passes[index]));
        }
    }
    times
}

fn passes_in_a_slice(pass: &mut impl FnMut()) -> u32 {
    let mut shortest = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        pass();
        shortest = shortest.min(start.elapsed());
    }
    (SLICE.as_nanos() / shortest.as_nanos().max(1)).clamp(1, 100_000) as u32
}

/// A quarter of the values are smaller.
pub fn lower_quartile(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 4]
}

/// The median of paired ratios, between the order statistics that enclose it with a probability of 95 %.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Ratio {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

/// Round by round, the one divided by the other.
pub fn ratio(ours: &[f64], theirs: &[f64]) -> Ratio {
    let mut ratios: Vec<f64> = ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
    ratios.sort_by(f64::total_cmp);
    let count = ratios.len() as f64;
    let outside = (count / 2.0 - 0.98 * count.sqrt()).floor().max(0.0) as usize;
    Ratio { median: ratios[ratios.len() / 2], low: ratios[outside], high: ratios[ratios.len() - 1 - outside] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_encloses_the_median() {
        let ours: Vec<f64> = (1..=41).map(f64::from).collect();
        let ratio = ratio(&ours, &vec![1.0; 41]);
        assert_eq!((ratio.low, ratio.median, ratio.high), (15.0, 21.0, 27.0));
        assert_eq!(lower_quartile(&ours), 11.0);
    }
}
