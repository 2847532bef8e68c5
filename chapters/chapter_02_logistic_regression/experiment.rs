use super::{
    logistic_regression::{LogisticRegression, threshold},
    report::{Report, Surface},
};
use crate::{
    Course, CourseError, Experiment, Setting,
    dataset::{GaussianQuantiles, Points},
    gradient_check::{self, Block},
    metrics::{accuracy, quantile},
    progress::Step,
    random::{Purpose, seeds, stream},
    report::{
        Claimed, Finding, Map, Scatter, Tolerance, advice_on_rate, percent, worse_than_guessing,
    },
};
use ndarray::{Array1, ArrayView1, Axis, array, concatenate, s};
use std::f64::consts::{LN_2, TAU};

const DATASETS: usize = 30;
const ITERATIONS: usize = 1000;
/// The same as for the network of chapter 3, so that only the model differs.
const LEARNING_RATE: f64 = 1.2;
/// How many directions are tried for the line with the best accuracy.
const DIRECTIONS: usize = 720;
/// Where descent starts for the picture: on a steep slope, so that there is something to see.
const START: [f64; 2] = [2.2, -1.6];
/// The picture of the cost reaches this far in each weight.
const REACH: f64 = 2.6;

impl Experiment for Report {
    const NUMBER: usize = 2;
    const TITLE: &'static str = "Logistic regression";
    const ADJUSTABLE: &'static [Setting] =
        &[Setting::EPOCHS, Setting::LEARNING_RATE, Setting::SEEDS];

    const TOLERANCES: &'static [(&'static str, Tolerance)] = &[
        // Rounding errors, measured: only their size means something.
        ("gradient_table", Tolerance::Anything),
        // Single points may change sides.
        ("accuracies", Tolerance::Absolute(0.011)),
        ("accuracies_with_distance", Tolerance::Absolute(0.011)),
        ("line", Tolerance::Anything),
        ("surface.cost", Tolerance::Anything),
    ];

    fn run(course: &Course) -> Result<Self, CourseError> {
        let datasets = course.overrides.seeds.unwrap_or(DATASETS);
        let iterations = course.overrides.epochs.unwrap_or(ITERATIONS);
        let learning_rate = course.overrides.learning_rate.unwrap_or(LEARNING_RATE);

        // Many datasets: a straight line, and a plane once the squared distance is a third feature
        let mut accuracies = Vec::with_capacity(datasets);
        let mut accuracies_with_distance = Vec::with_capacity(datasets);
        for (i, seed) in seeds(course.seed, datasets).enumerate() {
            let points = rings(seed)?;
            let lifted = with_squared_distance(&points);
            accuracies.push(training_accuracy(&points, iterations, learning_rate)?);
            accuracies_with_distance.push(training_accuracy(&lifted, iterations, learning_rate)?);
            (course.watch)(&Step {
                task: "logistic regression",
                unit: "dataset",
                done: i + 1,
                total: datasets,
                cost: None,
            });
        }

        // The first of them for the pictures
        let points = rings(course.seed)?;
        let data = Scatter::new(points.x.view(), points.labels.iter().copied());
        let start = LogisticRegression::new(2);
        let Descent { model, costs, .. } =
            gradient_descent(start, &points, iterations, learning_rate)?;
        Ok(Self {
            logistic_accuracy: quantile(&accuracies, 0.5),
            accuracies,
            accuracies_with_distance,
            learning_rate,
            accuracy: accuracy_on(&points, &model),
            best_accuracy: best_accuracy(&points),
            line: Map::new(1.1 * data.reach(), [0.0, 1.0], |x| model.predict(x)),
            data,
            costs,
            surface: surface(&points, iterations, learning_rate)?,
            gradient_table: gradient_table(&points),
        })
    }

    fn findings(&self) -> Vec<Finding> {
        let lifted = quantile(&self.accuracies_with_distance, 0.5);
        let claimed = Claimed::AtLeast(0.53);
        vec![
            Finding::number("logistic regression on rings", claimed, &self.accuracies, percent),
            Finding::new(
                "the same, given the squared distance as a feature",
                "no claim",
                percent(lifted),
            ),
        ]
    }

    fn warnings(&self) -> Vec<String> {
        let cost = self.costs[self.costs.len() - 1];
        // Half of the points are in each ring
        let guessing = LN_2;
        let advice = advice_on_rate(cost, guessing, self.learning_rate, LEARNING_RATE);
        Vec::from_iter(worse_than_guessing("logistic regression", cost, guessing, &advice))
    }
}

fn rings(seed: u64) -> Result<Points, CourseError> {
    GaussianQuantiles::ARTICLE.draw(&mut stream(seed, Purpose::Data))
}

/// The same points with `x1² + x2²` as a third feature: with it, a plane separates the rings.
// ANCHOR: squared_distance
fn with_squared_distance(points: &Points) -> Points {
    let squared = points.x.map_axis(Axis(1), |point| point.dot(&point));
    let third = squared.insert_axis(Axis(1));
    Points { x: concatenate![Axis(1), points.x, third], labels: points.labels.clone() }
}
// ANCHOR_END: squared_distance

/// Trains from zero and returns the accuracy on the training points.
fn training_accuracy(
    points: &Points,
    iterations: usize,
    learning_rate: f64,
) -> Result<f64, CourseError> {
    let start = LogisticRegression::new(points.x.ncols());
    let Descent { model, .. } = gradient_descent(start, points, iterations, learning_rate)?;
    Ok(accuracy_on(points, &model))
}

fn accuracy_on(points: &Points, model: &LogisticRegression) -> f64 {
    accuracy(threshold(model.predict(points.x.view()).view()), points.y())
}

