//! The pictures of networks for your own data.
//!
//! [In the book](../../../book/experiments.html)

use crate::kit::{
    Axis, ChartSheet, ConfusionMatrix, Curve, DrawError, Figure, LineChart, Names, Picture, Style,
    palette::AXIS,
};
use chapters::{
    metrics::{ConfidenceBin, worst_mistake},
    report::{percent, short},
};
use own_data::{Calibration, Epoch, Reliability, TrainingReport};

/// The pictures of a training run.
///
/// Fails if the fonts cannot be read.
pub fn figures(report: &TrainingReport) -> Result<Vec<Figure>, DrawError> {
    let reliability = report.calibration.as_ref().map(reliability);
    Ok([curves(report)].into_iter().chain(confusion(report)?).chain(reliability).collect())
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
fn confusion(report: &TrainingReport) -> Result<Option<Figure>, DrawError> {
    let (counts, names) = (&report.verdict.confusion, names(report));
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
    let mut matrix = matrix.of_most_confused()?;
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
    Ok((drawn > 0).then_some(Figure { name: "confusion".to_owned(), alt, picture }))
}

/// How often predictions are right, against how certain they are.
fn reliability(calibration: &Calibration) -> Figure {
    let Calibration { temperature, before, after } = calibration;
    let [error_before, error_after] =
        [before, after].map(|found| percent(found.expected_calibration_error));
    let (title, shown) = if before == after {
        (format!("Confidence and accuracy are {error_before} apart"), vec![("validation", before)])
    } else {
        let temperature = short((100.0 * temperature).round() / 100.0);
        let title = format!(
            "At temperature {temperature}, confidence and accuracy are {error_after} apart, \
             {error_before} without"
        );
        (title, vec![("as trained", before), ("at the temperature", after)])
    };
    let curves = |value: fn(&ConfidenceBin) -> f64| {
        let point = move |bin: &ConfidenceBin| [100.0 * bin.confidence, value(bin)];
        let curve = move |(class, (_, found)): (u8, &(&str, &Reliability))| {
            Curve::new("", Style::class(class), found.bins.iter().map(point).collect())
        };
        (0..).zip(&shown).map(curve)
    };
    let grey = Style { colour: AXIS, ..Style::class(0).bare().dashed() };
    let ideal = Curve::new("", grey, vec![[0.0, 0.0], [100.0, 100.0]]);
    let examples: usize = before.bins.iter().map(|bin| bin.examples).sum();
    let confidence = || Axis::linear("confidence (%)").from_to(0.0, 103.0);
    let accuracy = LineChart {
        title: "accuracy (%); dashed: as right as certain".to_owned(),
        x: confidence(),
        y: Axis::linear("").from_to(-3.0, 103.0),
        curves: [ideal].into_iter().chain(curves(|bin| 100.0 * bin.accuracy)).collect(),
        ..LineChart::default()
    };
    let counts = LineChart {
        title: format!("predictions, of {examples}"),
        x: confidence(),
        y: Axis::log10(""),
        curves: curves(|bin| bin.examples as f64).collect(),
        ..LineChart::default()
    };
    Figure {
        name: "reliability".to_owned(),
        alt: format!(
            "Two charts over the confidence of {examples} predictions. Left: the share that is right, \
             which would lie on the diagonal if it were as large as the confidence. Right: how many \
             predictions have that confidence. {title}, on average over the predictions."
        ),
        picture: Picture::Charts(ChartSheet {
            title,
            panels: vec![accuracy, counts],
            columns: 2,
            class_labels: shown.iter().map(|(name, _)| (*name).to_owned()).collect(),
        }),
    }
}
