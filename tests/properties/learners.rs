//! Any training ends in finite numbers, and can be put aside in the middle.

use crate::{
    cases,
    examples::{finite, seed},
};
use chapters::{
    CourseError,
    chapter_05_mnist::{Activation, Initialisation, Schedule},
    dataset::DataError,
    progress::unwatched,
    random::{Purpose, stream},
};
use ndarray::{Array2, s};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use own_data::{
    Archive, Checkpoint, Model, OptimiserKind, Provenance, Source, Split, TrainConfig, Trainer,
    formats::{Inputs, Labelled, TableOptions},
    in_double,
};
use proptest::{collection::vec, prelude::*, sample::select};

/// Why a training came to an end before its last epoch.
#[derive(Debug)]
enum Interruption {
    Meant,
    Error(#[expect(dead_code, reason = "it is printed")] CourseError),
}

impl From<CourseError> for Interruption {
    fn from(error: CourseError) -> Self {
        Self::Error(error)
    }
}

fn examples(m: usize, classes: usize, seed: u64, constant: bool) -> Labelled {
    let mut rng = stream(seed, Purpose::Data);
    let x = if constant {
        Array2::ones((m, 3))
    } else {
        Array2::random_using((m, 3), StandardNormal, &mut rng)
    };
    labelled(x, classes)
}

fn labelled(x: Array2<f64>, classes: usize) -> Labelled {
    let m = x.nrows();
    Labelled {
        inputs: Inputs::Numbers { x, features: ["a", "b", "c"].map(str::to_owned).to_vec() },
        labels: (0..m).map(|i| i % classes).collect(),
        classes: (0..classes).map(|class| class.to_string()).collect(),
    }
}

/// A short training.
const CONFIG: TrainConfig = TrainConfig {
    hidden: Vec::new(),
    activation: Activation::Relu,
    initialisation: Initialisation::He,
    optimiser: OptimiserKind::Adam,
    learning_rate: Some(0.003),
    schedule: Some(Schedule::Constant),
    batch: 0,
    epochs: 1,
    lambda: 0.0,
    validation: 0.0,
    patience: None,
    augment: None,
    average: None,
    seed: 1,
    plain: false,
};

fn config() -> impl Strategy<Value = TrainConfig> {
    use Activation::{Relu, Sigmoid, Tanh};
    use OptimiserKind::{Adam, Lbfgs, Momentum, Sgd};
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
        prop_oneof![1 => Just(0.0), 3 => 0.1..0.5_f64],
        prop_oneof![Just(None), (1..4_usize).prop_map(Some)],
        seed(),
        any::<bool>(),
    );
    (network, steps, rest).prop_map(
        |(
            (hidden, activation),
            (optimiser, schedule, batch, epochs),
            (lambda, validation, patience, seed, plain),
        )| TrainConfig {
            hidden,
            activation,
            initialisation: activation.suited_initialisation(),
            optimiser,
            learning_rate: (optimiser != Lbfgs).then(|| optimiser.usual_rate()),
            schedule: (optimiser != Lbfgs).then_some(schedule),
            batch: if optimiser == Lbfgs { 0 } else { batch },
            epochs,
            lambda,
            validation,
            patience: patience.filter(|_| validation > 0.0),
            augment: None,
            average: None,
            seed,
            plain,
        },
    )
}

/// Whether it is the numbers themselves that nothing can be learned from, or said of.
fn is_of_the_numbers(refusal: &DataError) -> bool {
    let refusal = refusal.to_string();
    let of_the_numbers = [
        " examples are identical, expected some that differ: ",
        " are too large to be scaled: ",
        " are too close to 0 to be scaled: ",
        " when scaled like the training examples, expected less than a million: ",
    ];
    of_the_numbers.iter().any(|words| refusal.contains(words))
}

