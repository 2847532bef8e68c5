//! Arrays as others write them: NumPy's and IDX of every type, under every name, and pictures that are
//! none.

use crate::support::{Folder, files, text, write_png};
use chapters::dataset::idx;
use ndarray::{Array1, Array3, ArrayD, Axis};
use ndarray_npy::{NpzWriter, WritableElement};
use own_data::Model;
use serde_json::Value;
use std::{fs, path::Path};

/// A folder with penned digits in IDX files, and the pictures and labels of those to train on.
fn penned(count: usize) -> (Folder, Array3<u8>, Array1<u8>) {
    let folder = Folder::new();
    folder.succeed(&format!("pen --train {count} --test 20 --plain --out . --quiet"));
    let read = |name: &str| idx::read(&folder.path(name)).unwrap();
    let pictures = read("train-images-idx3-ubyte").into_dimensionality().unwrap();
    let labels = read("train-labels-idx1-ubyte").into_dimensionality().unwrap();
    (folder, pictures, labels)
}

fn write_npz<X: WritableElement, Y: WritableElement>(
    path: &Path,
    (x_name, x): (&str, ArrayD<X>),
    (y_name, y): (&str, ArrayD<Y>),
) {
    let mut npz = NpzWriter::new(fs::File::create(path).unwrap());
    npz.add_array(x_name, &x).unwrap();
    npz.add_array(y_name, &y).unwrap();
    npz.finish().unwrap();
}

/// The bytes of an array as NumPy writes them.
fn npy(descriptor: &str, shape: &str, elements: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': {descriptor}, 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    [&bytes, header.as_bytes(), elements].concat()
}

/// What an IDX file begins with, and its numbers.
fn idx_of(kind: u8, shape: &[u32], numbers: Vec<u8>) -> Vec<u8> {
    let mut bytes = vec![0, 0, kind, shape.len() as u8];
    bytes.extend(shape.iter().flat_map(|length| length.to_be_bytes()));
    bytes.extend(numbers);
    bytes
}

/// The examples of a file, with everything that is told of them.
#[track_caller]
fn examples(folder: &Folder, file: &str) -> Vec<u8> {
    folder.succeed(&format!("data export {file} --to read.json"));
    fs::read(folder.path("read.json")).unwrap()
}

#[test]
fn npz_of_every_type_shape_and_name_holds_the_same_digits() {
    let (folder, pictures, labels) = penned(60);
    let expected = examples(&folder, "train-images-idx3-ubyte");
    let path = folder.path("a.npz");
    let flat = || pictures.to_shape((60, 784)).unwrap().into_owned().into_dyn();
    let square = || pictures.clone().into_dyn();
    let y = || labels.clone().into_dyn();
    let check = |what: &str| assert_eq!(examples(&folder, "a.npz"), expected, "{what}");

    write_npz(&path, ("x", flat()), ("y", y()));
    check("uint8 784");
    write_npz(&path, ("X", square().mapv(f32::from)), ("Y", y().mapv(i32::from)));
    check("float32 28 × 28, int32");
    write_npz(&path, ("x_train", flat().mapv(|grey| f32::from(grey) / 255.0)), ("y_train", y()));
    check("float32 784 from 0 to 1");
    let column = y().insert_axis(Axis(1));
    let with_channel = square().insert_axis(Axis(3));
    write_npz(&path, ("train_images", with_channel.clone()), ("train_labels", column.clone()));
    check("28 × 28 × 1 and labels in a column");
    write_npz(&path, ("arr_0", with_channel.mapv(i64::from)), ("arr_1", column.mapv(f64::from)));
    check("int64 28 × 28 × 1, float64");
}

