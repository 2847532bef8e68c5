//! Curves of functions.

use crate::kit::{Axis, Curve, LineChart, Style};
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

/// A chart of errors as percentages, a point for each way of training: the mean over some seeds, and a band
/// from the lowest to the highest. Each way has a name and its errors, from 0 to 1.
pub fn errors_by_way(title: String, x: &str, y: &str, ways: &[(&str, &[f64])]) -> LineChart {
    let seeds = ways.first().map_or(0, |(_, errors)| errors.len());
    let label = match seeds {
        1 => "one seed".to_owned(),
        _ => format!("mean and range of {}", counted(seeds, "seed", "seeds")),
    };
    let mean = |(i, (_, errors)): (u32, &(_, &[f64]))| {
        [f64::from(i), 100.0 * mean_and_deviation(errors).0]
    };
    let range = |(_, errors): &(_, &[f64])| {
        let ends = [f64::INFINITY, f64::NEG_INFINITY];
        errors.iter().fold(ends, |[low, high], x| [low.min(100.0 * x), high.max(100.0 * x)])
    };
    let points = (0..).zip(ways).map(mean).collect();
    let band: Vec<[f64; 2]> = ways.iter().map(range).collect();
    let highest = band.iter().fold(0.0, |highest: f64, [_, high]| highest.max(*high));
    LineChart {
        title,
        x: Axis::categories(x, ways.iter().map(|(name, _)| (*name).to_owned())),
        y: Axis::linear(y).from_to(0.0, 1.1 * highest),
        curves: vec![Curve { band, ..Curve::new(label, Style::nth(0), points) }],
        ..LineChart::default()
    }
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
