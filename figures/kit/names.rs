//! Names of classes and columns as figures write them. A name may be anything: too long, in letters that
//! are not drawn here, or like another at first sight.

use super::{
    glyphs,
    text::{self, BODY, Weight},
};
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// The widest that a name may be, in pixels.
const WIDEST: f64 = 350.0;
/// Longer ones are not measured: no letter is narrower than a fifth of their height.
const MOST_LETTERS: usize = 60;
/// As much of a name as a sentence repeats, in characters.
const REPEATED: usize = 60;
/// As many names as a sentence explains.
const EXPLAINED: usize = 5;
/// Begins and ends a name that is read from right to left, so that it leaves the words around it in
/// their places.
const ISOLATED: [char; 2] = ['\u{2068}', '\u{2069}'];

/// Names with the short forms that stand for them in figures, no two of which look alike.
///
/// A long name is cut in its middle. One whose letters cannot be drawn is a number, `#3` for the third;
/// the number also stands before names that would look like others.
#[derive(Clone, Debug, PartialEq)]
pub struct Names {
    /// What is named, for example `class`.
    what: String,
    full: Vec<String>,
    short: Vec<String>,
}

impl Names {
    /// Short forms of these names of a `what`.
    pub fn new(what: &str, full: &[String]) -> Self {
        let plain: Vec<String> = full.iter().map(|name| one_line(name)).collect();
        // No name begins like a number
        let is_free = |sign: &&str| !plain.iter().any(|name| name.starts_with(sign));
        let sign = ["#", "№", "§"].into_iter().find(is_free).unwrap_or("¤");
        let cut_at = |at| plain.iter().map(move |name| cut(name, WIDEST, at)).collect::<Vec<_>>();
        let most = |cuts: &Vec<Option<String>>| alike(cuts).len();
        let cuts = [Cut::Middle, Cut::End, Cut::Beginning].map(|at| (at, cut_at(at)));
        // What is the same in all names had best be cut
        let (at, cuts) = cuts.into_iter().rev().max_by_key(|(_, cuts)| most(cuts)).expect("three");
        let alike = alike(&cuts);
        let short = |(i, found): (usize, Option<String>)| match found {
            Some(found) if alike[&seen(&found)] == 1 => isolated(found),
            found => {
                let number = format!("{sign}{}", i + 1);
                let room = WIDEST - width(&format!("{number} "));
                let rest = found.and_then(|_| cut(&plain[i], room, at));
                rest.map_or(number.clone(), |rest| format!("{number} {}", isolated(rest)))
            }
        };
        let short = cuts.into_iter().enumerate().map(short).collect();
        Self { what: what.to_owned(), full: full.to_vec(), short }
    }

    /// What stands in figures for each name.
    pub fn short(&self) -> &[String] {
        &self.short
    }

    /// What stands in figures for names that are not there as they are, and the names.
    pub fn key(&self) -> impl Iterator<Item = [&str; 3]> {
        let pairs = self.short.iter().zip(&self.full);
        let changed = pairs.filter(|(short, full)| seen(short) != seen(&one_line(full)));
        changed.map(|(short, full)| [self.what.as_str(), short.trim_matches(ISOLATED), full])
    }

    /// The key as a sentence, if there is anything to explain.
    pub fn explained(&self) -> Option<String> {
        let entries: Vec<String> = self
            .key()
            .map(|[_, short, full]| format!("{} is “{}”", seen(short), shortened(full)))
            .collect();
        let left = entries.len().saturating_sub(EXPLAINED);
        let told = entries[..entries.len() - left].join(", ");
        let more = if left > 0 { format!(", and {left} more") } else { String::new() };
        (!told.is_empty()).then(|| format!("In figures the {} {told}{more}.", self.what))
    }
}

