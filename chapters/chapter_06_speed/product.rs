//! The matrix product, and the only unsafe code of the course.

use gemm::{Parallelism, gemm};
use ndarray::{ArrayView2, ArrayViewMut2};

/// Writes the matrix product `a · b` into `c`, with the widest vectors that this processor has.
///
/// # Panics
/// Panics where the shapes do not fit.
///
/// [In the book](../../../../book/chapter_06.html)
// ANCHOR: product
#[expect(unsafe_code, reason = "`gemm` reads and writes through bare pointers")]
pub fn product(a: ArrayView2<f32>, b: ArrayView2<f32>, mut c: ArrayViewMut2<f32>) {
    let ((m, k), n) = (a.dim(), b.ncols());
    assert!(b.nrows() == k && c.dim() == (m, n), "the shapes do not fit");
    let [a_row, a_column] = [a.strides()[0], a.strides()[1]];
    let [b_row, b_column] = [b.strides()[0], b.strides()[1]];
    let [c_row, c_column] = [c.strides()[0], c.strides()[1]];
    let (a, b, c) = (a.as_ptr(), b.as_ptr(), c.as_mut_ptr());
    // SAFETY: pointers, strides and shapes are those of three views that live until the end of this
    // function, and the shapes fit together. Nothing else can reach `c`, which is borrowed as `mut`.
    // What `c` held before is not read.
    // ANCHOR_END: product
    unsafe {
        gemm(
            m,
            n,
            k,
            c,
            c_column,
            c_row,
            false,
            a,
            a_column,
            a_row,
            b,
            b_column,
            b_row,
            0.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, Axis, s};

    fn numbers(rows: usize, columns: usize) -> Array2<f32> {
        Array2::from_shape_fn((rows, columns), |(i, j)| ((7 * i + 3 * j) % 11) as f32 - 5.0)
    }

    /// Small whole numbers: any order of adding them up is exact.
    fn is_right(a: ArrayView2<f32>, b: ArrayView2<f32>) {
        let mut c = Array2::from_elem((a.nrows(), b.ncols()), f32::NAN);
        product(a, b, c.view_mut());
        assert_eq!(c, a.dot(&b));
    }

    #[test]
    fn product_is_ndarrays_whatever_the_shape() {
        for (m, k, n) in
            [(1, 1, 1), (3, 5, 2), (1, 40, 33), (64, 17, 10), (128, 300, 100), (2, 0, 3)]
        {
            is_right(numbers(m, k).view(), numbers(k, n).view());
        }
    }

    #[test]
    fn product_of_transposed_and_sliced_views_is_ndarrays() {
        let (a, b) = (numbers(40, 30), numbers(50, 60));
        is_right(a.t(), b.slice(s![..40, 3..9]));
        is_right(a.slice(s![..;2, 10..]), b.slice(s![20..40, ..]).slice(s![..;-1, ..]));
        is_right(a.view(), b.t().slice(s![5..35, ..]));
    }

    #[test]
    fn block_of_a_larger_matrix_is_filled_and_the_rest_is_left() {
        let (a, b) = (numbers(20, 30), numbers(30, 40));
        let mut c = Array2::zeros((20, 90));
        let block = c.slice_axis_mut(Axis(1), (25..65).into());
        product(a.view(), b.view(), block);
        assert_eq!(c.slice(s![.., 25..65]), a.dot(&b));
        assert!(c.slice(s![.., ..25]).iter().chain(c.slice(s![.., 65..])).all(|&c| c == 0.0));
    }

    #[test]
    #[should_panic(expected = "the shapes do not fit")]
    fn shapes_that_do_not_fit_are_refused() {
        product(numbers(2, 3).view(), numbers(4, 2).view(), numbers(2, 2).view_mut());
    }
}
