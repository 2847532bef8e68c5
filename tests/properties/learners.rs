//! Any training ends in finite numbers, and can be put aside in the middle.

use crate::{cases, examples::seed};
use handwritten::{
    chapters::chapter_05_mnist::{Activation, Schedule},
    dataset::{Inputs, Labelled},
    progress::unwatched,
    random::{Purpose, stream},
    workbench::{Archive, Checkpoint, Error, Learner, Model, Optimiser, Recipe, Source, Task},
};
use ndarray::Array2;
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use proptest::{collection::vec, prelude::*, sample::select};

/// Why a training came to an end before its last epoch.
#[derive(Debug)]
enum Interruption {
    Meant,
    Error(#[expect(dead_code, reason = "it is printed")] Error),
}

impl From<Error> for Interruption {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

fn examples(m: usize, classes: usize, seed: u64) -> Labelled {
    let mut rng = stream(seed, Purpose::Data);
    let x = Array2::random_using((m, 3), StandardNormal, &mut rng);
    Labelled {
        inputs: Inputs::Numbers { x, features: ["a", "b", "c"].map(str::to_owned).to_vec() },
        labels: (0..m).map(|i| i % classes).collect(),
        classes: (0..classes).map(|class| class.to_string()).collect(),
    }
}

fn recipe() -> impl Strategy<Value = Recipe> {
    use Activation::{Relu, Sigmoid, Tanh};
    use Optimiser::{Adam, Lbfgs, Momentum, Sgd};
    use Schedule::{Constant, LinearToZero, WarmUp};
    let network = (vec(1..9_usize, 0..3), select(vec![Relu, Sigmoid, Tanh]));
    let steps = (
        select(vec![Sgd, Momentum, Adam, Lbfgs]),
        select(vec![Constant, LinearToZero, WarmUp]),
        0..12_usize,
        1..6_usize,
    );
    let rest = (
        prop_oneof![Just(0.0), 0.01..3.0_f64],
        0.1..0.5_f64,
        prop_oneof![Just(None), (1..4_usize).prop_map(Some)],
        seed(),
        any::<bool>(),
    );
    (network, steps, rest).prop_map(
        |(
            (hidden, activation),
            (optimiser, schedule, batch, epochs),
            (lambda, validation, patience, seed, plain),
        )| Recipe {
            hidden,
            activation,
            initialisation: activation.suited_initialisation(),
            optimiser,
            learning_rate: optimiser.usual_rate(),
            schedule,
            batch: if optimiser == Lbfgs { 0 } else { batch },
            epochs,
            lambda,
            validation,
            patience,
            seed,
            plain,
        },
    )
}

/// Learns up to the end of an epoch.
fn learn(learner: &mut Learner, task: &Task, until: usize) {
    let keep = |learner: &Learner| {
        if learner.history.len() == until { Err(Interruption::Meant) } else { Ok(()) }
    };
    let ended = learner.learn(task, &unwatched, keep);
    assert!(!matches!(ended, Err(Interruption::Error(_))), "{ended:?}");
}

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn any_training_ends_in_finite_numbers_though_it_is_put_aside(
        recipe in recipe(),
        m in 6..40_usize,
        classes in 2..5_usize,
        pause in 1..6_usize,
    ) {
        recipe.check().unwrap();
        let examples = examples(m, classes, recipe.seed);
        let task = Task::new(&examples, recipe.validation, recipe.seed).unwrap();
        let mut straight = Learner::begin(&recipe, &task);
        learn(&mut straight, &task, usize::MAX);
        for epoch in &straight.history {
            let judged = epoch.held_out.unwrap();
            prop_assert!([epoch.cost, judged.cost, judged.error].iter().all(|x| x.is_finite()));
        }
        for layer in &straight.network.layers {
            prop_assert!(layer.w.iter().chain(&layer.b).all(|w| w.is_finite()));
        }

        // Put aside, and taken up again
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint.safetensors");
        let source = Source::File { data: "a.csv".into(), label: None };
        let mut first = Learner::begin(&recipe, &task);
        learn(&mut first, &task, pause);
        let archive = first.put_aside(&source, "digest");
        archive.write(&path).unwrap();
        let read = Archive::read(&path).unwrap();
        prop_assert_eq!(&read, &archive);
        let checkpoint: Checkpoint = read.about().unwrap();
        prop_assert_eq!((&checkpoint.recipe, &checkpoint.source), (&recipe, &source));
        let mut second = Learner::take_up(&read, &task).unwrap();
        prop_assert_eq!(&second.put_aside(&source, "digest"), &archive);
        learn(&mut second, &task, usize::MAX);
        prop_assert_eq!(&second.history, &straight.history);
        prop_assert_eq!(&second.network, &straight.network);
        prop_assert_eq!(&second.best, &straight.best);

        // What is left to use survives its file, and says what it said
        let Task { input, classes, .. } = task;
        let model = Model { network: straight.chosen().clone(), classes, input };
        model.write(&path).unwrap();
        let read = Model::read(&path).unwrap();
        prop_assert_eq!(&read, &model);
        let [said, says] = [&model, &read].map(|model| model.predict(&examples.inputs).unwrap());
        prop_assert!(said.iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert_eq!(said, says);
    }
}
