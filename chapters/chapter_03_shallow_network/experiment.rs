use super::{
    by_hand::by_hand,
    network::Network,
    report::{COST_EVERY, Claims, Report, Size},
    rings::{Rings, Trained},
};
use crate::{
    Course, CourseError, Experiment, Setting,
    dataset::Points,
    gradient_check::{self, Block},
    metrics::quantile,
    progress::Step,
    random::{Purpose, stream},
    report::{
        Claimed, Finding, Map, Scatter, Tolerance, advice_on_rate, percent, worse_than_guessing,
    },
};
use ndarray::{Array1, Array2, ArrayView1, Axis, s};
use rayon::prelude::*;
use std::f64::consts::LN_2;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The article's choice.
const HIDDEN: usize = 4;
const DATASETS: usize = 30;

impl Experiment for Report {
    const NUMBER: usize = 3;
    const TITLE: &'static str = "A shallow network";
    const ADJUSTABLE: &'static [Setting] =
        &[Setting::HIDDEN, Setting::EPOCHS, Setting::LEARNING_RATE, Setting::SEEDS];

    const COURSE_SEEDS: Option<usize> = Some(6);
    const TOLERANCES: &'static [(&'static str, Tolerance)] = &[
        ("gradient_table", Tolerance::Anything),
        // At the article's rate descent is chaotic: single networks end elsewhere on another
        // processor, and only what they have in common stays.
        ("network_accuracy", Tolerance::Absolute(0.02)),
        ("cost_at_4000", Tolerance::Absolute(0.04)),
        ("accuracies", Tolerance::Absolute(0.1)),
        ("costs_at_4000", Tolerance::Absolute(0.4)),
        ("costs", Tolerance::Anything),
        ("sweep", Tolerance::Anything),
        ("claims", Tolerance::Anything),
    ];

    fn run(course: &Course) -> Result<Self, CourseError> {
        let hidden = course.overrides.hidden.unwrap_or(HIDDEN);
        let learning_rate = course.overrides.learning_rate.unwrap_or(Rings::LEARNING_RATE);

        // The article's network, on many datasets
        let runs = train_on_datasets(course, hidden, course.overrides.seeds.unwrap_or(DATASETS))?;
        let accuracies: Vec<f64> = runs.iter().map(|run| run.accuracy).collect();
        let at_4000 = |run: &Trained| run.costs[4000.min(run.costs.len() - 1)];
        let costs_at_4000: Vec<f64> = runs.iter().map(at_4000).collect();

        // The first dataset for the pictures, and networks of other sizes
        let points = rings(course, hidden, 0).points()?;
        let sweep = sweep(course, &points)?;
        Ok(Self {
            network_accuracy: quantile(&accuracies, 0.5),
            cost_at_4000: quantile(&costs_at_4000, 0.5),
            hidden,
            learning_rate,
            accuracies,
            costs_at_4000,
            costs: runs[0].costs.iter().copied().step_by(COST_EVERY).collect(),
            claims: claims(course, &runs, &sweep)?,
            sweep,
            data: Scatter::new(points.x.view(), points.labels.iter().copied()),
            by_hand: by_hand(),
            gradient_table: gradient_table(&points, course.seed),
        })
    }

    fn findings(&self) -> Vec<Finding> {
        // What the network reaches
        let network = format!("2-{}-1 network on rings", self.hidden);
        let every_thousand = self.costs.iter().step_by(1000 / COST_EVERY);
        let every_thousand: Vec<_> = every_thousand.map(|cost| format!("{cost:.3}")).collect();
        let three_digits = |cost| format!("{cost:.3}");
        let at_4000 = Claimed::AtMost(0.089);
        let Claims { four_is_best, fifty_knows_all, fifty_is_worse, no_hump, .. } = &self.claims;
        vec![
            Finding::number(network, Claimed::AtLeast(0.93), &self.accuracies, percent),
            Finding::new(
                "cost every 1,000 iterations, first dataset",
                "from 0.69 on",
                every_thousand.join(", "),
            ),
            Finding::number("cost at iteration 4,000", at_4000, &self.costs_at_4000, three_digits),
            // What the article says of sizes and of the cost
            Finding::statement("no size is better than 4 hidden units", four_is_best),
            Finding::statement("50 know their points by heart", fifty_knows_all),
            Finding::statement("50 do worse on fresh points than 4", fifty_is_worse),
            Finding::statement("the cost is convex", no_hump),
        ]
    }

    fn warnings(&self) -> Vec<String> {
        // Half of the points are in each ring
        let (cost, guessing) = (self.cost_at_4000, LN_2);
        let advice = advice_on_rate(cost, guessing, self.learning_rate, Rings::LEARNING_RATE);
        Vec::from_iter(worse_than_guessing("the network", cost, guessing, &advice))
    }
}