/// Learns up to the end of an epoch.
fn learn(trainer: &mut Trainer, split: &Split, until: usize) {
    let keep = |trainer: &Trainer| {
        if trainer.history.len() == until { Err(Interruption::Meant) } else { Ok(()) }
    };
    let ended = trainer.learn(split, &unwatched, keep);
    assert!(!matches!(ended, Err(Interruption::Error(_))), "{ended:?}");
}

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn any_numbers_are_scaled_and_answered_for_or_refused(
        numbers in vec(finite(), 12..30),
        spread in prop_oneof![Just(1e300), 0.0..1e40_f64, Just(1.0)],
        share in 0.0..0.5_f64,
        seed in seed(),
    ) {
        // What is read is of any size, what is learned from often of a smaller one
        let rows = numbers.len() / 3;
        let wild = Array2::from_shape_vec((rows, 3), numbers[..3 * rows].to_vec()).unwrap();
        let tame = wild.mapv(|x| x % spread);
        let config = TrainConfig { hidden: vec![4], ..CONFIG };
        let split = match Split::new(&labelled(tame, 3), share, seed) {
            Err(refusal) => {
                prop_assert!(is_of_the_numbers(&refusal), "{refusal}");
                return Ok(());
            }
            Ok(split) => split,
        };
        for examples in [&split.train, &split.held_out] {
            prop_assert!(in_double(examples, 3).0.iter().all(|x| x.is_finite()));
        }
        let mut trainer = Trainer::begin(&config, &split).unwrap();
        learn(&mut trainer, &split, 1);
        let Split { input, classes, ranges, .. } = split;
        let (network, temperature, provenance) = (trainer.network, 1.0, None);
        let model = Model { network, classes, input, temperature, ranges, provenance };
        for i in 0..rows {
            let example = labelled(wild.slice(s![i..=i, ..]).to_owned(), 1);
            match model.predict(&example.inputs) {
                Err(refusal) => prop_assert!(is_of_the_numbers(&refusal), "{refusal}"),
                Ok(p) => prop_assert!(p.iter().all(|p| (0.0..=1.0).contains(p)), "{p}"),
            }
        }
    }

    #[test]
    fn any_training_ends_in_finite_numbers_though_it_is_put_aside(
        config in config(),
        m in 6..40_usize,
        classes in 2..5_usize,
        pause in 1..6_usize,
        constant in proptest::bool::weighted(0.1),
    ) {
        config.check().unwrap();
        let examples = examples(m, classes, config.seed, constant);
        let split = match Split::new(&examples, config.validation, config.seed) {
            Err(refusal) => {
                prop_assert!(constant && is_of_the_numbers(&refusal), "{refusal}");
                return Ok(());
            }
            Ok(split) => split,
        };
        let mut straight = Trainer::begin(&config, &split).unwrap();
        learn(&mut straight, &split, usize::MAX);
        for epoch in &straight.history {
            prop_assert_eq!(epoch.held_out.is_some(), config.validation > 0.0);
            let judged = epoch.held_out.map_or([0.0; 2], |judged| [judged.cost, judged.error]);
            prop_assert!([epoch.cost, judged[0], judged[1]].iter().all(|x| x.is_finite()));
        }
        for layer in &straight.network.layers {
            prop_assert!(layer.w.iter().chain(&layer.b).all(|w| w.is_finite()));
        }

        // Put aside, and taken up again
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint.safetensors");
        let table = TableOptions::default();
        let source = Source::File { data: "a.csv".into(), table, transpose: false };
        let mut first = Trainer::begin(&config, &split).unwrap();
        learn(&mut first, &split, pause);
        let archive = first.save_checkpoint(&source, "digest");
        archive.write(&path).unwrap();
        let read = Archive::read(&path, DataError::plain).unwrap();
        prop_assert_eq!(&read, &archive);
        let checkpoint: Checkpoint = read.about().unwrap();
        prop_assert_eq!((&checkpoint.config, &checkpoint.source), (&config, &source));
        let mut second = Trainer::load_checkpoint(&read, &split).unwrap();
        prop_assert_eq!(&second.save_checkpoint(&source, "digest"), &archive);
        learn(&mut second, &split, usize::MAX);
        prop_assert_eq!(&second.history, &straight.history);
        prop_assert_eq!(&second.network, &straight.network);
        prop_assert_eq!(&second.best, &straight.best);

        // What is left to use survives its file, and says what it said
        let Split { input, classes, ranges, .. } = split;
        let (network, temperature) = (straight.chosen().clone(), 0.75);
        let config = straight.config.clone();
        let (digest, on_held_out) = ("d".to_owned(), None);
        let provenance = Some(Provenance { source: source.clone(), digest, config, on_held_out });
        let model = Model { network, classes, input, temperature, ranges, provenance };
        model.write(&path).unwrap();
        let read = Model::read(&path).unwrap();
        prop_assert_eq!(&read, &model);
        let [said, says] = [&model, &read].map(|model| model.predict(&examples.inputs).unwrap());
        prop_assert!(said.iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert_eq!(said, says);
    }
}
