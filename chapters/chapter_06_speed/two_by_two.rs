use ndarray::ArrayView2;

/// A register tile in its smallest form: rows `i`, `i + 1` and columns `j`, `j + 1` of the matrix
/// product `B · A`. Four numbers fetched serve four multiply-adds, and the four sums can stay in
/// registers.
///
/// `b` has the shape `(m, k)`, `a` the shape `(k, n)`.
///
/// [In the book](../../../book/chapter_06.html#then-what-is-it)
// ANCHOR: two_by_two
pub fn two_by_two(b: ArrayView2<f32>, a: ArrayView2<f32>, [i, j]: [usize; 2]) -> [[f32; 2]; 2] {
    let mut c = [[0.0; 2]; 2];
    for k in 0..a.nrows() {
        let [b0, b1] = [b[[i, k]], b[[i + 1, k]]];
        let [a0, a1] = [a[[k, j]], a[[k, j + 1]]];
        c[0][0] += b0 * a0;
        c[0][1] += b0 * a1;
        c[1][0] += b1 * a0;
        c[1][1] += b1 * a1;
    }
    c
}
// ANCHOR_END: two_by_two

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, s};

    #[test]
    fn tiles_make_up_the_product() {
        // Small whole numbers: every sum is exact
        let b = Array2::from_shape_fn((6, 5), |(i, k)| ((7 * i + 3 * k) % 11) as f32 - 5.0);
        let a = Array2::from_shape_fn((5, 8), |(k, j)| ((5 * k + 2 * j) % 7) as f32 - 3.0);
        let whole = b.dot(&a);
        for i in (0..6).step_by(2) {
            for j in (0..8).step_by(2) {
                let tile = ndarray::arr2(&two_by_two(b.view(), a.view(), [i, j]));
                assert_eq!(tile, whole.slice(s![i..i + 2, j..j + 2]));
            }
        }
    }
}