/// A name on one line of a terminal or a figure: spaces instead of tabs and ends of lines, pictures of
/// other control characters instead of themselves, nothing that turns the words around it.
pub fn one_line(name: &str) -> String {
    let shown = |c: char| match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(c),
        '\u{7f}' => '␡',
        c if c.is_control()
            || matches!(c, '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..) && !glyphs::is_assigned(c) =>
        {
            char::REPLACEMENT_CHARACTER
        }
        c => c,
    };
    let words: Vec<String> = name
        .split_whitespace()
        .map(|word| word.nfc().filter(|&c| !glyphs::turns(c)).map(shown).collect())
        .collect();
    words.join(" ")
}

/// A name for a sentence.
fn shortened(name: &str) -> String {
    let name = one_line(name);
    let letters: Vec<char> = name.chars().take(REPEATED + 1).collect();
    if letters.len() > REPEATED {
        letters[..REPEATED].iter().chain(&['…']).collect()
    } else {
        name
    }
}

/// Which part of a name is cut.
#[derive(Clone, Copy)]
enum Cut {
    Beginning,
    Middle,
    End,
}

/// How often each form is there.
fn alike(cuts: &[Option<String>]) -> HashMap<String, usize> {
    let mut alike = HashMap::new();
    for cut in cuts.iter().flatten() {
        *alike.entry(seen(cut)).or_default() += 1;
    }
    alike
}

/// A name without a part if it would be too wide, or nothing if it cannot be read in a figure.
fn cut(name: &str, widest: f64, at: Cut) -> Option<String> {
    let letters: Vec<char> = name.chars().collect();
    if seen(name).is_empty() {
        return None;
    }
    if letters.len() <= MOST_LETTERS && width(name) <= widest {
        return glyphs::is_drawn(name).then(|| name.to_owned());
    }
    let cut = |kept: &usize| without_a_part(&letters, *kept, at);
    let kept: Vec<usize> = (0..letters.len().min(MOST_LETTERS)).collect();
    let fit = kept.partition_point(|kept| width(&cut(kept)) <= widest);
    Some(cut(&fit.checked_sub(1)?)).filter(|cut| glyphs::is_drawn(cut))
}

/// The letters that are kept at either end, marks with what they belong to.
fn without_a_part(letters: &[char], kept: usize, at: Cut) -> String {
    let last = match at {
        Cut::Beginning => kept,
        Cut::Middle => kept / 2,
        Cut::End => 0,
    };
    let first: String = letters[..kept - last].iter().collect();
    let last = letters[letters.len() - last..].iter();
    let last: String = last.skip_while(|&&c| glyphs::is_mark(c)).collect();
    format!("{}…{}", first.trim_end(), last.trim_start())
}

/// What is seen of a text.
fn seen(text: &str) -> String {
    text.chars().filter(|&c| !glyphs::is_unseen(c)).collect()
}

fn isolated(name: String) -> String {
    if glyphs::visual(&name) == name {
        name
    } else {
        format!("{}{name}{}", ISOLATED[0], ISOLATED[1])
    }
}

