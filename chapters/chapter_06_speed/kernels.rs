use super::width::Width;

/// Which kernels a step runs: what a rung of the ladder has gained.
///
/// [In the book](../../../book/chapter_06.html#then-what-is-it)
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Kernels {
    /// Vectors of the matrix products.
    pub matmul: Width,
    /// Vectors of everything else.
    pub elementwise: Width,
    /// Whether pixels that are black in a whole mini-batch are left out of the first layer's products.
    pub skip_blank: bool,
}

impl Kernels {
    /// All that has been gained, with vectors of one width.
    pub const fn new(width: Width) -> Self {
        Self { matmul: width, elementwise: width, skip_blank: true }
    }
}

impl Default for Kernels {
    fn default() -> Self {
        Self::new(Width::in_use())
    }
}
