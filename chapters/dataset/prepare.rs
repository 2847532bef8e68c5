use super::DataError;
use crate::random::Rng;
use ndarray::{Array, Array2, ArrayView, ArrayView3, Dimension, NdFloat, RemoveAxis};
use rand::seq::SliceRandom;

/// Pixels from 0 to 255 as numbers from 0 to 1, same shape.
pub fn scale_to_unit<F: NdFloat + From<u8>, D: Dimension>(pixels: ArrayView<u8, D>) -> Array<F, D> {
    let white: F = u8::MAX.into();
    pixels.mapv(|pixel| <F as From<u8>>::from(pixel) / white)
}

/// Pixels from 0 to 255 as numbers from -1 to 1, same shape.
///
/// [In the book](../../../book/chapter_05.html#what-are-the-data)
// ANCHOR: scale_to_symmetric
pub fn scale_to_symmetric<F: NdFloat + From<u8>, D: Dimension>(
    pixels: ArrayView<u8, D>,
) -> Array<F, D> {
    let two: F = 2.into();
    scale_to_unit(pixels).mapv_into(|share: F| two * share - F::one())
}
// ANCHOR_END: scale_to_symmetric

/// Labels as rows with a 1 in the label's column and 0 elsewhere, shape `(m, classes)`.
///
/// A label of `classes` or more gives a row of zeros.
///
/// [In the book](../../../book/chapter_04.html#what-are-the-data)
// ANCHOR: one_hot
pub fn one_hot<F: NdFloat>(
    labels: impl ExactSizeIterator<Item = usize>,
    classes: usize,
) -> Array2<F> {
    let mut rows = Array2::zeros((labels.len(), classes));
    for (i, label) in labels.enumerate() {
        if let Some(cell) = rows.get_mut((i, label)) {
            *cell = F::one();
        }
    }
    rows
}
// ANCHOR_END: one_hot

/// The positions of the first few examples of each class: first one of each, then a second one of
/// each, and so on `count` times.
pub fn few_of_each(labels: &[usize], classes: usize, count: usize) -> Vec<usize> {
    let of_class = |class| (0..labels.len()).filter(move |&i| labels[i] == class);
    (0..count).flat_map(|n| (0..classes).filter_map(move |class| of_class(class).nth(n))).collect()
}

/// The numbers from 0 to `m - 1` in random order.
pub fn shuffled(m: usize, rng: &mut Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..m).collect();
    order.shuffle(rng);
    order
}

/// Splits `m` examples at random into two sets, the second of `held_out` examples: row numbers of each.
pub fn split(m: usize, held_out: usize, rng: &mut Rng) -> (Vec<usize>, Vec<usize>) {
    let mut first = shuffled(m, rng);
    let second = first.split_off(m.saturating_sub(held_out));
    (first, second)
}

/// Refuses pictures that are all identical.
///
/// [In the book](../../../book/experiments.html#what-if-the-numbers-go-wrong)
pub fn check_variety(pictures: ArrayView3<u8>) -> Result<(), DataError> {
    if !are_all_alike(pictures) {
        return Ok(());
    }
    let blank = pictures.iter().all(|&grey| grey == 0);
    Err(DataError::all_alike(pictures.dim().0, blank))
}

/// Whether there are several examples and all are identical.
pub fn are_all_alike<A: PartialEq, D: RemoveAxis>(examples: ArrayView<A, D>) -> bool {
    let mut each = examples.outer_iter();
    let first = each.next();
    each.len() > 0 && each.all(|example| Some(example) == first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};
    use ndarray::array;

    #[test]
    fn few_of_each_class_are_found_in_turns() {
        assert_eq!(few_of_each(&[1, 0, 0, 1, 0], 2, 2), [1, 0, 2, 3]);
        assert_eq!(few_of_each(&[1, 0, 0], 2, 2), [1, 0, 2]);
    }

    #[test]
    fn black_and_white_reach_the_ends_of_the_range() {
        let pixels = array![0_u8, 51, 255];
        assert_eq!(scale_to_unit::<f64, _>(pixels.view()), array![0.0, 0.2, 1.0]);
        let symmetric = scale_to_symmetric::<f64, _>(pixels.view());
        assert_eq!(symmetric, array![-1.0, -0.6, 1.0]);
    }

    #[test]
    fn one_hot_puts_one_in_the_labels_column() {
        let rows: Array2<f64> = one_hot([2, 0].into_iter(), 3);
        assert_eq!(rows, array![[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]);
    }

    #[test]
    fn split_keeps_every_example_exactly_once() {
        let (train, held_out) = split(10, 3, &mut stream(1, Purpose::Split));
        assert_eq!((train.len(), held_out.len()), (7, 3));
        let mut all = [train, held_out].concat();
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
    }

    #[test]
    fn splitting_off_more_than_there_is_leaves_nothing() {
        let (train, held_out) = split(2, 3, &mut stream(1, Purpose::Split));
        assert_eq!((train.len(), held_out.len()), (0, 2));
    }
}
