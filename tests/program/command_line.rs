//! The program as it is used: real arguments, real files, broken files.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

/// The program in a folder of its own, where MNIST is not to be found.
struct Program {
    folder: TempDir,
}

impl Program {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handwritten"));
        command.args(arguments.split_whitespace()).current_dir(&self.folder);
        command.env_remove("MNIST_DIR");
        command
    }

    fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs it and returns what it printed; it must succeed.
    fn stdout(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs it and returns its complaint; it must fail with this exit code, in one sentence, and
    /// leave nothing behind.
    fn refusal(&self, arguments: &str, code: i32) -> String {
        let before = self.files();
        let output = self.run(arguments);
        let complaint = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments}: {complaint}");
        assert!(output.stdout.is_empty(), "{arguments} printed {}", text(&output.stdout));
        assert!(!complaint.contains("panicked"), "{arguments}: {complaint}");
        assert_eq!(self.files(), before, "{arguments} left files behind");
        complaint.lines().filter(|line| line.starts_with("error:")).collect()
    }

    /// All files below the program's folder.
    fn files(&self) -> Vec<String> {
        fn below(folder: &Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    below(&path, found);
                } else {
                    found.push(path.display().to_string());
                }
            }
        }
        let mut found = Vec::new();
        below(self.folder.path(), &mut found);
        found.sort();
        found
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with few penned digits in MNIST's four files, plain.
fn few_digits(program: &Program) {
    program.stdout("pen --train 200 --test 60 --plain --out digits");
}

#[test]
fn chapter_writes_its_report_and_its_figures_and_prints_its_table() {
    let program = Program::new();
    let table = program.stdout("chapter 2 --seeds 1");
    assert!(table.contains("logistic regression on rings"), "{table}");
    let report = fs::read_to_string(program.path("target/course/reports/chapter_02.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert!(report["logistic_accuracy"].is_number());
    for figure in ["chapter-02-line.png", "chapter-02-surface.png"] {
        let png = fs::read(program.path("target/course/figures").join(figure)).unwrap();
        assert!(png.starts_with(b"\x89PNG"), "{figure}");
    }
}

#[test]
fn json_is_one_object_on_standard_output() {
    let program = Program::new();
    let output = program.run("chapter 2 --seeds 1 --format svg --json");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let share = report["chapter_02"]["logistic_accuracy"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&share));
    assert!(text(&output.stderr).contains("Chapter 2"));
}

#[test]
fn every_help_shows_an_example() {
    let program = Program::new();
    for command in [
        "",
        "chapter",
        "claims",
        "sweep",
        "train",
        "predict",
        "export",
        "data",
        "data export",
        "data show",
        "fetch",
        "fetch mnist",
        "pen",
        "book",
        "bless",
    ] {
        let help = program.stdout(&format!("{command} --help"));
        assert!(help.contains("Examples:\n  handwritten"), "{command}: {help}");
        for option in ["--seed", "--out", "--json"] {
            assert!(help.contains(option), "{command} --help does not explain {option}");
        }
    }
}

#[test]
fn every_claim_gets_its_verdict_where_the_data_are_those_it_is_about() {
    let program = Program::new();
    few_digits(&program);
    let json = program.stdout("claims --seeds 3 --own-data digits --json");
    let claims: serde_json::Value = serde_json::from_str(&json).unwrap();
    let claims = claims["claims"].as_array().unwrap();
    let verdicts = ["holds", "typical", "not_supported"];
    for claim in claims {
        let finding = &claim["finding"];
        // Chapters 2 and 3 draw their own data; the claims of 4 and 5 are about other digits
        if claim["chapter"].as_u64() < Some(4) {
            assert!(verdicts.contains(&finding["verdict"].as_str().unwrap()), "{claim}");
            assert!(finding["no_verdict"].is_null(), "{claim}");
        } else {
            assert!(finding["verdict"].is_null(), "{claim}");
            let reason = "the claim is about MNIST, these are own digits in digits";
            assert_eq!(finding["no_verdict"], reason, "{claim}");
        }
    }
    let about = |what: &str| {
        let said = |claim: &&serde_json::Value| claim["finding"]["what"].as_str() == Some(what);
        claims.iter().find(said).unwrap()["finding"]["verdict"].clone()
    };
    assert_eq!(about("the cost is convex"), "not_supported");
    let chapters: Vec<_> = claims.iter().filter_map(|claim| claim["chapter"].as_u64()).collect();
    assert!((2..=5).all(|chapter| chapters.contains(&chapter)), "{chapters:?}");
    assert!(program.path("target/claims/claims.json").is_file());
}

#[test]
fn table_says_that_claims_about_mnist_get_no_verdict_on_other_digits() {
    let program = Program::new();
    few_digits(&program);
    let output =
        program.run("chapter 5 --own-data digits --epochs 1 --learning-rate 0.003 --format svg");
    let told = text(&output.stderr);
    assert!(told.contains("Claims about MNIST get no verdict"), "{told}");
    let table = text(&output.stdout);
    assert_eq!(table.matches("no verdict:").count(), 1, "{table}");
}

#[test]
fn book_is_bound_from_any_folder() {
    let program = Program::new();
    let project = env!("CARGO_MANIFEST_DIR");
    let said = program.stdout(&format!("book --source {project}"));
    assert!(said.contains("Bound "), "{said}");
    assert!(program.path("target/book/chapter_05.html").is_file());
    let json = program.stdout(&format!("book --json --source {project} --out other"));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json["pages"].as_u64() > Some(5), "{json}");
}

