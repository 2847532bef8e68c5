//! What each character is drawn with: the outlines of three fonts, and where these have none, the dots
//! of GNU Unifont.

use super::error::DrawError;
use ab_glyph::{Font, FontRef, GlyphId};
use ar_reshaper::reshape_line;
use std::{
    borrow::Cow,
    sync::{LazyLock, Mutex, OnceLock, PoisonError},
};
use ttf_parser::Face;
use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};
use unicode_width::UnicodeWidthChar;
use unifont_bitmap::Unifont;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// A weight of a font, read twice: once for outlines, once for its kerning pairs.
pub(super) struct Typeface {
    pub(super) font: FontRef<'static>,
    pub(super) face: Face<'static>,
}

/// The fonts, regular and bold, in the order in which they are asked for a character. Latin, Greek,
/// Cyrillic and Hebrew letters are in the first, Armenian and Georgian ones in the second, Arabic ones
/// in the third.
const FONTS: [[&str; 2]; 3] = [
    ["LibertinusSerif-Regular", "LibertinusSerif-Bold"],
    ["NewCM10-Regular", "NewCM10-Bold"],
    ["DejaVuSansMono", "DejaVuSansMono-Bold"],
];

/// One of the [`FONTS`], the first for nearly everything.
pub(super) fn typeface(place: usize, weight: Weight) -> Result<&'static Typeface, DrawError> {
    static READ: [[OnceLock<Option<Typeface>>; 2]; 3] =
        [const { [const { OnceLock::new() }; 2] }; 3];
    let (cell, name) = (&READ[place][weight as usize], FONTS[place][weight as usize]);
    cell.get_or_init(|| find(name)).as_ref().ok_or_else(|| DrawError::Font(name.to_string()))
}

fn find(name: &str) -> Option<Typeface> {
    let bytes = font_file(name)?;
    let (font, face) = (FontRef::try_from_slice(bytes).ok()?, Face::parse(bytes, 0).ok()?);
    Some(Typeface { font, face })
}

/// The bundled font with this PostScript name.
pub fn font_file(name: &str) -> Option<&'static [u8]> {
    typst_assets::fonts().find(|bytes| {
        Face::parse(bytes, 0).is_ok_and(|face| {
            face.names().into_iter().any(|entry| {
                entry.name_id == ttf_parser::name_id::POST_SCRIPT_NAME
                    && entry.to_string().as_deref() == Some(name)
            })
        })
    })
}

/// What a character is drawn with.
pub(super) enum Glyph {
    Outline(&'static Typeface, GlyphId),
    Dots(Dots),
}

/// A letter of dots in 16 rows, whose baseline lies below the fourteenth.
pub(super) struct Dots {
    bytes: Vec<u8>,
}

impl Dots {
    pub(super) const ROWS: usize = 16;
    pub(super) const ABOVE_BASELINE: usize = 14;

    pub(super) fn columns(&self) -> usize {
        self.bytes.len() / Self::ROWS * 8
    }

