//! Examples dealt out so that every part has its share of every class (Kohavi, *A Study of
//! Cross-Validation and Bootstrap for Accuracy Estimation and Model Selection*, 1995).

use chapters::{dataset::shuffled, metrics::class_counts, random::Rng};

/// Holds out about `held_out` examples at random, of each class its share: positions of those to train
/// on, and of the others.
///
/// Shares are rounded so that their sum is as asked for, but one example of every class is always left
/// to train on.
pub fn hold_out(
    labels: &[usize],
    classes: usize,
    held_out: usize,
    rng: &mut Rng,
) -> (Vec<usize>, Vec<usize>) {
    let mut quotas = quotas(&class_counts(labels, classes), held_out);
    shuffled(labels.len(), rng).into_iter().partition(|&i| {
        let quota = &mut quotas[labels[i]];
        let stays = *quota == 0;
        *quota = quota.saturating_sub(1);
        stays
    })
}

/// How many examples of each class are held out: the whole part of its share, and one more where the
/// rest is largest, until there are enough.
fn quotas(counts: &[usize], held_out: usize) -> Vec<usize> {
    let all: usize = counts.iter().sum();
    let most = |class: usize| counts[class].saturating_sub(1);
    let share = |class: usize| held_out as f64 * counts[class] as f64 / all as f64;
    let mut quotas: Vec<usize> =
        (0..counts.len()).map(|class| (share(class) as usize).min(most(class))).collect();
    for _ in quotas.iter().sum()..held_out {
        let open = (0..counts.len()).rev().filter(|&class| quotas[class] < most(class));
        let missing = |class: usize| share(class) - quotas[class] as f64;
        let Some(class) = open.max_by(|&a, &b| missing(a).total_cmp(&missing(b))) else { break };
        quotas[class] += 1;
    }
    quotas
}

/// Deals all examples out at random to this many parts, each class evenly: the positions of each part.
pub fn folds(labels: &[usize], folds: usize, rng: &mut Rng) -> Vec<Vec<usize>> {
    let mut order = shuffled(labels.len(), rng);
    // The sort is stable, so that each class keeps its random order
    order.sort_by_key(|&i| labels[i]);
    let part = |first: usize| order.iter().copied().skip(first).step_by(folds).collect();
    (0..folds).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chapters::random::{Purpose, stream};

    fn counts(labels: &[usize], part: &[usize]) -> Vec<usize> {
        class_counts(&part.iter().map(|&i| labels[i]).collect::<Vec<_>>(), 4)
    }

    /// 60, 30, 9 and 1 examples of four classes, one after the other.
    fn labels() -> Vec<usize> {
        [60, 30, 9, 1].iter().enumerate().flat_map(|(class, &n)| vec![class; n]).collect()
    }

    #[test]
    fn each_class_has_its_share_held_out() {
        let labels = labels();
        for seed in 0..20 {
            let (train, aside) = hold_out(&labels, 4, 20, &mut stream(seed, Purpose::Split));
            assert_eq!(counts(&labels, &aside), [12, 6, 2, 0]);
            assert_eq!(counts(&labels, &train), [48, 24, 7, 1]);
        }
    }

    #[test]
    fn one_of_each_class_is_left_however_much_is_held_out() {
        assert_eq!(quotas(&[60, 30, 9, 1], 99), [59, 29, 8, 0]);
        assert_eq!(quotas(&[2, 1], 1), [1, 0]);
        assert_eq!(quotas(&[1, 1], 2), [0, 0]);
        // The first of equals
        assert_eq!(quotas(&[5, 5, 5], 2), [1, 1, 0]);
    }

    #[test]
    fn seed_decides_which_are_held_out() {
        let labels = labels();
        let split = |seed| hold_out(&labels, 4, 20, &mut stream(seed, Purpose::Split));
        assert_eq!(split(3), split(3));
        assert_ne!(split(3), split(4));
    }

    #[test]
    fn folds_share_each_class_evenly_and_miss_no_example() {
        let labels = labels();
        let parts = folds(&labels, 7, &mut stream(1, Purpose::Split));
        for part in &parts {
            assert!((14..=15).contains(&part.len()));
            let expected = [8..=9, 4..=5, 1..=2, 0..=1];
            let found = counts(&labels, part);
            assert!(expected.iter().zip(&found).all(|(range, n)| range.contains(n)), "{found:?}");
        }
        let mut all = parts.concat();
        all.sort_unstable();
        assert_eq!(all, (0..100).collect::<Vec<_>>());
    }
}
