//! The pictures of chapter 3.

use crate::kit::{
    Axis, Curve, DataPoint, Figure, Grid, LineChart, Picture, Region, RegionSheet, Style,
};
use chapters::chapter_03_shallow_network::{COST_EVERY, Report, Size};
use chapters::{
    metrics::quantile,
    report::{counted, percent},
};

/// The pictures of chapter 3.
///
/// [In the book](../../../book/chapter_03.html)
pub fn figures(report: &Report) -> Vec<Figure> {
    let charts = [cost(report), regions(report), sweep(report)];
    charts.into_iter().chain(crate::chapter_03_drawings::figures(report)).collect()
}

fn cost(report: &Report) -> Figure {
    let points = report.costs.iter().enumerate().map(|(i, &cost)| [(i * COST_EVERY) as f64, cost]);
    let ends =
        [report.costs.first(), report.costs.last()].map(|cost| cost.copied().unwrap_or(f64::NAN));
    Figure {
        name: "chapter-03-cost".to_owned(),
        alt: format!(
            "The cost of a network with {} hidden units stays near {:.2} at first, then falls, with \
             small spikes, and ends at {:.3}.",
            report.hidden, ends[0], ends[1]
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "At first nothing seems to happen, then the cost falls from {:.2} to {:.3}",
                ends[0], ends[1]
            ),
            x: Axis::linear("iteration"),
            y: Axis::linear("cost (mean cross-entropy)"),
            curves: vec![Curve::new("", Style::TRAINING.bare(), points.collect())],
            ..LineChart::default()
        }),
    }
}

fn regions(report: &Report) -> Figure {
    let panel = |size: &Size| Region {
        title: counted(size.hidden, "hidden unit", "hidden units"),
        subtitle: format!("{} on fresh points", percent(size.fresh[0])),
        probabilities: vec![Grid::from(&size.map)],
        points: DataPoint::of_scatter(&report.data),
    };
    // A straight line cannot do better than about three quarters.
    let closing = report.sweep.iter().find(|size| size.fresh[0] > 0.85);
    let shares = report.sweep.iter().map(|s| format!("{}: {}", s.hidden, percent(s.fresh[0])));
    Figure {
        name: "chapter-03-regions".to_owned(),
        alt: format!(
            "The regions that networks of different sizes assign to the inner and to the outer half \
             of the same {} points. Accuracy on fresh points, by hidden units: {}.",
            report.data.points.len(),
            shares.collect::<Vec<_>>().join(", ")
        ),
        picture: Picture::Regions(RegionSheet {
            title: closing.map_or("No network closes the boundary".to_owned(), |size| {
                format!(
                    "From {} hidden units on, the boundary closes around the inner half",
                    size.hidden
                )
            }),
            panels: report.sweep.iter().map(panel).collect(),
            columns: 4,
            class_labels: vec!["inner half".to_owned(), "outer half".to_owned()],
        }),
    }
}

fn sweep(report: &Report) -> Figure {
    let curve = |label: &str, style: Style, shares: fn(&Size) -> &Vec<f64>| {
        let at = |p: f64| move |size: &Size| 100.0 * quantile(shares(size), p);
        let sizes = || report.sweep.iter();
        let medians = (0..).zip(sizes()).map(|(i, s)| [f64::from(i), at(0.5)(s)]);
        Curve {
            band: sizes().map(|s| [at(0.05)(s), at(0.95)(s)]).collect(),
            ..Curve::new(label, style, medians.collect())
        }
    };
    let labels = report.sweep.iter().map(|size| size.hidden.to_string());
    let median = |size: &Size| percent(quantile(&size.fresh, 0.5));
    let medians = report.sweep.iter().map(|size| format!("{}: {}", size.hidden, median(size)));
    let notable = report.sweep.iter().filter(|size| [4, 50].contains(&size.hidden));
    let ends: Vec<String> =
        notable.map(|size| format!("{} with {} hidden units", median(size), size.hidden)).collect();
    let datasets = report.sweep.first().map_or(0, |size| size.fresh.len());
    Figure {
        name: "chapter-03-sweep".to_owned(),
        alt: format!(
            "Accuracy against the number of hidden units, median and 5 to 95 % of {datasets} datasets. \
             On fresh points: {}.",
            medians.collect::<Vec<_>>().join(", ")
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "On fresh points: {} (median and 5–95 % of {datasets} datasets)",
                ends.join(", ")
            ),
            x: Axis::categories("hidden units", labels),
            y: Axis::linear("accuracy (%)"),
            curves: vec![
                curve("training", Style::TRAINING, |size| &size.train),
                curve("fresh points", Style::HELD_OUT, |size| &size.fresh),
            ],
            ..LineChart::default()
        }),
    }
}
