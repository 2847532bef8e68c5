use super::{
    blocked::LINE,
    lanes::Lanes,
    matmul::{Lhs, Matmul},
    width::{Kernel, Width},
};

impl Matmul<'_> {
    /// Computes the product with vectors of this width.
    pub fn write(self, width: Width) {
        width.kernel(self);
    }
}

impl Kernel for Matmul<'_> {
    #[inline(always)]
    fn run<L: Lanes, const N: usize, const V: usize>(mut self, lanes: L) {
        // A strip of A stays in the cache while all rows of B are multiplied by it
        let at_once = V * L::COUNT / LINE;
        let mut strip = 0;
        while strip < self.strips {
            // Two strips where a tile is as wide as two, and there are two
            if at_once == 2 && strip + 2 <= self.strips {
                self.rows_of::<L, N, V, 2>(lanes, strip);
                strip += 2;
            } else if at_once == 2 {
                self.rows_of::<L, N, 1, 1>(lanes, strip);
                strip += 1;
            } else {
                self.rows_of::<L, N, V, 1>(lanes, strip);
                strip += 1;
            }
        }
    }
}

impl Matmul<'_> {
    /// Computes all rows of `S` strips: tiles as high as the registers allow, and smaller ones for the
    /// rows that are left over.
    #[inline(always)]
    fn rows_of<L: Lanes, const N: usize, const V: usize, const S: usize>(
        &mut self,
        lanes: L,
        strip: usize,
    ) {
        let mut row = 0;
        while row < self.rows {
            // Rows of B that are columns of a matrix end where their strip ends
            let end = match self.lhs {
                Lhs::Rows { .. } => self.rows,
                Lhs::Columns { .. } => self.rows.min((row / LINE + 1) * LINE),
            };
            row += match end - row {
                left if left >= N => self.tile::<L, N, V, S>(lanes, [row, strip]),
                4.. => self.tile::<L, 4, V, S>(lanes, [row, strip]),
                _ => self.tile::<L, 1, V, S>(lanes, [row, strip]),
            };
        }
    }
}

#[cfg(test)]
mod tests;
