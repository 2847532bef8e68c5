//! Names of classes and columns in any script and of any length, through the real binary.

use crate::support::{Folder, text};
use std::{fmt::Write, fs};

/// A table with six examples of each class around a place of its own.
fn table<S: AsRef<str>>(headings: &str, classes: &[S]) -> String {
    let mut table = format!("{headings}\n");
    for i in 0..6 * classes.len() {
        let (class, aside) = (i % classes.len(), 0.1 * (i / classes.len()) as f64);
        let (x, y) = ((class % 7) as f64 + aside, (class / 7) as f64 - aside);
        writeln!(table, "{x},{y},\"{}\"", classes[class].as_ref()).unwrap();
    }
    table
}

/// The words of an SVG document: those that are text, and those whose letters are drawn.
fn words(svg: &str) -> [Vec<&str>; 2] {
    let between = |begin, end| {
        let parts = svg.split(begin).skip(1).filter_map(move |part| part.split(end).next());
        parts.map(|part| part.rsplit('>').next().unwrap().trim()).collect()
    };
    [between("<text ", "</text>"), between("<title>", "</title>")]
}

#[test]
fn classes_in_any_script_stand_in_the_confusion_matrix() {
    let long = "a class whose name is longer than any figure has room for, ".repeat(4);
    let [first, second] = ["one", "two"].map(|end| format!("{long}{end}"));
    let classes = ["お", "漢字", "한글", "العربية", "😀", "слово", "हिन्दी", &first, &second];
    let folder = Folder::with([("names.csv", table("x,y,label", &classes))]);
    let told = folder.succeed("train --quiet --data names.csv --hidden 8 --epochs 5 --format svg");

    let svg = fs::read_to_string(folder.path("target/train/confusion.svg")).unwrap();
    let [written, drawn] = words(&svg);
    // Rows and columns; the names are in alphabetical order, and so the last but three is the second
    for name in ["お", "漢字", "한글", "\u{2068}العربية\u{2069}", "😀"] {
        assert!(drawn.iter().filter(|&&word| word == name).count() >= 2, "{name}: {drawn:?}");
    }
    for name in ["слово", "#5"] {
        assert!(written.iter().filter(|&&word| word == name).count() >= 2, "{name}: {written:?}");
    }
    let cut: Vec<&&str> = written.iter().filter(|word| word.starts_with("a class")).collect();
    assert!(cut.iter().all(|name| name.contains('…') && name.chars().count() < 30), "{cut:?}");
    assert!(cut.iter().filter(|name| name.ends_with("one")).count() >= 2, "{cut:?}");
    assert!(
        !svg.contains("हिन्दी") || svg.split("</desc>").next().unwrap().contains("#5 is “हिन्दी”")
    );

    // What stands for which name
    assert!(told.contains("#5 is “हिन्दी”") && told.contains("target/train/names.csv"), "{told}");
    let mut key = csv::Reader::from_path(folder.path("target/train/names.csv")).unwrap();
    let key: Vec<[String; 3]> = key.deserialize().map(Result::unwrap).collect();
    assert!(key.contains(&["class", "#5", "हिन्दी"].map(str::to_owned)), "{key:?}");
    assert!(key.iter().any(|[_, short, full]| short.contains('…') && *full == first), "{key:?}");
    assert_eq!(key.len(), 3);
}

#[test]
fn different_names_make_different_pictures() {
    let folder = Folder::new();
    let mut draw = |names: [&str; 2]| {
        fs::write(folder.path("table.csv"), table("x,y,label", &names)).unwrap();
        folder.succeed("data show table.csv --label label --format png");
        fs::read(folder.path("target/data/table.png")).unwrap()
    };
    let pictures =
        [["お", "き"], ["す", "つ"], ["漢", "字"], ["가", "나"], ["ก", "ข"], ["😀", "🦊"]];
    let pictures = pictures.map(&mut draw);
    for (i, picture) in pictures.iter().enumerate() {
        assert!(pictures[..i].iter().all(|other| other != picture), "picture {i} is as another");
    }
}

#[test]
fn of_many_classes_the_most_confused_are_drawn() {
    let classes: Vec<String> = (0..90).map(|i| format!("species number {i} of ninety")).collect();
    let folder = Folder::with([("many.csv", table("x,y,label", &classes))]);
    folder.succeed("train --quiet --data many.csv --hidden 4 --epochs 3 --format svg");
    let svg = fs::read_to_string(folder.path("target/train/confusion.svg")).unwrap();
    let [written, _] = words(&svg);
    assert!(svg.contains("of 90 classes most often confused"), "{written:?}");
    // Each in a row, in a column, and none like another
    let mut names: Vec<&&str> = written.iter().filter(|word| word.starts_with("species")).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert!(all == 2 * names.len() && (2..=26).contains(&names.len()), "{names:?}");
}

#[test]
fn tables_have_one_line_for_each_row_and_control_nothing() {
    let long = "とても長い名前".repeat(40);
    let classes = ["\u{1b}[31mred\u{1b}[0m", "two\nlines", "tab\tname", "\u{202e}backwards", &long];
    let folder = Folder::with([("names.csv", table(&format!("x,{long},label"), &classes))]);
    let commands = [
        ("data show names.csv --label label", 5 + 2),
        ("train --quiet --data names.csv --hidden 4 --epochs 2", 5),
        ("predict target/train/model.safetensors names.csv", 30),
    ];
    for (command, rows) in commands {
        let output = folder.run(command);
        let [told, warned] = [&output.stdout, &output.stderr].map(|bytes| text(bytes));
        assert!(output.status.success(), "{command}: {warned}");
        let is_tame = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
        assert!(told.chars().chain(warned.chars()).all(is_tame), "{command}: {told}{warned}");
        let lines = told.lines().filter(|line| line.starts_with(' '));
        let heads = usize::from(rows > 0) + usize::from(command.starts_with("data"));
        assert_eq!(lines.count(), rows + heads, "{told}");
        let next = told.lines().filter(|line| line.starts_with(" names.csv"));
        assert!(next.into_iter().all(|line| line.trim_end().ends_with(" %)")), "{told}");
        assert!(rows == 0 || told.contains("とても長い名前") && told.contains('…'), "{told}");
    }
}
