use chapters::{
    chapter_05_mnist::{Layer, Real},
    dataset::{DataError, atomic_file, idx::hexadecimal},
};
use half::f16;
use ndarray::{Array1, Array2, ArrayD, Dimension, Ix1, Ix2};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    ops::Range,
    path::Path,
};

/// Named arrays and a text that describes them: the content of a `.safetensors` file.
///
/// [In the book](../../book/experiments.html#what-is-in-a-model)
#[derive(Debug, PartialEq)]
pub struct Archive {
    /// What the arrays are: JSON, under the key `handwritten` in the file's metadata. In place of the
    /// file's digest it holds [`BLANK`].
    about: String,
    arrays: BTreeMap<String, (Precision, ArrayD<f64>)>,
}

/// How many bytes a number takes in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Precision {
    Half,
    Single,
    Double,
}

/// The key of the text in the metadata.
const KEY: &str = "handwritten";
/// Holds the place of the digest while it is computed.
const BLANK: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A text about arrays, with the digest of the file that contains it. The digest comes first, so that no
/// other text can be mistaken for it.
#[derive(Serialize)]
struct Sealed<'a, T> {
    sha256: &'static str,
    #[serde(flatten)]
    about: &'a T,
}

/// The part of it that is read first.
#[derive(Deserialize)]
struct Seal {
    sha256: String,
}

/// The most bytes that are read: no network trained here comes close.
const LARGEST: u64 = 4 << 30;

impl Archive {
    /// An archive without arrays yet; `about` must serialise to an object.
    pub fn new(about: &impl Serialize) -> Self {
        let sealed = serde_json::to_string(&Sealed { sha256: BLANK, about });
        let about = sealed.expect("names with texts and finite numbers are JSON");
        Self { about, arrays: BTreeMap::new() }
    }

