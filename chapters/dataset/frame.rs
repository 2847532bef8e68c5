//! The ink of a picture: cropped, scaled and centred.

use std::ops::Range;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, s};

/// The smallest part of a picture that holds all its ink, 0 × 0 for blank paper.
pub fn crop_to_ink<'a>(picture: &'a ArrayView2<u8>) -> ArrayView2<'a, u8> {
    let rows = span_of_ink(picture, Axis(0));
    let columns = span_of_ink(picture, Axis(1));
    picture.slice(s![rows, columns])
}

/// From the first to the last row (or column, along the other axis) with ink.
fn span_of_ink(picture: &ArrayView2<u8>, axis: Axis) -> Range<usize> {
    let has_ink = |line: ArrayView1<u8>| line.iter().any(|&grey| grey > 0);
    let mut inked = picture.axis_iter(axis).map(has_ink);
    let first = inked.clone().position(|ink| ink);
    let last = inked.rposition(|ink| ink);
    first.zip(last).map_or(0..0, |(first, last)| first..last + 1)
}

/// A picture scaled to fit into `rows` × `columns` in its own proportions, at least one pixel large;
/// each new pixel is the mean of the area it covers.
///
/// A picture without pixels stays without.
pub fn scale_into(picture: &ArrayView2<u8>, (rows, columns): (usize, usize)) -> Array2<u8> {
    let (height, width) = picture.dim();
    if picture.is_empty() {
        return picture.to_owned();
    }
    // Whichever side fills its part of the box decides: rows / height or columns / width
    let (new, old) =
        if rows * width <= columns * height { (rows, height) } else { (columns, width) };
    let scaled = |length: usize| ((length * new + old / 2) / old).max(1);

    // First across, then down
    let mut narrow = Array2::zeros((height, scaled(width)));
    for (row, mut means) in picture.outer_iter().zip(narrow.outer_iter_mut()) {
        means.assign(&means_of(row.mapv(f64::from).view(), scaled(width)));
    }
    let mut small = Array2::zeros((scaled(height), scaled(width)));
    for (column, mut means) in narrow.axis_iter(Axis(1)).zip(small.axis_iter_mut(Axis(1))) {
        means.assign(&means_of(column, scaled(height)).mapv(|mean| mean.round() as u8));
    }
    small
}

/// A picture no larger than `size`: unchanged, or scaled down by [`scale_into`].
pub fn shrink_into(picture: &ArrayView2<u8>, size: (usize, usize)) -> Array2<u8> {
    let fits = picture.nrows() <= size.0 && picture.ncols() <= size.1;
    if fits { picture.to_owned() } else { scale_into(picture, size) }
}

/// The means of `new` equally long parts of a line, shape `(new,)`.
fn means_of(line: ArrayView1<f64>, new: usize) -> Array1<f64> {
    let width = line.len() as f64 / new as f64;
    Array1::from_shape_fn(new, |i| {
        let (start, end) = (i as f64 * width, (i + 1) as f64 * width);
        let overlap = |j: usize| end.min((j + 1) as f64) - start.max(j as f64);
        let pixels = start as usize..(end.ceil() as usize).min(line.len());
        pixels.map(|j| overlap(j).max(0.0) * line[j]).sum::<f64>() / width
    })
}

/// Places ink in a larger picture so that its centre of mass comes as close to the middle as whole
/// pixels and the edges of the picture allow.
pub fn centre(ink: &Array2<u8>, size: (usize, usize)) -> Array2<u8> {
    let mass: f64 = ink.iter().map(|&grey| f64::from(grey)).sum();
    let centre_of = |place: fn((usize, usize)) -> usize| {
        let moments =
            ink.indexed_iter().map(|(at, &grey)| f64::from(grey) * (place(at) as f64 + 0.5));
        moments.sum::<f64>() / mass.max(1.0)
    };
    let offset = |size: usize, ink: usize, centre: f64| {
        (size as f64 / 2.0 - centre).round().clamp(0.0, (size - ink) as f64) as usize
    };
    let (rows, columns) = ink.dim();
    let top = offset(size.0, rows, centre_of(|at| at.0));
    let left = offset(size.1, columns, centre_of(|at| at.1));

    let mut picture = Array2::zeros(size);
    picture.slice_mut(s![top..top + rows, left..left + columns]).assign(ink);
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn means_of_a_constant_line_are_that_constant() {
        for (old, new) in [(28, 20), (20, 28), (1, 7), (7, 1), (3, 3)] {
            let means = means_of(Array1::from_elem(old, 1.0).view(), new);
            assert_eq!(means.len(), new);
            assert!(means.iter().all(|mean| (mean - 1.0_f64).abs() < 1e-12));
        }
    }

    #[test]
    fn each_mean_is_of_the_area_it_covers() {
        assert_eq!(means_of(array![0.0, 6.0, 3.0].view(), 2), array![2.0, 4.0]);
        assert_eq!(means_of(array![1.0, 4.0].view(), 4), array![1.0, 1.0, 4.0, 4.0]);
    }

    #[test]
    fn pictures_are_scaled_in_their_proportions() {
        let sizes = [((40, 10), (20, 5)), ((5, 10), (10, 20)), ((1000, 1), (20, 1))];
        for (old, new) in sizes {
            let scaled = scale_into(&Array2::from_elem(old, 9).view(), (20, 20));
            assert_eq!(scaled, Array2::from_elem(new, 9));
        }
        assert!(scale_into(&Array2::zeros((0, 5)).view(), (20, 20)).is_empty());
    }

    #[test]
    fn the_centre_of_mass_comes_to_the_middle() {
        let picture = centre(&array![[1, 0, 0, 9]], (5, 6));
        assert_eq!(picture.row(2), array![1, 0, 0, 9, 0, 0]);
        assert_eq!(picture.mapv(u32::from).sum(), 10);
    }
}
