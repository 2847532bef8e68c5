//! Any seed gives a report of finite numbers, which survives JSON.

use crate::{cases, examples::seed};
use chapters::{
    CHAPTERS, Chapter, Course, Overrides, chapter_01_perceptron, chapter_02_logistic_regression,
    chapter_03_shallow_network, chapter_04_regularised_network, chapter_05_mnist, chapter_06_speed,
    chapter_07_augmentation,
    dataset::{DigitSource, idx, mnist, pen::pen_digits},
    progress::unwatched,
    report::Committed,
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{fs, path::Path, sync::LazyLock};
use tempfile::TempDir;

/// A folder with few digits, and a table of fewer.
static DIGITS: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let [train, test] = [pen_digits(200, 1), pen_digits(50, 2)];
    train.balanced(4).unwrap().write_csv(&folder.path().join("rows.csv")).unwrap();
    let contents = [train, test].map(|digits| digits.to_idx());
    for (file, content) in mnist::FILES.iter().zip(contents.iter().flatten()) {
        idx::write(&folder.path().join(file.name), content).unwrap();
    }
    folder
});

/// Where a report says nothing: JSON has no other word for a number that is not finite.
fn nothing(report: &Value, name: &str) -> Vec<String> {
    match report {
        Value::Null => vec![name.to_owned()],
        Value::Array(values) => values.iter().flat_map(|value| nothing(value, name)).collect(),
        Value::Object(parts) => parts.iter().flat_map(|(name, part)| nothing(part, name)).collect(),
        _ => Vec::new(),
    }
}

/// A report as its chapter reads it, written again.
fn reread(number: usize, report: &Value) -> Value {
    fn through<T: DeserializeOwned + Serialize>(report: &Value) -> Value {
        let text = serde_json::to_string(report).unwrap();
        serde_json::to_value(serde_json::from_str::<T>(&text).unwrap()).unwrap()
    }
    match number {
        1 => through::<chapter_01_perceptron::Report>(report),
        2 => through::<chapter_02_logistic_regression::Report>(report),
        3 => through::<chapter_03_shallow_network::Report>(report),
        4 => through::<chapter_04_regularised_network::Report>(report),
        5 => through::<chapter_05_mnist::Report>(report),
        6 => through::<chapter_06_speed::Report>(report),
        7 => through::<chapter_07_augmentation::Report>(report),
        _ => panic!("chapter {number} has a report of another kind"),
    }
}

fn report_is_finite_and_survives(number: usize, seed: u64) -> Result<(), TestCaseError> {
    let chapter = Chapter::numbered(number).unwrap();
    let rows = (number == 4).then(|| DIGITS.path().join("rows.csv"));
    let overrides = Overrides { seeds: Some(2), ..Overrides::NONE };
    let overrides = match number {
        1 => Overrides { epochs: Some(3), ..overrides },
        2 => Overrides { epochs: Some(40), ..overrides },
        3 => Overrides { epochs: Some(3), seeds: Some(1), ..overrides },
        _ => Overrides { hidden: Some(2), ..overrides },
    };
    let digits = DigitSource::Own(DIGITS.path().to_owned());
    let course = Course { seed, digits, rows, overrides, watch: &unwatched };
    let report = chapter.run(&course).unwrap();
    prop_assert_eq!(nothing(&report, ""), Vec::<String>::new());
    prop_assert_eq!(reread(number, &report), report);
    Ok(())
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn chapter_01_has_a_finite_report_of_any_seed(seed in seed()) {
        report_is_finite_and_survives(1, seed)?;
    }

    #[test]
    fn chapter_02_has_a_finite_report_of_any_seed(seed in seed()) {
        report_is_finite_and_survives(2, seed)?;
    }

    #[test]
    fn chapter_03_has_a_finite_report_of_any_seed(seed in seed()) {
        report_is_finite_and_survives(3, seed)?;
    }

    #[test]
    fn chapter_04_has_a_finite_report_of_any_seed(seed in seed()) {
        report_is_finite_and_survives(4, seed)?;
    }
}

#[test]
fn last_seed_is_followed_by_the_first() {
    for number in [1, 2, 3, 4, 7] {
        report_is_finite_and_survives(number, u64::MAX).unwrap();
    }
}

#[test]
fn committed_reports_survive_json() {
    for chapter in &CHAPTERS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/reports");
        let text = fs::read_to_string(path.join(format!("{}.json", chapter.key()))).unwrap();
        let committed: Committed = serde_json::from_str(&text).unwrap();
        let again = serde_json::to_string_pretty(&committed).unwrap();
        assert_eq!(again + "\n", text);
        let again = chapter.commit(reread(chapter.number, &committed.report)).report;
        assert_eq!(again, committed.report, "{}", chapter.key());
    }
}
