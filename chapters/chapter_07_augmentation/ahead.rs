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
// ANCHOR: epoch
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
    // Shuffle, and cut into a few mini-batches at a time
    let m = examples.len();
    let order = training.order(m, rng);
    let mut parts = order.chunks(training.mini_batch * AHEAD.div_ceil(training.mini_batch));
    let mut begun = before * m;
    let mut next = || {
        let chosen = parts.next()?;
        let x = distortion.pictures(pixels.view(), chosen, begun).into_shared();
        begun += chosen.len();
        let labels = chosen.iter().map(|&i| examples.labels[i]).collect();
        Some(Examples { x: Features::Pixels { pixels: x, scale: *scale }, labels })
    };
    // Learn from one part while the next is distorted
    let mut costs = Vec::new();
    let mut ready = next();
    while let Some(examples) = ready {
        let all: Vec<usize> = (0..examples.len()).collect();
        let learn = || {
            for chosen in all.chunks(training.mini_batch) {
                let i = costs.len();
                let cost = learner.step(&examples, chosen, training.step_sizes(before, i, m));
                training.check(cost, task, i, before)?;
                costs.push(cost);
            }
            Ok::<_, CourseError>(())
        };
        let (learned, distorted) = rayon::join(learn, &mut next);
        learned?;
        ready = distorted;
    }
    Ok(costs)
}
// ANCHOR_END: epoch
