//! System C: networks that L-BFGS trains, with an L2 penalty on their weights; and gradient descent
//! beside it.

use super::digits::{Examples, Split};
use crate::{
    Course, CourseError,
    chapter_04_regularised_network::{
        lbfgs::Lbfgs,
        minimum::Minimum,
        network::Architecture,
        report::{ConvergenceCurve, Penalty},
    },
    metrics::accuracy,
    progress::Step,
};
use rayon::prelude::*;

/// The learning rates of gradient descent, and how many gradients each method may compute.
const DESCENT_RATES: [f64; 3] = [0.3, 1.0, 3.0];
const EVALUATIONS: usize = 200;

/// How networks are trained.
#[derive(Clone, Copy)]
pub struct LbfgsTraining<'a> {
    pub course: &'a Course<'a>,
    pub architecture: &'a Architecture,
    /// The strength of the L2 penalty.
    pub lambda: f64,
    /// At most this many iterations of L-BFGS.
    pub iterations: usize,
}

impl LbfgsTraining<'_> {
    /// Trains one network for each split, in parallel.
    pub fn run(&self, splits: &[Split]) -> (Penalty, Vec<Minimum>) {
        // Training
        let lambda = self.lambda;
        let minimise = |split: &Split| {
            self.minimise(split, &format!("L-BFGS, λ = {lambda}, seed {}", split.seed))
        };
        let minima: Vec<Minimum> = splits.par_iter().map(minimise).collect();

        // Test: accuracy on training digits and on held-out digits
        let share = |examples: &Examples, minimum: &Minimum| {
            let predicted = self.architecture.predict(minimum.theta.view(), examples.x.view());
            accuracy(predicted, examples.labels.iter().copied())
        };
        let each = || splits.iter().zip(&minima);
        let penalty = Penalty {
            lambda,
            train: each().map(|(split, minimum)| share(&split.train, minimum)).collect(),
            test: each().map(|(split, minimum)| share(&split.test, minimum)).collect(),
            stops: minima.iter().map(|minimum| minimum.stop).collect(),
        };
        (penalty, minima)
    }

    fn minimise(&self, split: &Split, task: &str) -> Minimum {
        let Self { course, architecture, lambda, iterations } = *self;
        let Examples { x, y, .. } = &split.train;
        let watch = |done, cost| {
            let (unit, total) = ("iteration", iterations);
            (course.watch)(&Step { task, unit, done, total, cost: Some(cost) });
        };
        Lbfgs { iterations, ..Lbfgs::default() }.minimise(
            split.initial_theta(architecture),
            |theta| architecture.cost_and_gradient(theta, x.view(), y.view(), lambda),
            watch,
        )
    }

    /// Gradient descent on the same cost from the same start.
    fn gradient_descent(
        &self,
        split: &Split,
        learning_rate: f64,
    ) -> Result<ConvergenceCurve, CourseError> {
        let Examples { x, y, .. } = &split.train;
        let mut theta = split.initial_theta(self.architecture);
        let mut costs = Vec::with_capacity(EVALUATIONS);
        for evaluations in 1..=EVALUATIONS {
            // Forward and backward
            let (cost, gradient) =
                self.architecture.cost_and_gradient(theta.view(), x.view(), y.view(), self.lambda);
            let step = format_args!("iteration {evaluations}");
            CourseError::unless_finite(
                cost,
                "gradient descent",
                step,
                learning_rate,
                learning_rate,
            )?;
            costs.push((evaluations, cost));
            // Update
            theta.scaled_add(-learning_rate, &gradient);
        }
        Ok(ConvergenceCurve { method: format!("gradient descent, rate {learning_rate}"), costs })
    }
}

/// Lets gradient descent at several rates and L-BFGS start from the same weights.
pub fn compare_with_descent(
    training: LbfgsTraining,
    split: &Split,
) -> Result<Vec<ConvergenceCurve>, CourseError> {
    let descend = |&learning_rate| training.gradient_descent(split, learning_rate);
    let mut curves = DESCENT_RATES.par_iter().map(descend).collect::<Result<Vec<_>, _>>()?;
    let training = LbfgsTraining { iterations: EVALUATIONS, ..training };
    let history = training.minimise(split, "the race").history.into_iter();
    let costs = history.take_while(|&(evaluations, _)| evaluations <= EVALUATIONS).collect();
    curves.push(ConvergenceCurve { method: "L-BFGS".to_owned(), costs });
    Ok(curves)
}
