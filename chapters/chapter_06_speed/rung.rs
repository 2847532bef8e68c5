use super::product::product;
use ndarray::{ArrayView2, ArrayViewMut2, linalg::general_mat_mul};
use pulp::Arch;

/// How far up the ladder: each rung keeps what those below it have won. Chapter 5's own code is the
/// ground that it stands on.
///
/// [In the book](../../../../book/chapter_06.html#then-what-is-it)
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Rung {
    /// No memory is asked for while training: everything is written where the last step's was.
    InPlace,
    /// Bias and activation take one pass over the numbers, not two.
    Fused,
    /// A matrix product made for the widest vectors that the processor has.
    Product,
    /// Such vectors for everything else too, and Adam takes each part of the gradient while it is
    /// still in the cache. Run in a thread pool, it uses all cores of that pool.
    Vectors,
}

impl Rung {
    /// The rungs from the bottom to the top.
    pub const ALL: [Self; 4] = [Self::InPlace, Self::Fused, Self::Product, Self::Vectors];

    /// Writes the matrix product `a · b` into `c`.
    pub(super) fn product(self, a: ArrayView2<f32>, b: ArrayView2<f32>, mut c: ArrayViewMut2<f32>) {
        if self < Self::Product {
            general_mat_mul(1.0, &a, &b, 0.0, &mut c);
        } else {
            product(a, b, c);
        }
    }

    /// Runs a loop over numbers; from the top rung with the vectors that this processor has, where
    /// the compiler alone would use those that every processor has.
    // ANCHOR: pass
    #[inline(always)]
    pub(super) fn pass(self, pass: impl FnOnce()) {
        if self < Self::Vectors {
            pass();
        } else {
            Arch::new().dispatch(pass);
        }
    }
    // ANCHOR_END: pass
}
