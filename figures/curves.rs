//! Curves of functions.

use crate::kit::{Curve, Style};
use chapters::{metrics::mean_and_deviation, report::counted};

/// How many pieces a curve is made of.
const PIECES: u32 = 400;
/// How far apart the points are between which a slope is measured.
const STEP: f64 = 1e-4;

/// The curve of a function without marks.
pub fn curve(label: &str, style: Style, ends: [f64; 2], f: impl Fn(f64) -> f64) -> Curve {
    let [from, to] = ends;
    let place = |k: u32| from + (to - from) * f64::from(k) / f64::from(PIECES);
    let points = (0..=PIECES).map(place).map(|x| [x, f(x)]).collect();
    Curve::new(label, style.bare(), points)
}

/// Shares as percentages, one point after another: for each the mean over some seeds, and a band from the
/// lowest to the highest.
pub fn mean_and_range(shares: &[&[f64]]) -> Curve {
    let seeds = shares.first().map_or(0, |shares| shares.len());
    let label = match seeds {
        1 => "one seed".to_owned(),
        _ => format!("mean and range of {}", counted(seeds, "seed", "seeds")),
    };
    let points = (0..).zip(shares).map(|(i, s)| [f64::from(i), 100.0 * mean_and_deviation(s).0]);
    let range = |shares: &&[f64]| {
        let ends = [f64::INFINITY, f64::NEG_INFINITY];
        shares.iter().fold(ends, |[low, high], x| [low.min(100.0 * x), high.max(100.0 * x)])
    };
    let band = shares.iter().map(range).collect();
    Curve { band, ..Curve::new(label, Style::nth(0), points.collect()) }
}

/// The slope of a function, measured; not a number at a kink, where there is none.
pub fn slope(f: impl Fn(f64) -> f64) -> impl Fn(f64) -> f64 {
    move |x| {
        let [before, after] = [f(x) - f(x - STEP), f(x + STEP) - f(x)].map(|rise| rise / STEP);
        if (after - before).abs() > 0.01 { f64::NAN } else { f64::midpoint(before, after) }
    }
}

/// The area under a function, by trapezia.
pub fn area(ends: [f64; 2], f: impl Fn(f64) -> f64) -> f64 {
    let Curve { points, .. } = curve("", Style::nth(0), ends, f);
    points.windows(2).map(|p| (p[1][0] - p[0][0]) * f64::midpoint(p[0][1], p[1][1])).sum()
}