#[test]
fn book_that_is_not_there_is_named() {
    let program = Program::new();
    let output = program.run("book");
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("there is no book in") && error.contains("--source"), "{error}");
}

#[test]
fn output_that_nobody_looks_at_has_no_colours() {
    let program = Program::new();
    let output = program.run("chapter 9");
    assert!(!output.stderr.contains(&0x1b));
}

#[test]
fn settings_that_make_no_sense_are_bad_usage() {
    let program = Program::new();
    for (arguments, complaint) in [
        ("chapter 9", "there is no chapter 9"),
        ("chapter 0", "there is no chapter 0"),
        ("chapter two", "invalid value 'two'"),
        (
            "chapter 3 --hidden 0",
            "the number of hidden units must be from 1 to 100000, but it is 0",
        ),
        ("chapter 3 --epochs 0", "the number of epochs must be from 1 to 1000000, but it is 0"),
        (
            "chapter 3 --learning-rate -1",
            "the learning rate must be a positive number, but it is -1",
        ),
        ("chapter 3 --learning-rate nan", "the learning rate must be a positive number"),
        ("chapter 5 --seeds 0", "the number of seeds must be from 1 to 1000, but it is 0"),
        ("chapter 1 --hidden 3", "chapter 1 has no setting for the number of hidden units"),
        ("chapter 2 --rows digits.csv", "chapter 2 has no setting for the table of digits"),
        (
            "chapter 5 --until-error 2",
            "the error to stop at must be a share from 0 to 1, but it is 2",
        ),
        ("chapter 5 --weight-decay -1", "the weight decay must be 0 or a positive number"),
        ("pen --train 0", "the number of training digits must be at least 1, but it is 0"),
        ("--data-dir a --own-data b", "cannot be used with"),
    ] {
        let refusal = program.refusal(arguments, 2);
        assert!(refusal.contains(complaint), "{arguments}: {refusal}");
    }
}

#[test]
fn rate_that_is_too_large_is_reported_with_advice() {
    let program = Program::new();
    few_digits(&program);
    let arguments =
        "chapter 5 --own-data digits --epochs 2 --learning-rate 1e38 --out target/course";
    let refusal = program.refusal(arguments, 1);
    assert!(refusal.contains("is too large, try"), "{refusal}");
}

#[test]
fn folders_without_mnist_are_named() {
    let program = Program::new();
    assert!(program.refusal("bless", 1).contains("are made from MNIST"));
    fs::create_dir(program.path("empty")).unwrap();
    for arguments in ["--data-dir nowhere", "--data-dir empty", "--own-data empty"] {
        let refusal = program.refusal(arguments, 1);
        assert!(refusal.contains(arguments.split(' ').nth(1).unwrap()), "{refusal}");
    }
    let output = program.command("chapter 5").env("MNIST_DIR", "nowhere").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("handwritten fetch mnist"));
}

#[test]
fn digits_of_ones_own_are_used_and_never_called_mnist() {
    let program = Program::new();
    few_digits(&program);
    let refusal = program.refusal("chapter 5 --data-dir digits", 1);
    assert!(
        refusal.contains("is not the MNIST file") && refusal.contains("--own-data"),
        "{refusal}"
    );
    let report = program
        .stdout("chapter 5 --own-data digits --epochs 1 --learning-rate 0.003 --format svg --json");
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["chapter_05"]["source"], "own digits in digits");
    assert!(report["chapter_05"]["penned_to_mnist_accuracy"].is_null());
}

#[test]
fn broken_idx_files_are_refused() {
    let program = Program::new();
    few_digits(&program);
    let images = program.path("digits/train-images-idx3-ubyte");
    let labels = program.path("digits/train-labels-idx1-ubyte");
    let (whole_images, whole_labels) = (fs::read(&images).unwrap(), fs::read(&labels).unwrap());
    let longer = [whole_images.as_slice(), b"more"].concat();
    let mut promising = whole_images.clone();
    promising[4..16].fill(0xff);
    let mut fewer = whole_labels[..whole_labels.len() - 1].to_vec();
    fewer[7] -= 1;
    let mut eleven = whole_labels.clone();
    eleven[20] = 11;
    for (path, whole, broken) in [
        (&images, &whole_images, whole_images[..5000].to_vec()),
        (&images, &whole_images, longer),
        (&images, &whole_images, promising),
        (&images, &whole_images, b"GIF89a, surely".to_vec()),
        (&images, &whole_images, Vec::new()),
        (&images, &whole_images, whole_labels.clone()),
        (&labels, &whole_labels, fewer),
        (&labels, &whole_labels, eleven),
        (&labels, &whole_labels, [&[0x1f, 0x8b, 8], whole_labels.as_slice()].concat()),
    ] {
        fs::write(path, broken).unwrap();
        let refusal = program.refusal("chapter 5 --own-data digits", 1);
        assert!(refusal.contains("digits/train-"), "{refusal}");
        fs::write(path, whole).unwrap();
    }
}

