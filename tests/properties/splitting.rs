//! However examples are dealt out, each is there exactly once.

use crate::{cases, examples::seed};
use chapters::{
    chapter_05_mnist::{Examples, Features, Method, Schedule, StepSizes, TrainStep, Training},
    dataset::{few_of_each, split},
    random::{Purpose, stream},
};
use ndarray::{ArcArray2, Array2};
use own_data::{
    Split,
    formats::{Inputs, Labelled},
    in_double,
};
use proptest::{collection::vec, prelude::*};

fn sorted(mut positions: Vec<usize>) -> Vec<usize> {
    positions.sort_unstable();
    positions
}

/// Notes what it is shown, and with which step sizes.
#[derive(Default)]
struct Witness {
    shown: Vec<usize>,
    batches: Vec<usize>,
    step_sizes: Vec<StepSizes>,
}

impl TrainStep<f32> for Witness {
    fn step(&mut self, _: &Examples<f32>, chosen: &[usize], step_sizes: StepSizes) -> f64 {
        self.shown.extend_from_slice(chosen);
        self.batches.push(chosen.len());
        self.step_sizes.push(step_sizes);
        1.0
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn split_keeps_every_example_once(m in 0..300_usize, aside in 0..400_usize, seed in seed()) {
        let (first, second) = split(m, aside, &mut stream(seed, Purpose::Split));
        prop_assert_eq!(second.len(), aside.min(m));
        prop_assert_eq!(sorted([first, second].concat()), (0..m).collect::<Vec<_>>());
    }

    #[test]
    fn split_of_examples_keeps_each_once(m in 2..120_usize, share in 0.0..1.0_f64, seed in seed()) {
        let x = Array2::from_shape_fn((m, 1), |(i, _)| i as f64);
        let labels: Vec<usize> = (0..m).map(|i| i % 2).collect();
        let features = vec!["number".to_owned()];
        let classes = ["even", "odd"].map(str::to_owned).to_vec();
        let examples = Labelled { inputs: Inputs::Numbers { x, features }, labels, classes };
        let aside = (share * m as f64).round() as usize;
        match Split::new(&examples, share, seed) {
            Err(_) => prop_assert!(m < aside + 2),
            Ok(split) => {
                prop_assert_eq!([split.train.len(), split.held_out.len()], [m - aside, aside]);
                let parts = [&split.train, &split.held_out].map(|examples| in_double(examples, 1));
                let numbers = parts.iter().flat_map(|(x, y)| x.iter().zip(y));
                // The smallest is 0, and from one to the next it is the same step
                let mut numbers: Vec<(f64, f64)> = numbers.map(|(&x, &y)| (x, y)).collect();
                numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
                let step = (numbers[m - 1].0 - numbers[0].0) / (m - 1) as f64;
                for (i, &(x, y)) in numbers.iter().enumerate() {
                    prop_assert_eq!(((x - numbers[0].0) / step).round(), i as f64);
                    prop_assert_eq!(y, (i % 2) as f64);
                }
            }
        }
    }

    #[test]
    fn first_few_of_each_class_are_told_once(labels in vec(0..6_usize, 0..60), count in 0..8_usize) {
        let labels = &labels;
        let found = few_of_each(labels, 5, count);
        let first = |class| {
            let of_class = (0..labels.len()).filter(move |&i| labels[i] == class);
            of_class.take(count).collect::<Vec<_>>()
        };
        let expected = sorted((0..5).flat_map(first).collect());
        prop_assert_eq!(sorted(found), expected);
    }

    #[test]
    fn epoch_shows_every_example_once(
        m in 1..300_usize,
        mini_batch in 1..400_usize,
        before in 0..3_usize,
        seed in seed(),
    ) {
        let training = Training {
            epochs: 3,
            mini_batch,
            method: Method::Sgd,
            learning_rate: 0.1,
            schedule: Schedule::WarmUp,
            weight_decay: 0.0,
            lambda: 1.0,
            error_threshold: None,
        };
        let x = Features::Numbers(ArcArray2::zeros((m, 1)));
        let examples = Examples { x, labels: vec![0; m] };
        let mut witness = Witness::default();
        let mut rng = stream(seed, Purpose::Order);
        let costs = training.epoch(before, "", &examples, &mut witness, &mut rng);
        prop_assert_eq!(costs.unwrap().len(), m.div_ceil(mini_batch));
        prop_assert_eq!(sorted(witness.shown), (0..m).collect::<Vec<_>>());
        prop_assert!(witness.batches.iter().all(|&shown| shown <= mini_batch));
        for StepSizes { learning_rate, l2 } in witness.step_sizes {
            prop_assert!((0.0..=0.1).contains(&learning_rate));
            prop_assert_eq!(l2, 1.0 / m as f64);
        }
    }
}
