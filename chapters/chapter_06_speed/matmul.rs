use super::blocked::{Blocked, Line};

/// A block of rows of the matrix product `C = B · A`. The numbers of `B` are taken one at a time, each
/// multiplied by whole vectors of `A`.
///
/// Each number of `C` is added up from the first term to the last, whatever the shape, so it does
/// not matter how a product is divided.
///
/// [In the book](../../../book/chapter_06.html#then-what-is-it)
pub struct Matmul<'a> {
    /// The left factor's rows.
    pub lhs: Lhs<'a>,
    /// The right factor `A`; as many of its rows are used as a row of `B` has numbers.
    pub rhs: &'a Blocked,
    /// How many strips of `A` and `C` are used.
    pub strips: usize,
    /// A block of `C`: in each strip, a line for each row.
    pub c: &'a mut [Line],
    /// The rows of the block, at most 48.
    pub rows: usize,
}

/// Where the rows of `B` are found.
///
/// [In the book](../../../book/chapter_06.html#then-what-is-it)
#[derive(Clone, Copy)]
pub enum Lhs<'a> {
    /// The rows of a block of a matrix.
    Rows {
        /// The block, with as many rows as that of `C`.
        block: &'a [Line],
        /// Which numbers of a row are taken, one for each row of `A`.
        columns: Columns<'a>,
    },
    /// The columns of a matrix that has blocks as high as those of `A`, from the first column of a
    /// strip on.
    Columns {
        /// The matrix.
        matrix: &'a Blocked,
        /// The first column.
        first: usize,
    },
}

/// Some columns of a matrix.
///
/// [In the book](../../../book/chapter_06.html#and-if-most-of-it-is-0)
#[derive(Clone, Copy)]
pub enum Columns<'a> {
    /// This many, from the first on.
    First(usize),
    /// Those with these indices, in rising order.
    Chosen(&'a [u32]),
}

impl Columns<'_> {
    /// How many there are.
    pub fn count(self) -> usize {
        match self {
            Self::First(count) => count,
            Self::Chosen(columns) => columns.len(),
        }
    }
}
