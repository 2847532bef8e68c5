//! Records: listed, made, made again after a break, checked, and refused.

use crate::support::Folder;
use serde_json::{Value, json};
use std::{fs, thread, time::Duration};

/// A small record that has not been measured.
fn small(networks: usize) -> Value {
    json!({
        "name": "small", "goal": "study", "by": "a test", "learns_from": "penned",
        "judged_on": "penned", "digits": 500, "networks": networks,
        "config": {
            "hidden": [10], "activation": "relu", "initialisation": "he", "optimiser": "adam",
            "learning_rate": 0.003, "schedule": "linear_to_zero", "batch": 25, "epochs": 8,
            "lambda": 0.0, "validation": 0.0, "patience": null,
            "augment": {"shift": 1.0, "angle": 10.0, "scale": 0.1, "alpha": 20.0, "sigma": 6.0},
            "average": 3, "seed": 4, "plain": false
        }
    })
}

fn folder_with(record: &Value) -> Folder {
    Folder::with([("mine.json", record.to_string())])
}

fn read(folder: &Folder) -> Value {
    serde_json::from_slice(&fs::read(folder.path("mine.json")).unwrap()).unwrap()
}

#[test]
fn records_of_the_course_are_listed_and_printed_to_begin_with() {
    let folder = Folder::new();
    let listed = folder.succeed("records");
    let all = folder.json("records")["records"].clone();
    let records = all.as_array().unwrap();
    let shown = records.iter().filter(|record| record["goal"] != "study");
    for record in shown.clone() {
        let name = record["name"].as_str().unwrap();
        assert!(listed.contains(&format!(" {name} ")), "{name}:\n{listed}");
        assert_eq!(&folder.json(&format!("records {name}")), record);
    }
    assert!(shown.count() >= 6);
}

#[test]
fn what_was_made_holds_and_a_false_claim_does_not() {
    let folder = folder_with(&small(2));
    let printed = folder.succeed("records --make mine.json");
    assert!(printed.contains("What came out is in mine.json."), "{printed}");
    let mut made = read(&folder);
    let measured = &made["measured"];
    assert_eq!(measured["errors"].as_array().unwrap().len(), 2);
    assert_eq!(measured["weights"], 2 * (785 * 10 + 11 * 10));
    // Nothing to do a second time
    assert!(folder.succeed("records --make mine.json").starts_with("There is nothing to do"));
    assert_eq!(read(&folder), made);
    // A check trains the networks again, each time
    for (name, _) in crate::support::files(&folder.path("target/records")) {
        fs::write(folder.path("target/records").join(name), "damaged").unwrap();
    }
    for arguments in ["records --check mine.json", "records --check mine.json --out again"] {
        assert!(folder.succeed(arguments).ends_with("It holds.\n"));
    }
    assert!(!folder.path("target/check").exists());
    made["measured"]["hardware"]["threads"] = json!(2);
    for (claim, value, complaint) in [
        ("error", json!(0.001), "it misreads"),
        ("error", json!(0.999), "it misreads"),
        ("errors", json!([0.001, 0.001]), "one of its networks misreads"),
        ("errors", json!([]), "it has the errors of 2 networks, not of 0"),
        ("operations", json!(0.0), "its training takes"),
        ("seconds", json!(1e-6), "no processor with 2 threads trains it in 1e-6 s"),
        ("seconds", json!(-5.0), "no processor with 2 threads trains it in -5 s"),
        ("weights", json!(100), "it has 15,920 weights and biases, not 100"),
    ] {
        let mut liar = made.clone();
        liar["measured"][claim] = value;
        fs::write(folder.path("liar.json"), liar.to_string()).unwrap();
        let output = folder.run("records --check liar.json");
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(told.contains("It does not hold: ") && told.contains(complaint), "{told}");
    }
}

