//! What is written is what is read, or else nothing is written.

use crate::{
    cases,
    examples::{finite, labelled, names},
};
use chapters::{
    dataset::{DataError, Digits, idx, numbers::Numbers},
    report::{Committed, Tolerance},
};
use ndarray::{Array1, Array2, Array3, ArrayD};
use own_data::{
    Archive,
    formats::{Inputs, Labelled, TableOptions, picture::read_photo},
};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use std::{fs, io::BufWriter};

/// Writes examples into an empty folder under a name, and reads them back; a refusal must leave
/// nothing behind.
fn through(written: &Labelled, name: &str) -> Result<Labelled, DataError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    if let Err(refusal) = written.write(&path) {
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "{refusal}");
        assert!(refusal.to_string().contains(name), "{refusal}");
        return Err(refusal);
    }
    let read = Labelled::read(&path, &TableOptions::default());
    Ok(read.unwrap_or_else(|error| panic!("{written:?}: {error}")).examples)
}

/// Numbers to the last bit, and the sign of 0.
fn bits(inputs: &Inputs) -> Vec<u64> {
    match inputs {
        Inputs::Pictures(pictures) => pictures.iter().map(|&grey| grey.into()).collect(),
        Inputs::Numbers { x, .. } => x.iter().map(|x| x.to_bits()).collect(),
    }
}

fn names_of_labels(examples: &Labelled) -> Vec<&str> {
    examples.labels.iter().map(|&label| examples.classes[label].as_str()).collect()
}

