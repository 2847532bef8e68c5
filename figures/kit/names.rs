//! Names of classes and columns as figures write them. A name may be anything: too long, in letters that
//! are not drawn here, or like another at first sight.

use super::{
    glyphs,
    text::{self, BODY, Weight},
};
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// The widest that a name may be, in pixels.
const WIDEST: f64 = 380.0;
/// Longer ones are not measured: no letter is narrower than a fifth of their height.
const MOST_LETTERS: usize = 60;
/// As much of a name as a sentence repeats, in characters.
const REPEATED: usize = 80;
/// As many names as a sentence explains.
const EXPLAINED: usize = 8;
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
        // Nobody's name begins like a number
        let is_free = |sign: &String| !plain.iter().any(|name| name.starts_with(sign));
        let sign = (1..).map(|n| "#".repeat(n)).find(is_free).unwrap_or_default();
        let cuts: Vec<Option<String>> = plain.iter().map(|name| cut(name, WIDEST)).collect();
        let mut alike: HashMap<String, usize> = HashMap::new();
        for cut in cuts.iter().flatten() {
            *alike.entry(seen(cut)).or_default() += 1;
        }
        let short = |(i, found): (usize, Option<String>)| match found {
            Some(found) if alike[&seen(&found)] == 1 => isolated(found),
            found => {
                let number = format!("{sign}{}", i + 1);
                let room = WIDEST - width(&format!("{number} "));
                let rest = found.and_then(|_| cut(&plain[i], room));
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
        let changed = pairs.filter(|(short, full)| seen(short) != full.nfc().collect::<String>());
        changed.map(|(short, full)| [self.what.as_str(), short.trim_matches(ISOLATED), full])
    }

    /// The key as a sentence, if there is anything to explain.
    pub fn explained(&self) -> Option<String> {
        let entries: Vec<String> = self
            .key()
            .map(|[_, short, full]| format!("{} is “{}”", seen(short), shortened(full)))
            .collect();
        let left = entries.len().saturating_sub(EXPLAINED);
        let mut told = entries[..entries.len() - left].join(", ");
        if left > 0 {
            told += &format!(", and {left} more");
        }
        (!told.is_empty()).then(|| format!("In figures the {} {told}.", self.what))
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

/// A name without its middle if it would be too wide, or nothing if it cannot be read in a figure.
fn cut(name: &str, widest: f64) -> Option<String> {
    let letters: Vec<char> = name.chars().collect();
    if seen(name).is_empty() {
        return None;
    }
    if letters.len() <= MOST_LETTERS && width(name) <= widest {
        return glyphs::is_drawn(name).then(|| name.to_owned());
    }
    let most = letters.len().min(MOST_LETTERS);
    let cut = (1..most).rev().map(|kept| without_middle(&letters, kept));
    cut.into_iter().find(|cut| width(cut) <= widest).filter(|cut| glyphs::is_drawn(cut))
}

/// The first half and the last of the letters that are kept, marks with what they belong to.
fn without_middle(letters: &[char], kept: usize) -> String {
    let (first, last) = letters.split_at(letters.len() - kept / 2);
    let first: String = first[..kept - kept / 2].iter().collect();
    let last: String = last.iter().skip_while(|&&c| glyphs::is_mark(c)).collect();
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

    fn short(names: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        Names::new("class", &names).short().to_vec()
    }
}
