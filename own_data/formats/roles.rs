//! What arrays are for, told by their names: `x` and `y`, `X_train` and `y_train`, `test_images` and
//! `test_labels`, `data` and `target`, in any order and spelling.

/// What an array or a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Inputs,
    Labels,
}

/// Which examples are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All there are.
    All,
    Train,
    Validation,
    Test,
}

/// A name, understood.
#[derive(Debug, PartialEq)]
pub(super) struct Named {
    pub(super) role: Role,
    pub(super) part: Part,
    /// Lower for what is more likely meant.
    pub(super) rank: usize,
    /// Words that say neither.
    pub(super) others: Vec<String>,
}

const INPUTS: [&str; 10] =
    ["x", "images", "image", "imgs", "img", "data", "inputs", "input", "pixels", "features"];
const LABELS: [&str; 7] = ["y", "labels", "label", "lbls", "targets", "target", "class"];
/// Longer words before those that they begin with.
const PARTS: [(&str, Part); 8] = [
    ("training", Part::Train),
    ("train", Part::Train),
    ("validation", Part::Validation),
    ("valid", Part::Validation),
    ("val", Part::Validation),
    ("testing", Part::Test),
    ("test", Part::Test),
    ("t10k", Part::Test),
];

/// What a name means, if one of its words is known.
pub(super) fn understand(name: &str) -> Option<Named> {
    let (mut role, mut part, mut others) = (None, Part::All, Vec::new());
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    for word in words.filter(|word| !word.is_empty()).map(str::to_lowercase) {
        // A word may say both, as in `xtrain`
        let both = PARTS.iter().find_map(|&(name, part)| {
            let rest = word.strip_prefix(name).or_else(|| word.strip_suffix(name))?;
            (rest.is_empty() || role_of(rest).is_some()).then_some((part, rest))
        });
        let (of_word, rest) = both.unwrap_or((part, &word));
        part = of_word;
        match role_of(rest) {
            Some(found) if role.is_none() => role = Some(found),
            None if rest.is_empty() => (),
            _ => others.push(word),
        }
    }
    role.map(|(role, rank)| Named { role, part, rank, others })
}

/// What a word says on what an array is for, and how likely that is.
fn role_of(word: &str) -> Option<(Role, usize)> {
    let within = |words: &[&str]| words.iter().position(|known| *known == word);
    let labels = || within(&LABELS).map(|rank| (Role::Labels, rank));
    within(&INPUTS).map(|rank| (Role::Inputs, rank)).or_else(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_spelling_are_understood() {
        use Part::{All, Test, Train, Validation};
        use Role::{Inputs, Labels};
        for (name, role, part) in [
            ("x", Inputs, All),
            ("Y", Labels, All),
            ("X_train", Inputs, Train),
            ("y_train", Labels, Train),
            ("xtest", Inputs, Test),
            ("trainX", Inputs, Train),
            ("test_labels", Labels, Test),
            ("val_images", Inputs, Validation),
            ("train-images", Inputs, Train),
            ("data", Inputs, All),
            ("target", Labels, All),
        ] {
            let found = understand(name).unwrap();
            assert_eq!((found.role, found.part, found.others.len()), (role, part, 0), "{name}");
        }
        assert_eq!(understand("kmnist-train-imgs").unwrap().others, ["kmnist"]);
        for unknown in ["weights", "arr_0", "latest", "train", ""] {
            assert_eq!(understand(unknown), None, "{unknown}");
        }
    }
}