    /// Rows and columns of what is black.
    pub(super) fn black(&self) -> impl Iterator<Item = (usize, usize)> {
        let columns = self.columns();
        (0..Self::ROWS * columns)
            .filter(|&i| self.bytes[i / 8] & (0x80 >> (i % 8)) != 0)
            .map(move |i| (i / columns, i % columns))
    }
}

/// The dots of a character that Unicode 14 has.
fn dots(character: char) -> Option<Dots> {
    static UNIFONT: LazyLock<Mutex<Unifont>> = LazyLock::new(|| Mutex::new(Unifont::open()));
    let mut unifont = UNIFONT.lock().unwrap_or_else(PoisonError::into_inner);
    let mut bytes = |character: char| unifont.load_bitmap(character.into()).get_bytes().to_vec();
    let (bytes, unknown) = (bytes(character), bytes(char::REPLACEMENT_CHARACTER));
    let found = bytes != unknown || character == char::REPLACEMENT_CHARACTER;
    (found && is_assigned(character)).then_some(Dots { bytes })
}

/// Whether there is such a character, and it is not one that controls others. Unifont draws a box for
/// those; `str::escape_debug` shows the number of those alone (after a letter, of marks no more).
pub(super) fn is_assigned(character: char) -> bool {
    !['a', character].iter().collect::<String>().escape_debug().any(|c| c == '{')
        || character == '{'
}

/// What draws the character, if anything does.
pub(super) fn glyph(character: char, weight: Weight) -> Result<Option<Glyph>, DrawError> {
    for place in 0..FONTS.len() {
        let typeface = typeface(place, weight)?;
        let id = typeface.font.glyph_id(character);
        if id.0 != 0 {
            return Ok(Some(Glyph::Outline(typeface, id)));
        }
    }
    Ok(dots(character).map(Glyph::Dots))
}

/// Whether the character is drawn over the one before it.
pub(super) fn is_mark(character: char) -> bool {
    character.width() == Some(0)
}

/// Whether a character is not seen in a figure: it joins others, chooses between their forms or colours
/// or directs them, or it is a vowel point of Hebrew or Arabic, which most of what is printed leaves out.
pub(super) fn is_unseen(character: char) -> bool {
    let is_point = matches!(character, '\u{591}'..='\u{6ed}') && is_mark(character);
    is_point
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character turns the text after it to the other direction.
pub(super) fn turns(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}')
}

/// Whether the character's form or place depends on its neighbours in ways that are not drawn here:
/// Indic scripts and those of their family, Syriac, Thaana, N’Ko, Mongolian.
fn is_shaped(character: char) -> bool {
    matches!(character, '\u{700}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1700}'..='\u{18af}'
        | '\u{1900}'..='\u{1aff}' | '\u{1b00}'..='\u{1cff}' | '\u{a800}'..='\u{a8ff}'
        | '\u{a900}'..='\u{aaff}' | '\u{abc0}'..='\u{abff}' | '\u{10a00}'..='\u{11fff}'
        | '\u{1e800}'..='\u{1e95f}')
}

/// Whether the first font has all letters of a text, which is read from left to right.
pub(super) fn is_plain(text: &str, weight: Weight) -> bool {
    let has = |c: char| typeface(0, weight).is_ok_and(|typeface| typeface.font.glyph_id(c).0 != 0);
    visual(text) == text && text.chars().all(has)
}

/// Whether a text can be read as it is drawn.
pub(super) fn is_drawn(text: &str) -> bool {
    let has_glyph = |c| glyph(c, Weight::Regular).is_ok_and(|glyph| glyph.is_some());
    let drawn = |c| is_unseen(c) || is_assigned(c) && !is_shaped(c) && has_glyph(c);
    visual(text).chars().all(drawn)
}

/// The characters from left to right as they are seen: Arabic letters joined, and what is read from
/// right to left reversed (Unicode Standard Annex 9).
pub(super) fn visual(text: &str) -> Cow<'_, str> {
    use BidiClass::{AL, R};
    if !text.chars().any(|c| matches!(bidi_class(c), R | AL)) {
        return Cow::Borrowed(text);
    }
    // A joiner between letters that join anyway is not seen, and would be counted
    let joined = reshape_line(text.replace('\u{200d}', ""));
    let info = BidiInfo::new(&joined, Some(Level::ltr()));
    let mut seen = String::new();
    for paragraph in &info.paragraphs {
        let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let part = &joined[run.clone()];
            if levels[run.start].is_rtl() {
                seen.extend(part.chars().rev().map(mirrored));
            } else {
                seen.push_str(part);
            }
        }
    }
    Cow::Owned(seen)
}

/// The bracket that is seen where a text runs from right to left.
fn mirrored(character: char) -> char {
    const PAIRS: [&str; 5] = ["()", "[]", "{}", "<>", "«»"];
    let pair = PAIRS.iter().find(|pair| pair.contains(character));
    pair.and_then(|pair| pair.chars().find(|&other| other != character)).unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_from_a_font_before_they_are_made_of_dots() {
        let glyph = |c| glyph(c, Weight::Bold).unwrap();
        for letter in ['é', 'λ', 'ж', 'ש', 'Հ', 'ქ', '\u{fe91}', '−', '₁'] {
            assert!(matches!(glyph(letter), Some(Glyph::Outline(..))), "{letter}");
        }
        for letter in ['あ', '漢', '한', 'ก', '😀'] {
            let Some(Glyph::Dots(dots)) = glyph(letter) else { panic!("{letter}") };
            assert!(dots.black().count() > 10, "{letter}");
        }
        // A number that is not assigned, a control character, a rare kanji
        for letter in ['\u{378}', '\u{1b}', '\u{20bb7}'] {
            assert!(glyph(letter).is_none(), "{letter:?}");
        }
    }

    #[test]
    fn what_is_read_from_right_to_left_is_seen_from_left_to_right() {
        assert_eq!(visual("left"), "left");
        assert_eq!(visual("אב (ג)"), "(ג) בא");
        assert_eq!(visual("x \u{2068}אב\u{2069}, 2"), "x \u{2068}בא\u{2069}, 2");
        // Initial, lam with alef, isolated
        assert_eq!(visual("سلام"), "\u{fee1}\u{fefc}\u{feb3}");
    }
}
