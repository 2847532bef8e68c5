//! The pictures of a sweep.
//!
//! [In the book](../../../book/sweeps.html)

use crate::kit::{
    Axis, Curve, DataPoint, Figure, Grid, HeatMap, LineChart, Names, Picture, Region, RegionSheet,
    Style,
};
use chapters::report::percent;
use own_data::sweep::{DataSource, Group, Quantity, Spread, Summary, SweepGrid};

/// The pictures of a sweep.
pub fn figures(summary: &Summary) -> Vec<Figure> {
    let swept = summary.grid.swept();
    let accuracy = match swept.get(1) {
        Some(&columns) => heat_map(summary, swept[0], columns),
        None => along(summary, swept[0]),
    };
    [Some(accuracy), regions(summary), Some(costs(summary))].into_iter().flatten().collect()
}

/// What the classes are called in figures.
pub fn names(summary: &Summary) -> Names {
    Names::new("class", &summary.classes)
}

/// The name of a group: the settings for which the grid has several values.
fn name(grid: &SweepGrid, group: &Group) -> String {
    let swept = grid.swept().into_iter();
    let phrases = swept.map(|quantity| quantity.phrase(&group.config));
    phrases.collect::<Vec<_>>().join(", ")
}

/// What the examples that no network was trained on are called.
fn held_out(grid: &SweepGrid) -> &'static str {
    match grid.data {
        DataSource::Rings => "fresh points",
        _ => "held-out examples",
    }
}

fn better<'a>(a: &'a Group, b: &'a Group) -> &'a Group {
    if b.held_out.median > a.held_out.median { b } else { a }
}

/// The finding in a few words.
fn finding(summary: &Summary) -> String {
    let best = summary.groups.iter().reduce(better);
    best.map_or(String::new(), |best| {
        let [share, name] = [percent(best.held_out.median), name(&summary.grid, best)];
        format!("Best accuracy on {}: {share} with {name}", held_out(&summary.grid))
    })
}

/// Accuracy against the one quantity that is swept: medians, a band, and a dot for each run.
fn along(summary: &Summary, quantity: Quantity) -> Figure {
    let curve = |label: &str, style: Style, spread: fn(&Group) -> &Spread| {
        let spreads = || summary.groups.iter().map(spread);
        let medians = (0..).zip(spreads()).map(|(i, s)| [f64::from(i), 100.0 * s.median]);
        Curve {
            band: spreads().map(|s| [s.low, s.high].map(|share| 100.0 * share)).collect(),
            ..Curve::new(label, style, medians.collect())
        }
    };
    let values = summary.groups.iter().map(|group| quantity.value(&group.config));
    let told = summary
        .groups
        .iter()
        .map(|group| format!("{}: {}", name(&summary.grid, group), percent(group.held_out.median)));
    let held_out = held_out(&summary.grid);
    Figure {
        name: "accuracy".to_owned(),
        alt: format!(
            "Accuracy over {} seeds, the median with a band from 5 to 95 %, on training examples and \
             on {held_out}. Medians on {held_out}: {}.",
            summary.grid.seeds,
            told.collect::<Vec<_>>().join(", ")
        ),
        picture: Picture::LineChart(LineChart {
            title: finding(summary),
            x: Axis::categories(quantity.title(), values),
            y: Axis::linear("accuracy (%)"),
            curves: vec![
                single_runs(summary),
                curve("training", Style::TRAINING, |group| &group.train),
                curve(held_out, Style::HELD_OUT, |group| &group.held_out),
            ],
            ..LineChart::default()
        }),
    }
}

/// Each run as a dot.
fn single_runs(summary: &Summary) -> Curve {
    let dots = (0..).zip(&summary.groups).flat_map(|(i, group)| {
        let shares = &group.held_out.values;
        (0..).zip(shares).flat_map(move |(k, &share)| {
            // Side by side and not joined: each is followed by a gap
            let aside = 0.4 * (f64::from(k) + 0.5) / shares.len() as f64 - 0.2;
            [[f64::from(i) + aside, 100.0 * share], [f64::NAN, f64::NAN]]
        })
    });
    Curve::new("", Style::HELD_OUT.faded(0.3), dots.collect())
}