/// Whether nothing about these examples could be misunderstood in a table.
fn surely_fits_a_table(examples: &Labelled) -> bool {
    let special = [
        "na", "nan", "nat", "nil", "null", "none", "inf", "infinity", "missing", "label", "id",
        "no", "nr",
    ];
    let is_plain = |name: &String| {
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_lowercase())
            && !special.contains(&name.as_str())
    };
    let inputs = match &examples.inputs {
        Inputs::Pictures(pictures) => {
            let (_, rows, columns) = pictures.dim();
            rows == columns && rows > 1
        }
        Inputs::Numbers { x, features } => x.nrows() < 10 && features.iter().all(is_plain),
    };
    inputs && examples.classes.iter().all(is_plain)
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn any_examples_survive_json(written in labelled()) {
        let read = through(&written, "a.json").unwrap();
        prop_assert_eq!(bits(&read.inputs), bits(&written.inputs));
        prop_assert_eq!(read, written);
    }

    #[test]
    fn any_examples_survive_npz_unless_a_name_has_two_lines(written in labelled()) {
        let features = match &written.inputs {
            Inputs::Numbers { features, .. } => &features[..],
            Inputs::Pictures(_) => &[],
        };
        let two_lines = features.iter().chain(&written.classes).any(|name| name.contains('\n'));
        match through(&written, "a.npz") {
            Err(_) => prop_assert!(two_lines),
            Ok(read) => {
                prop_assert!(!two_lines);
                prop_assert_eq!(bits(&read.inputs), bits(&written.inputs));
                prop_assert_eq!(read, written);
            }
        }
    }

    #[test]
    fn any_examples_survive_a_table_or_are_refused_with_reason(written in labelled()) {
        match through(&written, "a.csv") {
            Err(refusal) => prop_assert!(!surely_fits_a_table(&written), "{refusal}"),
            Ok(read) => {
                prop_assert_eq!(bits(&read.inputs), bits(&written.inputs));
                prop_assert_eq!(names_of_labels(&read), names_of_labels(&written));
                prop_assert_eq!(read.inputs, written.inputs);
            }
        }
    }

    #[test]
    fn examples_survive_idx_unless_their_classes_are_no_rising_bytes(
        mut written in labelled(),
        marks in proptest::sample::subsequence((0..=255_u8).collect::<Vec<_>>(), 7),
        packed in any::<bool>(),
    ) {
        let name = if packed { "a-images.idx.gz" } else { "a-images.idx" };
        if through(&written, name).is_err() {
            for (class, mark) in written.classes.iter_mut().zip(marks) {
                *class = mark.to_string();
            }
        }
        let read = through(&written, name).unwrap();
        prop_assert_eq!(bits(&read.inputs), bits(&written.inputs));
        prop_assert_eq!((read.labels, read.classes), (written.labels, written.classes));
    }

    #[test]
    fn any_array_survives_idx_plain_and_packed(
        shape in vec(0..4_usize, 0..5),
        seed in any::<u64>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let [plain, packed] = ["a.idx", "a.idx.gz"].map(|name| folder.path().join(name));
        // Any bits at all, those of infinity and of what is no number among them
        let numbers = (0..shape.iter().product()).map(|i: usize| {
            f64::from_bits(seed.wrapping_mul(2 * i as u64 + 1).rotate_left(i as u32))
        });
        let doubles = ArrayD::from_shape_vec(shape.clone(), numbers.collect()).unwrap();
        let bytes = doubles.mapv(|double| double.to_bits() as u8);
        for path in [&plain, &packed] {
            idx::write_doubles(path, &doubles).unwrap();
            let Numbers::Doubles(read) = idx::read_numbers(path).unwrap() else {
                panic!("bytes for doubles")
            };
            prop_assert_eq!(read.mapv(f64::to_bits), doubles.mapv(f64::to_bits));
            idx::write(path, &bytes).unwrap();
            prop_assert_eq!(idx::read(path).unwrap(), &bytes);
        }
        let [one, other] = [plain, packed].map(|path| idx::read_with_digest(&path).unwrap());
        prop_assert_eq!(one, other);
    }

    #[test]
    fn any_arrays_survive_safetensors(
        about in names(4),
        doubles in vec(finite(), 0..6),
        singles in vec(any::<f32>(), 0..6),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.safetensors");
        let mut written = Archive::new(&json!({ "names": about }));
        written.put_double("doubles", &Array1::from(doubles.clone()));
        written.put("singles", &Array1::from(singles));
        written.write(&path).unwrap();
        let read = Archive::read(&path, DataError::plain).unwrap();
        prop_assert_eq!(&read.about::<Value>().unwrap()["names"], &json!(about));
        let found = read.array::<ndarray::Ix1>("doubles").unwrap().mapv(f64::to_bits);
        prop_assert_eq!(found.to_vec(), doubles.into_iter().map(f64::to_bits).collect::<Vec<_>>());
        let bytes = fs::read(&path).unwrap();
        read.write(&path).unwrap();
        prop_assert_eq!(fs::read(&path).unwrap(), bytes);
    }

    #[test]
    fn any_committed_report_survives_json(
        command in any::<String>(),
        name in any::<String>(),
        share in finite(),
        report in json_value(),
    ) {
        let tolerances = [(name, Tolerance::Relative(share))].into();
        let written = serde_json::to_string(&Committed { command, tolerances, report }).unwrap();
        let read: Committed = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), written);
        prop_assert_eq!(read.differences(&read.report), Vec::<String>::new());
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        finite().prop_map(|x| json!(x)),
        any::<u64>().prop_map(|n| json!(n)),
        any::<String>().prop_map(|text| json!(text)),
        any::<bool>().prop_map(|truth| json!(truth)),
        Just(Value::Null),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|values| json!(values)),
            vec((any::<String>(), inner), 0..4).prop_map(|parts| parts.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn any_digits_survive_a_table_of_rows_unless_a_label_is_no_digits(
        labels in vec(0..14_usize, 0..5),
        seed in any::<u64>(),
    ) {
        let grey = |(i, j, k): (usize, usize, usize)| seed.rotate_left((i + 7 * j + 140 * k) as u32) as u8;
        let pictures = Array3::from_shape_fn((labels.len(), 20, 20), grey);
        let written = Digits::new(pictures, labels.clone());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let fits = !labels.is_empty() && labels.iter().all(|&label| label < 10);
        prop_assert_eq!(written.write_csv(&path).is_ok(), fits);
        prop_assert_eq!(path.exists(), fits);
        if fits {
            prop_assert_eq!(Digits::read_csv(&path).unwrap(), written);
        }
    }

    #[test]
    fn any_grey_picture_survives_png(rows in 1..9_usize, columns in 1..9_usize, seed in any::<u64>()) {
        let grey = |(i, j): (usize, usize)| seed.rotate_left((9 * i + j) as u32) as u8;
        let picture = Array2::from_shape_fn((rows, columns), grey);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let file = BufWriter::new(fs::File::create(&path).unwrap());
        let mut encoder = png::Encoder::new(file, columns as u32, rows as u32);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(picture.as_slice().unwrap()).unwrap();
        writer.finish().unwrap();
        prop_assert_eq!(read_photo(&path).unwrap(), picture);
    }
}
