use super::histogram::{histogram, quantile};
use ndarray::{Array2, ArrayView1, Axis, Zip, s};
use rayon::prelude::*;

/// Tiles along the longer side of a photo, of each of which one grey is kept.
const TILES: usize = 48;
/// The share of a tile's pixels that are darker than what is taken for its paper.
const QUANTILE: f64 = 0.75;

/// A photo in even light: each pixel divided by the paper around it, so that paper is about 255 everywhere.
///
/// What is left is the share of light that the paper reflects; how much light fell on it cancels.
///
/// What is narrower than `reach` tiles to both sides is ink, and what is wider is light or shadow; a tile is
/// a 48th of the longer side.
pub fn even(photo: &Array2<u8>, reach: usize) -> Array2<u8> {
    let paper = paper(photo, reach);
    let reflected = |&grey: &u8, paper: &f32| (255.0 * f32::from(grey) / paper).min(255.0).round();
    Zip::from(photo).and(&paper).par_map_collect(|grey, paper| reflected(grey, paper) as u8)
}

/// The grey that the paper would have at every pixel, at least 1.
fn paper(photo: &Array2<u8>, reach: usize) -> Array2<f32> {
    let (rows, columns) = photo.dim();
    let tile = rows.max(columns).div_ceil(TILES).max(1);
    let tiles = (rows.div_ceil(tile), columns.div_ceil(tile));
    let greys: Vec<f32> = (0..tiles.0 * tiles.1)
        .into_par_iter()
        .map(|at| {
            let (top, left) = (at / tiles.1 * tile, at % tiles.1 * tile);
            let part =
                photo.slice(s![top..(top + tile).min(rows), left..(left + tile).min(columns)]);
            let greys = histogram(part.iter().map(|&grey| usize::from(grey)), 255);
            quantile(&greys, QUANTILE).max(1) as f32
        })
        .collect();
    let greys = Array2::from_shape_vec(tiles, greys).unwrap_or_default();
    smooth_to(&without_narrow_ink(&greys, reach), (rows, columns), tile)
}

/// The closing of mathematical morphology: what is darker than its surroundings and at most twice `reach` wide
/// vanishes, and what is wider stays (Serra, *Image analysis and mathematical morphology*, 1982).
pub fn without_narrow_ink(greys: &Array2<f32>, reach: usize) -> Array2<f32> {
    eroded(&dilated(greys, reach), reach)
}

/// Each tile becomes the lightest of those at most `reach` away, and as many tiles are added at each edge.
fn dilated(greys: &Array2<f32>, reach: usize) -> Array2<f32> {
    let (rows, columns) = greys.dim();
    let around = |i: usize, size: usize| i.saturating_sub(2 * reach)..(i + 1).min(size);
    let lightest = |line: ArrayView1<f32>| line.iter().copied().fold(0.0, f32::max);
    let across = Array2::from_shape_fn((rows, columns + 2 * reach), |(i, j)| {
        lightest(greys.slice(s![i, around(j, columns)]))
    });
    Array2::from_shape_fn((rows + 2 * reach, columns + 2 * reach), |(i, j)| {
        lightest(across.slice(s![around(i, rows), j]))
    })
}

/// The reverse: each tile becomes the darkest of those around it, and the edges are taken off again.
fn eroded(greys: &Array2<f32>, reach: usize) -> Array2<f32> {
    let darkest = |line: ArrayView1<f32>| line.iter().copied().fold(f32::INFINITY, f32::min);
    let (rows, columns) = (greys.nrows() - 2 * reach, greys.ncols() - 2 * reach);
    let across = Array2::from_shape_fn((greys.nrows(), columns), |(i, j)| {
        darkest(greys.slice(s![i, j..=j + 2 * reach]))
    });
    Array2::from_shape_fn((rows, columns), |(i, j)| darkest(across.slice(s![i..=i + 2 * reach, j])))
}

/// A grey for each pixel, between the middles of the tiles by bilinear interpolation.
fn smooth_to(greys: &Array2<f32>, (rows, columns): (usize, usize), tile: usize) -> Array2<f32> {
    let place = |i: usize, tiles: usize| {
        let at = ((i as f32 + 0.5) / tile as f32 - 0.5).clamp(0.0, tiles as f32 - 1.0);
        let first = (at as usize).min(tiles.saturating_sub(2));
        (first, (first + 1).min(tiles - 1), at - first as f32)
    };
    let across: Vec<_> = (0..columns).map(|j| place(j, greys.ncols())).collect();
    let mut smooth = Array2::zeros((rows, columns));
    smooth.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(i, mut row)| {
        let (above, below, down) = place(i, greys.nrows());
        let [above, below] = [greys.row(above), greys.row(below)];
        row.iter_mut().zip(&across).for_each(|(grey, &(left, right, share))| {
            let between = |line: &ArrayView1<f32>| line[left] * (1.0 - share) + line[right] * share;
            *grey = between(&above) * (1.0 - down) + between(&below) * down;
        });
    });
    smooth
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paper whose light falls from left to right, with a stroke of half its light.
    fn photo(stroke: bool) -> Array2<u8> {
        Array2::from_shape_fn((200, 300), |(i, j)| {
            let light = 240.0 - 0.4 * j as f64;
            let is_ink = stroke && (90..100).contains(&i) && (50..250).contains(&j);
            (if is_ink { 0.5 * light } else { light }).round() as u8
        })
    }

    #[test]
    fn light_that_falls_off_is_evened() {
        assert!(even(&photo(false), 4).iter().all(|&grey| grey > 248));
    }

    #[test]
    fn ink_keeps_its_share_of_the_light() {
        let even = even(&photo(true), 4);
        let ink = even.slice(s![90..100, 60..240]);
        assert!(ink.iter().all(|grey| (122..=134).contains(grey)), "{ink:?}");
    }

    #[test]
    fn black_and_single_pixels_pass() {
        assert_eq!(even(&ndarray::array![[0]], 4), ndarray::array![[0]]);
        assert!(even(&Array2::zeros((0, 7)), 4).is_empty());
    }
}
