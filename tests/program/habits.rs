//! What people who know other tools expect of a training and of predictions, through the real binary.

use crate::support::{Folder, Numbers, clouds, files, moons, text};
use chapters::report::percent;
use own_data::{Model, formats::Inputs};
use serde_json::Value;
use std::{fs, path::Path};

#[track_caller]
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

fn count(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn report(folder: &Folder, out: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.path(out).join("report.json")).unwrap()).unwrap()
}

/// Points of which one in `rare` has the class `yes`, and nothing tells which.
fn lottery(rows: usize, rare: usize) -> String {
    let mut numbers = Numbers(3);
    let row = |i: usize| {
        let [x, y] = [0; 2].map(|_| numbers.uniform());
        format!("{x:.3},{y:.3},{}\n", if i.is_multiple_of(rare) { "yes" } else { "no" })
    };
    "x,y,won\n".to_owned() + &(0..rows).map(row).collect::<String>()
}

#[test]
fn each_class_has_its_share_held_out_and_a_single_example_is_trained_on() {
    let table = lottery(200, 20) + "0.5,0.5,only\n";
    let folder = Folder::with([("lottery.csv", table)]);
    let train = "train --quiet --data lottery.csv --epochs 1 --overwrite";
    for seed in 1..5 {
        let report = folder.json(&format!("{train} --seed {seed}"));
        let examples = |class: &str| {
            let place = list(&report["classes"]).iter().position(|name| name == class).unwrap();
            count(&report["by_class"][place]["examples"])
        };
        assert_eq!(["yes", "no", "only"].map(examples), [2, 38, 0]);
    }
    let [once, again] =
        [0; 2].map(|_| folder.json(&format!("{train} --seed 7"))["history"].clone());
    assert_eq!(once, again);
}

#[test]
fn training_stops_when_nothing_improves_and_says_so() {
    let folder = Folder::with([("lottery.csv", lottery(150, 2))]);
    let said = folder.succeed("train --quiet --data lottery.csv");
    let report = report(&folder, "target/train");
    let (kept, last) = (count(&report["kept"]), list(&report["history"]).len());
    assert_eq!(last, kept + 20);
    assert!(last < 200, "{last} epochs");
    let expected = format!(
        "Stopped after epoch {last}: no lower validation cost for 20 epochs; `--epochs N` trains \
         exactly N."
    );
    assert!(said.contains(&expected), "{said}");
    let report = folder.json("train --quiet --data lottery.csv --epochs 90 --overwrite");
    assert_eq!((list(&report["history"]).len(), count(&report["kept"])), (90, 90));
    // Without validation nothing tells when to stop
    let report = folder.json("train --quiet --data lottery.csv --validation 0 --overwrite");
    assert_eq!(list(&report["history"]).len(), 200);
    assert!(report["calibration"].is_null());
}

#[test]
fn single_training_run_and_sweep_have_the_same_defaults() {
    let folder = Folder::with([("moons.csv", moons(100))]);
    for optimiser in ["adam", "sgd", "lbfgs"] {
        let settings = format!("--quiet --data moons.csv --optimiser {optimiser} --hidden 3");
        let recipe = &folder.json(&format!("train {settings} --overwrite"))["recipe"];
        let out = format!("--seeds 1 --out sweep_{optimiser}");
        let summary = &folder.json(&format!("sweep {settings} {out}"));
        let plan = &summary["plan"];
        for same in ["epochs", "patience", "activation", "initialisation"] {
            assert_eq!(recipe[same], plan[same], "{optimiser}: {same}");
        }
        assert_eq!(recipe["batch"], plan["batch"][0], "{optimiser}");
        if optimiser != "lbfgs" {
            assert_eq!(recipe["learning_rate"], summary["cells"][0]["setting"]["learning_rate"]);
        }
        // The same seed, so the same network
        let report = report(&folder, "target/train");
        let [one, other] =
            [&report["on_held_out"]["error"], &summary["cells"][0]["held_out"]["median"]];
        assert!((1.0 - number(one) - number(other)).abs() < 1e-12, "{optimiser}");
    }
}

