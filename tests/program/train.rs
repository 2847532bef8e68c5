//! Networks for the reader's own data, through the real binary: trained, killed, resumed and used.

use crate::support::{Folder, clouds, files, moons, rings, text, write_png};
use chapters::{dataset::idx, report::percent};
use serde_json::Value;
use std::{
    fs,
    io::{BufWriter, Write},
    process::Child,
    thread::sleep,
    time::{Duration, Instant},
};

/// Trains, and returns the validation accuracy.
#[track_caller]
fn accuracy(folder: &Folder, arguments: &str) -> f64 {
    let report = folder.json(&format!("train --quiet --overwrite {arguments}"));
    1.0 - number(&report["on_held_out"]["error"])
}

#[track_caller]
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// The tables, and the band in which a good network's accuracy on a fresh quarter lies: above
/// what a line would reach, below all, since no network can know noise.
fn tables() -> [(&'static str, String, [f64; 2]); 3] {
    [
        ("moons.csv", moons(800), [0.93, 0.995]),
        ("rings.csv", rings(900), [0.93, 0.995]),
        ("clouds.csv", clouds(2000), [0.93, 0.999]),
    ]
}

#[test]
fn every_optimiser_learns_every_table() {
    for (name, table, [low, high]) in tables() {
        let folder = Folder::with([(name, table)]);
        for optimiser in ["sgd", "momentum", "adam", "lbfgs --lambda 1"] {
            let arguments = format!(
                "--data {name} --hidden 16,16 --activation tanh --validation 0.25 --optimiser {optimiser}"
            );
            let found = accuracy(&folder, &arguments);
            assert!((low..=high).contains(&found), "{arguments}: {found}");
        }
    }
}

#[test]
fn every_activation_learns_every_table() {
    for (name, table, [low, high]) in tables() {
        let folder = Folder::with([(name, table)]);
        // The sigmoid's slopes are a quarter as steep at most
        for activation in ["relu", "tanh", "sigmoid --learning-rate 0.05"] {
            let arguments =
                format!("--data {name} --hidden 24 --activation {activation} --validation 0.25");
            let found = accuracy(&folder, &arguments);
            assert!((low..=high).contains(&found), "{arguments}: {found}");
        }
    }
}

#[test]
fn network_without_hidden_units_separates_rings_no_better_than_a_line() {
    let folder = Folder::with([("rings.csv", rings(600))]);
    let found = accuracy(&folder, "--data rings.csv --hidden 0 --epochs 30");
    assert!((0.2..0.6).contains(&found), "{found}");
}

#[test]
fn report_agrees_with_what_is_printed_and_with_the_curves() {
    for settings in ["--epochs 7", "--epochs 40 --patience 2", "--optimiser lbfgs --epochs 9"] {
        let folder = Folder::with([("clouds.csv", clouds(150))]);
        let told = folder.succeed(&format!(
            "train --data clouds.csv --label species --hidden 8,5 --format png {settings}"
        ));
        let trained = folder.path("target/train");
        let names: Vec<String> = files(&trained).into_iter().map(|file| file.0).collect();
        let expected = [
            "checkpoint.safetensors",
            "confusion.png",
            "curves.csv",
            "curves.png",
            "model.safetensors",
            "reliability.png",
            "report.json",
        ];
        assert_eq!(names, expected);
        for figure in ["confusion.png", "curves.png"] {
            assert!(fs::read(trained.join(figure)).unwrap().starts_with(b"\x89PNG"), "{figure}");
        }
        let report: Value =
            serde_json::from_slice(&fs::read(trained.join("report.json")).unwrap()).unwrap();

        // What is printed
        let share = |judged: &Value| percent(1.0 - number(&judged["error"]));
        let [train, held_out] = ["on_training", "on_held_out"].map(|part| share(&report[part]));
        let expected = format!(
            "4-8-5-3 after {} epochs: accuracy {train} on 120 training examples, {held_out} on 30 \
             validation examples.",
            report["kept"]
        );
        assert!(told.starts_with(&expected), "{told} is not {expected}");

        // The network that is kept, and where it erred
        let kept = report["kept"].as_u64().unwrap() as usize;
        let history = report["history"].as_array().unwrap();
        assert_eq!(history[kept - 1]["held_out"], report["on_held_out"]);
        let confusion: Vec<Vec<u64>> = serde_json::from_value(report["confusion"].clone()).unwrap();
        let right: u64 = (0..3).map(|class| confusion[class][class]).sum();
        assert_eq!(confusion.iter().flatten().sum::<u64>(), 30);
        assert!(
            (right as f64 / 30.0 - (1.0 - number(&report["on_held_out"]["error"]))).abs() < 1e-12
        );

        // The curves
        let mut curves = csv::Reader::from_path(trained.join("curves.csv")).unwrap();
        assert_eq!(
            curves.headers().unwrap(),
            vec!["epoch", "training_cost", "held_out_cost", "held_out_error"]
        );
        let rows: Vec<[f64; 4]> = curves.deserialize().map(Result::unwrap).collect();
        let told = |(i, epoch): (usize, &Value)| {
            let judged = &epoch["held_out"];
            let [cost, error] = [&judged["cost"], &judged["error"]].map(number);
            [(i + 1) as f64, number(&epoch["cost"]), cost, error]
        };
        assert_eq!(rows, history.iter().enumerate().map(told).collect::<Vec<_>>());
    }
}

#[test]
fn patience_keeps_the_best_epoch_and_goes_no_further() {
    let folder = Folder::with([("moons.csv", moons(150))]);
    let report = folder.json(
        "train --quiet --data moons.csv --hidden 40 --epochs 500 --patience 20 \
         --learning-rate 0.03 --schedule constant",
    );
    let costs: Vec<f64> = report["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|epoch| number(&epoch["held_out"]["cost"]))
        .collect();
    let kept = report["kept"].as_u64().unwrap() as usize;
    assert!(costs.len() < 500, "patience never ended");
    assert_eq!(costs.len(), kept + 20);
    assert!(costs.iter().all(|cost| *cost >= costs[kept - 1]));
}

#[test]
fn penned_digits_are_learned_and_read_from_idx_and_from_png() {
    let folder = Folder::new();
    folder.succeed("pen --train 600 --test 200 --out digits");
    let found = accuracy(
        &folder,
        "--images digits/train-images-idx3-ubyte.gz --labels digits/train-labels-idx1-ubyte.gz \
         --hidden 32,16 --epochs 40",
    );
    // Guessing finds one of ten
    assert!((0.6..0.95).contains(&found), "{found}");

    // From IDX
    let test = "predict target/train/model.safetensors digits/t10k-images-idx3-ubyte.gz";
    let with_labels = format!("{test} --labels digits/t10k-labels-idx1-ubyte.gz");
    let said = folder.json(&with_labels);
    let predictions = said["predictions"].as_array().unwrap();
    let right = predictions.iter().filter(|one| one["class"] == one["label"]).count();
    assert_eq!((said["right"].as_u64(), said["known"].as_u64()), (Some(right as u64), Some(200)));
    assert!((120..190).contains(&right), "{right} of 200");
    let told = format!("{right} of 200 are correct: {}.", percent(right as f64 / 200.0));
    assert!(folder.succeed(&with_labels).contains(&told));
    assert!(folder.json(test)["right"].is_null());

    // From PNG
    let pictures = idx::read(&folder.path("digits/t10k-images-idx3-ubyte.gz")).unwrap();
    let labels = idx::read(&folder.path("digits/t10k-labels-idx1-ubyte.gz")).unwrap();
    let names: Vec<String> = (0..100).map(|i| format!("digit{i}.png")).collect();
    for (name, digit) in names.iter().zip(pictures.outer_iter()) {
        write_png(&folder.path(name), digit.as_standard_layout().as_slice().unwrap());
    }
    let said = folder.json(&format!("predict target/train/model.safetensors {}", names.join(" ")));
    let classes = said["predictions"].as_array().unwrap().iter().map(|one| one["class"].as_str());
    let right = classes.zip(&labels).filter(|(class, label)| *class == Some(&label.to_string()));
    let right = right.count();
    assert!((55..95).contains(&right), "{right} of 100 pictures");
}

#[test]
fn model_reads_a_table_whatever_the_order_of_its_columns() {
    let folder = Folder::with([("clouds.csv", clouds(150))]);
    folder.succeed("train --quiet --data clouds.csv --epochs 20");
    let predict = "predict target/train/model.safetensors";
    let expected = folder.json(&format!("{predict} clouds.csv --label species"));
    assert!(expected["right"].as_u64() > Some(135), "{}", expected["right"]);

    // Columns in reverse order, with one that the model does not know and without labels
    let reversed = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{},note,{},{},{}\n", cells[3], cells[2], cells[1], cells[0])
    };
    let table: String =
        text(&fs::read(folder.path("clouds.csv")).unwrap()).lines().map(reversed).collect();
    fs::write(folder.path("reversed.csv"), table).unwrap();
    let found = folder.json(&format!("{predict} reversed.csv"));
    let probabilities = |said: &Value| -> Vec<Value> {
        let predictions = said["predictions"].as_array().unwrap().iter();
        predictions.map(|prediction| prediction["probabilities"].clone()).collect()
    };
    assert_eq!(probabilities(&found), probabilities(&expected));
}

#[test]
fn one_row_is_enough_to_say_whether_it_is_right() {
    let folder = Folder::with([("clouds.csv", clouds(150))]);
    folder.succeed("train --quiet --data clouds.csv --epochs 20");
    let table = clouds(150);
    let one: Vec<&str> = table.lines().take(2).collect();
    fs::write(folder.path("one.csv"), one.join("\n")).unwrap();
    let said = folder.succeed("predict target/train/model.safetensors one.csv --label species");
    assert!(said.contains("1 of 1 are correct: 100.0 %."), "{said}");
}

/// Moments after which a training is killed, in milliseconds: counted from its start, and then, since
/// nobody knows how busy the machine is, from when there is a checkpoint.
const MOMENTS: [[u64; 3]; 2] = [[20, 60, 150], [200, 300, 400]];

/// Kills a training run again and again; when it is left alone, it must end as if nothing had happened.
#[track_caller]
fn survives_being_killed(settings: &str) {
    let folder = Folder::with([("moons.csv", moons(1500))]);
    let train = format!("train --quiet --data moons.csv {settings}");
    folder.succeed(&format!("{train} --out whole"));
    let killed = folder.path("killed");
    let [checkpoint, model] = ["checkpoint", "model"].map(|name| format!("{name}.safetensors"));
    let is_there = |name: &str| killed.join(name).exists();
    let mut in_between = 0;
    for (i, moment) in MOMENTS.into_iter().flatten().enumerate() {
        let again = if is_there(&checkpoint) { "--resume" } else { "" };
        let mut training = folder.start(&format!("{train} --out killed {again}"));
        while i >= MOMENTS[0].len() && !is_there(&checkpoint) {
            assert!(training.try_wait().unwrap().is_none(), "{settings}: it has no checkpoint");
            sleep(Duration::from_millis(5));
        }
        sleep(Duration::from_millis(moment));
        in_between += usize::from(is_there(&checkpoint) && !is_there(&model));
        end(&mut training);
    }
    assert!(in_between > 1, "{settings}: it was never killed between two epochs");
    folder.succeed("train --quiet --resume --out killed");
    for name in [&model, "curves.csv", "report.json", "curves.svg", &checkpoint] {
        let [one, other] = ["whole", "killed"].map(|out| fs::read(folder.path(out).join(name)));
        assert!(one.unwrap() == other.unwrap(), "{settings}: {name} differs");
    }
}

/// `SIGKILL`, where there are signals.
fn end(training: &mut Child) {
    training.kill().unwrap();
    training.wait().unwrap();
}

#[test]
fn adam_survives_being_killed() {
    survives_being_killed("--hidden 60,30 --epochs 1000");
}

#[test]
fn momentum_with_patience_survives_being_killed() {
    survives_being_killed(
        "--hidden 60,30 --optimiser momentum --activation tanh --epochs 1000 --patience 900",
    );
}

#[test]
fn lbfgs_survives_being_killed() {
    survives_being_killed(
        "--hidden 60,30 --optimiser lbfgs --lambda 0.1 --epochs 400 --patience 390",
    );
}

/// A folder with a finished training of a few epochs in `first`.
fn trained(settings: &str) -> Folder {
    let folder = Folder::with([("moons.csv", moons(150))]);
    folder.succeed(&format!("train --quiet --data moons.csv --hidden 4 --out first {settings}"));
    folder
}

#[test]
fn more_epochs_at_a_constant_rate_are_those_of_a_longer_training() {
    for settings in [
        "--optimiser adam --schedule constant --batch 0",
        "--optimiser sgd --schedule constant --lambda 0.3",
        "--optimiser momentum --schedule constant --patience 25",
        "--optimiser lbfgs",
    ] {
        let folder = trained(&format!("{settings} --epochs 4"));
        folder.succeed("train --quiet --resume --epochs 11 --out first");
        folder.succeed("train --quiet --resume --epochs 30 --out first");
        folder.succeed(&format!(
            "train --quiet --data moons.csv --hidden 4 {settings} --epochs 30 --out longer"
        ));
        assert!(files(&folder.path("first")) == files(&folder.path("longer")), "{settings}");
    }
}

#[test]
fn finished_training_that_is_resumed_stays_as_it_is() {
    let folder = trained("--epochs 5");
    let before = files(&folder.path("first"));
    folder.succeed("train --quiet --resume --out first");
    assert!(files(&folder.path("first")) == before);
}

#[test]
fn training_is_resumed_with_its_own_settings_and_examples_alone() {
    let folder = trained("--epochs 5");
    let before = files(&folder.path("first"));
    for (changed, expected) in [
        ("--hidden 4,4", "hidden is now 4, 4 but was 4"),
        ("--seed 2", "seed is now 2 but was 1"),
        ("--learning-rate 0.5", "learning_rate is now 0.5 but was 0.003"),
        ("--optimiser momentum", "optimiser is now momentum but was adam"),
        ("--activation tanh", "activation is now tanh but was relu"),
        ("--lambda 1", "lambda is now 1.0 but was 0.0"),
        ("--batch 7", "batch is now 7 but was 32"),
        ("--validation 0.5", "validation is now 0.5 but was 0.2"),
        ("--patience 3", "patience is now 3 but was none"),
        // Each of its steps would have been another
        ("--epochs 6", "epochs is now 6 but was 5"),
    ] {
        let complaint = folder.refusal(&format!("train --resume --out first {changed}"), 1);
        assert!(complaint.contains(expected), "{changed}: {complaint}");
        assert!(complaint.contains("--overwrite"), "{complaint}");
    }
    assert!(folder.refusal("train --resume --out nowhere", 1).contains("leave `--resume` out"));

    // Other examples
    let table = moons(150);
    fs::write(folder.path("moons.csv"), table.replacen(",1\n", ",0\n", 1)).unwrap();
    let complaint = folder.refusal("train --resume --out first", 1);
    assert!(
        complaint.contains("are not those that the training run in first began with"),
        "{complaint}"
    );
    fs::remove_file(folder.path("moons.csv")).unwrap();
    assert!(folder.refusal("train --resume --out first", 1).contains("moons.csv"));
    assert!(files(&folder.path("first")) == before);

    // The same examples in another place
    fs::write(folder.path("moved.csv"), table).unwrap();
    folder.succeed("train --quiet --resume --out first --data moved.csv");
}

#[test]
fn damaged_checkpoint_is_refused_with_advice() {
    let folder = trained("--epochs 5");
    let checkpoint = folder.path("first/checkpoint.safetensors");
    let whole = fs::read(&checkpoint).unwrap();
    let model = fs::read(folder.path("first/model.safetensors")).unwrap();
    let half = &whole[..whole.len() / 2];
    for damaged in [half, b"", b"what is this?", &[0xff; 4000], model.as_slice()] {
        fs::write(&checkpoint, damaged).unwrap();
        let complaint = folder.refusal("train --resume --out first", 1);
        assert!(complaint.contains("checkpoint.safetensors is damaged"), "{complaint}");
        assert!(complaint.contains("start over with `--overwrite`"), "{complaint}");
    }
}

#[test]
fn folder_that_holds_a_training_is_overwritten_only_when_asked() {
    let folder = trained("--epochs 5");
    let before = files(&folder.path("first"));
    let again = "train --quiet --data moons.csv --hidden 3 --epochs 2 --out first";
    let complaint = folder.refusal(again, 1);
    assert!(complaint.contains("--resume") && complaint.contains("--overwrite"), "{complaint}");
    assert!(files(&folder.path("first")) == before);
    folder.succeed(&format!("{again} --overwrite"));
    folder.succeed(&again.replace("first", "fresh"));
    assert!(files(&folder.path("first")) == files(&folder.path("fresh")));
    folder.refusal(&format!("{again} --overwrite --resume"), 2);
}

#[test]
fn folder_is_left_to_the_training_that_is_at_work_in_it() {
    let folder = Folder::with([("moons.csv", moons(1500))]);
    let train = "train --quiet --data moons.csv --epochs 100000 --out busy";
    let mut first = folder.start(train);
    while !folder.path("busy/checkpoint.safetensors").exists() {
        assert!(first.try_wait().unwrap().is_none(), "the training is at an end");
        sleep(Duration::from_millis(20));
    }
    for second in ["--overwrite", "--resume"] {
        let complaint = folder.refusal(&format!("{train} {second}"), 1);
        assert!(complaint.contains("another `handwritten` is at work in busy"), "{complaint}");
    }
    end(&mut first);
    // The dead hold no locks
    folder.succeed("train --quiet --data moons.csv --epochs 1 --out busy --overwrite");
}

#[test]
fn settings_that_make_no_sense_are_bad_usage() {
    let folder = Folder::with([("moons.csv", moons(60))]);
    for (settings, expected) in [
        ("--hidden 0,3", "the number of hidden units must be from 1 to 100000, but it is 0"),
        ("--hidden 1000000", "the number of hidden units must be from 1 to 100000"),
        ("--validation 1", "the validation share must be from 0 to less than 1, but it is 1"),
        ("--validation -0.1", "the validation share must be from 0 to less than 1"),
        ("--validation nan", "the validation share must be from 0 to less than 1"),
        ("--validation 0 --patience 2", "the validation share must be above 0"),
        ("--patience 0", "the patience must be at least 1 epoch, but it is 0"),
        ("--epochs 0", "the number of epochs must be from 1 to 1000000, but it is 0"),
        ("--learning-rate 0", "the learning rate must be a positive number"),
        ("--learning-rate inf", "the learning rate must be a positive number"),
        ("--lambda -1", "the L2 penalty λ must be from 0 to 1e9, but it is -1"),
        ("--optimiser lbfgs --batch 8", "the mini-batch size must be left out for L-BFGS"),
        ("--optimiser newton", "invalid value 'newton'"),
        ("--activation step", "invalid value 'step'"),
        ("--labels moons.csv", "cannot be used with"),
        ("--images moons.csv --labels moons.csv", "cannot be used with"),
    ] {
        let complaint = folder.refusal(&format!("train --data moons.csv {settings}"), 2);
        assert!(complaint.contains(expected), "{settings}: {complaint}");
    }
    let complaint = folder.refusal("train", 2);
    assert!(complaint.contains("--data FILE.csv") && complaint.contains("--images"), "{complaint}");
    assert!(folder.refusal("train --images moons.csv", 2).contains("--labels"));
    assert!(folder.refusal("train --label x", 2).contains("--data"));
}

#[test]
fn tables_that_nothing_can_be_learned_from_are_refused_with_advice() {
    let row = |cells: &str| moons(60) + cells;
    let folder = Folder::with([
        ("good.csv", moons(60)),
        ("gap.csv", row("0.5,,1\n")),
        ("unlabelled.csv", row("0.5,0.5,\n")),
        ("infinite.csv", row("0.5,inf,1\n")),
        ("text.csv", row("0.5,soon,1\n")),
        ("words.csv", "word,x,label\nup,1,0\ndown,2,1\n".to_owned()),
        ("one.csv", "x,label\n1,a\n2,a\n3,a\n".to_owned()),
        ("two.csv", "x,label\n1,a\n2,b\n".to_owned()),
        ("huge.csv", "x,label\n1e200,a\n-1e200,b\n1e200,a\n2e200,b\n".to_owned()),
        ("empty.csv", String::new()),
        ("headings.csv", "x,y,label\n".to_owned()),
        (
            "one.json",
            r#"{"inputs": {"numbers": {"x": {"v": 1, "dim": [3, 1], "data": [1.0, 2.0, 3.0]},
                "features": ["x"]}}, "labels": [0, 0, 0], "classes": ["a"]}"#
                .to_owned(),
        ),
    ]);
    for (arguments, expected) in [
        ("--data gap.csv", "has 1 missing value in 1 row, the first in line 62, column 2"),
        ("--data unlabelled.csv", "line 62, column 3"),
        ("--data infinite.csv", "expected a finite number"),
        ("--data text.csv", "line 62, column 2: found \"soon\""),
        ("--data words.csv", "text in the columns \"word\""),
        ("--data one.csv", "nothing to tell apart"),
        ("--data two.csv --validation 0.5", "too few are left to train on"),
        ("--data huge.csv --validation 0", "the values of \"x\" are too large to be scaled"),
        ("--data empty.csv", "empty.csv is empty"),
        ("--data headings.csv", "headings.csv holds no examples"),
        ("--data good.csv --label species", "no column \"species\", expected one of its 3 columns"),
        ("--data absent.csv", "could not read absent.csv"),
        ("--data good.txt", "could not read good.txt"),
        ("--data one.json", "nothing to tell apart"),
        ("--data good.csv --validation 0.001 --patience 2", "none of 60 examples is held out"),
    ] {
        let complaint = folder.refusal(&format!("train {arguments}"), 1);
        assert!(complaint.contains(expected), "{arguments}: {complaint}");
        assert!(!folder.path("target").exists(), "{arguments}");
    }
}

