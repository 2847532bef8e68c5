//! The chapters of *Handwritten*, which teaches neural networks by building them: from one perceptron
//! to a network that reads handwriting.
//!
//! Each chapter is one step up, and uses only the ground floor and the chapters below it. Everything
//! flows one way: a [`dataset`] trains a chapter's network, an experiment turns the outcome into a
//! report of numbers and curves, and figures are drawn from the report alone.
//!
//! Rows are examples everywhere: `x` has the shape `(m, n)`, `m` examples of `n` features.
//!
//! What a chapter teaches works in a project of your own. Here four hidden units separate two
//! rings, as in chapter 3; the folder `examples` has a program like this for each chapter.
//!
//! ```
//! use chapters::{
//!     chapter_02_logistic_regression::threshold,
//!     chapter_03_shallow_network::Network,
//!     dataset::GaussianQuantiles,
//!     metrics::accuracy,
//!     random::{Purpose, stream},
//! };
//!
//! // Data: 200 points of two classes
//! let rings = GaussianQuantiles::ARTICLE.draw(&mut stream(1, Purpose::Data))?;
//! let (x, y) = (rings.x.view(), rings.y());
//!
//! // Training: forward, backward, update
//! let mut network = Network::random(2, 4, &mut stream(1, Purpose::Weights));
//! for _ in 0..5000 {
//!     let activations = network.forward(x);
//!     let gradient = network.backward(x, y.view(), &activations);
//!     network.descend(&gradient, 1.2);
//! }
//!
//! // Most of the points come out right
//! let y_hat = threshold(network.predict(x).view());
//! assert!(accuracy(y_hat, y) > 0.9);
//! # Ok::<(), chapters::CourseError>(())
//! ```
//!
//! [In the book](../../book/opening.html#what-will-be-built)

pub use course::{Chapter, Course, Experiment};
pub use error::CourseError;
pub use settings::{Overrides, Setting};

pub mod chapter_01_perceptron;
pub mod chapter_02_logistic_regression;
pub mod chapter_03_shallow_network;
pub mod chapter_04_regularised_network;
pub mod chapter_05_mnist;
pub mod chapter_06_speed;
pub mod chapter_07_augmentation;
mod course;
pub mod dataset;
mod error;
pub mod gradient_check;
pub mod metrics;
pub mod progress;
pub mod random;
pub mod report;
pub mod settings;

/// Every chapter there is, in order. One other table has a line for each, that of the pictures in the
/// crate `figures`, and the compiler checks that both have the same length.
pub const CHAPTERS: [Chapter; 7] = [
    Chapter::of::<chapter_01_perceptron::Report>(),
    Chapter::of::<chapter_02_logistic_regression::Report>(),
    Chapter::of::<chapter_03_shallow_network::Report>(),
    Chapter::of::<chapter_04_regularised_network::Report>(),
    Chapter::of::<chapter_05_mnist::Report>(),
    Chapter::of::<chapter_06_speed::Report>(),
    Chapter::of::<chapter_07_augmentation::Report>(),
];

impl Chapter {
    /// The chapter with this number.
    pub fn numbered(number: usize) -> Result<&'static Self, CourseError> {
        let unknown = CourseError::UnknownChapter { found: number, last: CHAPTERS.len() };
        CHAPTERS.iter().find(|chapter| chapter.number == number).ok_or(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn chapters_are_numbered_from_one() {
        for (number, chapter) in (1..).zip(&CHAPTERS) {
            assert_eq!(chapter.number, number);
        }
    }

    #[test]
    fn every_chapter_has_tests_that_its_name_finds() {
        // A filter that matches nothing passes: so count what each chapter's filter finds.
        let tests = std::env::current_exe().unwrap();
        for chapter in &CHAPTERS {
            let list = Command::new(&tests).args([&chapter.key(), "--list"]).output().unwrap();
            let found = String::from_utf8(list.stdout).unwrap().matches(": test").count();
            assert!(found >= 5, "`cargo test {}` finds only {found} tests", chapter.key());
        }
    }

    #[test]
    fn unknown_chapters_are_refused() {
        let error = Chapter::numbered(99).err().unwrap().to_string();
        assert_eq!(
            error,
            format!("there is no chapter 99: the course has chapters 1 to {}", CHAPTERS.len())
        );
    }
}
