//! The one source of chance: a portable generator, seeded by the caller and passed down.
//!
//! [In the book](../../../book/opening.html#why-may-i-trust-the-numbers)

use rand::SeedableRng;

/// The generator behind every random number of the course. `ChaCha8` gives the same numbers on
/// every machine and in every version, which `rand`'s own default does not promise.
pub type Rng = rand_chacha::ChaCha8Rng;

/// A generator for one purpose: streams of the same seed never overlap, so that drawing more
/// weights does not change the order of the examples.
pub fn stream(seed: u64, purpose: Purpose) -> Rng {
    let mut rng = Rng::seed_from_u64(seed);
    rng.set_stream(purpose as u64);
    rng
}

/// What a stream of random numbers is for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Making data.
    Data,
    /// Making held-out data.
    HeldOut,
    /// Starting weights.
    Weights,
    /// The order of examples.
    Order,
    /// Which examples are set aside.
    Split,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngCore;

    #[test]
    fn same_seed_and_purpose_give_the_same_numbers() {
        let draw = |seed, purpose| stream(seed, purpose).next_u64();
        assert_eq!(draw(1, Purpose::Data), draw(1, Purpose::Data));
        assert_ne!(draw(1, Purpose::Data), draw(2, Purpose::Data));
        assert_ne!(draw(1, Purpose::Data), draw(1, Purpose::Weights));
    }
}
