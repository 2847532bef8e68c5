//! Names of files that are no UTF-8.

use crate::{
    faults::Tier,
    faults::table::{Outcome, Table, done, hold},
    support::{Folder, clouds, latin_1, text},
};
use std::{fs, process::Output};

/// Commands in a folder, one after the other; `~` is a byte that no UTF-8 has on its own.
const COMMANDS: [&str; 8] = [
    "train --data bl~ten.csv --hidden 3 --epochs 2 --schedule constant --out r~n",
    "train --resume --epochs 4 --out r~n",
    "predict r~n/model.safetensors bl~ten.csv --label species",
    "export r~n/model.safetensors --to m~dell.onnx",
    "sweep --data bl~ten.csv --hidden 2 --seeds 1 --epochs 2 --out s~n",
    "data show bl~ten.csv --out sh~wn",
    "data export bl~ten.csv --to k~pie.csv",
    "data export r~n/absent.csv --to k~pie.csv",
];

pub fn inject(_: Tier, table: &mut Table) {
    // Other systems have no such names
    if cfg!(target_os = "linux") {
        let got = "what any other name gives";
        table.add("the name of a file is no UTF-8", "every command", got, compare());
    }
}

/// Runs the commands with such names and with others, and compares what they print.
fn compare() -> Vec<Outcome> {
    let [odd, plain] = [Folder::new(), Folder::new()];
    fs::write(odd.path("").join(latin_1("bl~ten.csv")), clouds(60)).unwrap();
    fs::write(plain.path("bluten.csv"), clouds(60)).unwrap();
    let compared = COMMANDS.iter().map(|command| {
        let command = format!("{command} --quiet --format svg");
        let mut run = odd.command("");
        let found = run.args(command.split(' ').map(latin_1)).output().unwrap();
        let expected = plain.run(&command.replace('~', "u"));
        hold(printed(&found) == printed(&expected), || format!("{command}: {found:?}"))?;
        if command.contains("absent") { Ok(()) } else { done(&found) }
    });
    compared.collect()
}

/// Everything that a command printed, with a letter in place of what is no UTF-8.
fn printed(output: &Output) -> [String; 2] {
    [&output.stdout, &output.stderr].map(|bytes| text(bytes).replace('\u{fffd}', "u"))
}
