//! Examples as two files, the inputs and the labels: IDX, as MNIST has them, or one of NumPy's arrays
//! each.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use ndarray::Array1;

use super::classes::by_name;
use super::format::single_picture;
use super::npy::Array;
use super::npz::{self, Unlabelled};
use super::roles::{Named, Role, understand};
use super::{Format, Inputs, Labelled};
use crate::{Input, file_name};
use chapters::dataset::DataError;
use chapters::dataset::contents::{NPY, ZIP, first_bytes, is_picture};
use chapters::dataset::idx::{self, LARGEST};

impl Labelled {
    /// Reads examples from the IDX file at `path` and the labels beside it: the file of the same
    /// name with `labels` for `images` or `features`, and `idx1` for `idx3`, plain or `.gz`; also
    /// `idx2-int` for `idx3-ubyte`, as QMNIST has it.
    ///
    /// Fails if there is no such file, and as [`read_pair`](Self::read_pair) does.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read_idx(path: &Path, notes: &mut Vec<String>) -> Result<Self, DataError> {
        let file = idx::file_at(path)?.unwrap_or_else(|| path.to_path_buf());
        let expected = labels_of(&file)?;
        for labels in spellings(&expected) {
            // Beside the file, or beside the folder that it has to itself
            let name = labels.file_name().unwrap_or_default();
            let folders = labels.ancestors().skip(1).take(2);
            for place in folders.map(|folder| folder.join(name)) {
                if let Some(labels) = idx::file_at(&place)? {
                    return Self::read_pair(&file, &labels, notes);
                }
            }
        }
        let found = format!("has no labels: there is no file {}", expected.display());
        Err(DataError::new(path, found).remedy("put it there"))
    }

    /// Reads examples from one of NumPy's arrays and the labels beside it: of `X_train.npy`, these are in
    /// `y_train.npy`, of `images.npy` in `labels.npy`, and likewise for all names that are read in NPZ
    /// files.
    ///
    /// Fails if there is no such file, and as [`read_pair`](Self::read_pair) does.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read_npy(path: &Path, notes: &mut Vec<String>) -> Result<Self, DataError> {
        let meaning = |path: &Path| understand(&path.file_stem()?.to_string_lossy());
        let of_inputs = meaning(path).filter(|named| named.role == Role::Inputs);
        let fits = |of_inputs: &Named, labels: &Named| {
            labels.role == Role::Labels
                && (labels.part, &labels.others) == (of_inputs.part, &of_inputs.others)
        };
        let folder = path.parent().filter(|folder| *folder != "").unwrap_or(Path::new("."));
        let files = fs::read_dir(folder).map_err(DataError::unreadable(folder))?;
        let files = files.filter_map(|file| Some(path.with_file_name(file.ok()?.file_name())));
        let labels = of_inputs.and_then(|of_inputs| {
            let arrays = files.filter(|file| Format::of(file).is_ok_and(|it| it == Format::Npy));
            let understood = arrays.filter_map(|file| Some((meaning(&file)?, file)));
            let fitting = understood.filter(|(named, _)| fits(&of_inputs, named));
            fitting.min_by_key(|(named, _)| named.rank)
        });
        let Some((_, labels)) = labels else {
            return Err(DataError::new(path, "has no labels beside it")
                .expected("y.npy beside x.npy, y_train.npy beside X_train.npy, or the like")
                .remedy("name both files, with `--images FILE --labels FILE`"));
        };
        notes.push(format!("the labels are read from {}", labels.display()));
        Self::read_pair(path, &labels, notes)
    }

    /// Reads examples from two files, each IDX, plain or `.gz`, or one of NumPy's arrays: pictures in
    /// three dimensions or rows of numbers in two, and a label for each. The classes are the labels that
    /// occur, and they are called by their numbers. `notes` tells what is not obvious.
    ///
    /// Fails if a file cannot be read or holds anything else, or if the two do not belong together.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read_pair(
        images: &Path,
        labels: &Path,
        notes: &mut Vec<String>,
    ) -> Result<Self, DataError> {
        let inputs = read_inputs(images, None, notes)?;
        let names = read(labels)?.labels(notes)?;
        idx::check_counts((images, inputs.len()), (labels, names.len()))?;
        let (labels, classes) = by_name(&names);
        Self { inputs, labels, classes }.checked(images)
    }

    /// Writes examples as two IDX files, the inputs to `path` and the labels beside it, and returns
    /// both paths. Names of columns are lost.
    ///
    /// Fails if the files cannot be written, if the name of one does not imply that of the other, if
    /// the examples contradict themselves, or if the classes are called anything but numbers from 0 to
    /// 255 in increasing order.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn write_idx(&self, path: &Path) -> Result<Vec<PathBuf>, DataError> {
        self.check(path)?;
        let labels = labels_of(path)?;
        let bytes = self.label_bytes(path)?;
        let marks: Array1<u8> = self.labels.iter().map(|&label| bytes[label]).collect();
        match &self.inputs {
            Inputs::Pictures(pictures) => idx::write(path, &pictures.clone().into_dyn())?,
            Inputs::Numbers { x, .. } => idx::write_doubles(path, &x.clone().into_dyn())?,
        }
        idx::write(&labels, &marks.into_dyn())?;
        Ok(vec![path.to_path_buf(), labels])
    }

    /// The byte that stands for each class: the number that is its name.
    fn label_bytes(&self, path: &Path) -> Result<Vec<u8>, DataError> {
        let mut numbers = 0..256_u16;
        let mut byte = |class: &String| {
            let byte = numbers.find(|number| number.to_string() == *class);
            byte.map(|byte| byte as u8).ok_or_else(|| {
                let rule = "in IDX, classes can only be numbers from 0 to 255 in increasing order";
                DataError::new(path, format!("cannot hold the class {class:?}: {rule}"))
                    .remedy("write CSV, JSON or NPZ, or call the classes 0, 1, 2, …")
            })
        };
        self.classes.iter().map(&mut byte).collect()
    }
}