/// The largest share of the points that a straight line can have on their correct sides, found by
/// trying every offset in each of many directions.
fn best_accuracy(points: &Points) -> f64 {
    let directions = (0..DIRECTIONS).map(|i| TAU * i as f64 / DIRECTIONS as f64);
    let most_correct = directions.map(|angle| {
        // How far each point lies in this direction, and the order in which a line meets them
        let distance = points.x.dot(&array![angle.cos(), angle.sin()]);
        let mut order: Vec<usize> = (0..distance.len()).collect();
        order.sort_by(|&i, &j| distance[i].total_cmp(&distance[j]));
        // Before the first point, the line has everything on the side of class 1
        let mut correct = points.labels.sum();
        let mut most = correct;
        for i in order {
            if points.labels[i] == 0 {
                correct += 1;
            } else {
                correct -= 1;
            }
            most = most.max(correct);
        }
        most
    });
    most_correct.max().unwrap_or(0) as f64 / points.labels.len() as f64
}

/// A run of gradient descent.
struct Descent {
    /// The model it ended with.
    model: LogisticRegression,
    /// The cost before each iteration and after the last.
    costs: Vec<f64>,
    /// The weights before each iteration and after the last.
    weights: Vec<Array1<f64>>,
}

/// Gradient descent from `model`; each step uses all points.
fn gradient_descent(
    mut model: LogisticRegression,
    points: &Points,
    iterations: usize,
    learning_rate: f64,
) -> Result<Descent, CourseError> {
    let (x, y) = (points.x.view(), points.y());
    let (mut costs, mut weights) = (Vec::new(), Vec::new());
    for iteration in 0..=iterations {
        // Forward: the cost
        let cost = model.cost(x, y.view());
        let step = format_args!("iteration {iteration}");
        CourseError::unless_finite(
            cost,
            "logistic regression",
            step,
            learning_rate,
            LEARNING_RATE,
        )?;
        costs.push(cost);
        weights.push(model.w.clone());
        if iteration < iterations {
            // Backward: the gradient
            let gradient = model.gradient(x, y.view());
            // Update
            model.descend(&gradient, learning_rate);
        }
    }
    Ok(Descent { model, costs, weights })
}

/// The cost over a square of weights, and the path of gradient descent from a steep slope.
fn surface(points: &Points, iterations: usize, learning_rate: f64) -> Result<Surface, CourseError> {
    // The path
    let start = LogisticRegression { w: Array1::from_iter(START), b: 0.0 };
    let Descent { model, costs, weights } =
        gradient_descent(start, points, iterations, learning_rate)?;

    // The cost, from the lowest on that path to the highest in the square
    let (x, y) = (points.x.view(), points.y());
    let cost_at = |w: ArrayView1<f64>| {
        let there = LogisticRegression { w: w.to_owned(), b: model.b };
        there.cost(x, y.view())
    };
    let lowest = costs.iter().copied().fold(f64::INFINITY, f64::min);
    let corners = [[REACH, REACH], [REACH, -REACH], [-REACH, REACH], [-REACH, -REACH]];
    // The cost is convex: over a square it is highest in a corner.
    let highest = corners.map(|w| cost_at(ArrayView1::from(&w)));
    let highest = highest.into_iter().fold(lowest, f64::max);
    Ok(Surface {
        cost: Map::new(REACH, [lowest, highest], |w| w.map_axis(Axis(1), cost_at)),
        path: weights.iter().map(|w| [w[0], w[1]]).collect(),
    })
}

/// Checks the gradient where no component is nearly 0: at the start of the path, with another bias.
fn gradient_table(points: &Points) -> Vec<gradient_check::Row> {
    let (x, y) = (points.x.view(), points.y());
    let model = |theta: ArrayView1<f64>| LogisticRegression {
        w: theta.slice(s![..2]).to_owned(),
        b: theta[2],
    };
    let theta = array![START[0], START[1], 0.5];
    let gradient = model(theta.view()).gradient(x, y.view());
    let unrolled = concatenate![Axis(0), gradient.w, array![gradient.b]];
    let blocks = [Block::new("w", 2), Block::new("b", 1)];
    gradient_check::table(&blocks, theta.view(), unrolled.view(), |theta| {
        model(theta).cost(x, y.view())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradient_matches_central_differences() {
        let rows = gradient_table(&rings(1).unwrap());
        let table = gradient_check::markdown(&rows);
        assert!(rows.iter().all(|row| row.relative_error < 1e-7), "{table}");
    }

    #[test]
    fn best_line_is_found_among_all_directions_and_offsets() {
        // The line x1 = 1/2 errs on one point of these five; no line is right on all.
        let x = array![[0.0, 0.0], [0.1, 1.0], [0.2, -1.0], [-2.0, 0.0], [1.0, 0.0]];
        let points = Points { x, labels: array![0, 0, 0, 1, 1] };
        assert_eq!(best_accuracy(&points), 0.8);
    }

    // ANCHOR: rings_test
    #[test]
    fn line_through_rings_is_hardly_better_than_a_coin() {
        let accuracy = training_accuracy(&rings(1).unwrap(), ITERATIONS, LEARNING_RATE).unwrap();
        assert!((0.45..0.65).contains(&accuracy), "{accuracy}");
    }

    #[test]
    fn squared_distance_makes_rings_separable() {
        let lifted = with_squared_distance(&rings(1).unwrap());
        let accuracy = training_accuracy(&lifted, ITERATIONS, LEARNING_RATE).unwrap();
        assert!(accuracy > 0.95, "{accuracy}");
    }
    // ANCHOR_END: rings_test
}
