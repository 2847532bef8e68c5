use super::{
    even::{even, without_narrow_ink},
    histogram::{histogram, quantile},
    integral::{mean_around, sauvola},
    ruling::remove_lines,
    sheet::{corners, squared},
};
use chapters::dataset::frame::shrink_into;
use ndarray::{Array2, ArrayView1, ArrayView2};

/// How far apart paper and ink must be after evening, of 255, for there to be ink, and to read it.
const CONTRAST: [f64; 2] = [8.0, 16.0];
/// The same, as multiples of the standard deviation of the grain, of which smoothing leaves a third.
const OVER_GRAIN: [f64; 2] = [5.0 / 3.0, 7.0 / 3.0];
/// Grain above this standard deviation, of 255, is smoothed.
const GRAIN: f64 = 3.0;
/// The darkest share of all pixels, which is taken for ink.
const DARKEST: f64 = 0.0005;
/// What is still taken for paper, as a share of the range from paper to the darkest ink: at least the
/// artefacts around lines in lossily compressed pictures, at most what a pencil leaves.
const FAINT: [f64; 2] = [0.03, 0.2];
/// A printed line is at most this share of the picture's longer side thick.
const LINE: f64 = 0.01;

/// Pixels that the longer side is reduced to: it smooths the grain of large photos, and leaves far more detail
/// than the 20 pixels of a finished digit.
const DETAIL: usize = 512;
/// How far around a pixel its threshold looks, as a share of the longer side.
const WINDOW: f64 = 0.125;
/// Pixels along the longer side of the picture in which is seen whether ink is light or dark.
const SMALL: usize = 48;

/// Half the width of the widest stroke, in 48ths of the longer side: these pixels, and the tiles of [`even`].
const REACH: usize = 8;

/// A photo upright, even and without lines.
pub struct Clean {
    /// Paper is 255 and the darkest ink 0.
    pub grey: Array2<u8>,
    /// Where there is ink.
    pub ink: Array2<bool>,
    /// Lighter ink than this, from 0 to 255, may be grain.
    pub faint: u8,
}

/// Why there is nothing to read.
///
/// [In the book](../../../book/experiments.html#what-photos-does-it-read)
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Blank {
    /// Nothing stands out from the paper.
    #[error("there is no ink")]
    NoInk,
    /// Something stands out, but hardly more than the grain of the photo.
    #[error("the ink is too faint to be told from the paper")]
    TooFaint,
}

/// Cleans a photo, step by step.
pub fn clean(photo: ArrayView2<u8>) -> Result<Clean, Blank> {
    // The sheet alone, seen from above
    let picture = match corners(&photo) {
        Some(corners) => squared(photo, corners, DETAIL),
        None => shrink_into(&photo, (DETAIL, DETAIL)),
    };
    // Dark ink on paper of 255
    let picture = dark_ink(picture);
    let even = even(&picture, REACH);
    let grain = grain(&even);
    let smooth =
        if grain > GRAIN { mean_around(&even, 1 + usize::from(grain > 4.0 * GRAIN)) } else { even };
    let (grey, faint) = stretched(smooth, grain)?;
    // Ink without printed lines
    let longest = grey.nrows().max(grey.ncols()) as f64;
    let mut ink = sauvola(&grey, ((WINDOW * longest) as usize).max(12));
    let thickest = (LINE * longest) as usize;
    remove_lines(&mut ink, thickest);
    Ok(Clean { grey, ink, faint })
}

/// The picture, inverted if its ink is light: ink is narrow and paper is wide, so that paper without what is
/// narrow and dark is smoother than paper without what is narrow and light.
fn dark_ink(picture: Array2<u8>) -> Array2<u8> {
    let small = shrink_into(&picture.view(), (SMALL, SMALL)).mapv(f32::from);
    let reach = REACH * small.nrows().max(small.ncols()) / SMALL;
    let roughness = |picture: &Array2<f32>| bending(&without_narrow_ink(picture, reach));
    let is_light = roughness(&small.mapv(|grey| 255.0 - grey)) < roughness(&small);
    if is_light { picture.mapv_into(|grey| 255 - grey) } else { picture }
}

/// The sum of the second differences, across and down: light that changes evenly bends nothing.
fn bending(paper: &Array2<f32>) -> f32 {
    let bends = |line: ArrayView1<f32>| -> f32 {
        let triples = line.windows(3).into_iter();
        triples.map(|near| (near[0] - 2.0 * near[1] + near[2]).abs()).sum()
    };
    let across: f32 = paper.rows().into_iter().map(bends).sum();
    across + paper.columns().into_iter().map(bends).sum::<f32>()
}

/// The standard deviation of the grain: the median of how far pixels are from the mean of their four
/// neighbours, which strokes hardly change; for normally distributed grain, 0.6745 √1.25 of it.
fn grain(picture: &Array2<u8>) -> f64 {
    let (rows, columns) = picture.dim();
    let mut counts = [0; 1024];
    for i in 1..rows.saturating_sub(1) {
        for j in 1..columns.saturating_sub(1) {
            let at = |i: usize, j: usize| i32::from(picture[[i, j]]);
            let around = at(i - 1, j) + at(i + 1, j) + at(i, j - 1) + at(i, j + 1);
            counts[(4 * at(i, j) - around).unsigned_abs().min(1023) as usize] += 1;
        }
    }
    quantile(&counts, 0.5) as f64 / 4.0 / (0.6745 * 1.25_f64.sqrt())
}

/// Stretches greys so that usual paper becomes 255 and the darkest ink 0, and says how dark grain may be.
fn stretched(picture: Array2<u8>, grain: f64) -> Result<(Array2<u8>, u8), Blank> {
    let greys = histogram(picture.iter().map(|&grey| usize::from(grey)), 255);
    let [ink, paper] = [DARKEST, 0.5].map(|share| quantile(&greys, share) as f64);
    let contrast = paper - ink;
    let [least, readable] = [0, 1].map(|i| CONTRAST[i].max(OVER_GRAIN[i] * grain));
    if contrast < readable {
        return Err(if contrast < least { Blank::NoInk } else { Blank::TooFaint });
    }
    let share = |grey: u8| ((f64::from(grey) - ink) / contrast).clamp(0.0, 1.0);
    let faint = (4.0 * grain / contrast).clamp(FAINT[0], FAINT[1]);
    let grey = picture.mapv_into(|grey| (255.0 * share(grey)).round() as u8);
    Ok((grey, (255.0 * faint) as u8))
}