/// The file of labels that belongs to a file of inputs.
fn labels_of(path: &Path) -> Result<PathBuf, DataError> {
    let name = file_name::encode(path.file_name().unwrap_or_default().as_ref());
    for word in ["images", "features"] {
        if let Some((before, after)) = name.rsplit_once(word) {
            let after = after.replacen("idx3", "idx1", 1);
            let name = file_name::decode(&format!("{before}labels{after}"));
            return Ok(path.with_file_name(name));
        }
    }
    Err(DataError::new(path, "has a name that does not tell where its labels are")
        .expected("`images` or `features` in it, where the file of labels has `labels`")
        .remedy("rename it"))
}

/// The names that a file of labels may have: plain or packed, and as QMNIST has it.
fn spellings(labels: &Path) -> Vec<PathBuf> {
    let name = file_name::encode(labels.file_name().unwrap_or_default().as_ref());
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    let before = plain.split_once("idx1-").map(|(before, _)| before);
    let of_type = |kind: &'static str| before.map(|before| format!("{before}{kind}"));
    let types = ["idx1-ubyte", "idx1-int", "idx2-int"].into_iter().filter_map(of_type);
    let plain: Vec<String> = [plain.to_owned()].into_iter().chain(types).collect();
    let both = plain.iter().flat_map(|plain| [plain.clone(), format!("{plain}.gz")]);
    let names = [name.clone()].into_iter().chain(both);
    names.map(|name| labels.with_file_name(file_name::decode(&name))).collect()
}

/// What is to be predicted, in arrays of any kind, and the true classes if they are known.
///
/// Pictures and rows are those that the model reads. Of an NPZ file with several sets of examples, the one
/// to test with is taken; `labels` are in another file. `notes` tells what is not obvious.
///
/// Fails as [`Labelled::read_pair`] and [`Labelled::read_npz`] do.
///
/// [In the book](../../../book/experiments.html)
pub fn read_arrays(
    path: &Path,
    labels: Option<&Path>,
    input: &Input,
    notes: &mut Vec<String>,
) -> Result<Unlabelled, DataError> {
    let (inputs, known) = if labels.is_none() && first_bytes(path).starts_with(ZIP) {
        npz::read_for(path, input, notes)?
    } else {
        (read_inputs(path, Some(input), notes)?, None)
    };
    let names = labels.map(|labels| read(labels)?.labels(notes)).transpose()?;
    if let (Some(labels), Some(names)) = (labels, &names) {
        idx::check_counts((path, inputs.len()), (labels, names.len()))?;
    }
    Ok((inputs, names.or(known)))
}

fn read_inputs(
    path: &Path,
    wanted: Option<&Input>,
    notes: &mut Vec<String>,
) -> Result<Inputs, DataError> {
    let array = read(path)?;
    let is_plain = array.is_idx;
    array.inputs(is_plain, wanted, notes)
}

/// The array in a file of any kind.
fn read(path: &Path) -> Result<Array, DataError> {
    let first_bytes = first_bytes(path);
    if first_bytes.starts_with(ZIP) {
        return npz::read_single(path);
    }
    if is_picture(&first_bytes) {
        return Err(single_picture(path));
    }
    if !first_bytes.starts_with(NPY) {
        return Array::of_idx(path);
    }
    let (mut bytes, most) = (Vec::new(), LARGEST as u64);
    let file = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    if file.map_err(DataError::unreadable(path))? as u64 > most {
        return Err(DataError::new(path, format!("has more than the {most} bytes that are read"))
            .remedy("split it"));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Array::parse(bytes, path, &name)
}
