//! What the reader may set in place of a chapter's own choices.
//!
//! [In the book](../../../book/opening.html#how-do-i-read-it)

use crate::{CourseError, report::short};
use std::fmt::{self, Display};

/// A number that may be set, and everything that is said about it.
#[derive(Debug)]
pub struct Setting {
    /// What it sets, in plain words.
    pub name: &'static str,
    /// Its option, without the dashes; any further ones are aliases.
    pub options: &'static [&'static str],
    /// What stands for its value in the help.
    pub placeholder: &'static str,
    /// What it does.
    pub help: &'static str,
    /// Which values can be trained with.
    pub usable: fn(f64) -> bool,
    /// The same in words.
    pub expected: &'static str,
    /// Reads a value: overrides in which nothing else is set.
    pub parse: fn(&str) -> Result<Overrides, String>,
}

/// Each entry is all there is to write down for a setting: [`Overrides`], the options of
/// `handwritten chapter` and every check are generated from it.
macro_rules! settings {
    ($($field:ident: $number:ty = $NAME:ident { $($part:ident: $value:expr,)* })*) => {
        /// Settings in place of a chapter's own; each chapter's `Report` says what it makes of them.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Overrides {
            $(#[doc = concat!("See [`Setting::", stringify!($NAME), "`].")]
            pub $field: Option<$number>,)*
        }

        impl Overrides {
            /// The chapter's own choice for everything.
            pub const NONE: Self = Self { $($field: None,)* };

            /// These settings, and `others` where there is none.
            pub fn or(self, others: Self) -> Self {
                Self { $($field: self.$field.or(others.$field),)* }
            }

            /// What is set, and to which value.
            pub fn set(&self) -> impl Iterator<Item = (&'static Setting, Number)> {
                [$(self.$field.map(|value| (&Setting::$NAME, Number::from(value))),)*]
                    .into_iter()
                    .flatten()
            }
        }

        impl Setting {
            /// All that an option may set.
            pub const ALL: &[&Self] = &[$(&Self::$NAME,)*];
            $(#[doc = concat!("See [`Overrides::", stringify!($field), "`].")]
            pub const $NAME: Self = Self {
                $($part: $value,)*
                parse: |text| match text.parse() {
                    Ok(value) => Ok(Overrides { $field: Some(value), ..Overrides::NONE }),
                    Err(error) => Err(<$number as std::str::FromStr>::Err::to_string(&error)),
                },
            };)*
        }
    };
}

// More units, epochs or seeds would fill the memory or take for ever: surely a typing error
settings! {
    hidden: usize = HIDDEN {
        name: "number of hidden units",
        options: &["hidden"],
        placeholder: "N",
        help: "Number of hidden units, in chapters whose network has one hidden layer",
        usable: |units| (1.0..=100_000.0).contains(&units),
        expected: "from 1 to 100000",
    }
    epochs: usize = EPOCHS {
        name: "number of epochs",
        options: &["epochs", "iterations"],
        placeholder: "N",
        help: "Number of epochs: how often every example is shown, at most",
        usable: |epochs| (1.0..=1_000_000.0).contains(&epochs),
        expected: "from 1 to 1000000",
    }
    learning_rate: f64 = LEARNING_RATE {
        name: "learning rate",
        options: &["learning-rate"],
        placeholder: "RATE",
        help: "Learning rate: how far each step of gradient descent goes",
        usable: |rate| rate > 0.0 && rate.is_finite(),
        expected: "a positive number",
    }
    weight_decay: f64 = WEIGHT_DECAY {
        name: "weight decay",
        options: &["weight-decay"],
        placeholder: "SHARE",
        help: "Weight decay: how fast weights shrink towards 0, in place of an L2 penalty",
        usable: |decay| decay >= 0.0 && decay.is_finite(),
        expected: "0 or a positive number",
    }
    error_threshold: f64 = ERROR_THRESHOLD {
        name: "error to stop at",
        options: &["until-error"],
        placeholder: "SHARE",
        help: "Stop training once at most this share of the validation digits is misread",
        usable: |error| (0.0..=1.0).contains(&error),
        expected: "a share from 0 to 1",
    }
    seeds: usize = SEEDS {
        name: "number of seeds",
        options: &["seeds"],
        placeholder: "N",
        help: "How many seeds to average over, counted up from --seed",
        usable: |seeds| (1.0..=1_000.0).contains(&seeds),
        expected: "from 1 to 1000",
    }
}

impl Setting {
    /// Refuses a value that nothing can be trained with.
    pub fn check(&self, value: impl Into<Number>) -> Result<(), CourseError> {
        let value = value.into();
        CourseError::unless((self.usable)(value.into()), self.name, self.expected, value)
    }
}

impl PartialEq for Setting {
    /// No two have the same name.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The value of a setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// How many.
    Count(usize),
    /// How much.
    Real(f64),
}

impl From<usize> for Number {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

impl From<f64> for Number {
    fn from(real: f64) -> Self {
        Self::Real(real)
    }
}

impl From<Number> for f64 {
    fn from(number: Number) -> Self {
        match number {
            Number::Count(count) => count as f64,
            Number::Real(real) => real,
        }
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Real(real) => f.write_str(&short(*real)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_nothing_can_be_trained_with_are_refused() {
        let refusal = |checked: Result<(), CourseError>| checked.unwrap_err().to_string();
        assert!(Setting::HIDDEN.check(3).is_ok());
        assert!(Setting::HIDDEN.check(100_000).is_ok());
        assert_eq!(
            refusal(Setting::HIDDEN.check(0)),
            "the number of hidden units must be from 1 to 100000, but it is 0"
        );
        assert_eq!(
            refusal(Setting::EPOCHS.check(usize::MAX)),
            format!("the number of epochs must be from 1 to 1000000, but it is {}", usize::MAX)
        );
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(
                refusal(Setting::LEARNING_RATE.check(rate)),
                format!("the learning rate must be a positive number, but it is {rate}")
            );
        }
    }

    #[test]
    fn settings_are_read_one_by_one_and_joined() {
        let parse = |setting: Setting, text| (setting.parse)(text);
        let hidden = parse(Setting::HIDDEN, "8").unwrap();
        assert_eq!(hidden, Overrides { hidden: Some(8), ..Overrides::NONE });
        let both = hidden.or(parse(Setting::LEARNING_RATE, "0.5").unwrap());
        let expected =
            [(&Setting::HIDDEN, Number::Count(8)), (&Setting::LEARNING_RATE, Number::Real(0.5))];
        assert!(both.set().eq(expected));
        assert_eq!(parse(Setting::SEEDS, "many").unwrap_err(), "invalid digit found in string");
    }

    #[test]
    fn no_two_settings_share_a_name_or_an_option() {
        let names: Vec<_> = Setting::ALL.iter().map(|setting| setting.name).collect();
        let options: Vec<_> = Setting::ALL.iter().flat_map(|setting| setting.options).collect();
        for i in 1..names.len() {
            assert!(!names[..i].contains(&names[i]));
        }
        for i in 1..options.len() {
            assert!(!options[..i].contains(&options[i]));
        }
    }
}
