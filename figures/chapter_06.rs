//! The pictures of chapter 6.

use crate::kit::{Axis, Curve, Figure, LineChart, Picture, Style};
use chapters::{
    chapter_06_speed::{OfWidth, Report, Timed, VariantTimes},
    report::counted,
};

/// The pictures of chapter 6.
///
/// [In the book](../../../book/chapter_06.html)
pub fn figures(report: &Report) -> Vec<Figure> {
    [ladder(report), roofline(report), mini_batch(report), width(report), examples(report)]
        .into_iter()
        .chain(crate::chapter_06_tiles::figures(report))
        .collect()
}

fn cores(report: &Report) -> String {
    counted(report.cores, "core", "cores")
}

fn ladder(report: &Report) -> Figure {
    // A mark for each version, one curve for each number of cores
    let seconds = |of: fn(&VariantTimes) -> f64| -> Vec<[f64; 2]> {
        let rungs = (0..).zip(&report.rungs);
        rungs.map(|(i, rung)| [f64::from(i), of(rung)]).collect()
    };
    // The ends of the ladder, for the title and the axis
    let [first, last] = [report.rungs.first(), report.rungs.last()];
    let slowest = report.rungs.iter().flat_map(|rung| [rung.one_core, rung.all_cores]);
    let slowest = slowest.fold(0.0, f64::max);
    let at = |rung: Option<&VariantTimes>, of: fn(&VariantTimes) -> f64| rung.map_or(f64::NAN, of);
    // In words
    let told = report.rungs.iter().map(|rung| {
        let VariantTimes { name, one_core, all_cores, share_of_peak } = rung;
        let share = 100.0 * share_of_peak;
        format!("{name}: {one_core:.2} s and {all_cores:.2} s, {share:.0} % of one core’s peak")
    });
    Figure {
        name: "chapter-06-ladder".to_owned(),
        alt: format!(
            "Seconds per epoch of {} digits, scaled up from slices, for each version of the training \
             step, on one core and on {}. {}.",
            report.epoch,
            cores(report),
            told.collect::<Vec<_>>().join("; ")
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "From {:.1} to {:.1} seconds per epoch on one core, to {:.1} on {}",
                at(first, |rung| rung.one_core),
                at(last, |rung| rung.one_core),
                at(last, |rung| rung.all_cores),
                cores(report)
            ),
            x: Axis::categories("what is new", report.rungs.iter().map(|p| p.name.clone())),
            y: Axis::linear("seconds per epoch").from_to(0.0, 1.1 * slowest),
            curves: vec![
                Curve::new("1 core", Style::nth(0), seconds(|rung| rung.one_core)),
                Curve::new(cores(report), Style::nth(1), seconds(|rung| rung.all_cores)),
            ],
            ..LineChart::default()
        }),
    }
}

/// Operations per second against operations per byte (arithmetic intensity), under a roof whose rising part
/// is the memory's bandwidth and whose flat part is the processor's peak (Williams, Waterman & Patterson, *Roofline: an insightful
/// visual performance model for multicore architectures*, 2009).
fn roofline(report: &Report) -> Figure {
    // The roof: bandwidth times intensity, up to the peak
    let (peak, bandwidth) = (report.peak, report.bandwidth);
    let ridge = peak / bandwidth;
    let roof = vec![[1.0, bandwidth], [ridge, peak], [100.0, peak]];
    // The products below it
    let of_width = report.widths.iter().find(|of| of.width == report.vectors);
    let products = of_width.map_or(&[][..], |OfWidth { products, .. }| products);
    let points = |name: &str| -> Vec<[f64; 2]> {
        let of_kind = products.iter().filter(|product| product.name.starts_with(name));
        // Not joined: each is followed by a gap
        of_kind.flat_map(|p| [[p.intensity, p.speed], [f64::NAN; 2]]).collect()
    };
    let told = products.iter().map(|p| format!("{}: {:.0}", p.name, p.speed));
    Figure {
        name: "chapter-06-roofline".to_owned(),
        alt: format!(
            "Speed of each matrix product of a step in billion operations per second, on one core, \
             against operations per byte; the peak is {peak:.0}. {}.",
            told.collect::<Vec<_>>().join(", ")
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "The products reach {:.0} % of the peak; the last layer’s are small",
                100.0 * of_width.map_or(f64::NAN, |of| of.share_of_peak)
            ),
            x: Axis::log10("operations per byte"),
            y: Axis::log10("billion operations per second"),
            curves: vec![
                Curve::new("roof", Style::nth(6).bare(), roof),
                Curve::new("forward", Style::nth(0), points("forward")),
                Curve::new("back", Style::nth(1), points("back")),
                Curve::new("gradient", Style::nth(2), points("gradient")),
            ],
            ..LineChart::default()
        }),
    }
}

/// Times beside what the operations alone would take at the speed of the last point.
fn growth(name: &str, title: String, x: &str, alt: String, times: &[Timed]) -> Figure {
    let seconds = times.iter().map(|timed| [timed.count as f64, timed.seconds]).collect();
    let per_operation = times.last().map_or(f64::NAN, |last| last.seconds / last.operations);
    let alone = times.iter();
    let alone = alone.map(|timed| [timed.count as f64, per_operation * timed.operations]).collect();
    Figure {
        name: name.to_owned(),
        alt,
        picture: Picture::LineChart(LineChart {
            title,
            x: Axis::log10(x),
            y: Axis::log10("seconds per epoch"),
            curves: vec![
                Curve::new("measured", Style::nth(0), seconds),
                Curve::new("operations alone", Style::nth(6).bare().dashed(), alone),
            ],
            ..LineChart::default()
        }),
    }
}

fn told(times: &[Timed]) -> String {
    let told = times.iter().map(|timed| format!("{}: {:.2} s", timed.count, timed.seconds));
    told.collect::<Vec<_>>().join(", ")
}

fn mini_batch(report: &Report) -> Figure {
    let times = &report.by_mini_batch;
    let [first, last] = [times.first(), times.last()].map(|t| t.map_or(f64::NAN, |t| t.seconds));
    growth(
        "chapter-06-mini-batch",
        format!("Mini-batches of 8 take {:.1} times as long as mini-batches of 512", first / last),
        "examples per mini-batch",
        format!("Seconds per epoch against the size of the mini-batch. {}.", told(times)),
        times,
    )
}

fn width(report: &Report) -> Figure {
    let times = &report.by_width;
    let ratio = |of: fn(&Timed) -> f64| match times.as_slice() {
        [.., before, last] => of(last) / of(before),
        _ => f64::NAN,
    };
    growth(
        "chapter-06-width",
        format!(
            "Twice the units: {:.1} times the operations, {:.1} times the seconds",
            ratio(|timed| timed.operations),
            ratio(|timed| timed.seconds)
        ),
        "units in each of the two hidden layers",
        format!("Seconds per epoch against the width of the hidden layers. {}.", told(times)),
        times,
    )
}

fn examples(report: &Report) -> Figure {
    let times = &report.by_examples;
    let per_thousand = times.iter().map(|timed| 1e6 * timed.seconds / timed.count as f64);
    let [low, high] =
        per_thousand.fold([f64::INFINITY, 0.0_f64], |[low, high], ms| [low.min(ms), high.max(ms)]);
    growth(
        "chapter-06-examples",
        format!("A thousand digits take {low:.0} to {high:.0} ms, however many there are"),
        "digits",
        format!("Seconds against the number of digits learned from. {}.", told(times)),
        times,
    )
}