#[test]
fn folds_test_every_example_once_and_tell_mean_and_deviation() {
    let folder = Folder::with([("clouds.csv", clouds(151))]);
    let folds = "train --quiet --data clouds.csv --hidden 8 --epochs 60 --folds 4";
    let said = folder.succeed(folds);
    let names: Vec<String> = files(&folder.path("target/folds")).into_iter().map(|f| f.0).collect();
    assert_eq!(names, ["report.json"]);
    let report = report(&folder, "target/folds");
    let parts = list(&report["folds"]);
    let tested: Vec<usize> = parts.iter().map(|fold| count(&fold["tested"])).collect();
    assert_eq!(tested, [38, 38, 38, 37]);
    let accuracy: Vec<f64> =
        parts.iter().map(|fold| 1.0 - number(&fold["on_tested"]["error"])).collect();
    let mean = accuracy.iter().sum::<f64>() / 4.0;
    let deviation = (accuracy.iter().map(|a| (a - mean).powi(2)).sum::<f64>() / 3.0).sqrt();
    let found = [0, 1].map(|i| number(&report["accuracy"][i]));
    assert!((found[0] - mean).abs() < 1e-12 && (found[1] - deviation).abs() < 1e-12, "{found:?}");
    assert!((0.85..1.0).contains(&mean), "{mean}");
    let expected = format!("Accuracy {} ± {}, cost ", percent(mean), percent(deviation));
    assert!(said.contains(&expected), "{said} lacks {expected}");
    let right: u64 = (0..3).map(|i| report["confusion"][i][i].as_u64().unwrap()).sum();
    let all: f64 = tested.iter().zip(&accuracy).map(|(&n, a)| n as f64 * a).sum();
    assert!((right as f64 - all).abs() < 1e-9);

    // On any number of threads
    for threads in ["1", "3"] {
        let mut command = folder.command(&format!("{folds} --json"));
        let output = command.env("RAYON_NUM_THREADS", threads).output().unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap(), report);
    }
}

#[test]
fn folds_that_make_no_sense_are_refused_with_a_cure() {
    let rows = moons(20) + "9,9,2\n9,8,2\n9,7,2\n";
    let folder = Folder::with([("three.csv", rows.clone()), ("one.csv", moons(20) + "9,9,2\n")]);
    let train = "train --quiet --hidden 2 --epochs 1";
    for (arguments, code, expected) in [
        ("--data three.csv --folds 1", 2, "the number of folds must be at least 2, but it is 1"),
        (
            "--data three.csv --folds 4",
            1,
            "the class \"2\" has 3 examples, too few for each of 4 folds to test on one, expected at most \
             3 folds: lower `--folds`",
        ),
        ("--data one.csv --folds 2", 1, "the class \"2\" has 1 example, too few"),
        ("--data three.csv --folds 3 --resume", 2, "cannot be used with"),
    ] {
        let complaint = folder.refusal(&format!("{train} {arguments}"), code);
        assert!(complaint.contains(expected), "{arguments}: {complaint}");
        assert!(!folder.path("target").exists(), "{arguments}");
    }
    folder.succeed(&format!("{train} --data three.csv --folds 3"));
    // A training run's report is not written over
    folder.succeed(&format!("{train} --data three.csv --out run"));
    let before = files(&folder.path("run"));
    let complaint = folder.refusal(&format!("{train} --data three.csv --folds 3 --out run"), 1);
    assert!(complaint.contains("run holds a training run"), "{complaint}");
    assert!(files(&folder.path("run")) == before);
}