#[test]
fn table_of_digits_goes_out_and_comes_back_in() {
    let program = Program::new();
    program.stdout("pen --rows digits.csv");
    let report =
        program.stdout("chapter 4 --rows digits.csv --seeds 1 --hidden 3 --format svg --json");
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["chapter_04"]["source"], "digits in digits.csv");
    assert_eq!(report["chapter_04"]["learned_from"], 4000);
}

#[test]
fn broken_tables_are_refused_with_line_and_column() {
    let program = Program::new();
    program.stdout("pen --rows digits.csv");
    let whole = fs::read_to_string(program.path("digits.csv")).unwrap();
    let few: Vec<&str> = whole.lines().take(4).collect();
    let third = |cells: &str| [few[0], few[1], cells, few[3]].join("\n");
    let cells: Vec<&str> = few[2].split(',').collect();
    let with = |column: usize, cell: &str| {
        let mut cells: Vec<&str> = cells.clone();
        cells[column - 1] = cell;
        third(&cells.join(","))
    };
    for (table, complaint) in [
        (third(&cells[1..].join(",")), "line 3"),
        (third(&format!("{},7", few[2])), "line 3"),
        (with(5, "ink"), "line 3, column 5"),
        (with(400, "256"), "line 3, column 400"),
        (with(401, "0"), "line 3, column 401"),
        (few[0].to_owned(), "no examples"),
        (String::new(), "empty"),
    ] {
        fs::write(program.path("broken.csv"), table).unwrap();
        let refusal = program.refusal("chapter 4 --rows broken.csv", 1);
        assert!(refusal.contains("broken.csv") && refusal.contains(complaint), "{refusal}");
    }
    assert!(program.refusal("chapter 4 --rows absent.csv", 1).contains("absent.csv"));
}

#[test]
fn folder_that_cannot_be_written_is_named_before_anything_is_trained() {
    let program = Program::new();
    fs::write(program.path("file"), "in the way").unwrap();
    for arguments in ["chapter 2 --out file", "chapter 2 --out file/below", "pen --out file"] {
        let refusal = program.refusal(arguments, 1);
        assert!(refusal.contains("file") && refusal.contains("--out DIR"), "{refusal}");
    }
}

#[test]
fn penned_files_can_be_packed() {
    let program = Program::new();
    program.stdout("pen --train 20 --test 10 --out packed");
    let packed = fs::read(program.path("packed/train-images-idx3-ubyte.gz")).unwrap();
    assert!(packed.starts_with(&[0x1f, 0x8b]));
}

#[test]
fn fetch_says_which_mirrors_failed_and_leaves_nothing_behind() {
    let program = Program::new();
    // Port 9 of this machine: nobody listens there.
    let refusal = program.run("fetch mnist --out mnist --mirror http://127.0.0.1:9/mnist/");
    assert_eq!(refusal.status.code(), Some(1));
    assert!(text(&refusal.stderr).contains("http://127.0.0.1:9/mnist/"));
    assert!(program.files().is_empty());
}

#[test]
fn width_of_vectors_is_asked_for_by_name_and_told() {
    let program = Program::new();
    let with = |width: &str, arguments: &str| {
        program.command(arguments).env("HANDWRITTEN_VECTORS", width).output().unwrap()
    };
    let plain = with("plain", "pen --train 300 --test 10 --out digits");
    assert!(plain.status.success(), "{}", text(&plain.stderr));
    let told = with("plain", "chapter 6 --quiet --own-data digits --out plain");
    assert!(told.status.success(), "{}", text(&told.stderr));
    assert!(text(&told.stdout).contains("plain vectors"), "{}", text(&told.stdout));
    for (width, sentence) in [
        ("mmx", "HANDWRITTEN_VECTORS is 'mmx', which is not a vector width"),
        (if cfg!(target_arch = "x86_64") { "neon" } else { "avx2" }, "does not have"),
    ] {
        let refused = with(width, "chapter 1");
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused.stderr).contains(sentence), "{}", text(&refused.stderr));
        assert!(text(&refused.stderr).contains("unset it"), "{}", text(&refused.stderr));
    }
}

#[test]
fn nobody_waits_long_for_a_sign_of_progress() {
    let program = Program::new();
    let mut command = program.command("chapter 3 --seeds 2");
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut last = std::time::Instant::now();
    for line in std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap())) {
        assert!(last.elapsed().as_secs_f64() < 4.0, "silence before {}", line.unwrap());
        last = std::time::Instant::now();
    }
    assert!(child.wait().unwrap().success());
}
