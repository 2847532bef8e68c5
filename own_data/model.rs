use super::{Archive, Input, Judged, Ranges, Source, TrainConfig};
use crate::formats::Inputs;
use chapters::{
    chapter_05_mnist::{Activation, Network, outputs_for, probabilities},
    chapter_06_speed::{Width, logits, logits_of_one},
    dataset::DataError,
};
use half::f16;
use ndarray::{Array2, Axis, concatenate};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A trained network, and everything that is needed to use it.
///
/// [In the book](../../book/experiments.html#what-is-in-a-model)
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The network.
    pub network: Network<f32>,
    /// What its classes are called.
    pub classes: Vec<String>,
    /// How it gets an example.
    pub input: Input,
    /// What its logits are divided by before they become probabilities, so that those are as certain as
    /// the network is right; 1 leaves them as they are.
    ///
    /// [In the book](../../book/experiments.html#how-far-may-i-trust-a-probability)
    pub temperature: f64,
    /// Between which numbers each feature lay in the training examples.
    pub ranges: Ranges,
    /// Where it comes from; older files do not say.
    pub provenance: Option<Provenance>,
}

/// Where a model comes from: with the same examples, the same settings train it again.
///
/// [In the book](../../book/experiments.html#what-is-in-a-model)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Provenance {
    /// The files that it learned from.
    pub source: Source,
    /// The digest of the examples in them.
    pub digest: String,
    /// How it was trained.
    #[serde(rename = "recipe")]
    pub config: TrainConfig,
    /// How it did on the validation examples, if there were any.
    pub on_held_out: Option<Judged>,
}

/// What the file holds beside the weights.
#[derive(Deserialize, Serialize)]
struct About {
    program: String,
    activation: Activation,
    classes: Vec<String>,
    input: Input,
    #[serde(default = "unchanged")]
    temperature: f64,
    #[serde(default)]
    ranges: Ranges,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provenance: Option<Provenance>,
}

/// The temperature of a model whose probabilities were not calibrated.
fn unchanged() -> f64 {
    1.0
}

impl Model {
    /// The probability of each class, shape `(m, classes)`.
    ///
    /// # Errors
    /// If examples are not in the form that the model was trained on, or too far from those it was trained
    /// on, or if its weights are so large that its output is not a number.
    pub fn predict(&self, inputs: &Inputs) -> Result<Array2<f64>, DataError> {
        let examples = self.input.read(inputs)?;
        let z = if examples.len() == 1 {
            let (x, _) = examples.batch(&[0], self.network.outputs());
            logits_of_one(&self.network, x.row(0)).insert_axis(Axis(0))
        } else {
            logits(&self.network, &examples, Width::in_use())
        };
        let temperature = self.temperature as f32;
        let p = probabilities((z / temperature).view()).mapv(f64::from);
        if let Some(example) = p.rows().into_iter().position(|p| p.iter().any(|p| p.is_nan())) {
            let example = example + 1;
            return Err(DataError::plain(format!(
                "the output of the model for example {example} is not a number: its weights are too \
                 large"
            ))
            .remedy("train it again, with a smaller learning rate"));
        }
        Ok(match p.ncols() {
            // The only output is the probability of the second of two classes
            1 => concatenate![Axis(1), 1.0 - &p, p],
            _ => p,
        })
    }

    /// Writes a `.safetensors` file, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), DataError> {
        self.archive().write(path)
    }

    /// Writes it in half precision, in half the space.
    ///
    /// # Errors
    /// If the file cannot be written, or if a weight is too large for half precision.
    pub fn write_in_half(&self, path: &Path) -> Result<(), DataError> {
        let most = f32::from(f16::MAX);
        let weights = self.network.layers.iter().flat_map(|layer| layer.w.iter().chain(&layer.b));
        let largest = weights.fold(0.0_f32, |largest, weight| weight.abs().max(largest));
        if largest > most {
            return Err(DataError::plain(format!("a weight of the model is {largest}"))
                .expected(format!("at most {most}, the largest number in half precision")));
        }
        self.archive().halved().write(path)
    }

    fn archive(&self) -> Archive {
        let about = About {
            program: concat!("handwritten ", env!("CARGO_PKG_VERSION")).to_owned(),
            activation: self.network.activation,
            classes: self.classes.clone(),
            input: self.input.clone(),
            temperature: self.temperature,
            ranges: self.ranges.clone(),
            provenance: self.provenance.clone(),
        };
        let mut archive = Archive::new(&about);
        archive.put_layers("", &self.network.layers);
        archive
    }

    /// Reads what [`write`](Self::write) wrote.
    ///
    /// # Errors
    /// If the file cannot be read, or anything in it does not match the rest.
    pub fn read(path: &Path) -> Result<Self, DataError> {
        let refuse = |reason| {
            DataError::new(path, format!("is not a model of this program: {reason}"))
                .remedy("name a file that `handwritten train` has written")
        };
        Self::of(&Archive::read(path, refuse)?).map_err(refuse)
    }

    /// The model in an archive, or what is wrong with it.
    pub fn of(archive: &Archive) -> Result<Self, String> {
        let About { activation, classes, input, temperature, ranges, provenance, .. } =
            archive.about()?;
        let layers = archive.layers("")?;
        input.check()?;
        if classes.len() < 2 || layers[layers.len() - 1].b.len() != outputs_for(classes.len()) {
            return Err(format!("its outputs do not match its {} classes", classes.len()));
        }
        if layers[0].w.nrows() != input.len() {
            return Err(format!("its first layer does not match {input}"));
        }
        // The file keeps `f64`, but the logits are `f32`
        if !(f64::from(f32::MIN_POSITIVE)..=f64::from(f32::MAX)).contains(&temperature) {
            return Err(format!("its temperature is {temperature}"));
        }
        ranges.check(&input)?;
        let network = Network { layers, activation };
        Ok(Self { network, classes, input, temperature, ranges, provenance })
    }
}

impl Input {
    /// Says what does not match.
    fn check(&self) -> Result<(), String> {
        let Self::Numbers { features, mean, deviation, .. } = self else { return Ok(()) };
        let fits = [mean, deviation].iter().all(|numbers| numbers.len() == features.len());
        let usable = deviation.iter().all(|&d| d > 0.0);
        if fits && usable {
            Ok(())
        } else {
            Err("its scaling does not match its features".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chapters::chapter_05_mnist::Layer;
    use ndarray::array;

    #[test]
    fn weights_that_are_too_large_are_reported() {
        let hidden = Layer { w: Array2::from_elem((2, 2), f32::MAX), b: array![0.0, 0.0] };
        let output = Layer { w: array![[1.0], [-1.0]], b: array![0.0] };
        let network = Network { layers: vec![hidden, output], activation: Activation::Relu };
        let input = Input::Pictures { rows: 1, columns: 2 };
        let classes = ["0", "1"].map(str::to_owned).to_vec();
        let (temperature, ranges, provenance) = (1.0, Ranges::default(), None);
        let model = Model { network, classes, input, temperature, ranges, provenance };
        let pictures = Inputs::Pictures(array![[[0, 0]], [[255, 255]]]);
        let error = model.predict(&pictures).unwrap_err().to_string();
        assert!(
            error.starts_with("the output of the model for example 2 is not a number"),
            "{error}"
        );
    }
}