#[test]
fn labels_from_1_and_with_gaps_are_the_classes_that_occur() {
    let (folder, pictures, labels) = penned(60);
    for (labels, classes) in [
        (labels.mapv(|label| i64::from(label) + 1), "1 2 3 4 5 6 7 8 9 10"),
        (labels.mapv(|label| i64::from(label % 2) * 2 - 1), "-1 1"),
    ] {
        write_npz(
            &folder.path("a.npz"),
            ("x", pictures.clone().into_dyn()),
            ("y", labels.into_dyn()),
        );
        let said = folder.json("train --quiet --data a.npz --hidden 3 --epochs 1 --overwrite");
        let found: Vec<&str> = said["classes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|class| class.as_str().unwrap())
            .collect();
        assert_eq!(found.join(" "), classes);
    }
}

#[test]
fn arrays_to_test_with_are_predicted_and_the_others_are_named() {
    let (folder, pictures, labels) = penned(60);
    let mut npz = NpzWriter::new(fs::File::create(folder.path("keras.npz")).unwrap());
    let few = |count: usize| pictures.slice_axis(Axis(0), (..count).into()).to_owned();
    for (name, count) in [("train", 60), ("test", 7)] {
        npz.add_array(format!("x_{name}"), &few(count)).unwrap();
        let labels = labels.slice_axis(Axis(0), (..count).into()).to_owned();
        npz.add_array(format!("y_{name}"), &labels).unwrap();
    }
    npz.finish().unwrap();
    let trained = folder.run("train --data keras.npz --hidden 3 --epochs 1 --validation 0");
    let said = text(&trained.stderr);
    assert!(text(&trained.stdout).contains("on 60 training examples"), "{said}");
    assert!(said.contains("read x_train and y_train of keras.npz, which also has x_test, y_test"));
    let said = folder.json("predict target/train/model.safetensors keras.npz");
    assert_eq!(
        (&said["known"], said["predictions"][6]["label"].as_str()),
        (&7.into(), Some(labels[6].to_string().as_str()))
    );
}

#[test]
fn arrays_of_their_own_are_read_with_their_labels_beside_them() {
    let (folder, pictures, labels) = penned(60);
    let expected = examples(&folder, "train-images-idx3-ubyte");
    let pixels: Vec<u8> = pictures.iter().copied().collect();
    fs::write(folder.path("X_train.npy"), npy("'|u1'", "(60, 28, 28)", &pixels)).unwrap();
    let complaint = folder.refusal("train --data X_train.npy", 1);
    assert!(complaint.contains("X_train.npy has no labels beside it"), "{complaint}");
    fs::write(folder.path("y_test.npy"), npy("'|u1'", "(2,)", &[0, 1])).unwrap();
    assert_eq!(folder.refusal("train --data X_train.npy", 1), complaint);
    fs::write(folder.path("y_train.npy"), npy("'|u1'", "(60,)", labels.as_slice().unwrap()))
        .unwrap();
    assert_eq!(examples(&folder, "X_train.npy"), expected);

    // Words as labels, in a file that only its option names
    let words = labels.iter().map(|label| format!("d{label}")).collect::<Vec<_>>().concat();
    fs::write(folder.path("words.npy"), npy("'|S2'", "(60,)", words.as_bytes())).unwrap();
    let train = "train --quiet --hidden 3 --epochs 1 --images X_train.npy --labels";
    let said = folder.json(&format!("{train} words.npy"));
    assert_eq!(said["classes"][9], "d9");
    let predict = "predict target/train/model.safetensors X_train.npy";
    assert!(folder.json(predict)["known"].is_null());
    assert_eq!(folder.json(&format!("{predict} --labels words.npy"))["known"], 60);
    assert!(
        folder.refusal(&format!("{predict} --labels y_test.npy"), 1).contains("holds 2 labels")
    );

    // One picture alone, as the model knows its size
    let one = pixels[..784].iter().flat_map(|&grey| (f64::from(grey) / 255.0).to_le_bytes());
    fs::write(folder.path("one.npy"), npy("'<f8'", "(28, 28)", &one.collect::<Vec<_>>())).unwrap();
    let said = folder.json("predict target/train/model.safetensors one.npy");
    let all = folder.json(predict);
    for class in ["d0", "d9"] {
        let share = |said: &Value| said["predictions"][0]["probabilities"][class].as_f64().unwrap();
        // One example is summed in another order than many
        assert!((share(&said) - share(&all)).abs() < 1e-6, "{class}");
    }
}

#[test]
fn what_no_array_of_examples_is_says_what_it_is() {
    let (folder, pictures, labels) = penned(20);
    let path = folder.path("a.npz");
    let y = || labels.clone().into_dyn();
    write_npz(&path, ("foo", pictures.clone().into_dyn()), ("bar", y()));
    let complaint = folder.refusal("train --data a.npz", 1);
    let listed =
        "a.npz has bar (uint8, 20), foo (uint8, 20 × 28 × 28), expected x and y, x_train and";
    assert!(complaint.contains(listed), "{complaint}");
    write_npz(&path, ("x", ArrayD::<u8>::zeros(vec![20, 32, 32, 3])), ("y", y()));
    let complaint = folder.refusal("train --data a.npz", 1);
    assert!(complaint.contains("a.npz holds x (uint8, 20 × 32 × 32 × 3), expected grey pictures"));
    write_npz(&path, ("x", pictures.mapv(|grey| i32::from(grey) - 9).into_dyn()), ("y", y()));
    let complaint = folder.refusal("train --data a.npz", 1);
    assert!(
        complaint.contains("grey values from 0 to 255 or from 0 to 1, not -9 to 246"),
        "{complaint}"
    );
    write_npz(
        &path,
        ("x", pictures.clone().into_dyn()),
        ("y", y().mapv(|label| f64::from(label) / 7.0)),
    );
    let complaint = folder.refusal("train --data a.npz", 1);
    assert!(complaint.contains("it looks like a measured quantity"), "{complaint}");
    fs::write(folder.path("y.npy"), npy("'|u1'", "(20,)", labels.as_slice().unwrap())).unwrap();
    for (descriptor, kind) in [
        ("'<c8'", "complex64"),
        ("'|O'", "Python objects"),
        ("'<M8[D]'", "datetime64"),
        ("[('a', '<i4'), ('b', '<i4')]", "structured"),
    ] {
        fs::write(folder.path("x.npy"), npy(descriptor, "(20,)", &[0; 160])).unwrap();
        let complaint = folder.refusal("train --data x.npy", 1);
        assert!(
            complaint.contains(&format!("holds x.npy ({kind}, 20), expected numbers")),
            "{complaint}"
        );
    }
    assert!(!folder.path("target").exists());
}

#[test]
fn idx_of_every_type_and_the_labels_of_qmnist_are_read() {
    let (folder, pictures, labels) = penned(30);
    let expected = examples(&folder, "train-images-idx3-ubyte");
    let [shape, eight] = [[30, 28, 28].as_slice(), &[30, 8]];
    let each =
        |convert: &dyn Fn(u8) -> Vec<u8>| pictures.iter().flat_map(|&g| convert(g)).collect();
    let marks: Vec<u8> = labels
        .iter()
        .flat_map(|&label| [i32::from(label), 4, 2500, 5, 99, 60_000, 0, 0].map(i32::to_be_bytes))
        .flatten()
        .collect();
    fs::write(folder.path("q-train-labels-idx2-int"), idx_of(0x0c, eight, marks)).unwrap();
    let types: [(u8, Vec<u8>); 5] = [
        (0x08, each(&|grey| vec![grey])),
        (0x0b, each(&|grey| i16::from(grey).to_be_bytes().to_vec())),
        (0x0c, each(&|grey| i32::from(grey).to_be_bytes().to_vec())),
        (0x0d, each(&|grey| (f32::from(grey) / 255.0).to_be_bytes().to_vec())),
        (0x0e, each(&|grey| f64::from(grey).to_be_bytes().to_vec())),
    ];
    for (kind, numbers) in types {
        fs::write(folder.path("q-train-images-idx3-ubyte"), idx_of(kind, shape, numbers)).unwrap();
        let output = folder.run("data export q-train-images-idx3-ubyte --to read.json");
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("the first is the class"));
        assert!(fs::read(folder.path("read.json")).unwrap() == expected, "type {kind:#04x}");
    }

    // Labels that no byte can hold
    let marks = labels.iter().flat_map(|&label| (1000 * i32::from(label)).to_be_bytes()).collect();
    fs::write(folder.path("thousands-idx1-int"), idx_of(0x0c, &[30], marks)).unwrap();
    let said = folder.json(
        "train --quiet --hidden 3 --epochs 1 --images q-train-images-idx3-ubyte --labels thousands-idx1-int",
    );
    assert_eq!(said["classes"][9], "9000");
    fs::write(folder.path("odd-images-idx3"), idx_of(0x0a, shape, vec![0; 30 * 784])).unwrap();
    let complaint = folder.refusal("data show odd-images-idx3 --quiet", 1);
    assert!(complaint.contains("odd-labels-idx1"), "{complaint}");
}

