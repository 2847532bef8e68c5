//! The one font, Libertinus Serif, and how its letters are measured and set.

use super::{error::DrawError, palette::Colour};
use ab_glyph::{Font, FontRef, GlyphId, PxScale, point};
use plotters_backend::{
    BackendColor, BackendCoord, BackendTextStyle, FontFamily, FontStyle, FontTransform,
    text_anchor::{HPos, Pos, VPos},
};
use std::sync::OnceLock;
use ttf_parser::{
    Face, Tag,
    gpos::{PairAdjustment, PositioningSubtable},
};

/// The size of ordinary text: pixels per em.
pub(super) const BODY: f64 = 34.0;
/// The size of a figure's title: pixels per em.
pub(super) const TITLE: f64 = 42.0;
/// The height of a line of text in ems.
pub(super) const LEADING: f64 = 1.25;
/// How far the baseline lies below the top of the text, in ems.
const ASCENT: f64 = 0.76;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// A weight of the font, read twice: once for outlines, once for its kerning pairs.
struct Typeface {
    font: FontRef<'static>,
    face: Face<'static>,
}

fn typeface(weight: Weight) -> Result<&'static Typeface, DrawError> {
    static REGULAR: OnceLock<Option<Typeface>> = OnceLock::new();
    static BOLD: OnceLock<Option<Typeface>> = OnceLock::new();
    let (cell, name) = match weight {
        Weight::Regular => (&REGULAR, "LibertinusSerif-Regular"),
        Weight::Bold => (&BOLD, "LibertinusSerif-Bold"),
    };
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

/// Every glyph of `text` with its distance from the left edge, and the width of all, in ems.
fn set(text: &str, weight: Weight) -> Result<(Vec<(GlyphId, f64)>, f64), DrawError> {
    let Typeface { font, face } = typeface(weight)?;
    let em = f64::from(face.units_per_em());
    let (mut glyphs, mut x) = (Vec::new(), 0.0);
    let mut previous = None;
    for character in text.chars() {
        let glyph = font.glyph_id(character);
        x += previous.map_or(0.0, |p| kerning(face, p, glyph)) / em;
        glyphs.push((glyph, x));
        x += f64::from(font.h_advance_unscaled(glyph)) / em;
        previous = Some(glyph);
    }
    Ok((glyphs, x))
}

/// The space added between two neighbours, in font units: the first pair adjustment that the
/// font's `kern` feature has for them.
fn kerning(face: &Face, left: GlyphId, right: GlyphId) -> f64 {
    let Some(table) = face.tables().gpos else {
        return 0.0;
    };
    let Some(feature) = table.features.find(Tag::from_bytes(b"kern")) else {
        return 0.0;
    };
    let (left, right) = (ttf_parser::GlyphId(left.0), ttf_parser::GlyphId(right.0));
    feature
        .lookup_indices
        .into_iter()
        .filter_map(|index| table.lookups.get(index))
        .flat_map(|lookup| lookup.subtables.into_iter::<PositioningSubtable>())
        .find_map(|subtable| match subtable {
            PositioningSubtable::Pair(pairs) => adjustment(&pairs, left, right),
            _ => None,
        })
        .map_or(0.0, f64::from)
}

fn adjustment(
    pairs: &PairAdjustment,
    left: ttf_parser::GlyphId,
    right: ttf_parser::GlyphId,
) -> Option<i16> {
    let index = pairs.coverage().get(left)?;
    let (first, _) = match pairs {
        PairAdjustment::Format1 { sets, .. } => sets.get(index)?.get(right)?,
        PairAdjustment::Format2 { classes, matrix, .. } => {
            matrix.get((classes.0.get(left), classes.1.get(right)))?
        }
    };
    Some(first.x_advance)
}

/// The width of `text` at `size` pixels per em.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> Result<f64, DrawError> {
    Ok(set(text, weight)?.1 * size)
}

/// The width of the widest of these lines of ordinary size.
pub(super) fn widest<'a>(
    lines: impl IntoIterator<Item = &'a String>,
    weight: Weight,
) -> Result<f64, DrawError> {
    lines.into_iter().try_fold(0.0, |widest: f64, line| Ok(widest.max(width(line, BODY, weight)?)))
}

/// Breaks `text` into lines no wider than `limit` pixels; a word that is too long by itself is
/// broken inside.
pub(super) fn wrap(
    text: &str,
    limit: f64,
    size: f64,
    weight: Weight,
) -> Result<Vec<String>, DrawError> {
    let fits = |line: &str| Ok::<bool, DrawError>(width(line, size, weight)? <= limit);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() { word.to_string() } else { format!("{line} {word}") };
        if fits(&longer)? {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for character in word.chars() {
            line.push(character);
            if !fits(&line)? && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, character.to_string()));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    Ok(lines)
}

/// A text style for plotters that sets letters between whole pixels, kerned.
pub(super) struct Lettering {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) colour: Colour,
    pub(super) anchor: HPos,
    pub(super) upwards: bool,
}

impl Lettering {
    /// The point at which plotters has to draw a text whose baseline passes through `at`.
    pub(super) fn top(&self, [x, y]: [f64; 2]) -> BackendCoord {
        let ascent = ASCENT * self.size;
        let (x, y) = if self.upwards { (x - ascent, y) } else { (x, y - ascent) };
        (x.round() as i32, y.round() as i32)
    }
}

impl BackendTextStyle for Lettering {
    type FontError = DrawError;

    fn color(&self) -> BackendColor {
        let Colour(r, g, b) = self.colour;
        BackendColor { alpha: 1.0, rgb: (r, g, b) }
    }

    /// Plotters counts 1.24 pixels of size for one of the em.
    fn size(&self) -> f64 {
        self.size * 1.24
    }

    fn transform(&self) -> FontTransform {
        if self.upwards { FontTransform::Rotate270 } else { FontTransform::None }
    }

    fn style(&self) -> FontStyle {
        match self.weight {
            Weight::Regular => FontStyle::Normal,
            Weight::Bold => FontStyle::Bold,
        }
    }

    fn anchor(&self) -> Pos {
        Pos::new(self.anchor, VPos::Top)
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name("Libertinus Serif, Georgia, serif")
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), DrawError> {
        let width = width(text, self.size, self.weight)?;
        Ok(((0, 0), (width.round() as i32, self.size.round() as i32)))
    }

    fn draw<E, DrawFunc: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        (left, top): BackendCoord,
        mut draw: DrawFunc,
    ) -> Result<Result<(), E>, DrawError> {
        let font = &typeface(self.weight)?.font;
        let em_per_height =
            font.height_unscaled() / font.units_per_em().unwrap_or(font.height_unscaled());
        let scale = PxScale::from(self.size as f32 * em_per_height);
        let baseline = (ASCENT * self.size).round() as f32;
        for (glyph, x) in set(text, self.weight)?.0 {
            let at = point((x * self.size) as f32, baseline);
            let Some(outline) = font.outline_glyph(glyph.with_scale_and_position(scale, at)) else {
                continue;
            };
            let corner = outline.px_bounds().min;
            let (x0, y0) = (left + corner.x as i32, top + corner.y as i32);
            let mut dots = Vec::new();
            outline.draw(|x, y, coverage| dots.push((x0 + x as i32, y0 + y as i32, coverage)));
            for (x, y, coverage) in dots {
                if let Err(error) = draw(x, y, self.color().mix(f64::from(coverage.min(1.0)))) {
                    return Ok(Err(error));
                }
            }
        }
        Ok(Ok(()))
    }
}