/// The task of one dataset, with the reader's changes.
fn rings(course: &Course, hidden: usize, dataset: u64) -> Rings {
    Rings {
        seed: course.seed.wrapping_add(dataset),
        hidden,
        learning_rate: course.overrides.learning_rate.unwrap_or(Rings::LEARNING_RATE),
        iterations: course.overrides.epochs.unwrap_or(Rings::ITERATIONS),
    }
}

/// Trains one network of a size on each of so many datasets, side by side.
fn train_on_datasets(
    course: &Course,
    hidden: usize,
    datasets: usize,
) -> Result<Vec<Trained>, CourseError> {
    let task = format!("2-{hidden}-1");
    let trained = AtomicUsize::new(0);
    let train = |dataset| {
        let run = rings(course, hidden, dataset).train()?;
        (course.watch)(&Step {
            task: &task,
            unit: "dataset",
            done: trained.fetch_add(1, Ordering::Relaxed) + 1,
            total: datasets,
            cost: run.costs.last().copied(),
        });
        Ok(run)
    };
    (0..datasets as u64).into_par_iter().map(train).collect()
}

/// Trains networks of every size, and judges them by fresh points.
fn sweep(course: &Course, shown: &Points) -> Result<Vec<Size>, CourseError> {
    let datasets = course.overrides.seeds.unwrap_or(Rings::SEEDS);
    let reach = 1.1 * Scatter::new(shown.x.view(), []).reach();
    Rings::SIZES
        .into_iter()
        .map(|hidden| {
            let runs = train_on_datasets(course, hidden, datasets)?;
            let fresh = runs
                .par_iter()
                .enumerate()
                .map(|(i, run)| rings(course, hidden, i as u64).fresh_accuracy(&run.network));
            Ok(Size {
                hidden,
                train: runs.iter().map(|run| run.accuracy).collect(),
                fresh: fresh.collect::<Result<_, CourseError>>()?,
                map: Map::new(reach, [0.0, 1.0], |x| runs[0].network.predict(x)),
            })
        })
        .collect()
}

/// Holds the article's statements to each dataset.
fn claims(course: &Course, runs: &[Trained], sweep: &[Size]) -> Result<Claims, CourseError> {
    // Four hidden units, fifty, and all others
    let of = |hidden: usize| sweep.iter().find(|size| size.hidden == hidden);
    let (four, fifty) = (of(HIDDEN).expect("4 is swept"), of(50).expect("50 is swept"));
    let is_best = |i: usize| sweep.iter().all(|size| size.fresh[i] <= four.fresh[i]);
    let pairs = four.fresh.iter().zip(&fifty.fresh);

    // The cost of each network, and midway between it and an equally good one
    let end_and_middle = (0..).zip(runs).map(|(dataset, run)| {
        let points = rings(course, HIDDEN, dataset).points()?;
        let (x, y) = (points.x.view(), points.y());
        let cost = |network: &Network| network.cost(x, y.view());
        Ok([cost(&run.network), cost(&midpoint_to_reversed_units(&run.network))])
    });
    let end_and_middle = end_and_middle.collect::<Result<Vec<[f64; 2]>, CourseError>>()?;
    Ok(Claims {
        four_is_best: (0..four.fresh.len()).map(is_best).collect(),
        fifty_knows_all: fifty.train.iter().map(|&share| share == 1.0).collect(),
        fifty_is_worse: pairs.map(|(four, fifty)| fifty < four).collect(),
        no_hump: end_and_middle.iter().map(|[end, middle]| middle <= end).collect(),
        hump: end_and_middle[0],
    })
}