#[test]
fn folders_named_as_files_do_not_hide_them() {
    let folder = Folder::new();
    folder.succeed("pen --train 100 --test 50 --plain --out plain --quiet");
    let names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
    for name in names.map(|name| format!("{name}-ubyte")) {
        let whole = fs::read(folder.path(&format!("plain/{name}"))).unwrap();
        fs::create_dir_all(folder.path(&format!("dotted/{name}"))).unwrap();
        fs::write(folder.path(&format!("dotted/{}", name.replace("-idx", ".idx"))), &whole)
            .unwrap();
        fs::create_dir_all(folder.path(&format!("within/{name}"))).unwrap();
        fs::write(folder.path(&format!("within/{name}/{name}")), &whole).unwrap();
    }
    let expected = examples(&folder, "plain/train-images-idx3-ubyte");
    for place in [
        "dotted/train-images.idx3-ubyte",
        "within/train-images-idx3-ubyte",
        "within/train-images-idx3-ubyte/train-images-idx3-ubyte",
    ] {
        let found = folder.run(&format!("data export {place} --to read.json"));
        assert!(found.status.success(), "{place}: {}", text(&found.stderr));
        assert!(fs::read(folder.path("read.json")).unwrap() == expected, "{place}");
    }
    let claim = |own: &str| folder.json(&format!("chapter 1 --quiet --own-data {own} --out out"));
    let findings = claim("plain")["chapter_01"]["tasks"].clone();
    for own in ["dotted", "within"] {
        assert_eq!(claim(own)["chapter_01"]["tasks"], findings, "{own}");
    }
}

