//! The pictures of chapter 2.

use crate::{
    curves::{area, curve, slope},
    kit::{
        Axis, Contour, Curve, DataPoint, Figure, Grid, LineChart, Mark, Note, Picture, Region,
        RegionSheet, Style, Trail,
        palette::{BLUE, VERMILLION},
    },
};
use chapters::chapter_02_logistic_regression::{Report, cross_entropy, sigmoid};
use chapters::report::percent;

/// The pictures of chapter 2.
///
/// [In the book](../../../book/chapter_02.html)
pub fn figures(report: &Report) -> Vec<Figure> {
    vec![line(report), surface(report), the_sigmoid(), log_loss(), normal()]
}

/// A point on a curve.
fn point(style: Style, at: [f64; 2]) -> Curve {
    Curve::new("", Style { mark: Some(Mark::Circle), ..style }, vec![at])
}

fn the_sigmoid() -> Figure {
    let (style, reach) = (Style::nth(0), 6.0);
    let ends = [-reach, reach];
    let [middle, steepest] = [sigmoid(0.0), slope(sigmoid)(0.0)];
    Figure {
        name: "chapter-02-sigmoid".to_owned(),
        alt: format!(
            "The sigmoid of z from −{reach} to {reach}, an S that rises from nearly 0 to nearly 1 and passes \
             through {middle:.1} at 0. Its slope is a bell, highest at 0 with {steepest:.2} and nearly 0 \
             at both ends."
        ),
        picture: Picture::LineChart(LineChart {
            title: format!("The sigmoid is steepest at z = 0, where its slope is {steepest:.2}"),
            x: Axis::linear("z"),
            y: Axis::linear("").from_to(0.0, 1.0),
            curves: vec![
                curve("", style, ends, sigmoid),
                curve("", style.dashed(), ends, slope(sigmoid)),
                point(style, [0.0, middle]),
                point(style, [0.0, steepest]),
            ],
            notes: vec![
                Note::new([1.6, 0.72], "sigmoid σ(z)").beginning().coloured(BLUE),
                Note::new([1.6, 0.23], "its slope σ′(z)").beginning().coloured(BLUE),
            ],
            ..LineChart::default()
        }),
    }
}

fn log_loss() -> Figure {
    // The loss of an example of class 1 that gets the probability p
    let loss = |p: f64| cross_entropy((p / (1.0 - p)).ln(), 1.0);
    let style = Style::nth(1);
    let told = [0.1, 0.5, 0.9].map(|p| [p, loss(p)]);
    let [wrong, coin, right] = told.map(|[_, loss]| format!("{loss:.2}"));
    let note = |[p, loss]: [f64; 2], text: String| {
        Note::new([p + 0.02, loss + 0.28], text).beginning().coloured(VERMILLION)
    };
    let notes = vec![
        note(told[0], format!("90 % sure of the wrong class: {wrong}")),
        note(told[1], format!("undecided: {coin}")),
        Note::new([0.99, told[2][1] + 0.45], format!("90 % sure of the right class: {right}"))
            .ending()
            .coloured(VERMILLION),
    ];
    let curve = curve("", style, [0.006, 0.9999], loss);
    Figure {
        name: "chapter-02-log-loss".to_owned(),
        alt: format!(
            "The loss −log p against the probability p that the right class gets: {right} at 0.9, {coin} \
             at one half, {wrong} at 0.1. Towards p = 1 it falls to 0, towards p = 0 it grows without limit."
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "Loss: {right} when 90 % sure of the right class, {wrong} when 90 % sure of the wrong one"
            ),
            x: Axis::linear("probability p given to the right class").from_to(0.0, 1.0),
            y: Axis::linear("loss −log p").from_to(0.0, 5.0),
            curves: [curve].into_iter().chain(told.map(|at| point(style, at))).collect(),
            notes,
            ..LineChart::default()
        }),
    }
}

fn normal() -> Figure {
    let density = |x: f64| (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
    let style = Style::nth(0);
    let within = |deviations: f64| area([-deviations, deviations], density);
    let shaded = |deviations: f64| {
        let curve = curve("", style, [-deviations, deviations], density);
        Curve { band: curve.points.iter().map(|p| [0.0, p[1]]).collect(), ..curve }
    };
    let [one, two] = [1.0, 2.0].map(|deviations| format!("{:.0} %", 100.0 * within(deviations)));
    Figure {
        name: "chapter-02-normal".to_owned(),
        alt: format!(
            "The density of the standard normal distribution, a bell around 0. {one} of the area under it \
             lies within one standard deviation of the mean, {two} within two."
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "Normally distributed numbers: {one} lie within one standard deviation of the mean, \
                 {two} within two"
            ),
            x: Axis::linear("distance from the mean, in standard deviations σ"),
            y: Axis::linear("density").from_to(0.0, 0.45),
            curves: vec![shaded(2.0), shaded(1.0), curve("", style, [-3.5, 3.5], density)],
            notes: vec![
                Note::new([0.0, 0.15], format!("{one}\nwithin 1 σ")),
                Note::new([1.75, 0.15], format!("{two} within 2 σ,\nwith the paler parts"))
                    .beginning(),
            ],
            ..LineChart::default()
        }),
    }
}

fn line(report: &Report) -> Figure {
    let right = percent(report.accuracy);
    Figure {
        name: "chapter-02-line".to_owned(),
        alt: format!(
            "{} points, one class in the middle and the other in a ring around it, and the straight \
             decision boundary of logistic regression through both: {right} of the points are on their \
             correct side.",
            report.data.points.len()
        ),
        picture: Picture::Regions(RegionSheet {
            title: format!("Logistic regression draws a line through rings: {right} correct"),
            panels: vec![Region {
                title: String::new(),
                subtitle: String::new(),
                probabilities: vec![Grid::from(&report.line)],
                points: DataPoint::of_scatter(&report.data),
            }],
            columns: 1,
            class_labels: vec!["inner half".to_owned(), "outer half".to_owned()],
        }),
    }
}

fn surface(report: &Report) -> Figure {
    let path = &report.surface.path;
    let last = path.last().copied().unwrap_or_default();
    Figure {
        name: "chapter-02-surface".to_owned(),
        alt: format!(
            "The cost over the two weights is a bowl. Gradient descent goes down it to weights of \
             {:.2} and {:.2}, near 0, where the model gives both classes a probability near one half \
             everywhere.",
            last[0], last[1]
        ),
        picture: Picture::Contour(Contour {
            title: "The cost is a bowl, lowest near w = 0: close to knowing nothing".to_owned(),
            x: Axis::linear("w₁"),
            y: Axis::linear("w₂"),
            z_title: "cost".to_owned(),
            grid: Grid::from(&report.surface.cost),
            logarithmic: false,
            trails: vec![Trail {
                points: path.clone(),
                start: "start".to_owned(),
                end: format!("after {} iterations", path.len().saturating_sub(1)),
                style: Style::nth(1),
            }],
            ..Contour::default()
        }),
    }
}
