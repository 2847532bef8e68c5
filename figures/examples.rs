//! The pictures of examples.
//!
//! [In the book](../../../book/experiments.html)

use crate::kit::{
    Axis, DataPoint, Figure, Image, ImageGrid, Names, Picture, Pixels, Scatter, ScatterSheet,
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
    let [classes, features] = names(examples);
    let sheet = Sheet { examples, classes: classes.short(), features: features.short() };
    let picture = match &examples.inputs {
        Inputs::Pictures(pictures) => {
            Picture::Images(sheet.of_pictures(pictures, count.unwrap_or(PICTURES)))
        }
        Inputs::Numbers { x, .. } => Picture::Scatter(sheet.of_points(x, count.unwrap_or(POINTS))),
    };
    let keys = [classes.explained(), features.explained()].into_iter().flatten();
    let alt =
        [format!("{}.", sheet.finding())].into_iter().chain(keys).collect::<Vec<_>>().join(" ");
    Figure { name: name.to_owned(), alt, picture }
}

fn columns(examples: &Labelled) -> &[String] {
    match &examples.inputs {
        Inputs::Pictures(_) => &[],
        Inputs::Numbers { features, .. } => features,
    }
}

/// What the classes and columns that are drawn are called in figures.
pub fn names(examples: &Labelled) -> [Names; 2] {
    let some = |names: &[String], most| names[..names.len().min(most)].to_vec();
    let classes = some(&examples.classes, CLASSES);
    let columns = some(columns(examples), FEATURES);
    [Names::new("class", &classes), Names::new("column", &columns)]
}

/// Examples, and what stands for the names of the classes and columns that are drawn.
struct Sheet<'a> {
    examples: &'a Labelled,
    classes: &'a [String],
    features: &'a [String],
}

impl Sheet<'_> {
    /// How many examples there are of each class.
    fn finding(&self) -> String {
        let Sheet { examples, classes, .. } = self;
        let counts = examples.counts();
        let (all, kinds) = (examples.labels.len(), counts.len());
        let least = counts.iter().min().copied().unwrap_or(0);
        let most = counts.iter().max().copied().unwrap_or(0);
        let of = |(class, count): (&String, &usize)| format!("{count} of {class}");
        let each = match kinds {
            1 => classes.concat(),
            _ if least == most => format!("{least} of each"),
            0..=NAMED => classes.iter().zip(&counts).map(of).collect::<Vec<_>>().join(", "),
            _ => format!("from {least} to {most} of each"),
        };
        let examples = counted(all, "example", "examples");
        let classes = counted(kinds, "class", "classes");
        format!("{examples} of {classes}: {each}")
    }

    /// The finding, and how much of it is drawn if not everything.
    fn title(&self, drawn: usize) -> String {
        let Labelled { labels, classes, .. } = self.examples;
        let parts = [
            ("examples", drawn, labels.len()),
            ("classes", CLASSES, classes.len()),
            ("columns", FEATURES, columns(self.examples).len()),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(_, drawn, all)| drawn < all)
            .map(|(what, drawn, _)| format!("{drawn} {what}"))
            .collect();
        let note = if parts.is_empty() { "" } else { "; shown: " };
        format!("{}{note}{}", self.finding(), parts.join(", "))
    }

    /// Equally many examples of each class that is drawn, in turn.
    fn chosen(&self, count: usize) -> Vec<usize> {
        let classes = self.classes.len();
        let mut chosen = few_of_each(&self.examples.labels, classes, count.div_ceil(classes));
        chosen.truncate(count);
        chosen
    }

    fn of_pictures(&self, pictures: &Array3<u8>, count: usize) -> ImageGrid {
        let chosen = self.chosen(count);
        let image = |i: usize| Image {
            width: pictures.dim().2,
            pixels: Pixels::Grey(pictures.index_axis(Dimension(0), i).iter().copied().collect()),
            caption: self.classes[self.examples.labels[i]].clone(),
        };
        let classes = self.classes.len();
        // Whole rows of classes, so that each column is one class
        let columns = if classes < 5 { classes * (COLUMNS / classes) } else { classes };
        let title = self.title(chosen.len());
        let images = chosen.into_iter().map(image).collect();
        ImageGrid { title, images, columns, ..ImageGrid::default() }
    }

    fn of_points(&self, x: &Array2<f64>, count: usize) -> ScatterSheet {
        let features = self.features;
        let chosen = self.chosen(count);
        let class = |i: usize| self.examples.labels[i] as u8;
        let panel = |(a, b): (usize, usize)| Scatter {
            x: Axis::linear(&features[a]),
            y: Axis::linear(&features[b]),
            points: chosen
                .iter()
                .map(|&i| DataPoint { at: [x[[i, a]], x[[i, b]]], class: class(i) })
                .collect(),
        };
        let title = self.title(chosen.len());
        if let [feature] = features {
            let panels = vec![self.line_of_points(x, feature, &chosen)];
            return ScatterSheet { title, panels, ..ScatterSheet::default() };
        }
        let pairs = (0..features.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        let class_labels = self.classes.to_vec();
        ScatterSheet { title, panels: pairs.map(panel).collect(), columns: 3, class_labels }
    }

    /// A single column of numbers, with each class on a line of its own.
    fn line_of_points(&self, x: &Array2<f64>, feature: &str, chosen: &[usize]) -> Scatter {
        let examples = self.examples;
        let at = |i: usize| DataPoint {
            at: [x[[i, 0]], examples.labels[i] as f64],
            class: examples.labels[i] as u8,
        };
        let y = Axis::categories("", self.classes.iter().cloned());
        Scatter { x: Axis::linear(feature), y, points: chosen.iter().map(|&i| at(i)).collect() }
    }
}
