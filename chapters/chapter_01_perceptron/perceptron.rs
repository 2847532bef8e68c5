use ndarray::{Array1, ArrayView1, ArrayView2};

/// A neuron that outputs 0 or 1: `y_hat = step(w·x + b)`.
///
/// Rosenblatt, *The perceptron: a probabilistic model for information storage and organization in
/// the brain*, Psychological Review 65, 1958.
///
/// [In the book](../../../book/chapter_01.html#what-does-a-neuron-compute)
// ANCHOR: perceptron
#[derive(Clone, Debug, PartialEq)]
pub struct Perceptron {
    /// One weight per feature, shape `(n,)`.
    pub w: Array1<f64>,
    /// The bias: with it, the line `w·x + b = 0` need not pass through the origin.
    pub b: f64,
}
// ANCHOR_END: perceptron

impl Perceptron {
    /// A perceptron that has learned nothing: its weights and its bias are 0.
    // ANCHOR: new
    pub fn new(features: usize) -> Self {
        Self { w: Array1::zeros(features), b: 0.0 }
    }
    // ANCHOR_END: new

    /// The predicted class of one example, 0 or 1; `x` has the shape `(n,)`.
    // ANCHOR: predict
    pub fn predict(&self, x: ArrayView1<f64>) -> f64 {
        step(self.w.dot(&x) + self.b)
    }
    // ANCHOR_END: predict

    /// Learns from one example whose class is `y`, 0 or 1; returns whether the prediction was wrong.
    ///
    /// Only a mistake changes anything: it moves the line towards having the example on its correct
    /// side. There is no learning rate: since `w` and `b` start at 0, it would scale both and leave
    /// the line where it is.
    // ANCHOR: learn
    pub fn learn(&mut self, x: ArrayView1<f64>, y: f64) -> bool {
        let error = y - self.predict(x);
        self.w.scaled_add(error, &x);
        self.b += error;
        error != 0.0
    }
    // ANCHOR_END: learn

    /// Learns from every example once, in order; returns the number of mistakes.
    ///
    /// `x` has the shape `(m, n)`, `y` the shape `(m,)`.
    // ANCHOR: epoch
    pub fn epoch(&mut self, x: ArrayView2<f64>, y: ArrayView1<f64>) -> usize {
        let mut mistakes = 0;
        for (x, &y) in x.rows().into_iter().zip(y) {
            if self.learn(x, y) {
                mistakes += 1;
            }
        }
        mistakes
    }
    // ANCHOR_END: epoch
}

/// The step function, Rosenblatt's activation function: 1 where `z` is positive, 0 elsewhere.
///
/// [In the book](../../../book/chapter_01.html#what-does-a-neuron-compute)
// ANCHOR: step
pub fn step(z: f64) -> f64 {
    if z > 0.0 { 1.0 } else { 0.0 }
}
// ANCHOR_END: step

/// The most mistakes that a perceptron can make, however long it learns: `(R/γ)²`, where the radius
/// `R` is the length of the longest example and the margin `γ` the distance of the nearest one from
/// some line that separates the classes (Novikoff, *On convergence proofs on perceptrons*, 1962).
///
/// The bound is for lines through the origin; a bias counts as one more feature that is always 1.
///
/// [In the book](../../../book/chapter_01.html#when-does-it-stop-making-mistakes)
// ANCHOR: novikoff_bound
pub fn novikoff_bound(radius: f64, margin: f64) -> f64 {
    (radius / margin).powi(2)
}
// ANCHOR_END: novikoff_bound

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    // ANCHOR: gates
    fn learns(outputs: [f64; 4]) -> bool {
        let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
        let y = ArrayView1::from(&outputs);
        let mut neuron = Perceptron::new(2);
        (0..1000).any(|_| neuron.epoch(x.view(), y) == 0)
    }

    #[test]
    fn and_or_nand_are_learned() {
        assert!(learns([0.0, 0.0, 0.0, 1.0]));
        assert!(learns([0.0, 1.0, 1.0, 1.0]));
        assert!(learns([1.0, 1.0, 1.0, 0.0]));
    }

    #[test]
    fn xor_is_beyond_one_perceptron() {
        assert!(!learns([0.0, 1.0, 1.0, 0.0]));
    }
    // ANCHOR_END: gates

    #[test]
    fn mistake_moves_the_weights_by_the_example() {
        let mut neuron = Perceptron::new(2);
        assert!(neuron.learn(array![2.0, -1.0].view(), 1.0));
        assert_eq!((neuron.w, neuron.b), (array![2.0, -1.0], 1.0));
    }

    #[test]
    fn correct_prediction_changes_nothing() {
        let mut neuron = Perceptron { w: array![2.0, -1.0], b: 1.0 };
        let before = neuron.clone();
        assert!(!neuron.learn(array![1.0, 1.0].view(), 1.0));
        assert_eq!(neuron, before);
    }
}