/// The network midway between this one and the same with its hidden units in reverse order, which
/// computes the same and costs the same.
// ANCHOR: mirror
fn midpoint_to_reversed_units(network: &Network) -> Network {
    let Network { w1, b1, w2, b2 } = network;
    Network {
        w1: 0.5 * (w1 + &w1.slice(s![.., ..;-1])),
        b1: 0.5 * (b1 + &b1.slice(s![..;-1])),
        w2: 0.5 * (w2 + &w2.slice(s![..;-1])),
        b2: *b2,
    }
}
// ANCHOR_END: mirror

/// Checks the gradient of a network whose weights are not small, so that no block of it vanishes.
fn gradient_table(points: &Points, seed: u64) -> Vec<gradient_check::Row> {
    let (x, y) = (points.x.view(), points.y());
    let mut network = Network::random(2, HIDDEN, &mut stream(seed, Purpose::Weights));
    network.w1 *= 100.0;
    network.w2 *= 100.0;
    let gradient = network.backward(x, y.view(), &network.forward(x));
    let blocks = [
        Block::new("w1", network.w1.len()),
        Block::new("b1", network.b1.len()),
        Block::new("w2", network.w2.len()),
        Block::new("b2", 1),
    ];
    gradient_check::table(&blocks, unroll(&network).view(), unroll(&gradient).view(), |theta| {
        roll(theta, &network).cost(x, y.view())
    })
}

/// All parameters in one row: `w1`, `b1`, `w2`, `b2`.
fn unroll(network: &Network) -> Array1<f64> {
    let Network { w1, b1, w2, b2 } = network;
    w1.iter().chain(b1).chain(w2).chain([b2]).copied().collect()
}

/// A network as large as `like` with the parameters of `theta`.
fn roll(theta: ArrayView1<f64>, like: &Network) -> Network {
    let (n, h) = like.w1.dim();
    let (w1, rest) = theta.split_at(Axis(0), n * h);
    let (b1, rest) = rest.split_at(Axis(0), h);
    let (w2, b2) = rest.split_at(Axis(0), h);
    Network {
        w1: Array2::from_shape_fn((n, h), |(i, j)| w1[i * h + j]),
        b1: b1.to_owned(),
        w2: w2.to_owned(),
        b2: b2[0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RINGS: Rings = Rings { seed: 1, hidden: 4, learning_rate: 1.2, iterations: 0 };

    #[test]
    fn gradient_matches_central_differences() {
        let points = RINGS.points().unwrap();
        let rows = gradient_table(&points, 1);
        let table = gradient_check::markdown(&rows);
        assert!(rows.iter().all(|row| row.relative_error < 1e-7), "{table}");
    }

    #[test]
    fn network_with_reversed_units_computes_the_same() {
        let points = RINGS.points().unwrap();
        let network = Network::random(2, 4, &mut stream(1, Purpose::Weights));
        let midpoint = midpoint_to_reversed_units(&network);
        let reversed = Network {
            w1: 2.0 * &midpoint.w1 - &network.w1,
            b1: 2.0 * &midpoint.b1 - &network.b1,
            w2: 2.0 * &midpoint.w2 - &network.w2,
            b2: network.b2,
        };
        let difference = reversed.predict(points.x.view()) - network.predict(points.x.view());
        assert!(reversed != network && difference.iter().all(|d| d.abs() < 1e-15));
    }

    #[test]
    fn rolling_undoes_unrolling() {
        let network = Network::random(2, 3, &mut stream(1, Purpose::Weights));
        assert_eq!(roll(unroll(&network).view(), &network), network);
    }
}