    /// What is said about the arrays.
    pub fn about<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_str(&self.about).map_err(|error| error.to_string())
    }

    /// Adds an array of `f32`.
    pub fn put<D: Dimension>(&mut self, name: &str, array: &ndarray::Array<f32, D>) {
        let array = array.mapv(Real::value).into_dyn();
        self.arrays.insert(name.to_owned(), (Precision::Single, array));
    }

    /// Adds a row of `f64`.
    pub fn put_double(&mut self, name: &str, row: &Array1<f64>) {
        self.arrays.insert(name.to_owned(), (Precision::Double, row.clone().into_dyn()));
    }

    /// The same with single numbers in half precision: 11 significant bits instead of 24, in half the space.
    #[must_use]
    pub fn halved(mut self) -> Self {
        for (precision, _) in self.arrays.values_mut() {
            if *precision == Precision::Single {
                *precision = Precision::Half;
            }
        }
        self
    }

    /// Adds layers under the names of PyTorch's `Sequential`, whose layers stand between activations:
    /// `0.weight`, `0.bias`, `2.weight`, … A weight has the shape `(outputs, inputs)`.
    pub fn put_layers(&mut self, prefix: &str, layers: &[Layer<f32>]) {
        for (l, layer) in layers.iter().enumerate() {
            let place = 2 * l;
            self.put(&format!("{prefix}{place}.weight"), &layer.w.t().to_owned());
            self.put(&format!("{prefix}{place}.bias"), &layer.b);
        }
    }

    /// The layers that [`put_layers`](Self::put_layers) wrote, each with as many inputs as the last has
    /// outputs.
    pub fn layers(&self, prefix: &str) -> Result<Vec<Layer<f32>>, String> {
        let mut layers: Vec<Layer<f32>> = Vec::new();
        while self.arrays.contains_key(&format!("{prefix}{}.weight", 2 * layers.len())) {
            let place = 2 * layers.len();
            let w: Array2<f64> = self.array::<Ix2>(&format!("{prefix}{place}.weight"))?;
            let b: Array1<f64> = self.array::<Ix1>(&format!("{prefix}{place}.bias"))?;
            let fits = layers.last().is_none_or(|last| last.b.len() == w.ncols());
            if b.len() != w.nrows() || !fits {
                return Err(format!("the shapes of layer {place} do not match"));
            }
            // Laid out in memory like new layers: otherwise products would be summed in another order
            let w = Array2::from_shape_fn((w.ncols(), w.nrows()), |(i, j)| w[[j, i]] as f32);
            layers.push(Layer { w, b: b.mapv(|b| b as f32) });
        }
        if layers.is_empty() {
            return Err(format!("it has no array {prefix}0.weight"));
        }
        Ok(layers)
    }

    /// An array with the number of dimensions of `D`.
    pub fn array<D: Dimension>(&self, name: &str) -> Result<ndarray::Array<f64, D>, String> {
        let (_, array) = self.arrays.get(name).ok_or_else(|| format!("it has no array {name}"))?;
        if !array.iter().all(|x| x.is_finite()) {
            return Err(format!("{name} holds numbers that are not finite"));
        }
        let shape = array.shape();
        array.clone().into_dimensionality().map_err(|_| format!("{name} has the shape {shape:?}"))
    }

    /// Writes the file, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), DataError> {
        let bytes = self.bytes().map_err(io::Error::other);
        bytes
            .and_then(|bytes| atomic_file::write(path, |file| file.write_all(&bytes)))
            .map_err(DataError::unwritable(path))
    }

    fn bytes(&self) -> Result<Vec<u8>, safetensors::SafeTensorError> {
        let parts: Vec<_> = self
            .arrays
            .iter()
            .map(|(name, (precision, array))| {
                (name, *precision, array.shape(), precision.bytes(array))
            })
            .collect();
        let views = parts.iter().map(|(name, precision, shape, bytes)| {
            TensorView::new(precision.dtype(), shape.to_vec(), bytes).map(|view| (*name, view))
        });
        let views = views.collect::<Result<Vec<_>, _>>()?;
        let about = [(KEY.to_owned(), self.about.clone())].into();
        let mut bytes = safetensors::serialize(views, Some(about))?;
        if let Some(place) = place_of(BLANK, &bytes) {
            let digest = digest_around(&place, &bytes);
            bytes[place].copy_from_slice(digest.as_bytes());
        }
        Ok(bytes)
    }

    /// Reads a file; `refuse` turns the reason why it is not an archive into an error.
    ///
    /// # Errors
    /// If it cannot be read, or is not an archive.
    pub fn read<E: From<DataError>>(path: &Path, refuse: impl Fn(String) -> E) -> Result<Self, E> {
        let length = fs::metadata(path).map_err(DataError::unreadable(path))?.len();
        if length > LARGEST {
            return Err(refuse(format!("it is too large, {length} bytes")));
        }
        let bytes = fs::read(path).map_err(DataError::unreadable(path))?;
        Self::parse(&bytes).map_err(refuse)
    }

    /// Reads the content of a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let malformed = |error: safetensors::SafeTensorError| error.to_string();
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(malformed)?;
        let about = metadata.metadata().as_ref().and_then(|texts| texts.get(KEY)).cloned();
        let about = about.ok_or_else(|| format!("its metadata has no entry {KEY:?}"))?;
        let about = unseal(bytes, &about)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(malformed)?;
        let arrays = tensors.iter().map(|(name, view)| Ok((name.to_owned(), array(&view)?)));
        Ok(Self { about, arrays: arrays.collect::<Result<_, String>>()? })
    }
}

/// The text about the arrays with [`BLANK`] for the digest, if that is the digest of the file.
fn unseal(bytes: &[u8], about: &str) -> Result<String, String> {
    let Seal { sha256 } = serde_json::from_str(about)
        .map_err(|_| format!("it has no SHA-256 of its content under {KEY:?}"))?;
    let place = place_of(&sha256, bytes).filter(|place| place.len() == BLANK.len());
    if place.is_some_and(|place| digest_around(&place, bytes) == sha256) {
        return Ok(about.replacen(&sha256, BLANK, 1));
    }
    Err("its content has changed since it was written: its SHA-256 is not the one stored in it"
        .to_owned())
}

/// Where a text first occurs.
fn place_of(text: &str, bytes: &[u8]) -> Option<Range<usize>> {
    let start = bytes.windows(text.len().max(1)).position(|window| window == text.as_bytes())?;
    Some(start..start + text.len())
}

/// The SHA-256 of a file with [`BLANK`] in one place.
fn digest_around(place: &Range<usize>, bytes: &[u8]) -> String {
    let parts = [&bytes[..place.start], BLANK.as_bytes(), &bytes[place.end..]];
    hexadecimal(&parts.into_iter().fold(Sha256::new(), Sha256::chain_update).finalize(), "")
}

