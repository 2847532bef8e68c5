//! How letters are measured and set.

pub(super) use super::glyphs::Weight;
use super::{
    error::DrawError,
    glyphs::{self, Dots, Glyph, Typeface},
    palette::Colour,
};
use ab_glyph::{Font, GlyphId, PxScale, point};
use plotters_backend::{
    BackendColor, BackendCoord, BackendTextStyle, FontFamily, FontStyle, FontTransform,
    text_anchor::{HPos, Pos, VPos},
};
use std::ptr;
use ttf_parser::{
    OutlineBuilder, Tag,
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

/// Every glyph of `text` with its distance from the left edge, and the width of all, in ems.
fn set(text: &str, weight: Weight) -> Result<(Vec<(Glyph, f64)>, f64), DrawError> {
    let (mut glyphs, mut x) = (Vec::new(), 0.0);
    let mut previous = None;
    let text = glyphs::visual(text);
    for character in text.chars().filter(|&character| !glyphs::is_unseen(character)) {
        let glyph = match glyphs::glyph(character, weight)? {
            Some(glyph) => glyph,
            None => glyphs::glyph(char::REPLACEMENT_CHARACTER, weight)?
                .ok_or_else(|| DrawError::Font("a font that has U+FFFD".to_owned()))?,
        };
        let advance = match &glyph {
            Glyph::Outline(typeface, id) => {
                let em = f64::from(typeface.face.units_per_em());
                x += previous.map_or(0.0, |p| kerning(typeface, p, *id)) / em;
                previous = Some((*typeface, *id));
                f64::from(typeface.font.h_advance_unscaled(*id)) / em
            }
            Glyph::Dots(dots) => {
                previous = None;
                dots.columns() as f64 / Dots::ROWS as f64
            }
        };
        // A mark stands over the end of what is already set
        let is_mark = glyphs::is_mark(character);
        glyphs.push((glyph, if is_mark { x - advance } else { x }));
        x += if is_mark { 0.0 } else { advance };
    }
    Ok((glyphs, x))
}

/// The space added between two neighbours of one font, in its units: the first pair adjustment that
/// its `kern` feature has for them.
fn kerning(typeface: &Typeface, (other, left): (&Typeface, GlyphId), right: GlyphId) -> f64 {
    let Some(table) = typeface.face.tables().gpos.filter(|_| ptr::eq(typeface, other)) else {
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

/// The outlines of a text from the beginning of its baseline, as the path of an SVG document.
pub(super) fn outlines(text: &str, size: f64, weight: Weight) -> Result<String, DrawError> {
    let mut path = SvgPath { d: String::new(), left: 0.0, scale: 1.0 };
    for (glyph, x) in set(text, weight)?.0 {
        path.left = x * size;
        match glyph {
            Glyph::Outline(typeface, id) => {
                path.scale = size / f64::from(typeface.face.units_per_em());
                typeface.face.outline_glyph(ttf_parser::GlyphId(id.0), &mut path);
            }
            Glyph::Dots(dots) => {
                path.scale = size / Dots::ROWS as f64;
                for (row, column) in dots.black() {
                    let at = [column as f32, Dots::ABOVE_BASELINE as f32 - row as f32];
                    path.add('M', &[at]);
                    let square = format!("h{0:.1}v{0:.1}h-{0:.1}z", path.scale);
                    path.d.push_str(&square);
                }
            }
        }
    }
    Ok(path.d)
}

/// The path of an SVG document, scaled and moved to the right.
struct SvgPath {
    d: String,
    left: f64,
    scale: f64,
}

impl SvgPath {
    fn add(&mut self, command: char, points: &[[f32; 2]]) {
        self.d.push(command);
        for [x, y] in points.iter().map(|point| point.map(f64::from)) {
            let point = format!("{:.1} {:.1} ", self.left + x * self.scale, -y * self.scale);
            self.d.push_str(&point);
        }
    }
}

impl OutlineBuilder for SvgPath {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[[x, y]]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[[x, y]]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('Q', &[[x1, y1], [x, y]]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('C', &[[x1, y1], [x2, y2], [x, y]]);
    }

    fn close(&mut self) {
        self.d.push('z');
    }
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
        let baseline = (ASCENT * self.size).round();
        for (glyph, x) in set(text, self.weight)?.0 {
            for (x, y, coverage) in dots_of(&glyph, self.size, [x * self.size, baseline]) {
                let colour = self.color().mix(f64::from(coverage.min(1.0)));
                if let Err(error) = draw(left + x, top + y, colour) {
                    return Ok(Err(error));
                }
            }
        }
        Ok(Ok(()))
    }
}

/// The pixels of a glyph at a point of the baseline, and how much of each is covered.
fn dots_of(glyph: &Glyph, size: f64, [x, baseline]: [f64; 2]) -> Vec<(i32, i32, f32)> {
    match glyph {
        Glyph::Outline(typeface, id) => {
            let font = &typeface.font;
            let em_per_height =
                font.height_unscaled() / font.units_per_em().unwrap_or(font.height_unscaled());
            let scale = PxScale::from(size as f32 * em_per_height);
            let at = point(x as f32, baseline as f32);
            let mut pixels = Vec::new();
            if let Some(outline) = font.outline_glyph(id.with_scale_and_position(scale, at)) {
                let corner = outline.px_bounds().min;
                let (x0, y0) = (corner.x as i32, corner.y as i32);
                outline
                    .draw(|x, y, coverage| pixels.push((x0 + x as i32, y0 + y as i32, coverage)));
            }
            pixels
        }
        Glyph::Dots(dots) => {
            let side = size / Dots::ROWS as f64;
            let edge = |from: f64, dot: usize| (from + dot as f64 * side).round() as i32;
            let top = baseline - Dots::ABOVE_BASELINE as f64 * side;
            let square = |(row, column): (usize, usize)| {
                let across = edge(x, column)..edge(x, column + 1);
                let down = edge(top, row)..edge(top, row + 1);
                down.flat_map(move |y| across.clone().map(move |x| (x, y, 1.0)))
            };
            dots.black().flat_map(square).collect()
        }
    }
}
