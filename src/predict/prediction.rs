use own_data::formats::is_same_class;

/// The output of the model for one example.
pub struct Prediction {
    pub file: String,
    pub row: usize,
    pub probabilities: Vec<f64>,
    /// The most probable class.
    pub class: usize,
    /// The most probable of the others.
    pub next: usize,
    /// The true class, if that is known.
    pub truth: Option<String>,
    /// The features whose values are far from all that the model learned from.
    pub far: Vec<String>,
}

impl Prediction {
    /// Whether it is wrong, if that is known.
    pub fn is_miss(&self, classes: &[String]) -> Option<bool> {
        self.truth.as_ref().map(|truth| !is_same_class(truth, &classes[self.class]))
    }
}
