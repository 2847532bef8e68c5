//! The pictures of the records: what helped, and what is still misread.

use crate::{
    curves::errors_by_way,
    kit::{Figure, Image, ImageGrid, Picture},
};
use chapters::metrics::mean_and_deviation;
use own_data::records::{Collection, Goal, Measured, Misread, percent};

/// The pictures of all records that have been measured.
pub fn figures(collection: &Collection) -> Vec<Figure> {
    [ladder(collection), misread(collection)].into_iter().flatten().collect()
}

/// The names of the studies whose errors are compared begin like this.
const HELPS: &str = "helps-";

/// What each change to the training brings.
fn ladder(collection: &Collection) -> Option<Figure> {
    let measured =
        collection.named(HELPS).filter_map(|record| Some((record, record.measured.as_ref()?)));
    let ways: Vec<(&str, &[f64])> =
        measured.map(|(record, found)| (record.note.as_str(), found.errors.as_slice())).collect();
    let mean = |(_, errors): &(&str, &[f64])| percent(mean_and_deviation(errors).0);
    let [first, last] = [mean(ways.first()?), mean(ways.last()?)];
    let told: Vec<String> = ways.iter().map(|way| format!("{}: {}", way.0, mean(way))).collect();
    Some(Figure {
        name: "chapter-07-ladder".to_owned(),
        alt: format!(
            "Validation digits misread, for one change after another. {}.",
            told.join("; ")
        ),
        picture: Picture::LineChart(errors_by_way(
            format!("From {first} to {last} of the validation digits misread"),
            "what is done to the digits, and what else",
            "validation digits misread (%)",
            &ways,
        )),
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
        Some(Image::misread(digit.picture.as_ref()?, [digit.label, digit.read], digit.sure))
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
