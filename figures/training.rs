//! The pictures of networks for your own data.
//!
//! [In the book](../../../book/experiments.html)

use crate::kit::{Axis, ConfusionMatrix, Curve, Figure, LineChart, Names, Picture, Style};
use chapters::{metrics::worst_mistake, report::percent};
use own_data::{Epoch, TrainingReport};

/// The pictures of a training run.
pub fn figures(report: &TrainingReport) -> Vec<Figure> {
    [curves(report)].into_iter().chain(confusion(report)).collect()
}

/// What the classes are called in figures.
pub fn names(report: &TrainingReport) -> Names {
    Names::new("class", &report.classes)
}

/// A curve with more points than this needs no marks.
const MARKED: usize = 30;

fn curve(label: &str, style: Style, history: &[Epoch], cost: fn(&Epoch) -> Option<f64>) -> Curve {
    let style = if history.len() > MARKED { style.bare() } else { style };
    let points = (1..).zip(history).filter_map(|(n, epoch)| Some([f64::from(n), cost(epoch)?]));
    Curve::new(label, style, points.collect())
}

fn curves(report: &TrainingReport) -> Figure {
    let history = &report.history;
    let found = report.on_held_out.map_or_else(
        || format!("training accuracy {}", percent(1.0 - report.on_training.error)),
        |judged| format!("validation accuracy {}", percent(1.0 - judged.error)),
    );
    let title = format!("After epoch {}: {found}", report.kept);
    let mut curves = vec![curve("training", Style::TRAINING, history, |epoch| Some(epoch.cost))];
    if report.held_out > 0 {
        let held_out = |epoch: &Epoch| Some(epoch.held_out?.cost);
        curves.push(curve("validation", Style::HELD_OUT, history, held_out));
    }
    Figure {
        name: "curves".to_owned(),
        alt: format!(
            "Cost after each of {} epochs. {title}; the cost of the training examples is {:.4}.",
            history.len(),
            report.on_training.cost
        ),
        picture: Picture::LineChart(LineChart {
            title,
            x: Axis::linear("epoch"),
            y: Axis::log10("cost (mean cross-entropy)"),
            curves,
            ..LineChart::default()
        }),
    }
}

/// How often each class was read as each: of many classes, those that were most often confused.
fn confusion(report: &TrainingReport) -> Option<Figure> {
    let (counts, names) = (&report.confusion, names(report));
    let worst = worst_mistake(counts);
    let found = worst.map_or("No example is misclassified".to_owned(), |(i, j, n)| {
        let [shown, taken] = [i, j].map(|class| &names.short()[class]);
        let times = if n == 1 { "once".to_owned() } else { format!("{n} times") };
        format!("Most often mistaken: {shown} for {taken}, {times}")
    });
    let matrix = ConfusionMatrix {
        title: found.clone(),
        labels: names.short().to_vec(),
        counts: counts.clone(),
        row_title: "true class".to_owned(),
        column_title: "predicted class".to_owned(),
    };
    let mut matrix = matrix.of_most_confused();
    let (drawn, all) = (matrix.labels.len(), counts.len());
    let part = if drawn < all {
        let part = format!("the {drawn} of {all} classes most often confused");
        matrix.title = format!("{found}; shown: {part}");
        format!(" It shows {part}.")
    } else {
        String::new()
    };
    let shown = if report.held_out > 0 { "validation" } else { "training" };
    let key = names.explained().map_or(String::new(), |key| format!(" {key}"));
    let alt = format!("Confusion matrix of the {shown} examples. {found}.{part}{key}");
    let picture = Picture::Confusion(matrix);
    (drawn > 0).then_some(Figure { name: "confusion".to_owned(), alt, picture })
}
