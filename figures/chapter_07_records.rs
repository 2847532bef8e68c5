//! The pictures of the records: what helped, and what is still misread.

use crate::{
    curves::mean_and_range,
    kit::{Axis, Figure, Image, ImageGrid, LineChart, Picture},
};
use chapters::metrics::mean_and_deviation;
use own_data::records::{Collection, Goal, Measured, Misread, Record, percent};

/// The pictures of all records that have been measured.
pub fn figures(collection: &Collection) -> Vec<Figure> {
    [ladder(collection), misread(collection)].into_iter().flatten().collect()
}

/// The names of the studies whose errors are compared begin like this.
const HELPS: &str = "helps-";

/// What each change to the training brings.
fn ladder(collection: &Collection) -> Option<Figure> {
    let measured = |record: &Record| Some((record.note.clone(), record.measured.clone()?.errors));
    let runs: Vec<(String, Vec<f64>)> = collection.named(HELPS).filter_map(measured).collect();
    let mean = |(_, errors): &(String, Vec<f64>)| mean_and_deviation(errors).0;
    let [first, last] = [percent(mean(runs.first()?)), percent(mean(runs.last()?))];
    let told = runs.iter().map(|run| format!("{}: {}", run.0, percent(mean(run))));
    let told: Vec<String> = told.collect();
    let errors: Vec<&[f64]> = runs.iter().map(|run| run.1.as_slice()).collect();
    let highest = errors.iter().copied().flatten().fold(0.0, |a: f64, &b| a.max(b));
    Some(Figure {
        name: "chapter-07-ladder".to_owned(),
        alt: format!(
            "Validation digits misread, for one change after another. {}.",
            told.join("; ")
        ),
        picture: Picture::LineChart(LineChart {
            title: format!("From {first} to {last} of the validation digits misread"),
            x: Axis::categories(
                "what is done to the digits, and what else",
                runs.iter().map(|run| run.0.clone()),
            ),
            y: Axis::linear("validation digits misread (%)").from_to(0.0, 110.0 * highest),
            curves: vec![mean_and_range(&errors)],
            ..LineChart::default()
        }),
    })
}

/// Pictures in a row of the sheet of misread digits.
const COLUMNS: usize = 8;

/// The digits that the record of the lowest error misreads.
fn misread(collection: &Collection) -> Option<Figure> {
    let lowest = collection.records.iter().filter(|record| record.goal == Goal::LowestError);
    let measured = lowest.filter_map(|record| Some((record, record.measured.as_ref()?)));
    let (record, Measured { misread, .. }) =
        measured.min_by(|a, b| a.1.error.total_cmp(&b.1.error))?;
    let image = |digit: &Misread| {
        let sure = 100.0 * digit.sure;
        let caption = format!("{} read as {}\n{sure:.0} % sure", digit.label, digit.read);
        Some(Image::grey(digit.picture.as_ref()?, caption))
    };
    let told = misread.iter().map(|digit| format!("{} as {}", digit.label, digit.read));
    (!misread.is_empty()).then(|| Figure {
        name: "chapter-07-misread".to_owned(),
        alt: format!(
            "All {} test digits that {} networks together misread, each with its label, what was \
             read, and how sure they were: {}.",
            misread.len(),
            record.networks,
            told.collect::<Vec<_>>().join(", ")
        ),
        picture: Picture::Images(ImageGrid {
            title: format!("The {} of 10,000 test digits that are still misread", misread.len()),
            images: misread.iter().filter_map(image).collect(),
            columns: COLUMNS,
            value_title: String::new(),
        }),
    })
}
