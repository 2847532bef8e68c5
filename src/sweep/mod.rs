mod folder;
mod lists;

use crate::{
    common::Common,
    error::Error,
    output::{self, Workplace},
    progress::Progress,
};
use clap::Args;
use folder::{Folder, in_order, read_grid, refuse_other_grid};
use lists::Lists;
use own_data::sweep::{Data, Run, SweepGrid, read_runs};
use serde_json::json;
use std::{fs::File, path::PathBuf};

/// Train many networks, with different settings and seeds, and compare them
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten sweep
  handwritten sweep --hidden 2,4,8,16 --learning-rate 0.1,0.4 --seeds 5
  handwritten sweep --data iris.csv --label species --optimiser sgd,adam
  handwritten sweep --digits 20 --hidden 25,50 --lambda 0,1,3 --optimiser lbfgs --epochs 50
  handwritten sweep --shard 1/3 --out parts/1
  handwritten sweep --merge parts/1 parts/2 parts/3 --out whole

Each list is swept; several lists make a grid. Without --data and --digits, the networks separate the
rings of chapter 3: with the default settings, 140 runs in about a minute. Start an interrupted sweep
again with the same arguments, and it continues where it stopped. A different one needs its own --out.")]
pub struct Sweep {
    #[command(flatten)]
    lists: Lists,
    /// Merge the parts in these folders
    #[arg(long, value_name = "DIR", num_args = 1.., conflicts_with = "Lists")]
    merge: Vec<PathBuf>,
}

/// Trains what the folder does not hold yet, or merges folders; summarises once everything is there.
pub fn run(common: &Common, Sweep { lists, merge: parts }: &Sweep) -> Result<(), Error> {
    let folder = Folder(common.out("target/sweep"));
    let _workplace = Workplace::enter(&folder.0)?;
    let (grid, data, runs) = if parts.is_empty() {
        let digits = common.digits()?;
        let (source, data, notes) = lists.data_source().load(&digits)?;
        Progress::new(common.quiet).note(&notes);
        let grid = lists.grid(common.seed(), source, data.examples());
        grid.check()?;
        grid.check_for(&data)?;
        let there = folder.begin(&grid)?;
        let runs = folder.continue_with(common, lists, &grid, &data, there)?;
        (grid, data, runs)
    } else {
        merge(common, &folder, parts)?
    };
    let all = grid.configs().len();
    if lists.shard.is_some() {
        return part_done(common, &folder, runs.len(), all);
    }
    if runs.len() < all {
        return Err(Error::PartsMissing { missing: all - runs.len(), all });
    }
    let summary = grid.summarise(&runs, &data)?;
    folder.finish(common, &summary, &runs)
}

fn part_done(common: &Common, folder: &Folder, done: usize, all: usize) -> Result<(), Error> {
    if common.json {
        return output::print_json(&json!({ "runs": done, "of": all }));
    }
    let folder = folder.0.display();
    output::print_line(&format!(
        "{done} of {all} runs are in {folder}; `handwritten sweep --merge DIR…` merges the parts."
    ))
}

/// Collects the runs of the parts into a folder of the same grid.
fn merge(
    common: &Common,
    folder: &Folder,
    parts: &[PathBuf],
) -> Result<(SweepGrid, Data, Vec<Run>), Error> {
    let grid = read_grid(&parts[0])?;
    grid.check()?;
    let (source, data, _) = grid.data.clone().load(&common.digits()?)?;
    refuse_other_grid(&parts[0], &grid, &SweepGrid { data: source, ..grid.clone() })?;
    let mut runs = folder.begin(&grid)?;
    for part in parts {
        refuse_other_grid(part, &read_grid(part)?, &grid)?;
        let path = part.join("runs.csv");
        let file = File::open(&path).map_err(|source| Error::Unreadable { path, source })?;
        runs.extend(read_runs(file));
    }
    let runs = in_order(&grid, runs);
    Ok((grid, data, runs))
}
