use super::product::Product;
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
    /// A matrix product of our own, which keeps sums in the widest registers that the processor has.
    Product,
    /// Such vectors for everything else too, and whatever can be done with a product is done while
    /// it is still in the cache. Run in a thread pool, it uses all cores of that pool.
    Vectors,
}

impl Rung {
    /// The rungs from the bottom to the top.
    pub const ALL: [Self; 4] = [Self::InPlace, Self::Fused, Self::Product, Self::Vectors];

    /// Writes a matrix product.
    pub(super) fn product(self, product: Product) {
        if self < Self::Product {
            product.write_with_ndarray();
        } else {
            product.write();
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

    /// How many rows of a product, of so many, are worked on before they are finished.
    pub(super) fn rows_at_once(self, rows: usize) -> usize {
        if self < Self::Vectors { rows.max(1) } else { ROWS }
    }
}

/// So few rows that they stay in the cache, and a multiple of those that a product takes at once.
const ROWS: usize = 48;
