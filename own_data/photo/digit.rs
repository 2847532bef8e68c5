use super::{
    clean::{Blank, Clean, clean},
    integral::Integral,
    pieces::{Area, Piece, ink_of, pieces, stroke_width},
};
use chapters::dataset::frame::{centre, crop_to_ink, scale_into};
use ndarray::{Array2, ArrayView2};

/// A piece of less than this share of the largest one's pixels is a speck.
const SPECK: f64 = 0.03;
/// Another digit has at least this share of the largest piece's pixels.
const ANOTHER: f64 = 0.3;
/// The stroke of a fine pen is longer than wide by more than this factor.
const FINE: usize = 12;
/// The smallest digit that is read, in pixels of its longer side.
const SMALLEST: usize = 6;

/// Why a photo is not read as a digit.
///
/// [In the book](../../../book/experiments.html#what-photos-does-it-read)
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is nothing to read.
    #[error(transparent)]
    Blank(#[from] Blank),
    /// The ink is smaller than any digit that could be told from another.
    #[error("the ink is only {0} pixels large")]
    TooSmall(usize),
    /// There are several digits.
    #[error("there are {0} digits or letters")]
    Several(usize),
}

impl Refusal {
    /// What would help.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Blank(_) => "use a darker pen or better light",
            Self::TooSmall(_) => "photograph it from nearer",
            Self::Several(_) => "crop the picture to one digit",
        }
    }
}

/// Finds the one digit of a photo, and makes a picture of `size`, usually 28 × 28, that looks like MNIST's.
///
/// [In the book](../../../book/experiments.html#what-photos-does-it-read)
pub fn find_digit(photo: ArrayView2<u8>, size: (usize, usize)) -> Result<Array2<u8>, Refusal> {
    let clean = clean(photo)?;
    let (labels, kept, stroke) = written(&clean.ink);
    let several = apart_from_each_other(&kept, stroke);
    if several > 1 {
        return Err(Refusal::Several(several));
    }
    let area = kept.iter().map(|piece| piece.area).reduce(Area::with).ok_or(Blank::NoInk)?;
    if area.longest() < SMALLEST {
        return Err(Refusal::TooSmall(area.longest()));
    }
    Ok(like_mnist(&clean, &ink_of(&labels, &kept), area, stroke, size))
}

/// The labels of all pieces of ink, those that may belong to the digit, and how wide their strokes are.
fn written(ink: &Array2<bool>) -> (Array2<u32>, Vec<Piece>, usize) {
    let (labels, mut found) = pieces(ink);
    // What comes in from the edge, such as a finger, if there is something else
    let (rows, columns) = ink.dim();
    let is_outside = |area: &Area| {
        area.top == 0 || area.left == 0 || area.bottom == rows || area.right == columns
    };
    let is_digit = |piece: &&Piece| 10 * piece.area.height() >= rows.min(columns);
    if found.iter().filter(is_digit).any(|piece| !is_outside(&piece.area)) {
        found.retain(|piece| !is_outside(&piece.area));
    }
    let stroke = stroke_width(&ink_of(&labels, &found)).max(1);
    // Specks, and lines thinner than any stroke
    found.retain(|piece| {
        2 * piece.pixels >= stroke * stroke && 3 * piece.pixels >= stroke * piece.area.longest()
    });
    let all = found.clone();
    found.retain(|piece| !is_frame(piece, &all));
    // What is small, or smaller and far away, beside the largest
    if let Some(main) = found.iter().max_by_key(|piece| piece.pixels).cloned() {
        let belongs = |piece: &Piece| {
            let share = piece.pixels as f64 / main.pixels as f64;
            let apart = piece.area.distance(&main.area);
            share >= SPECK && (share >= ANOTHER || 3 * apart <= main.area.longest())
        };
        found.retain(belongs);
    }
    (labels, found, stroke)
}

/// Whether a piece is a drawn box or circle: hollow, with something large in it.
fn is_frame(piece: &Piece, found: &[Piece]) -> bool {
    let is_large = |other: &&Piece| 4 * other.area.height() >= piece.area.height();
    let is_hollow = 3 * piece.pixels < piece.area.height() * piece.area.width();
    is_hollow && found.iter().filter(is_large).any(|other| piece.area.surrounds(&other.area))
}

/// How many large pieces stand beside or above each other.
fn apart_from_each_other(found: &[Piece], stroke: usize) -> usize {
    let most = found.iter().map(|piece| piece.pixels).max().unwrap_or(0);
    let is_large = |piece: &&Piece| piece.pixels as f64 >= ANOTHER * most as f64;
    let mut large: Vec<&Area> = found.iter().filter(is_large).map(|piece| &piece.area).collect();
    // A fine pen leaves gaps in its strokes
    let longest = large.iter().map(|area| area.longest()).max().unwrap_or(0);
    let bridged = if FINE * stroke < longest { 8 * stroke } else { 0 };
    let apart = |areas: &[&Area], from: fn(&Area) -> usize, to: fn(&Area) -> usize| {
        let mut reached = 0;
        let begins = |area: &&&Area| {
            let overlap = (reached + bridged).min(to(area)).saturating_sub(from(area));
            let is_new = reached == 0 || 5 * overlap < to(area) - from(area);
            reached = reached.max(to(area));
            is_new
        };
        areas.iter().filter(begins).count()
    };
    large.sort_by_key(|area| area.left);
    let beside = apart(&large, |area| area.left, |area| area.right);
    large.sort_by_key(|area| area.top);
    beside.max(apart(&large, |area| area.top, |area| area.bottom))
}

/// Light ink on dark paper, its longer side scaled to 20/28 of the picture, its centre of mass as close to the
/// middle as whole pixels allow (LeCun, Bottou, Bengio & Haffner, *Gradient-based learning applied to document
/// recognition*, 1998, section III A).
fn like_mnist(
    clean: &Clean,
    ink: &Array2<bool>,
    area: Area,
    stroke: usize,
    size: (usize, usize),
) -> Array2<u8> {
    if size.0 == 0 || size.1 == 0 {
        return Array2::zeros(size);
    }
    // The soft edges of the strokes belong to them
    let margin = 1 + stroke / 4;
    let (rows, columns) = ink.dim();
    let (top, left) = (area.top.saturating_sub(margin), area.left.saturating_sub(margin));
    let (bottom, right) = ((area.bottom + margin).min(rows), (area.right + margin).min(columns));
    let inked = Integral::new(ink, u64::from);
    let light = Array2::from_shape_fn((bottom - top, right - left), |(i, j)| {
        let at = (top + i, left + j);
        let grey = 255 - clean.grey[at];
        if grey > clean.faint && inked.around(at, margin).0 > 0 { grey } else { 0 }
    });
    let part = |side: usize| ((side * 20 + 14) / 28).max(1);
    let ink = scale_into(&crop_to_ink(&light.view()), (part(size.0), part(size.1)));
    centre(&ink, size)
}
