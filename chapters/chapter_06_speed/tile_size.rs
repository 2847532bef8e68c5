use super::width::Width;

/// How large the tile of a width is, and how many registers there are for it.
///
/// [In the book](../../../book/chapter_06.html#which-vectors)
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TileSize {
    /// Rows of the tile.
    pub rows: usize,
    /// Vectors in each row.
    pub vectors: usize,
    /// Numbers in each vector.
    pub numbers: usize,
    /// Vector registers of the processor.
    pub registers: usize,
}

impl Width {
    /// The tile that [`Width::kernel`] takes for this width.
    pub fn tile(self) -> TileSize {
        let [rows, vectors, numbers, registers] = match self {
            Self::Avx512 => [12, 2, 16, 32],
            Self::Avx2 => [6, 2, 8, 16],
            Self::Neon => [6, 4, 4, 32],
            Self::Plain => [2, 4, 4, 16],
        };
        TileSize { rows, vectors, numbers, registers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chapter_06_speed::{lanes::Lanes, width::Kernel};

    /// Notes rows, vectors and numbers of the tile that it is run with.
    struct Note<'a>(&'a mut [usize; 3]);

    impl Kernel for Note<'_> {
        fn run<L: Lanes, const N: usize, const V: usize>(self, _: L) {
            *self.0 = [N, V, L::COUNT];
        }
    }

    #[test]
    fn tile_is_that_of_the_kernel() {
        for width in Width::available() {
            let mut noted = [0; 3];
            width.kernel(Note(&mut noted));
            let TileSize { rows, vectors, numbers, .. } = width.tile();
            assert_eq!([rows, vectors, numbers], noted, "{width}");
        }
    }

    #[test]
    fn sums_and_what_is_multiplied_fit_into_the_registers() {
        for width in Width::ALL {
            // The vectors of a row, and the number that they are multiplied with
            let TileSize { rows, vectors, registers, .. } = width.tile();
            assert!(rows * vectors + vectors < registers, "{width}");
        }
    }
}