#[test]
fn break_costs_only_what_was_not_kept() {
    let folder = folder_with(&small(12));
    let mut child = folder.start("records --make mine.json");
    let third = loop {
        let kept = fs::read_dir(folder.path("target/records")).into_iter().flatten();
        let mut kept = kept.map(|entry| entry.unwrap().path());
        if let Some(third) = kept.find(|path| path.to_string_lossy().ends_with("-6.safetensors")) {
            break third;
        }
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was interrupted");
        thread::sleep(Duration::from_millis(5));
    };
    child.kill().unwrap();
    child.wait().unwrap();
    let before = fs::read(&third).unwrap();
    assert!(read(&folder)["measured"].is_null());
    folder.succeed("records --make mine.json");
    assert_eq!(fs::read(&third).unwrap(), before);

    let straight = folder_with(&small(12));
    straight.succeed("records --make mine.json");
    for part in ["error", "errors", "weights", "operations"] {
        assert_eq!(read(&folder)["measured"][part], read(&straight)["measured"][part], "{part}");
    }
}

#[test]
fn what_is_no_record_is_refused_in_a_sentence() {
    let with = |key: &str, value: Value| {
        let mut record = small(1);
        record[key] = value;
        record.to_string()
    };
    let with_config = |key: &str, value: Value| {
        let mut record = small(1);
        record["config"][key] = value;
        record.to_string()
    };
    for (content, complaint) in [
        (String::new(), "mine.json is not a record: "),
        ("[1, 2]".to_owned(), "mine.json is not a record: "),
        (with("colour", json!("red")), "unknown field `colour`"),
        (with("goal", json!("fame")), "unknown variant `fame`"),
        (with("name", json!("../../etc")), "name of a record"),
        (with("networks", json!(0)), "number of networks"),
        (with("digits", json!(3)), "number of digits"),
        (with("learns_from", json!("mnist")).replace("500", "60001"), "MNIST's training digits"),
        (
            with("goal", json!("lowest_error")).replace("\"validation\":0.0", "\"validation\":0.1"),
            "validation share",
        ),
        (with_config("hidden", json!([0])), "hidden"),
        (with_config("learning_rate", json!(-1.0)), "learning rate"),
        (with("learns_from", json!("mnist_training")), "what a record learns from"),
        (with("goal", json!("lbfgs")), "what a record is judged on"),
    ] {
        let folder = Folder::with([("mine.json", content.clone())]);
        for verb in ["--make", "--check"] {
            let output = folder.run(&format!("records {verb} mine.json"));
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success() && said.contains(complaint), "{content}: {said}");
            assert!(!said.contains("panicked"), "{said}");
        }
        assert_eq!(fs::read_to_string(folder.path("mine.json")).unwrap(), content);
    }
    let folder = folder_with(&small(1));
    let said = folder.refusal("records --check mine.json large", 1);
    assert!(said.contains("there is no record \"large\"") && said.contains("small"), "{said}");
    assert!(
        folder.refusal("records --check absent.json", 1).contains("could not read absent.json")
    );
}

#[test]
fn changed_record_begins_with_new_networks() {
    let folder = folder_with(&small(1));
    folder.succeed("records --make mine.json");
    let before = read(&folder)["measured"]["error"].clone();
    for (key, value) in [("/digits", json!(1000)), ("/config/epochs", json!(9))] {
        let mut other = small(1);
        *other.pointer_mut(key).unwrap() = value;
        fs::write(folder.path("mine.json"), other.to_string()).unwrap();
        folder.succeed("records --make mine.json");
        assert_ne!(read(&folder)["measured"]["error"], before, "{key}");
    }
}

#[test]
fn records_of_one_file_are_looked_at_before_any_is_run() {
    let mut bad = small(1);
    bad["name"] = json!("bad");
    bad["config"]["epochs"] = json!(0);
    let both = |second: &Value| json!({ "records": [small(1), second] }).to_string();
    for (content, complaint) in [
        (both(&bad), "the record bad cannot be run: "),
        (both(&small(1)), "holds two records named small"),
        (json!({ "records": [] }).to_string(), "holds no record"),
    ] {
        let folder = Folder::with([("mine.json", content)]);
        let said = folder.refusal("records --make mine.json", 1);
        assert!(said.contains(complaint), "{said}");
        assert!(!folder.path("target").exists());
    }
    let folder = folder_with(&small(1));
    let said = folder.refusal("records --check mine.json", 1);
    assert!(said.contains("small claims nothing: it has no `measured`"), "{said}");
    assert!(folder.refusal("records --make mine.json --seed 7", 2).contains("its own seed"));
}