impl Precision {
    fn dtype(self) -> Dtype {
        match self {
            Self::Half => Dtype::F16,
            Self::Single => Dtype::F32,
            Self::Double => Dtype::F64,
        }
    }

    fn bytes(self, array: &ArrayD<f64>) -> Vec<u8> {
        match self {
            Self::Half => array.iter().flat_map(|&x| f16::from_f64(x).to_le_bytes()).collect(),
            Self::Single => array.iter().flat_map(|&x| (x as f32).to_le_bytes()).collect(),
            Self::Double => array.iter().flat_map(|x| x.to_le_bytes()).collect(),
        }
    }
}

fn array(view: &TensorView) -> Result<(Precision, ArrayD<f64>), String> {
    let (precision, numbers): (_, Vec<f64>) = match view.dtype() {
        Dtype::F16 => (
            Precision::Half,
            view.data().as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f64()).collect(),
        ),
        Dtype::F32 => (
            Precision::Single,
            view.data().as_chunks().0.iter().map(|&b| f64::from(f32::from_le_bytes(b))).collect(),
        ),
        Dtype::F64 => {
            let numbers = view.data().as_chunks().0.iter();
            (Precision::Double, numbers.map(|&b| f64::from_le_bytes(b)).collect())
        }
        other => return Err(format!("it holds numbers of type {other:?} instead of F32 or F16")),
    };
    let array = ArrayD::from_shape_vec(view.shape(), numbers).map_err(|error| error.to_string())?;
    Ok((precision, array))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// A text that looks like the placeholder of the digest.
    #[derive(Serialize)]
    struct About {
        network: &'static str,
    }

    fn archive() -> Archive {
        let mut archive = Archive::new(&About { network: BLANK });
        archive.put_layers("", &layers());
        archive.put_double("theta", &array![0.1, -1e-300]);
        archive
    }

    fn layers() -> Vec<Layer<f32>> {
        vec![
            Layer { w: array![[1.0, 2.0], [3.0, 4.0], [0.1, 6.0]], b: array![0.5, 1.5] },
            Layer { w: array![[7.0], [8.0]], b: array![9.0] },
        ]
    }

    #[test]
    fn arrays_survive_the_file_to_the_last_bit() {
        let bytes = archive().bytes().unwrap();
        let read = Archive::parse(&bytes).unwrap();
        assert_eq!(read, archive());
        assert_eq!(read.layers("").unwrap(), layers());
        assert_eq!(read.array::<Ix1>("theta").unwrap(), array![0.1, -1e-300]);
        assert_eq!(read.bytes().unwrap(), bytes);
    }

    #[test]
    fn layers_lie_in_memory_as_new_ones_do() {
        let read = Archive::parse(&archive().bytes().unwrap()).unwrap().layers("").unwrap();
        for (read, new) in read.iter().zip(&layers()) {
            assert_eq!(read.w.strides(), new.w.strides());
        }
    }

    #[test]
    fn file_cut_anywhere_is_refused() {
        let bytes = archive().bytes().unwrap();
        for end in 0..bytes.len() {
            assert!(Archive::parse(&bytes[..end]).is_err(), "cut after {end} bytes");
        }
    }

    #[test]
    fn file_with_any_bit_flipped_is_refused() {
        let whole = archive().bytes().unwrap();
        for bit in 0..8 * whole.len() {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(Archive::parse(&bytes).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn file_without_a_digest_is_refused() {
        let about = [(KEY.to_owned(), "{}".to_owned())].into();
        let views: [(&str, TensorView); 0] = [];
        let bytes = safetensors::serialize(views, Some(about)).unwrap();
        let reason = Archive::parse(&bytes).unwrap_err();
        assert_eq!(reason, "it has no SHA-256 of its content under \"handwritten\"");
    }

    #[test]
    fn layers_that_do_not_match_are_refused() {
        let mut wrong = archive();
        wrong.put("2.bias", &array![1.0_f32, 2.0]);
        assert_eq!(wrong.layers("").unwrap_err(), "the shapes of layer 2 do not match");
        wrong.put("0.bias", &array![f32::NAN, 2.0]);
        assert_eq!(wrong.layers("").unwrap_err(), "0.bias holds numbers that are not finite");
        assert_eq!(wrong.layers("best.").unwrap_err(), "it has no array best.0.weight");
    }
}
