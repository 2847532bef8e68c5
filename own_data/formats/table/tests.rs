use super::super::{ClassOf, Missing};
use super::*;
use ndarray::array;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const IRIS: &str = "sepal,petal,species\n5.1,1.4,setosa\n7,4.7,versicolor\n4.9,1.5,setosa\n";

fn file_with(text: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn read(text: &str) -> Labelled {
    let (_folder, path) = file_with(text);
    Labelled::read_csv(&path, &TableOptions::default()).unwrap().examples
}

fn iris() -> Labelled {
    Labelled {
        inputs: Inputs::Numbers {
            x: array![[5.1, 1.4], [7.0, 4.7], [4.9, 1.5]],
            features: vec!["sepal".to_owned(), "petal".to_owned()],
        },
        labels: vec![0, 1, 0],
        classes: vec!["setosa".to_owned(), "versicolor".to_owned()],
    }
}

fn labelled(label: Option<&str>) -> TableOptions {
    TableOptions { label: label.map(str::to_owned), ..TableOptions::default() }
}

/// What a table is refused with, after the name of its file.
fn refusal_of(text: impl AsRef<[u8]>, label: Option<&str>) -> String {
    let (_folder, path) = file_with(text);
    let error = Labelled::read_csv(&path, &labelled(label)).unwrap_err().to_string();
    error.replace(&path.display().to_string(), "FILE")
}

fn refusal(text: impl AsRef<[u8]>) -> String {
    refusal_of(text, None)
}

fn round_trip(examples: &Labelled) -> Labelled {
    let (_folder, path) = file_with("old");
    examples.write_csv(&path).unwrap();
    Labelled::read_csv(&path, &TableOptions::default()).unwrap().examples
}

#[test]
fn irises_are_read_with_their_species_as_classes() {
    assert_eq!(read(IRIS), iris());
}

#[test]
fn separators_spaces_line_ends_and_byte_order_mark_are_no_matter() {
    assert_eq!(read(&IRIS.replace(',', ";")), iris());
    assert_eq!(read(&IRIS.replace(',', "\t")), iris());
    assert_eq!(read(&IRIS.replace(',', " , ")), iris());
    assert_eq!(read(&IRIS.replace('\n', "\r\n")), iris());
    assert_eq!(read(&format!("\u{feff}{IRIS}")), iris());
    assert_eq!(read(IRIS.trim_end()), iris());
}

#[test]
fn a_column_called_label_is_the_label_wherever_it_is() {
    let examples = read("Label,x,y\nb,1,2\na,3,4\n");
    assert_eq!(examples.labels, [1, 0]);
    let Inputs::Numbers { x, features } = examples.inputs else { panic!("numbers expected") };
    assert_eq!((x, features.concat()), (array![[1.0, 2.0], [3.0, 4.0]], "xy".to_owned()));
}

#[test]
fn the_label_column_can_be_named() {
    let (_folder, path) = file_with("sex,age,label\nf,1,3\nm,2,4\n");
    let examples = Labelled::read_csv(&path, &labelled(Some("sex"))).unwrap().examples;
    assert_eq!(examples.classes, ["f", "m"]);
}

#[test]
fn classes_that_are_numbers_are_in_the_order_of_numbers() {
    assert_eq!(read("x,y\n1,10\n2,9\n3,-1\n").classes, ["-1", "9", "10"]);
    assert_eq!(read("x,y\n1,10\n2,9\n3,b\n").classes, ["10", "9", "b"]);
}

#[test]
fn a_square_of_pixels_is_a_picture() {
    let examples = read("p0,p1,p2,p3,label\n0,255,3,4,a\n5,6,7,8,b\n");
    assert_eq!(examples.inputs, Inputs::Pictures(array![[[0, 255], [3, 4]], [[5, 6], [7, 8]]]));
}

#[test]
fn anything_but_a_square_of_grey_values_is_numbers() {
    for (headings, row) in [
        ("p0,p1,p2,p3", "0,0,0,256"),
        ("p0,p1,p2,p3", "0,0,0,0.5"),
        ("p0,p1,p2,p3", "0,0,0,-1"),
        ("p0,p1,p3,p4", "0,0,0,0"),
        ("x1,x2,x3,x4", "0,0,0,0"),
        ("p0,p1,p2", "0,0,0"),
        ("p0", "0"),
    ] {
        let examples = read(&format!("{headings},label\n{row},a\n{row},b\n"));
        assert!(matches!(examples.inputs, Inputs::Numbers { .. }), "{headings}: {row}");
    }
}

#[test]
fn numbers_survive_a_round_trip_to_the_last_digit() {
    let mut examples = iris();
    let Inputs::Numbers { x, .. } = &mut examples.inputs else { panic!("numbers expected") };
    *x = array![[0.1 + 0.2, -0.0], [f64::MAX, f64::MIN_POSITIVE], [1e-300, -1.0 / 3.0]];
    examples.classes[1] = "with \"quotes\", commas\nand lines".to_owned();
    assert_eq!(round_trip(&examples), examples);
}

#[test]
fn pictures_survive_a_round_trip() {
    let pictures = Array3::from_shape_fn((3, 5, 5), |(i, j, k)| (i * 100 + j * 5 + k) as u8);
    let examples = Labelled { inputs: Inputs::Pictures(pictures), ..iris() };
    assert_eq!(round_trip(&examples), examples);
}

#[test]
fn two_hundred_thousand_rows_are_read() {
    let mut text = "a,b,c,d\n".to_owned();
    for i in 0..200_000 {
        writeln!(text, "{i},{}.5,-{i}e-3,{}", i % 7, i % 3).unwrap();
    }
    let examples = read(&text);
    assert_eq!(examples.labels.len(), 200_000);
    assert_eq!(examples.labels[199_999], 199_999 % 3);
}

#[test]
fn features_are_found_by_name_whatever_else_there_is() {
    let (_folder, path) = file_with("name,b,note,a\nx,1,,2\ny,3,?,4\n");
    let features = ["a".to_owned(), "b".to_owned()];
    let found = read_features(&path, &features, &Encoding::default(), &labelled(None)).unwrap();
    assert_eq!((found.inputs, found.labels), (array![[2.0, 1.0], [4.0, 3.0]], None));
}

#[test]
fn a_feature_that_is_not_there_is_named() {
    let (_folder, path) = file_with(IRIS);
    let error = read_features(&path, &["width".to_owned()], &Encoding::default(), &labelled(None))
        .unwrap_err()
        .to_string();
    assert!(error.ends_with(
        "has no column \"width\", expected one of its 3 columns: \"sepal\", \"petal\", \
         \"species\"; check the spelling"
    ));
}

#[test]
fn features_without_rows_are_refused() {
    let (_folder, path) = file_with("a,b\n");
    let error = read_features(&path, &["a".to_owned()], &Encoding::default(), &labelled(None))
        .unwrap_err()
        .to_string();
    assert!(error.contains(" holds no examples, "), "{error}");
}

#[test]
fn a_missing_file_is_named() {
    let error =
        Labelled::read_csv(Path::new("no/such.csv"), &labelled(None)).unwrap_err().to_string();
    assert!(error.starts_with("could not read no/such.csv: "));
}

#[test]
fn a_folder_is_no_table() {
    let folder = tempfile::tempdir().unwrap();
    let error = Labelled::read_csv(folder.path(), &labelled(None)).unwrap_err();
    assert!(error.is_unreadable());
}

#[test]
fn a_file_without_rows_is_refused() {
    for nothing in ["", "\n\n", "\u{feff}"] {
        assert!(refusal(nothing).starts_with("FILE is empty, expected a table whose first row"));
    }
    assert!(refusal("a,label\n").starts_with("FILE holds no examples"));
}

#[test]
fn a_file_that_is_not_utf_8_is_refused() {
    assert!(refusal(b"gr\xf6\xdfe,label\n1,a\n").starts_with("FILE is not a table in text form"));
    assert!(refusal(b"a,label\n1,s\xfc\xdf\n").ends_with("; save it again as CSV in UTF-8"));
}

#[test]
fn a_label_column_that_is_not_there_is_refused_with_those_that_are() {
    assert_eq!(
        refusal_of(IRIS, Some("kind")),
        "FILE has no column \"kind\", expected one of its 3 columns: \"sepal\", \"petal\", \
         \"species\"; check the spelling"
    );
    let many: Vec<String> = (0..784).map(|i| format!("pixel{i}")).collect();
    let error = refusal_of(many.join(","), Some("kind"));
    assert!(error.contains("\"pixel9\", and 774 more; check"));
}

#[test]
fn a_heading_that_is_there_twice_is_refused() {
    assert_eq!(
        refusal("a,b,a,label\n1,2,3,x\n"),
        "FILE, line 1, column 3: found \"a\", expected the heading of this column alone: no two \
         columns may have the same heading; rename one of them, or, if the first row is an example, \
         add `--no-header`"
    );
}

#[test]
fn a_first_row_like_the_others_is_an_example() {
    let read = |header: Option<bool>| {
        let (_folder, path) = file_with("5.1,3.5,setosa\n4.9,3.0,setosa\n7,3.2,virginica\n");
        let loaded = Labelled::read_csv(&path, &TableOptions { header, ..labelled(None) });
        let Loaded { examples, notes, .. } = loaded.unwrap();
        let Inputs::Numbers { features, .. } = examples.inputs else { panic!("numbers expected") };
        (examples.labels.len(), features.join(" and "), notes.join("; "))
    };
    let (rows, features, notes) = read(None);
    assert_eq!((rows, features.as_str()), (3, "column 1 and column 2"));
    assert!(notes.starts_with("the first row is like the others, and so it is read as an example"));
    let (rows, features, notes) = read(Some(true));
    assert_eq!((rows, features.as_str()), (2, "5.1 and 3.5"));
    assert!(notes.contains("although \"5.1\" is a number"), "{notes}");
}

#[test]
fn a_second_column_called_label_is_not_written() {
    let mut examples = iris();
    let Inputs::Numbers { features, .. } = &mut examples.inputs else { panic!("numbers expected") };
    features[0] = "label".to_owned();
    let (_folder, path) = file_with("old");
    let error = examples.write_csv(&path).unwrap_err().to_string();
    assert!(
        error.contains(", line 1, column 3: found \"label\", expected the heading "),
        "{error}"
    );
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[test]
fn a_ragged_row_is_refused() {
    assert_eq!(
        refusal("a,b,label\r\n1,2,x\r\n1,y\r\n"),
        "FILE, line 3: the row has 2 columns, expected 3; correct the row"
    );
    assert!(refusal("a,b,label\n1,2,x,3\n").starts_with("FILE, line 2: the row has 4 columns"));
}

#[test]
fn missing_numbers_are_counted() {
    assert_eq!(
        refusal("a,b,label\n1,2,x\n3,,y\nNA,?,x\n4,5,y\nnan,null,x\n"),
        "FILE has 5 missing values in 3 rows, the first in line 3, column 2; fill them in, or train with \
         `--missing drop`, which leaves such rows out, or `--missing mean`"
    );
}

#[test]
fn a_missing_label_is_refused() {
    assert_eq!(
        refusal("a,label\n1,x\n2,\n"),
        "FILE, line 3, column 2: found \"\", expected a label (`--missing drop` leaves out rows that have \
         none); correct the cell"
    );
}

#[test]
fn a_cell_that_is_no_number_is_refused() {
    assert_eq!(
        refusal("a,b,label\n1,2,x\n3,four,y\n"),
        "FILE, line 3, column 2: found \"four\", expected a number; correct the cell"
    );
}

#[test]
fn columns_of_text_are_named_even_if_numbers_are_missing_too() {
    assert_eq!(
        refusal("a,town,sex,label\n1,Rom,f,x\n,Ulm,m,y\n"),
        "FILE holds text in the columns \"town\", \"sex\", expected numbers: make each of their words a \
         feature with `--one-hot town,sex`; if one of them is the class, name it with `--label COLUMN`"
    );
}

#[test]
fn infinite_numbers_are_refused() {
    for infinite in ["inf", "-Infinity", "1e999"] {
        assert_eq!(
            refusal(format!("a,label\n{infinite},x\n")),
            format!(
                "FILE, line 2, column 1: found {infinite:?}, expected a finite number; \
                 correct the cell"
            )
        );
    }
}

#[test]
fn a_decimal_comma_is_refused() {
    assert_eq!(
        refusal("a;label\n5,1;x\n"),
        "FILE, line 2, column 1: found \"5,1\", expected a number with a decimal point; correct \
         the cell"
    );
}

#[test]
fn one_class_alone_is_read_for_whoever_only_looks() {
    let examples = read("a,label\n1,x\n2,x\n");
    assert_eq!((examples.labels, examples.classes), (vec![0, 0], vec!["x".to_owned()]));
}

#[test]
fn a_label_column_alone_is_refused() {
    assert_eq!(
        refusal("label\nx\ny\n"),
        "FILE has only the label column \"label\", expected columns of numbers beside it; \
         add the features to predict the labels from, or check what separates the cells"
    );
}

#[test]
fn a_measured_quantity_is_no_label() {
    let table = |label: &dyn Fn(usize) -> String| {
        let rows: Vec<String> =
            (0..200).map(|i| format!("{},{}", ["a", "b"][i % 2], label(i))).collect();
        format!("kind,height\n{}\n", rows.join("\n"))
    };
    for label in
        [&|i: usize| (3 * i).to_string(), &|i: usize| format!("{}.5", i % 20), &|i: usize| {
            (i % 100 + 7 * (i % 2)).to_string()
        }] as [&dyn Fn(usize) -> String; 3]
    {
        let error = refusal(table(label));
        assert!(
            error.contains("looks like a measured quantity: this program tells classes apart"),
            "{error}"
        );
        assert!(
            error.contains("which could be \"kind\"; name it with `--label COLUMN`"),
            "{error}"
        );
    }
    let numbers =
        |label: &dyn Fn(usize) -> String| table(label).replace("a,", "1,").replace("b,", "2,");
    for (label, classes) in [
        (&|i: usize| (i % 40).to_string(), 40),
        (&|i: usize| format!("{}.5", i % 5), 5),
        (&|i: usize| (3 * (i % 9)).to_string(), 9),
    ] as [(&dyn Fn(usize) -> String, usize); 3]
    {
        assert_eq!(read(&numbers(label)).classes.len(), classes);
    }
}

#[test]
fn labels_of_one_value_are_one_class() {
    assert_eq!(read("x,y\n1,0\n2,0.0\n3,00\n4,1\n5,1.0\n").classes, ["0", "1"]);
    assert_eq!(read("x,y\n1,Yes\n2,yes\n3,yes\n4, no\n5,NO\n").classes, ["NO", "yes"]);
    assert_eq!(read("x,y\n1,+\n2,-\n3,+\n").classes, ["+", "-"]);
    let letters = "x,y\n1,a\n1,A\n1,b\n1,B\n1,c\n1,C\n1,d\n1,D\n1,e\n1,E\n";
    assert_eq!(read(letters).classes.len(), 10);
    let classes = ["1", "True", "a", "A"].map(str::to_owned);
    let class_of = ClassOf::new(&classes);
    for (label, class) in
        [("1.0", Some(0)), ("true", Some(1)), ("2", None), ("a", Some(2)), ("A", Some(3))]
    {
        assert_eq!(class_of.label(label), class, "{label}");
    }
}

#[test]
fn columns_that_number_the_rows_are_left_out() {
    let rows = |first: i64, step: i64| -> String {
        let row =
            |i: i64| format!("{},{},{}", first + step * i, i * i % 5, ["a", "b"][i as usize % 2]);
        (0..12).map(row).collect::<Vec<_>>().join("\n") + "\n"
    };
    let features = |text: &str| match read(text).inputs {
        Inputs::Numbers { features, .. } => features.join(" "),
        Inputs::Pictures(_) => panic!("numbers expected"),
    };
    for heading in ["", "Id", "time", "Unnamed: 0"] {
        assert_eq!(features(&format!("{heading},x,label\n{}", rows(1, 1))), "x", "{heading}");
    }
    for heading in ["", "id", "PassengerId", "user_id"] {
        assert_eq!(features(&format!("{heading},x,label\n{}", rows(1000, -7))), "x", "{heading}");
    }
    for heading in ["time", "acid", "width"] {
        assert_eq!(
            features(&format!("{heading},x,label\n{}", rows(1000, -7))),
            format!("{heading} x")
        );
    }
}

#[test]
fn words_become_features_and_missing_values_their_mean() {
    let (_folder, path) = file_with("town,age,label\nrome,20,a\nulm,,b\nRome,40,a\nbonn,30,b\n");
    let options = TableOptions {
        one_hot: vec!["town".to_owned()],
        missing: Missing::Mean,
        ..TableOptions::default()
    };
    let Loaded { examples, encoding, .. } = Labelled::read_csv(&path, &options).unwrap();
    let Inputs::Numbers { x, features } = examples.inputs else { panic!("numbers expected") };
    assert_eq!(features, ["town=rome", "town=ulm", "town=bonn", "age"]);
    assert_eq!(x.column(0), array![1.0, 0.0, 1.0, 0.0]);
    assert!(x[[1, 3]].is_nan() && x[[3, 3]] == 30.0);

    let (_folder, other) = file_with("age,town\n50,ULM\n,oslo\n");
    let found = read_features(&other, &features, &encoding, &labelled(None)).unwrap();
    assert_eq!(found.inputs.row(0), array![0.0, 1.0, 0.0, 50.0]);
    assert_eq!(found.inputs.row(1).iter().take(3).sum::<f64>(), 0.0);
    assert!(found.inputs[[1, 3]].is_nan());
    assert!(
        found.notes.iter().any(|note| note.contains("1 word in column 2")),
        "{:?}",
        found.notes
    );

    let drop =
        TableOptions { missing: Missing::Drop, drop: vec!["town".to_owned()], ..labelled(None) };
    let Loaded { examples, notes, .. } = Labelled::read_csv(&path, &drop).unwrap();
    assert_eq!(examples.labels.len(), 3);
    assert_eq!(notes, ["1 missing value: 1 row left out"]);
}

#[test]
fn endless_cells_and_headings_are_quoted_in_part() {
    let long = "z".repeat(100_000);
    assert!(refusal(format!("{long},label\n1,x\n{long},y\n")).len() < 200);
    assert!(refusal(format!("{long}\nx\ny\n")).len() < 400);
}
