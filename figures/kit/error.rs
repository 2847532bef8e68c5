/// The greatest height that is drawn, in pixels.
pub(super) const MAX_HEIGHT: u64 = 8000;

/// Why a figure cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is nothing that could be drawn: no values, or none that are finite.
    #[error("{0} has no values that can be drawn: give it at least one finite value")]
    Empty(String),
    /// Two parts of the figure do not fit together.
    #[error("{what} needs {expected} values but has {found}")]
    Count {
        /// The part of the figure.
        what: String,
        /// How many values it needs.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// The picture would be too large.
    #[error("the picture would be {0} pixels high, more than {max}: draw fewer rows", max = MAX_HEIGHT)]
    TooHigh(u64),
    /// The bundled font cannot be read.
    #[error("the bundled font {0} cannot be read")]
    Font(String),
    /// The drawing library or the encoder failed.
    #[error("the picture could not be drawn: {0}")]
    Drawing(String),
}
