use super::distortion::Distortion;
use crate::{
    CourseError,
    chapter_05_mnist::{Examples, Features, TrainStep, Training},
    random::Rng,
};

/// About how many pictures are distorted while the network learns from as many others.
const AHEAD: usize = 2048;

/// One epoch of distorted pictures, which shows every example once, after `before` other epochs; returns
/// the cost of each mini-batch before it was learned from. Numbers that are no pictures stay as they are.
///
/// While the network learns from some pictures, the next are distorted on whatever core has time.
///
/// # Errors
/// [`CourseError::Diverged`] as soon as a cost is infinite or NaN.
///
/// [In the book](../../../book/chapter_07.html#does-it-take-long)
pub fn epoch(
    training: &Training,
    before: usize,
    task: &str,
    (examples, distortion): (&Examples<f32>, &Distortion),
    learner: &mut (impl TrainStep<f32> + Send),
    rng: &mut Rng,
) -> Result<Vec<f64>, CourseError> {
    let Features::Pixels { pixels, scale } = &examples.x else {
        return training.epoch(before, task, examples, learner, rng);
    };
    // ANCHOR: next
    // Shuffle, and cut into a few mini-batches at a time
    let m = examples.len();
    let order = training.order(m, rng);
    let mut parts = order.chunks(training.mini_batch * AHEAD.div_ceil(training.mini_batch));
    let mut distorted_so_far = before * m;
    let mut next = || {
        let chosen = parts.next()?;
        let x = distortion.pictures(pixels.view(), chosen, distorted_so_far).into_shared();
        distorted_so_far += chosen.len();
        let labels = chosen.iter().map(|&i| examples.labels[i]).collect();
        Some(Examples { x: Features::Pixels { pixels: x, scale: *scale }, labels })
    };
    // ANCHOR_END: next
    // ANCHOR: learn
    // Learn from one part while the next is distorted
    let mut costs = Vec::new();
    let mut ready = next();
    while let Some(part) = ready {
        let all: Vec<usize> = (0..part.len()).collect();
        let learn = || {
            for chosen in all.chunks(training.mini_batch) {
                let i = costs.len();
                let cost = learner.step(&part, chosen, training.step_sizes(before, i, m));
                training.check(cost, task, i, before)?;
                costs.push(cost);
            }
            Ok::<_, CourseError>(())
        };
        let (learned, distorted) = rayon::join(learn, &mut next);
        learned?;
        ready = distorted;
    }
    // ANCHOR_END: learn
    Ok(costs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chapter_05_mnist::{Activation, Backprop, Initialisation, Method, Network, Schedule},
        chapter_07_augmentation::Amounts,
        dataset::{pen::pen_digits, scale_to_unit},
        random::{Purpose, stream},
    };

    const TRAINING: Training = Training {
        epochs: 2,
        mini_batch: 64,
        method: Method::Adam,
        learning_rate: 1e-3,
        schedule: Schedule::LinearToZero,
        weight_decay: 0.0,
        lambda: 0.0,
        error_threshold: None,
    };

    /// A small network after two epochs, distorted by so much or left to chapter 5.
    fn trained(amounts: Option<Amounts>, threads: usize) -> Network<f32> {
        // More than are distorted at once, and a last mini-batch that is not full
        let digits = pen_digits(2 * AHEAD + 100, 1);
        let examples = Examples::of_digits(&digits, scale_to_unit);
        let mut rng = stream(1, Purpose::Weights);
        let (activation, start) = (Activation::Relu, Initialisation::He);
        let mut network = Network::random(&[784, 8, 10], activation, start, &mut rng);
        let mut optimiser = TRAINING.method.begin(&network, 0.0);
        let distortion = amounts.map(|amounts| Distortion::new(amounts, digits.size, 1));
        let mut order = stream(1, Purpose::Order);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for before in 0..TRAINING.epochs {
            let mut learner = Backprop { network: &mut network, optimiser: &mut optimiser };
            let costs = pool.install(|| match &distortion {
                Some(distortion) => {
                    let digits = (&examples, distortion);
                    epoch(&TRAINING, before, "test", digits, &mut learner, &mut order)
                }
                None => TRAINING.epoch(before, "test", &examples, &mut learner, &mut order),
            });
            assert_eq!(costs.unwrap().len(), digits.len().div_ceil(TRAINING.mini_batch));
        }
        network
    }

    #[test]
    fn digits_as_they_are_teach_what_chapter_5_learns() {
        assert_eq!(trained(Some(Amounts::NONE), 2), trained(None, 1));
    }

    #[test]
    fn same_seed_gives_the_same_network_on_any_number_of_threads() {
        let [one, three] = [1, 3].map(|threads| trained(Some(Amounts::DIGITS), threads));
        assert_eq!(one, three);
        assert_ne!(one, trained(None, 1));
    }
}
