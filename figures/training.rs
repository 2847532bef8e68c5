//! The pictures of networks for your own data.
//!
//! [In the book](../../../book/experiments.html)

use crate::kit::{Axis, ConfusionMatrix, Curve, Figure, LineChart, Picture, Style};
use chapters::{metrics::worst_mistake, report::percent};
use own_data::{Epoch, TrainingReport};

/// The pictures of a training run.
pub fn figures(report: &TrainingReport) -> Vec<Figure> {
    let confusion = (report.classes.len() <= MOST_CLASSES).then(|| confusion(report));
    [curves(report)].into_iter().chain(confusion).collect()
}

/// A larger confusion matrix could not be read.
const MOST_CLASSES: usize = 26;
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

fn confusion(report: &TrainingReport) -> Figure {
    let counts = &report.confusion;
    let worst = worst_mistake(counts);
    let title = worst.map_or("No example is misclassified".to_owned(), |(i, j, n)| {
        let [shown, taken] = [i, j].map(|class| &report.classes[class]);
        let times = if n == 1 { "once".to_owned() } else { format!("{n} times") };
        format!("Most often mistaken: {shown} for {taken}, {times}")
    });
    let shown = if report.held_out > 0 { "validation" } else { "training" };
    Figure {
        name: "confusion".to_owned(),
        alt: format!("Confusion matrix of the {shown} examples. {title}."),
        picture: Picture::Confusion(ConfusionMatrix {
            title,
            labels: report.classes.clone(),
            counts: counts.clone(),
            row_title: "true class".to_owned(),
            column_title: "predicted class".to_owned(),
        }),
    }
}
