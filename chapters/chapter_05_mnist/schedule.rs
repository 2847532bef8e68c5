use serde::{Deserialize, Serialize};

/// How the learning rate changes from the first mini-batch to the last.
///
/// [In the book](../../../book/chapter_05.html#how-is-it-trained)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// It does not change.
    Constant,
    /// It falls in a straight line to 0, so that the last steps settle.
    LinearToZero,
    /// It rises from 0 in a straight line over the first tenth of the steps, then falls to 0.
    WarmUp,
}

/// The share of all steps over which [`Schedule::WarmUp`] rises.
const RISE: f64 = 0.1;

impl Schedule {
    /// The share of the learning rate that is left when a share `done` of all steps, from 0 to 1, is
    /// done.
    // ANCHOR: schedule
    pub fn share(self, done: f64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::LinearToZero => 1.0 - done,
            Self::WarmUp => (done / RISE).min((1.0 - done) / (1.0 - RISE)),
        }
    }
    // ANCHOR_END: schedule
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_schedule_falls_to_zero_and_warm_up_rises_first() {
        assert_eq!(
            [0.0, 0.25, 1.0].map(|done| Schedule::LinearToZero.share(done)),
            [1.0, 0.75, 0.0]
        );
        assert_eq!(Schedule::Constant.share(0.9), 1.0);
        let rising = [0.0, 0.05, 0.1, 1.0].map(|done| Schedule::WarmUp.share(done));
        assert_eq!(rising, [0.0, 0.5, 1.0, 0.0]);
    }
}
