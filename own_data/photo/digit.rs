use super::{
    clean::{Blank, Clean, Expected, clean},
    pieces::{Area, Piece, pieces},
};
use chapters::dataset::frame::{centre, crop_to_ink, scale_into};
use ndarray::{Array2, ArrayView2, s};

/// A piece of less than this share of the largest one's pixels is a speck.
const SPECK: f64 = 0.03;
/// Another digit is at least this share of the largest piece's height.
const ANOTHER: f64 = 0.5;
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
    #[error("there are {0} digits or letters beside each other")]
    Several(usize),
}

impl Refusal {
    /// What would help.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Blank(_) => "use a darker pen or better light",
            Self::TooSmall(_) => "photograph it from nearer",
            Self::Several(_) => {
                "crop the picture to one digit, or read the page with `handwritten read`"
            }
        }
    }
}

/// A digit found in a photo.
///
/// [In the book](../../../book/experiments.html#what-photos-does-it-read)
pub struct Found {
    /// The photo, cleaned.
    pub clean: Clean,
    /// What of its ink was taken for the digit.
    pub ink: Array2<bool>,
    /// Where that lies.
    pub area: Area,
    /// As a network trained on MNIST sees it.
    pub picture: Array2<u8>,
}

/// Finds the one digit of a photo, and makes a picture of `size`, usually 28 × 28, that looks like MNIST's.
///
/// [In the book](../../../book/experiments.html#what-photos-does-it-read)
pub fn find_digit(photo: ArrayView2<u8>, size: (usize, usize)) -> Result<Found, Refusal> {
    let clean = clean(photo, Expected::DIGIT)?;
    let (labels, found) = pieces(&clean.ink);
    let kept = without_what_is_not_written(found, clean.ink.dim(), clean.stroke);
    let several = beside_each_other(&kept);
    if several > 1 {
        return Err(Refusal::Several(several));
    }
    let area = kept.iter().map(|piece| piece.area).reduce(Area::with).ok_or(Blank::NoInk)?;
    let longest = area.height().max(area.width());
    if longest < SMALLEST {
        return Err(Refusal::TooSmall(longest));
    }
    let mut is_kept = vec![false; labels.iter().max().map_or(0, |&last| last as usize) + 1];
    for piece in &kept {
        is_kept[piece.label as usize] = true;
    }
    let ink = labels.mapv(|label| is_kept[label as usize]);
    let picture = like_mnist(&clean, &ink, area, size);
    Ok(Found { clean, ink, area, picture })
}

/// The pieces without specks, without what comes in from the edge, such as a finger, and without a frame.
fn without_what_is_not_written(
    mut found: Vec<Piece>,
    (rows, columns): (usize, usize),
    stroke: usize,
) -> Vec<Piece> {
    let longest = |piece: &Piece| piece.area.height().max(piece.area.width());
    let is_speck = |piece: &Piece| 2 * piece.pixels < stroke * stroke;
    let is_hairline = |piece: &Piece| 3 * piece.pixels < stroke * longest(piece);
    found.retain(|piece| !is_speck(piece) && !is_hairline(piece));
    let is_frame = |piece: &Piece, found: &[Piece]| {
        let is_large = |other: &&Piece| 4 * other.area.height() >= piece.area.height();
        let is_hollow = 3 * piece.pixels < piece.area.height() * piece.area.width();
        is_hollow && found.iter().filter(is_large).any(|other| piece.area.surrounds(&other.area))
    };
    let frames: Vec<bool> = found.iter().map(|piece| is_frame(piece, &found)).collect();
    let mut frames = frames.into_iter();
    found.retain(|_| !frames.next().unwrap_or(false));
    let is_outside = |area: &Area| {
        area.top == 0 || area.left == 0 || area.bottom == rows || area.right == columns
    };
    let inside = found.iter().filter(|piece| !is_outside(&piece.area));
    let largest_inside = inside.map(|piece| piece.pixels).max().unwrap_or(0);
    found.retain(|piece| !is_outside(&piece.area) || piece.pixels > 10 * largest_inside);
    let largest = found.iter().map(|piece| piece.pixels).max().unwrap_or(0);
    found.retain(|piece| piece.pixels as f64 >= SPECK * largest as f64);
    found
}

/// How many tall pieces stand beside each other.
fn beside_each_other(found: &[Piece]) -> usize {
    let tallest = found.iter().map(|piece| piece.area.height()).max().unwrap_or(0);
    let is_tall = |piece: &&Piece| piece.area.height() as f64 >= ANOTHER * tallest as f64;
    let mut tall: Vec<&Area> = found.iter().filter(is_tall).map(|piece| &piece.area).collect();
    tall.sort_by_key(|area| area.left);
    let mut count = 0;
    let mut right = 0;
    for area in tall {
        let overlap = right.min(area.right).saturating_sub(area.left);
        if count == 0 || 5 * overlap < area.width() {
            count += 1;
        }
        right = right.max(area.right);
    }
    count
}

/// Light ink on dark paper, its longer side scaled to 20/28 of the picture, its centre of mass as close to the
/// middle as whole pixels allow (LeCun, Bottou, Bengio & Haffner, *Gradient-based learning applied to document
/// recognition*, 1998, section III A).
pub fn like_mnist(
    clean: &Clean,
    ink: &Array2<bool>,
    area: Area,
    size: (usize, usize),
) -> Array2<u8> {
    if size.0 == 0 || size.1 == 0 {
        return Array2::zeros(size);
    }
    // The soft edges of the strokes belong to them
    let margin = 1 + clean.stroke / 4;
    let (rows, columns) = ink.dim();
    let (top, left) = (area.top.saturating_sub(margin), area.left.saturating_sub(margin));
    let (bottom, right) = ((area.bottom + margin).min(rows), (area.right + margin).min(columns));
    let light = Array2::from_shape_fn((bottom - top, right - left), |(i, j)| {
        let (i, j) = (top + i, left + j);
        let around = s![
            i.saturating_sub(margin)..(i + margin + 1).min(rows),
            j.saturating_sub(margin)..(j + margin + 1).min(columns)
        ];
        let grey = 255 - clean.grey[[i, j]];
        if grey > clean.faint && ink.slice(around).iter().any(|&ink| ink) { grey } else { 0 }
    });
    let part = |side: usize| ((side * 20 + 14) / 28).max(1);
    let ink = scale_into(&crop_to_ink(&light.view()), (part(size.0), part(size.1)));
    centre(&ink, size)
}
