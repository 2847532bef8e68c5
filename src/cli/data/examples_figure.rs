use handwritten::{
    dataset::{Inputs, Labelled, few_of_each},
    figure::{
        Axis, DataPoint, Figure, Image, ImageGrid, Picture, Pixels, Scale, Scatter, ScatterSheet,
    },
};
use ndarray::{Array2, Array3, Axis as Dimension};

/// Pictures and points that are drawn, unless the reader wants more or fewer.
const PICTURES: usize = 50;
const POINTS: usize = 1000;
/// Classes that are drawn: more can hardly be told apart.
const CLASSES: usize = 12;
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
    let each = if kinds <= CLASSES {
        let classes = examples.classes.iter().zip(&counts);
        let each: Vec<String> = classes.map(|(class, count)| format!("{class} {count}")).collect();
        format!(": {}", each.join(", "))
    } else {
        format!(", from {least} to {most} of each")
    };
    match kinds {
        1 => format!("{all} examples of one class{each}"),
        _ if least == most => format!("{all} examples of {kinds} classes, {least} of each"),
        _ => format!("{all} examples of {kinds} classes{each}"),
    }
}

/// The title of a sheet that does not show all classes.
fn title(examples: &Labelled) -> String {
    let kinds = examples.classes.len();
    let drawn =
        if kinds > CLASSES { format!("; drawn: the first {CLASSES}") } else { String::new() };
    finding(examples) + &drawn
}

/// Equally many examples of each class that is drawn, in turns.
fn chosen(examples: &Labelled, count: usize) -> Vec<usize> {
    let classes = examples.classes.len().min(CLASSES);
    let labels: Vec<u8> = examples.labels.iter().map(|&label| label.min(255) as u8).collect();
    let mut chosen = few_of_each(&labels, classes as u8, count.div_ceil(classes));
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
    // Whole rows of classes, so that each stands above itself
    let columns = if classes < 5 { classes * (COLUMNS / classes) } else { classes };
    let images = chosen.into_iter().map(image).collect();
    ImageGrid { title: title(examples), images, columns, ..ImageGrid::default() }
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
    let drawn = features.len().min(FEATURES);
    let mut panels: Vec<Scatter> =
        (0..drawn).flat_map(|b| (0..b).map(move |a| (a, b))).map(panel).collect();
    if panels.is_empty() {
        panels.push(line_of_points(examples, x, &features[0], &chosen));
    }
    let class_labels = examples.classes.iter().take(CLASSES).cloned().collect();
    let columns = panels.len().min(3);
    ScatterSheet { title: title_with_features(examples, features), panels, columns, class_labels }
}

fn title_with_features(examples: &Labelled, features: &[String]) -> String {
    let more = features.len() > FEATURES;
    let drawn = format!("; drawn: the first {FEATURES} of {} columns", features.len());
    title(examples) + if more { &drawn } else { "" }
}

/// A single column of numbers, each class on a line of its own.
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
    let names = examples.classes.iter().take(CLASSES).cloned().collect();
    let y = Axis { scale: Scale::Categories(names), ..Axis::default() };
    Scatter { x: Axis::linear(feature), y, points: chosen.iter().map(|&i| at(i)).collect() }
}