#[test]
fn transposed_pictures_teach_what_upright_ones_do() {
    let (folder, pictures, labels) = penned(200);
    let swapped = pictures.permuted_axes([0, 2, 1]).as_standard_layout().into_owned().into_dyn();
    idx::write(&folder.path("emnist-images-idx3-ubyte"), &swapped).unwrap();
    write_npz(&folder.path("emnist.npz"), ("x", swapped), ("y", labels.into_dyn()));
    let train = "train --quiet --hidden 5 --epochs 3";
    let upright = folder.run(&format!(
        "{train} --images train-images-idx3-ubyte --labels train-labels-idx1-ubyte --out upright"
    ));
    assert!(upright.status.success() && upright.stderr.is_empty(), "{}", text(&upright.stderr));
    let lying = folder.run(&format!("{train} --data emnist.npz --out lying"));
    let said = text(&lying.stderr);
    assert!(said.contains("they seem to lie on their side") && said.contains("try `--transpose`"));

    let transposed = folder.run(&format!("{train} --data emnist.npz --transpose --out right"));
    assert!(
        transposed.status.success() && transposed.stderr.is_empty(),
        "{}",
        text(&transposed.stderr)
    );
    // They say where they come from, which differs
    let network =
        |out: &str| Model::read(&folder.path(out).join("model.safetensors")).unwrap().network;
    assert!(network("right") == network("upright"));
    assert!(network("right") != network("lying"));
    let before = files(&folder.path("right"));
    folder.succeed("train --quiet --resume --out right");
    assert!(files(&folder.path("right")) == before);
    fs::rename(folder.path("emnist.npz"), folder.path("moved.npz")).unwrap();
    folder.succeed("train --quiet --resume --data moved.npz --out right");
    fs::rename(folder.path("moved.npz"), folder.path("emnist.npz")).unwrap();
    let complaint = folder.refusal("train --resume --transpose --out upright", 1);
    assert!(complaint.contains("transpose is now true but was false"), "{complaint}");

    // The same model on both kinds of files
    let predict = |arguments: &str| {
        folder.json(&format!("predict upright/model.safetensors {arguments}"))["predictions"]
            .clone()
    };
    let shares = |found: Value| -> Vec<Value> {
        found.as_array().unwrap().iter().map(|one| one["probabilities"].clone()).collect()
    };
    let expected = shares(predict("train-images-idx3-ubyte"));
    assert_eq!(shares(predict("emnist-images-idx3-ubyte --transpose")), expected);
    assert_eq!(shares(predict("emnist.npz --transpose")), expected);
    assert_ne!(shares(predict("emnist.npz")), expected);
    let wrong = folder.run(&format!(
        "{train} --transpose --images train-images-idx3-ubyte --labels train-labels-idx1-ubyte --out wrong"
    ));
    assert!(text(&wrong.stderr).contains("leave `--transpose` out"));
    fs::write(folder.path("table.csv"), "a,b,label\n1,2,x\n2,3,y\n3,1,x\n").unwrap();
    let complaint = folder.refusal("train --data table.csv --transpose --out table", 1);
    assert!(
        complaint.contains("table.csv holds rows of numbers, expected pictures"),
        "{complaint}"
    );
}

