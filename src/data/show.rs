use super::source::{OUT, Source};
use crate::{
    common::{Common, Format},
    error::Error,
    output,
};
use clap::Args;
use own_data::formats::{Inputs, Labelled};
use serde_json::{Value, json};

/// Draw a sheet of examples, and summarise their classes and columns
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten data show rings
  handwritten data show digits --count 100
  handwritten data show target/data/rings.json --format svg --out target/sheets
  handwritten data show rings.csv --label label
  handwritten data show photo.png

A photo is shown as a model trained on MNIST sees it: cropped to its ink, scaled and centred.")]
pub struct Show {
    #[command(flatten)]
    source: Source,
    /// Draw at most this many examples, equally many of each class [default: 50 pictures, 1000 points]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    count: Option<u32>,
}

/// How many columns are listed; a table may have hundreds.
const LISTED: usize = 20;

impl Show {
    pub fn run(&self, common: &Common) -> Result<(), Error> {
        let folder = common.out(OUT);
        let examples = self.source.load(common, None)?;
        let _made = output::create_folder(&folder)?;
        let count = self.count.map(|count| count as usize);
        let figure = figures::examples::draw(&self.source.name(), &examples, count);
        output::draw(&folder, &figure, common.format)?;
        let ending = match common.format {
            Format::Png => "png",
            Format::Svg => "svg",
        };
        let key = folder.join(format!("{}-names.csv", figure.name));
        let key = output::write_key(&key, &figures::examples::names(&examples))?;
        let sheet = folder.join(format!("{}.{ending}", figure.name)).display().to_string();
        if common.json {
            return output::print_json(&json!({ "show": { "sheet": sheet, "title": figure.alt,
                "classes": class_counts(&examples), "features": summaries(&examples) } }));
        }
        print_columns(&examples)?;
        print_classes(&examples)?;
        let key = key.map_or_else(String::new, |key| format!(" {key}"));
        output::print_line(&format!("{} The sheet is {sheet}.{key}", figure.alt))
    }
}

/// The range and the mean of some numbers.
struct Summary {
    feature: String,
    low: f64,
    mean: f64,
    high: f64,
}

impl Summary {
    fn of(feature: &str, numbers: impl Iterator<Item = f64>) -> Self {
        let start = (0.0, f64::INFINITY, f64::NEG_INFINITY, 0.0);
        // A running mean, which overflows less easily than a sum
        let (_, low, high, mean) = numbers.fold(start, |(n, low, high, mean), number| {
            (n + 1.0, number.min(low), number.max(high), mean + (number - mean) / (n + 1.0))
        });
        Self { feature: feature.to_owned(), low, mean, high }
    }
}

/// One summary for each column, or one for all pixels.
fn summarise(examples: &Labelled) -> Vec<Summary> {
    match &examples.inputs {
        Inputs::Pictures(pictures) => {
            let (_, rows, columns) = pictures.dim();
            let name = format!("{rows}×{columns} pixels");
            vec![Summary::of(&name, pictures.iter().map(|&pixel| pixel.into()))]
        }
        Inputs::Numbers { x, features } => {
            let columns = x.columns().into_iter().zip(features);
            columns.map(|(column, name)| Summary::of(name, column.iter().copied())).collect()
        }
    }
}

fn summaries(examples: &Labelled) -> Vec<Value> {
    let json = |Summary { feature, low, mean, high }| json!({ "feature": feature, "min": low, "mean": mean, "max": high });
    summarise(examples).into_iter().map(json).collect()
}

fn class_counts(examples: &Labelled) -> Vec<Value> {
    let classes = examples.classes.iter().zip(examples.counts());
    classes.map(|(class, count)| json!({ "class": class, "examples": count })).collect()
}

fn print_columns(examples: &Labelled) -> Result<(), Error> {
    let summaries = summarise(examples);
    let left = summaries.len().saturating_sub(LISTED);
    let rows = summaries.into_iter().take(LISTED).map(|Summary { feature, low, mean, high }| {
        [feature, number(low), number(mean), number(high)]
    });
    output::print_table(["Feature", "Min", "Mean", "Max"], rows)?;
    if left > 0 {
        output::print_line(&format!("… and {left} more; --json lists all."))?;
    }
    Ok(())
}

fn number(value: f64) -> String {
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        format!("{value:.4}")
    } else {
        format!("{value:.3e}")
    }
}

fn print_classes(examples: &Labelled) -> Result<(), Error> {
    let classes = examples.classes.iter().zip(examples.counts());
    output::print_table(
        ["Class", "Examples"],
        classes.map(|(class, count)| [class.clone(), count.to_string()]),
    )
}