/// Headings are bold, and so the widest.
fn width(name: &str) -> f64 {
    text::width(name, BODY, Weight::Bold).unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn names<S: ToString>(full: &[S]) -> Names {
        Names::new("class", &full.iter().map(S::to_string).collect::<Vec<_>>())
    }

    fn short<S: ToString>(full: &[S]) -> Vec<String> {
        names(full).short().to_vec()
    }

    #[test]
    fn names_in_many_scripts_stand_as_they_are() {
        let full = [
            "Größe",
            "ελληνικά",
            "кириллица",
            "Հայերեն",
            "ქართული",
            "かな",
            "カナ",
            "漢字",
            "한글",
            "ไทย",
            "ລາວ",
            "ኢትዮጵያ",
            "😀",
            "🦊🍎",
            "❤️",
            "½ °C",
            "a/b <c> & \"d\"",
        ];
        assert_eq!(short(&full), full);
        assert_eq!(names(&full).explained(), None);
    }

    #[test]
    fn names_read_from_right_to_left_are_isolated() {
        let full = ["עברית", "العربية", "فارسی"];
        let isolated = full.map(|name| format!("\u{2068}{name}\u{2069}"));
        assert_eq!(short(&full), isolated);
        assert_eq!(names(&full).key().count(), 0);
    }

    #[test]
    fn what_cannot_be_drawn_is_a_number() {
        let full = ["plain", "हिन्दी", "ខ្មែរ", "", " ", "\u{200b}", "\u{e000}", "a\u{378}", "🏽"];
        let expected = ["plain", "#2", "#3", "#4", "#5", "#6", "#7", "#8", "#9"];
        assert_eq!(short(&full), expected);
        let key: Vec<_> = names(&full[..3]).key().map(|row| row.map(str::to_owned)).collect();
        assert_eq!(key, [["class", "#2", "हिन्दी"], ["class", "#3", "ខ្មែរ"]]);
        let told = names(&full[..3]).explained();
        assert_eq!(told.unwrap(), "In figures the class #2 is “हिन्दी”, #3 is “ខ្មែរ”.");
    }

    #[test]
    fn names_that_look_alike_are_told_apart() {
        assert_eq!(short(&["ab", "a\u{200b}b", "c"]), ["#1 ab", "#2 a\u{200b}b", "c"]);
        assert_eq!(short(&["a b", "a\tb"]), ["#1 a b", "#2 a b"]);
        // Points are not drawn
        let points = short(&["שלום", "שָׁלוֹם", "محمد", "مُحَمَّد"]);
        assert!(
            (1..).zip(&points).all(|(n, name)| name.starts_with(&format!("#{n} "))),
            "{points:?}"
        );
        // A number that is a name is no number
        assert_eq!(short(&["#2", "हि"]), ["#2", "№2"]);
    }

    #[test]
    fn long_names_are_cut_where_they_do_not_differ() {
        let middle = "which is very long indeed and the same in both";
        let full = [format!("one {middle} first"), format!("one {middle} last")];
        assert_eq!(short(&full), ["one which…both first", "one which i…both last"]);
        let full = [1, 2].map(|i| format!("species number {i} of {middle}"));
        assert_eq!(short(&full), ["species number 1 of…", "species number 2 of…"]);
        let full = [1, 2].map(|i| format!("{middle} {i} {middle}"));
        assert!(short(&full).iter().zip(["#1 ", "#2 "]).all(|(s, number)| s.starts_with(number)));
    }

    #[test]
    fn short_forms_fit_and_differ_whatever_the_names_are() {
        let letters: Vec<char> = (0..=0x0010_ffff).step_by(61).filter_map(char::from_u32).collect();
        let mut full: Vec<String> = letters.chunks(7).map(|part| part.iter().collect()).collect();
        full.extend(["x", "語", "ال", "ี", "👨\u{200d}"].map(|letter| letter.repeat(10_000)));
        let names = names(&full);
        let different: HashSet<String> = names.short().iter().map(|name| seen(name)).collect();
        assert_eq!(different.len(), full.len());
        for name in names.short() {
            assert!(width(name) <= WIDEST, "{name:?} is {} wide", width(name));
            assert!(glyphs::is_drawn(name) && !name.contains(char::is_control), "{name:?}");
        }
    }

    #[test]
    fn decomposed_letters_are_composed() {
        assert_eq!(one_line("Gro\u{308}ße"), "Größe");
        assert_eq!(one_line("\u{1112}\u{1161}\u{11ab}"), "한");
    }

    #[test]
    fn nothing_that_controls_a_terminal_is_left() {
        let name = "\u{1b}[31mred\u{7}\r\n\u{202e}two\tlines\u{9b}\u{7f}";
        assert_eq!(one_line(name), "␛[31mred␇ two lines\u{fffd}␡");
    }
}