#[test]
fn pictures_that_are_not_read_are_called_what_they_are_whatever_their_names() {
    let (folder, ..) = penned(20);
    folder.succeed(
        "train --quiet --images train-images-idx3-ubyte --labels train-labels-idx1-ubyte --hidden 3 \
         --epochs 1",
    );
    let as_png = "; open it in an image editor and save it as PNG";
    for (first_bytes, kind) in [
        (b"GIF89a\x01\0\x01\0".as_slice(), "a GIF picture"),
        (b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0", "a BMP picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC picture"),
    ] {
        for name in ["photo.jpg", "photo.png", "photo", "photo-images-idx3-ubyte", "photo.npz"] {
            fs::write(folder.path(name), first_bytes).unwrap();
            for command in ["predict target/train/model.safetensors", "data show"] {
                let complaint = folder.refusal(&format!("{command} {name}"), 1);
                let expected = format!("{name} is {kind}, expected");
                assert!(complaint.contains(&expected) && complaint.contains(as_png), "{complaint}");
            }
        }
    }
    for command in ["train --overwrite --data", "train --overwrite --labels a.npy --images"] {
        write_png(&folder.path("one.png"), &[0; 784]);
        let complaint = folder.refusal(&format!("{command} one.png"), 1);
        assert!(complaint.contains("one.png is a single picture, without a class"), "{complaint}");
    }
    let complaint = folder.refusal("train --overwrite --data one.png --label x", 1);
    assert!(complaint.contains("one.png is a single picture, without a class"), "{complaint}");
    fs::write(folder.path("page.pdf"), b"%PDF-1.7\n").unwrap();
    let complaint = folder.refusal("predict target/train/model.safetensors page.pdf", 1);
    assert!(complaint.contains("page.pdf is a PDF document"), "{complaint}");
    fs::write(folder.path("a.parquet"), b"PAR1\x15\x04").unwrap();
    let complaint = folder.refusal("train --data a.parquet --overwrite", 1);
    assert!(
        complaint.contains("a.parquet is a Parquet table") && complaint.contains("to_csv"),
        "{complaint}"
    );
    let complaint = folder.refusal("train --overwrite --images a.parquet --labels a.parquet", 1);
    assert!(
        complaint.contains("a.parquet is a Parquet table, expected an IDX file"),
        "{complaint}"
    );
}