#[test]
fn network_that_is_no_better_than_one_answer_is_told_apart() {
    let folder = Folder::with([("lottery.csv", lottery(600, 50)), ("moons.csv", moons(300))]);
    let output = folder.run("train --quiet --data lottery.csv --hidden 8");
    let warning = "always answering no would reach 98.3 %: look at the recall of each class";
    assert!(text(&output.stderr).contains(warning), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(
        said.contains("Balanced accuracy 50.0 %; always answering no would reach 98.3 %."),
        "{said}"
    );
    let report = report(&folder, "target/train");
    assert_eq!(number(&report["balanced_accuracy"]), 0.5);
    assert_eq!(report["commonest"], "no");
    assert!((number(&report["commonest_share"]) - 118.0 / 120.0).abs() < 1e-12);
    let rare = &report["by_class"][usize::from(report["classes"][1] == "yes")];
    assert!(rare["precision"].is_null() && rare["f1"] == 0.0 && rare["recall"] == 0.0, "{rare}");

    let output = folder.run("train --quiet --data moons.csv --overwrite");
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    assert!(!text(&output.stdout).contains("always answering"), "{}", text(&output.stdout));
}

#[test]
fn scores_of_each_class_are_those_of_the_confusion_matrix() {
    let folder = Folder::with([("clouds.csv", clouds(150))]);
    let said = folder.succeed("train --quiet --data clouds.csv --hidden 8 --epochs 30");
    let report = report(&folder, "target/train");
    let confusion: Vec<Vec<f64>> = serde_json::from_value(report["confusion"].clone()).unwrap();
    for (class, row) in confusion.iter().enumerate() {
        let read: f64 = confusion.iter().map(|row| row[class]).sum();
        let (precision, recall) = (row[class] / read, row[class] / row.iter().sum::<f64>());
        let f1 = 2.0 * precision * recall / (precision + recall);
        let scores = &report["by_class"][class];
        for (name, expected) in [("precision", precision), ("recall", recall), ("f1", f1)] {
            assert!((number(&scores[name]) - expected).abs() < 1e-12, "{name} of {class}");
            assert!(said.contains(&percent(expected)), "{said}");
        }
    }
}

/// The probabilities that a model gives for the rows of a table with two classes.
fn probabilities(model: &Model, x: &[[f64; 2]]) -> Vec<f64> {
    let x = ndarray::Array2::from_shape_fn((x.len(), 2), |(i, j)| x[i][j]);
    let features = ["x", "y"].map(str::to_owned).to_vec();
    model.predict(&Inputs::Numbers { x, features }).unwrap().column(1).to_vec()
}

#[test]
fn temperature_of_the_report_is_in_the_model_and_divides_its_logits() {
    // One label of six is wrong, and learned by heart: certain of everything, and often wrong
    let wrong = |(i, line): (usize, &str)| match line.strip_suffix(",1") {
        Some(rest) if i % 6 == 2 => format!("{rest},0\n"),
        _ => format!("{line}\n"),
    };
    let table: String = moons(400).lines().enumerate().map(wrong).collect();
    let folder = Folder::with([("moons.csv", table)]);
    folder.succeed("train --quiet --data moons.csv --hidden 100 --epochs 1000");
    let report = report(&folder, "target/train");
    let calibration = &report["calibration"];
    let temperature = number(&calibration["temperature"]);
    assert!((1.1..20.0).contains(&temperature), "{temperature}");
    let [before, after] = ["before", "after"].map(|when| &calibration[when]);
    let off = number(&before["cost"]) - number(&report["on_held_out"]["cost"]);
    assert!(off.abs() < 1e-6, "{off}");
    assert!(number(&after["cost"]).is_finite() && after != before);
    let examples = list(&before["bins"]).iter().map(|bin| count(&bin["examples"])).sum::<usize>();
    assert_eq!(examples, 80);

    let model = Model::read(&folder.path("target/train/model.safetensors")).unwrap();
    assert_eq!(model.temperature, temperature);
    let cold = Model { temperature: 1.0, ..model.clone() };
    let points = [[0.5, 0.2], [0.6, 0.3], [0.0, 0.4], [1.0, 0.1]];
    let logit = |p: &f64| (p / (1.0 - p)).ln();
    let found = probabilities(&model, &points);
    for (p, expected) in found.iter().zip(probabilities(&cold, &points)) {
        assert!((logit(p) * temperature - logit(&expected)).abs() < 1e-3, "{p}, {expected}");
    }
    assert!(folder.path("target/train/reliability.svg").exists());
}

fn rows(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut table = csv::Reader::from_path(path).unwrap();
    let texts = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let header = texts(table.headers().unwrap());
    (header, table.records().map(|record| texts(&record.unwrap())).collect())
}

#[test]
fn predictions_go_to_a_table_with_classes_misses_and_probabilities() {
    let folder = Folder::with([("clouds.csv", clouds(150)), ("new.csv", clouds(90))]);
    folder.succeed("train --quiet --data clouds.csv --hidden 8 --epochs 30");
    let predict = "predict target/train/model.safetensors new.csv";
    let said = folder.succeed(&format!("{predict} --label species --csv out.csv"));
    let (header, rows_known) = rows(&folder.path("out.csv"));
    let told = "file,row,class,probability,next,label,miss,far,probability of setosa,probability of \
                versicolor,probability of virginica";
    assert_eq!(header.join(","), told);
    assert_eq!(rows_known.len(), 90);
    let json = folder.json(&format!("{predict} --label species"));
    let mut misses = 0;
    for (i, row) in rows_known.iter().enumerate() {
        let prediction = &json["predictions"][i];
        let shares: Vec<f64> = row[8..].iter().map(|share| share.parse().unwrap()).collect();
        let mut sorted = shares.clone();
        sorted.sort_by(f64::total_cmp);
        assert_eq!([&row[0], &row[1]], ["new.csv", &(i + 1).to_string()]);
        assert_eq!(row[3].parse::<f64>().unwrap(), sorted[2]);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-6);
        assert_eq!([&prediction["class"], &prediction["label"]], [&row[2], &row[5]]);
        assert_eq!(row[6], (row[2] != row[5]).to_string());
        assert_eq!(prediction["miss"], row[2] != row[5]);
        let next = ["setosa", "versicolor", "virginica"].iter().zip(&shares);
        let next = next.filter(|&(_, &share)| share == sorted[1]).map(|(name, _)| *name);
        assert!(next.into_iter().any(|next| next == row[4]), "{row:?}");
        misses += usize::from(row[2] != row[5]);
    }
    assert!((1..20).contains(&misses), "{misses} misses");
    assert_eq!(said.matches('✗').count(), misses);
    let right = 90 - misses;
    let told = format!(
        "{right} of 90 are correct: {}. Always answering setosa would reach 33.3 %.",
        percent(right as f64 / 90.0)
    );
    assert!(said.contains(&told), "{said} lacks {told}");

    // Without labels nothing is a miss
    folder.succeed(&format!("{predict} --csv unknown.csv"));
    let (_, rows_unknown) = rows(&folder.path("unknown.csv"));
    assert!(rows_unknown.iter().all(|row| row[5].is_empty() && row[6].is_empty()));
    // Nothing that is read is written over
    let read =
        || ["new.csv", "target/train/model.safetensors"].map(|n| fs::read(folder.path(n)).unwrap());
    let before = read();
    for name in ["new.csv", "./new.csv", "target/train/model.safetensors"] {
        let complaint = folder.refusal(&format!("{predict} --csv {name}"), 1);
        assert!(complaint.contains("is read, and would be overwritten"), "{complaint}");
    }
    let complaint = folder.refusal(&format!("{predict} --csv absent/out.csv"), 1);
    assert!(complaint.contains("could not write absent/out.csv"), "{complaint}");
    assert!(read() == before);
}