/// A number for each pair of values of two quantities; over any further ones, the best.
fn heat_map(summary: &Summary, rows: Quantity, columns: Quantity) -> Figure {
    let values = |quantity: Quantity| {
        let mut values: Vec<String> = Vec::new();
        for group in &summary.groups {
            let value = quantity.value(&group.config);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    };
    let [row_names, column_names] = [rows, columns].map(values);
    let best = |row: &String, column: &String| {
        let fits = |group: &&Group| {
            rows.value(&group.config) == *row && columns.value(&group.config) == *column
        };
        let best = summary.groups.iter().filter(fits).reduce(better);
        best.map_or((f64::NAN, String::new()), |group| {
            (group.held_out.median, percent(group.held_out.median))
        })
    };
    let pairs = row_names.iter().flat_map(|row| column_names.iter().map(move |c| (row, c)));
    let values = pairs.map(|(row, column)| best(row, column)).collect();
    let further =
        if summary.grid.swept().len() > 2 { ", the best of all other settings" } else { "" };
    Figure {
        name: "accuracy".to_owned(),
        alt: format!(
            "Median accuracy on {} over {} seeds, for {} by {}{further}. {}.",
            held_out(&summary.grid),
            summary.grid.seeds,
            rows.title(),
            columns.title(),
            finding(summary)
        ),
        picture: Picture::HeatMap(HeatMap {
            title: finding(summary),
            row_title: rows.title().to_owned(),
            column_title: columns.title().to_owned(),
            rows: row_names,
            columns: column_names,
            values,
        }),
    }
}

/// More panels would be too small to read.
const MOST_PANELS: usize = 24;
/// The colours of more classes could hardly be told apart.
const MOST_CLASSES: usize = 12;

fn regions(summary: &Summary) -> Option<Figure> {
    let points = summary.points.as_ref().filter(|_| summary.classes.len() <= MOST_CLASSES)?;
    let panel = |group: &Group| Region {
        title: name(&summary.grid, group),
        subtitle: format!("accuracy {}", percent(group.held_out.values[0])),
        probabilities: group.maps.iter().map(Grid::from).collect(),
        points: DataPoint::of_scatter(points),
    };
    let panels: Vec<Region> = summary.groups.iter().take(MOST_PANELS).map(panel).collect();
    let names = names(summary);
    let key = names.explained().map_or(String::new(), |key| format!(" {key}"));
    Some(Figure {
        name: "regions".to_owned(),
        alt: format!(
            "Decision regions of {} networks, with {} of the points that they were trained on, from \
             seed {}.{key}",
            panels.len(),
            points.points.len(),
            summary.grid.seed
        ),
        picture: Picture::Regions(RegionSheet {
            title: format!(
                "Decision regions from seed {}, with the accuracy on {}",
                summary.grid.seed,
                held_out(&summary.grid)
            ),
            columns: panels.len().clamp(1, 4),
            panels,
            class_labels: names.short().to_vec(),
        }),
    })
}

fn costs(summary: &Summary) -> Figure {
    let places = summary.grid.places();
    let curves = summary.groups.iter().enumerate().map(|(i, group)| {
        let points = places.iter().zip(&group.costs).map(|(&x, &cost)| [x as f64, cost]);
        Curve::new(name(&summary.grid, group), Style::nth(i).bare(), points.collect())
    });
    let ends = summary
        .groups
        .iter()
        .map(|group| format!("{}: {:.3}", name(&summary.grid, group), group.cost.median));
    let ends = ends.collect::<Vec<_>>().join(", ");
    let lowest = summary.groups.iter().min_by(|a, b| a.cost.median.total_cmp(&b.cost.median));
    let title = lowest.map_or(String::new(), |group| {
        format!(
            "Lowest cost at the end: {:.3} with {}",
            group.cost.median,
            name(&summary.grid, group)
        )
    });
    Figure {
        name: "costs".to_owned(),
        alt: format!("Median cost of the training examples during training. At the end: {ends}."),
        picture: Picture::LineChart(LineChart {
            title,
            x: Axis::linear("epoch"),
            y: Axis::linear("cost, median over seeds"),
            curves: curves.collect(),
            ..LineChart::default()
        }),
    }
}
