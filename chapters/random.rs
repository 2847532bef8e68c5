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

/// `count` seeds, counted up from `first`; after the largest number comes 0.
///
/// [In the book](../../../book/opening.html#why-may-i-trust-the-numbers)
pub fn seeds(first: u64, count: usize) -> impl Iterator<Item = u64> + Clone {
    (0..count as u64).map(move |i| first.wrapping_add(i))
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
    /// How pictures are distorted.
    Distortion,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngCore;

    #[test]
    fn seeds_go_on_after_the_largest_number() {
        assert_eq!(seeds(u64::MAX, 3).collect::<Vec<_>>(), [u64::MAX, 0, 1]);
    }

    #[test]
    fn same_seed_and_purpose_give_the_same_numbers() {
        let draw = |seed, purpose| stream(seed, purpose).next_u64();
        assert_eq!(draw(1, Purpose::Data), draw(1, Purpose::Data));
        assert_ne!(draw(1, Purpose::Data), draw(2, Purpose::Data));
        assert_ne!(draw(1, Purpose::Data), draw(1, Purpose::Weights));
    }
}
