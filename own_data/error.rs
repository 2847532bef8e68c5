use chapters::{
    dataset,
    report::{grouped, short},
};
use std::path::{Path, PathBuf};

/// What can go wrong between the reader's examples and a model.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting that does not work, or a training that went astray.
    #[error(transparent)]
    Course(#[from] chapters::Error),
    /// Examples that could not be read.
    #[error(transparent)]
    Dataset(#[from] dataset::Error),
    /// A file that is no model of this program.
    #[error(
        "{path} is not a model of this program: {reason}; name a file that `handwritten train` has \
         written"
    )]
    NotAModel {
        /// The file.
        path: PathBuf,
        /// What is missing or malformed.
        reason: String,
    },
    /// Examples of another form than those that a model learned from.
    #[error(
        "the model reads {expected}, but {found} came: give it examples of the form it learned"
    )]
    OtherForm {
        /// What the model learned from.
        expected: String,
        /// What it was given.
        found: String,
    },
    /// Too few examples to set some aside.
    #[error(
        "of {found} examples in all, {held_out} set aside, too few are left to learn from, expected two at \
         least: bring more, or lower the share with `--validation`"
    )]
    TooFew {
        /// How many there are.
        found: usize,
        /// How many would be set aside.
        held_out: usize,
    },
    /// Examples that are all alike in what is to be learned.
    #[error(
        "all examples are of the class {class:?}, expected at least two classes: there is nothing to \
         tell apart; add examples of another class, or name the column of classes of a table with \
         `--label HEADING`"
    )]
    OneClass {
        /// The only class.
        class: String,
    },
    /// Patience, and no examples to be patient about.
    #[error(
        "none of {found} examples is set aside, so that patience has nothing to judge by: raise the \
         share with `--validation`, or leave `--patience` out"
    )]
    NoneAside {
        /// How many examples there are.
        found: usize,
    },
    /// Too few examples to hold any out.
    #[error(
        "{found} examples are too few for a sweep, which holds a fifth of them out, expected three at \
         least: bring more"
    )]
    NoneHeldOut {
        /// How many there are.
        found: usize,
    },
    /// More features than a model can name.
    #[error(
        "the examples have {} features, expected at most {}: leave columns out, or make the pictures \
         smaller",
        grouped(*found),
        grouped(*most)
    )]
    TooManyFeatures {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// A network that would fill the memory.
    #[error(
        "the network {} has {} weights, and takes {} GB to train with {} examples at once, expected at \
         most {} GB: take fewer hidden units with `--hidden`, fewer examples at once with `--batch`, or \
         leave columns out",
        sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-"),
        grouped(usize::try_from(*weights).unwrap_or(usize::MAX)),
        short((*bytes as f64 / 1e8).ceil() / 10.0),
        grouped(*at_once),
        short(*most as f64 / 1e9)
    )]
    TooLarge {
        /// Units of each layer, from the inputs to the outputs.
        sizes: Vec<usize>,
        /// How many weights and biases these have.
        weights: u128,
        /// How many examples are shown at once.
        at_once: usize,
        /// The memory that all this takes.
        bytes: u128,
        /// The memory that there is for them.
        most: u128,
    },
    /// A price that leaves nothing of the weights.
    #[error(
        "the price λ of {} is too high for {examples} examples and the learning rate {}: it alone would \
         carry every weight past 0 in each step; try 1",
        short(*lambda),
        short(*rate)
    )]
    PriceTooHigh {
        /// The price.
        lambda: f64,
        /// The learning rate.
        rate: f64,
        /// How many examples are learned from.
        examples: usize,
    },
    /// A start from which no way leads down.
    #[error(
        "L-BFGS finds no way down from the starting weights, where the cost is {}: try another \
         `--seed`, or more hidden units",
        short(*cost)
    )]
    NoWayDown {
        /// The cost of the starting weights.
        cost: f64,
    },
    /// A model that makes nothing of an example.
    #[error(
        "what the model computes of example {example} is no number: its weights are too large; train it \
         anew, with a smaller learning rate"
    )]
    NoNumber {
        /// Which, counted from 1.
        example: usize,
    },
    /// Numbers whose mean or standard deviation is beyond all numbers.
    #[error(
        "the numbers of {feature:?} are too large to be scaled: divide the column by its largest \
         number, or leave it out"
    )]
    BeyondScale {
        /// The name of their column.
        feature: String,
    },
    /// Numbers that differ by less than their standard deviation can tell.
    #[error(
        "the numbers of {feature:?} are too close to 0 to be scaled: multiply the column until its \
         largest number is about 1, or leave it out"
    )]
    TooSmall {
        /// The name of their column.
        feature: String,
    },
    /// A number unlike all that was learned from.
    #[error(
        "the number {} of {feature:?} in example {example} becomes {} when it is scaled as the \
         numbers learned from, expected less than a million: correct it, or leave the example out",
        short(*found),
        short(*scaled)
    )]
    FarOff {
        /// The number.
        found: f64,
        /// The name of its column.
        feature: String,
        /// Which example, counted from 1.
        example: usize,
        /// What the network would see.
        scaled: f64,
    },
}

impl Error {
    /// Says what is wrong with a file that should hold a model.
    pub(super) fn not_a_model(path: &Path) -> impl Fn(String) -> Self {
        move |reason| Self::NotAModel { path: path.to_owned(), reason }
    }
}
