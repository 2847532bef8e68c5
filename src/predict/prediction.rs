/// The output of the model for one example.
pub struct Prediction {
    pub file: String,
    pub row: usize,
    pub probabilities: Vec<f64>,
    /// The most probable class.
    pub class: usize,
    /// The most probable of the others.
    pub next: usize,
    /// The label, if there is one, and the class of the model that it means, if it means one.
    pub truth: Option<String>,
    pub true_class: Option<usize>,
    /// The features whose values are far from all that the model learned from.
    pub far: Vec<String>,
}

impl Prediction {
    /// Whether it is wrong, if that is known.
    pub fn is_miss(&self) -> Option<bool> {
        self.truth.as_ref().map(|_| self.true_class != Some(self.class))
    }
}