#[test]
fn column_that_never_changes_is_mentioned_and_does_no_harm() {
    let folder = Folder::new();
    let constant = moons(400).replace('\n', ",7\n").replacen("label,7", "label,same", 1);
    fs::write(folder.path("constant.csv"), constant).unwrap();
    let output = folder.run("train --data constant.csv --label label --json");
    let said = text(&output.stderr);
    assert!(said.contains("\"same\" is the same in every row, and so teaches nothing."), "{said}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(number(&report["on_held_out"]["error"]) < 0.1, "{}", report["on_held_out"]);
}

#[test]
fn rate_that_is_too_large_is_reported_with_advice() {
    let folder = Folder::with([("moons.csv", moons(300))]);
    for (settings, advice) in [
        ("--learning-rate 1e6", "mini-batch"),
        // Only what comes after the last step shows it
        ("--learning-rate 1e38 --batch 0 --epochs 1", "the end of epoch 1"),
        ("--learning-rate 1e38 --batch 0 --epochs 1 --validation 0", "the end of epoch 1"),
    ] {
        let complaint = folder
            .refusal(&format!("train --quiet --data moons.csv --optimiser sgd {settings}"), 1);
        assert!(complaint.contains("is too large, try 0.1"), "{settings}: {complaint}");
        assert!(complaint.contains(advice), "{settings}: {complaint}");
        assert!(!folder.path("target/train/model.safetensors").exists());
    }
}

#[test]
fn what_no_model_can_read_is_refused_with_advice() {
    let folder = Folder::with([
        ("moons.csv", moons(60)),
        ("narrow.csv", "x,label\n1,0\n2,1\n".to_owned()),
        ("random.safetensors", (0..999).map(|i| char::from(i as u8 % 96 + 32)).collect()),
        ("empty.safetensors", String::new()),
    ]);
    folder.succeed("train --quiet --data moons.csv --hidden 3 --epochs 1");
    folder.succeed("pen --train 60 --test 20 --plain --out digits");
    folder.succeed(
        "train --quiet --images digits/train-images-idx3-ubyte \
         --labels digits/train-labels-idx1-ubyte --hidden 3 --epochs 1 --out reader",
    );
    let whole = fs::read(folder.path("target/train/model.safetensors")).unwrap();
    fs::write(folder.path("cut.safetensors"), &whole[..whole.len() - 5]).unwrap();
    write_png(&folder.path("digit.png"), &(0..784).map(|i| (i % 28 * 9) as u8).collect::<Vec<_>>());
    write_png(&folder.path("paper.png"), &[0; 784]);
    let larger = ndarray::ArrayD::<u8>::zeros(vec![2, 30, 30]);
    idx::write(&folder.path("larger-idx3-ubyte"), &larger).unwrap();
    for (arguments, expected) in [
        ("cut.safetensors moons.csv", "cut.safetensors is not a model of this program"),
        ("random.safetensors moons.csv", "random.safetensors is not a model of this program"),
        ("empty.safetensors moons.csv", "empty.safetensors is not a model of this program"),
        // The reader of digits is asked
        ("moons.csv moons.csv", "moons.csv has no 784 numbered columns"),
        ("target/train/checkpoint.safetensors moons.csv", "is not a model of this program"),
        ("absent.safetensors moons.csv", "could not read absent.safetensors"),
        ("target/train/model.safetensors narrow.csv", "no column \"y\""),
        ("target/train/model.safetensors absent.csv", "could not read absent.csv"),
        ("target/train/model.safetensors moons.csv --label kind", "no column \"kind\""),
        (
            "target/train/model.safetensors digit.png",
            "digit.png is a picture, but the model reads the features x, y",
        ),
        (
            "target/train/model.safetensors digits/t10k-images-idx3-ubyte",
            "the model reads the features x, y, but got pictures of 28 × 28",
        ),
        (
            "reader/model.safetensors larger-idx3-ubyte",
            "reads pictures of 28 × 28 pixels, but got pictures of 30 × 30 pixels",
        ),
        ("reader/model.safetensors digits/t10k-labels-idx1-ubyte", "expected pictures"),
        ("reader/model.safetensors moons.csv", "no 784 numbered columns"),
        ("reader/model.safetensors paper.png", "there is no ink"),
        (
            "reader/model.safetensors digits/t10k-images-idx3-ubyte --labels digits/train-labels-idx1-ubyte",
            "20 pictures",
        ),
    ] {
        let complaint = folder.refusal(&format!("predict {arguments}"), 1);
        assert!(complaint.contains(expected), "{arguments}: {complaint}");
    }
    folder.refusal("predict target/train/model.safetensors", 2);
}

#[test]
fn million_rows_are_learned_within_a_minute() {
    let folder = Folder::new();
    let table = fs::File::create(folder.path("large.csv")).unwrap();
    let mut table = BufWriter::new(table);
    writeln!(table, "a,b,c,label").unwrap();
    for i in 0..1_000_000_u64 {
        // Three remainders that look unlike each other, and whether two of them are alike
        let [a, b, c] = [7919, 104_729, 1_299_709].map(|step| i * step % 1009);
        writeln!(table, "{a},{b},{c},{}", u8::from((a < 500) == (b < 500))).unwrap();
    }
    table.flush().unwrap();
    let start = Instant::now();
    let found =
        accuracy(&folder, "--data large.csv --hidden 8 --epochs 1 --batch 256 --validation 0.1");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    assert!((0.9..1.0).contains(&found), "{found}");
}
