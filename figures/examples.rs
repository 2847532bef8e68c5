//! The pictures of examples.
//!
//! [In the book](../../../book/experiments.html)

use crate::kit::{
    Axis, DataPoint, Figure, Image, ImageGrid, Picture, Pixels, Scatter, ScatterSheet,
};
use chapters::{dataset::few_of_each, report::counted};
use ndarray::{Array2, Array3, Axis as Dimension};
use own_data::formats::{Inputs, Labelled};

/// Pictures and points that are drawn, unless the reader wants more or fewer.
const PICTURES: usize = 50;
const POINTS: usize = 1000;
/// Classes that are drawn: the colours of more could hardly be told apart.
const CLASSES: usize = 12;
/// Classes that are named in the title.
const NAMED: usize = 6;
/// Columns that are drawn, each against each.
const FEATURES: usize = 4;
/// Pictures in a row.
const COLUMNS: usize = 10;

/// A sheet of examples: pictures, or columns of numbers against each other.
pub fn draw(name: &str, examples: &Labelled, count: Option<usize>) -> Figure {
    let finding = finding(examples);
    let picture = match &examples.inputs {
        Inputs::Pictures(pictures) => {
            Picture::Images(sheet_of_pictures(examples, pictures, count.unwrap_or(PICTURES)))
        }
        Inputs::Numbers { x, features } => {
            Picture::Scatter(sheet_of_points(examples, x, features, count.unwrap_or(POINTS)))
        }
    };
    Figure { name: name.to_owned(), alt: format!("{finding}."), picture }
}

/// How many examples there are of each class.
fn finding(examples: &Labelled) -> String {
    let counts = examples.counts();
    let (all, kinds) = (examples.labels.len(), counts.len());
    let least = counts.iter().min().copied().unwrap_or(0);
    let most = counts.iter().max().copied().unwrap_or(0);
    let of = |(class, count): (&String, &usize)| format!("{count} of {class}");
    let each = match kinds {
        1 => examples.classes.concat(),
        _ if least == most => format!("{least} of each"),
        0..=NAMED => examples.classes.iter().zip(&counts).map(of).collect::<Vec<_>>().join(", "),
        _ => format!("from {least} to {most} of each"),
    };
    let examples = counted(all, "example", "examples");
    let classes = counted(kinds, "class", "classes");
    format!("{examples} of {classes}: {each}")
}

/// The finding, and how much of it is drawn if not everything.
fn title(examples: &Labelled, drawn: usize, features: usize) -> String {
    let (all, kinds) = (examples.labels.len(), examples.classes.len());
    let parts =
        [("examples", drawn, all), ("classes", CLASSES, kinds), ("columns", FEATURES, features)];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, drawn, all)| drawn < all)
        .map(|(what, drawn, _)| format!("{drawn} {what}"))
        .collect();
    let note = if parts.is_empty() { "" } else { "; shown: " };
    format!("{}{note}{}", finding(examples), parts.join(", "))
}

/// Equally many examples of each class that is drawn, in turn.
fn chosen(examples: &Labelled, count: usize) -> Vec<usize> {
    let classes = examples.classes.len().min(CLASSES);
    let mut chosen = few_of_each(&examples.labels, classes, count.div_ceil(classes));
    chosen.truncate(count);
    chosen
}

fn sheet_of_pictures(examples: &Labelled, pictures: &Array3<u8>, count: usize) -> ImageGrid {
    let chosen = chosen(examples, count);
    let image = |i: usize| Image {
        width: pictures.dim().2,
        pixels: Pixels::Grey(pictures.index_axis(Dimension(0), i).iter().copied().collect()),
        caption: examples.classes[examples.labels[i]].clone(),
    };
    let classes = examples.classes.len().min(CLASSES);
    // Whole rows of classes, so that each column is one class
    let columns = if classes < 5 { classes * (COLUMNS / classes) } else { classes };
    let title = title(examples, chosen.len(), 0);
    let images = chosen.into_iter().map(image).collect();
    ImageGrid { title, images, columns, ..ImageGrid::default() }
}

fn sheet_of_points(
    examples: &Labelled,
    x: &Array2<f64>,
    features: &[String],
    count: usize,
) -> ScatterSheet {
    let chosen = chosen(examples, count);
    let class = |i: usize| examples.labels[i] as u8;
    let panel = |(a, b): (usize, usize)| Scatter {
        x: Axis::linear(&features[a]),
        y: Axis::linear(&features[b]),
        points: chosen
            .iter()
            .map(|&i| DataPoint { at: [x[[i, a]], x[[i, b]]], class: class(i) })
            .collect(),
    };
    let title = title(examples, chosen.len(), features.len());
    if let [feature] = features {
        let panels = vec![line_of_points(examples, x, feature, &chosen)];
        return ScatterSheet { title, panels, ..ScatterSheet::default() };
    }
    let drawn = features.len().min(FEATURES);
    let pairs = (0..drawn).flat_map(|b| (0..b).map(move |a| (a, b)));
    let class_labels = examples.classes.iter().take(CLASSES).cloned().collect();
    ScatterSheet { title, panels: pairs.map(panel).collect(), columns: 3, class_labels }
}

/// A single column of numbers, with each class on a line of its own.
fn line_of_points(
    examples: &Labelled,
    x: &Array2<f64>,
    feature: &str,
    chosen: &[usize],
) -> Scatter {
    let at = |i: usize| DataPoint {
        at: [x[[i, 0]], examples.labels[i] as f64],
        class: examples.labels[i] as u8,
    };
    let y = Axis::categories("", examples.classes.iter().take(CLASSES).cloned());
    Scatter { x: Axis::linear(feature), y, points: chosen.iter().map(|&i| at(i)).collect() }
}