#[test]
fn every_prediction_takes_one_line_however_many_classes_there_are() {
    let class = |i: usize| format!("a class with the long name number {}", i % 40);
    let row = |i: usize| format!("{},{},{}\n", i % 40, (i * 7) % 11, class(i));
    let table: String = (0..400).map(row).collect();
    let name = format!("{}.csv", "long".repeat(30));
    let folder = Folder::with([(name.as_str(), "x,y,class\n".to_owned() + &table)]);
    let train = folder.succeed(&format!("train --quiet --data {name} --hidden 8 --epochs 3"));
    assert!(train.contains("The 10 of 40 classes with the lowest F1:"), "{train}");
    let said = folder.succeed(&format!("predict target/train/model.safetensors {name}"));
    let lines: Vec<&str> = said.lines().filter(|line| line.contains(".csv")).collect();
    assert_eq!(lines.len(), 400);
    assert!(lines.iter().all(|line| line.contains("a class with the long name number ")), "{said}");
}

#[test]
fn row_far_from_what_was_learned_from_is_marked() {
    let flowers = "sepal length,sepal width,petal length,petal width\n5.1,3.4,1.4,0.3\n50,50,50,50\n\
                   5.1,3.4,14,0.3\n";
    let folder = Folder::with([("clouds.csv", clouds(150)), ("new.csv", flowers.to_owned())]);
    folder.succeed("train --quiet --data clouds.csv --epochs 30");
    let predict = "predict target/train/model.safetensors new.csv --csv out.csv";
    let output = folder.run(predict);
    let said = text(&output.stdout);
    let marked: Vec<bool> = said
        .lines()
        .filter(|line| line.contains("new.csv"))
        .map(|line| line.contains("far from the training examples"))
        .collect();
    assert_eq!(marked, [false, true, true], "{said}");
    let warned = text(&output.stderr);
    assert!(warned.contains("2 of 3 rows are far from the training examples in"), "{warned}");
    let json = folder.json(predict);
    let far: Vec<&Value> = list(&json["predictions"]).iter().map(|one| &one["far"]).collect();
    let all = ["sepal length", "sepal width", "petal length", "petal width"];
    let expected = [serde_json::json!([]), serde_json::json!(all), serde_json::json!(all[2..3])];
    assert_eq!(far, expected.iter().collect::<Vec<_>>());
    let (_, rows) = rows(&folder.path("out.csv"));
    assert_eq!(
        rows.iter().map(|row| row[7].as_str()).collect::<Vec<_>>(),
        ["", &all.join(", "), "petal length"]
    );
    // Nothing far, nothing said
    let output = folder.run("predict target/train/model.safetensors clouds.csv");
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[test]
fn advice_lowers_the_cost_until_none_is_needed_and_never_goes_in_circles() {
    let folder = Folder::with([("clouds.csv", clouds(120))]);
    for (mut epochs, mut rate, seed) in [
        ("5", "0.003", 1),
        ("5", "0.003", 2),
        ("5", "0.0003", 4),
        ("5", "0.001", 1),
        ("15", "50", 1),
    ]
    .map(|(epochs, rate, seed)| (epochs.to_owned(), rate.to_owned(), seed))
    {
        let mut costs: Vec<f64> = Vec::new();
        let mut advised = Vec::new();
        loop {
            let output = folder.run(&format!(
                "train --data clouds.csv --quiet --json --overwrite --hidden 8 --seed {seed} \
                 --epochs {epochs} --learning-rate {rate}"
            ));
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            costs.push(number(&report["on_training"]["cost"]));
            let Some(warning) = report["warning"].as_str() else { break };
            let (_, advice) = warning.split_once("try ").unwrap_or_else(|| panic!("{warning}"));
            match advice.strip_prefix("`--epochs ") {
                Some(more) => epochs = more.trim_end_matches('`').to_owned(),
                None => rate = advice.to_owned(),
            }
            advised.push(advice.to_owned());
            assert!(costs.len() < 6, "{advised:?}: {costs:?}");
        }
        assert!(!advised.is_empty(), "no advice was needed");
        assert!(costs.windows(2).all(|pair| pair[1] < pair[0]), "{advised:?}: {costs:?}");
    }
}

#[test]
fn lbfgs_is_given_no_learning_rate_and_reports_none() {
    let folder = Folder::with([("moons.csv", moons(60))]);
    for (arguments, expected) in [
        (
            "train --data moons.csv --optimiser lbfgs --learning-rate 1e-9",
            "the learning rate must be",
        ),
        ("train --data moons.csv --optimiser lbfgs --schedule constant", "the schedule must be"),
        (
            "sweep --data moons.csv --optimiser lbfgs --learning-rate 0.1,5",
            "the learning rate must be",
        ),
    ] {
        let complaint = folder.refusal(arguments, 2);
        let cure = "left out for L-BFGS, which finds its step sizes itself";
        assert!(complaint.contains(expected) && complaint.contains(cure), "{complaint}");
    }
    let report = folder.json("train --quiet --data moons.csv --optimiser lbfgs --epochs 5");
    let recipe = &report["recipe"];
    assert!(recipe["learning_rate"].is_null() && recipe["schedule"].is_null(), "{recipe}");
}
