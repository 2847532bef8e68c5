use super::network::Network;
use crate::{
    CourseError,
    chapter_02_logistic_regression::threshold,
    dataset::{GaussianQuantiles, Points},
    metrics::accuracy,
    random::{Purpose, stream},
};

/// The article's task: two hundred points in two rings, drawn from one seed, and a network to
/// separate them.
///
/// [In the book](../../../book/chapter_03.html#how-many-hidden-units-does-it-need)
#[derive(Clone, Copy, Debug)]
pub struct Rings {
    /// Where the points and the starting weights come from.
    pub seed: u64,
    /// Hidden units of the network.
    pub hidden: usize,
    /// The learning rate of gradient descent.
    pub learning_rate: f64,
    /// How many iterations.
    pub iterations: usize,
}

/// A network that was trained on [`Rings`].
///
/// [In the book](../../../book/chapter_03.html#how-many-hidden-units-does-it-need)
pub struct Trained {
    /// The network.
    pub network: Network,
    /// The cost before each iteration and after the last.
    pub costs: Vec<f64>,
    /// Accuracy on the training points.
    pub accuracy: f64,
}

impl Rings {
    /// The article's numbers of hidden units.
    pub const SIZES: [usize; 7] = [1, 2, 3, 4, 5, 20, 50];
    /// The learning rate with which an independent program came to the article's numbers.
    pub const LEARNING_RATE: f64 = 1.2;
    /// The article's number of iterations.
    pub const ITERATIONS: usize = 5000;
    /// Points on which networks are judged.
    pub const FRESH_POINTS: usize = 20_000;
    /// Seeds for each size: enough to judge the article's claims.
    pub const SEEDS: usize = 20;

    /// The points to learn from.
    pub fn points(&self) -> Result<Points, CourseError> {
        Self::draw(self.seed, Purpose::Data, GaussianQuantiles::ARTICLE.samples)
    }

    /// Trains a network from small random weights.
    ///
    /// # Errors
    /// [`CourseError::Diverged`] if a cost is infinite or NaN.
    pub fn train(&self) -> Result<Trained, CourseError> {
        let points = self.points()?;
        let mut weights = stream(self.seed, Purpose::Weights);
        let mut network = Network::random(2, self.hidden, &mut weights);
        let (x, y) = (points.x.view(), points.y());
        let costs = network.train(x, y.view(), self.learning_rate, self.iterations);
        for (iteration, &cost) in costs.iter().enumerate() {
            let step = format_args!("iteration {iteration}");
            let rate = self.learning_rate;
            CourseError::unless_finite(cost, "the network", step, rate, Self::LEARNING_RATE)?;
        }
        Ok(Trained { accuracy: accuracy_on(&points, &network), network, costs })
    }

    /// The accuracy on 20,000 fresh points, divided into rings among themselves.
    pub fn fresh_accuracy(&self, network: &Network) -> Result<f64, CourseError> {
        let fresh = Self::draw(self.seed, Purpose::HeldOut, Self::FRESH_POINTS)?;
        Ok(accuracy_on(&fresh, network))
    }

    /// Some points of the article's cloud, half of them in the inner ring.
    pub fn draw(seed: u64, purpose: Purpose, samples: usize) -> Result<Points, CourseError> {
        let cloud = GaussianQuantiles { samples, ..GaussianQuantiles::ARTICLE };
        cloud.draw(&mut stream(seed, purpose))
    }
}

/// The share of points that a network gets right.
fn accuracy_on(points: &Points, network: &Network) -> f64 {
    accuracy(threshold(network.predict(points.x.view()).view()), points.y())
}
