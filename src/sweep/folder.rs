use super::lists::Lists;
use crate::{common::Common, error::Error, output, progress::Progress};
use chapters::{dataset::atomic_file, progress::Step, report::counted};
use figures::sweep::figures;
use own_data::sweep::{Data, Run, RunConfig, Summary, SweepGrid, read_runs, write_runs};
use rayon::prelude::*;
use std::{
    collections::{HashMap, HashSet},
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// The folder of a sweep.
pub struct Folder(pub PathBuf);

impl Folder {
    fn plan(&self) -> PathBuf {
        self.0.join("plan.json")
    }

    fn runs(&self) -> PathBuf {
        self.0.join("runs.csv")
    }

    /// Writes the grid, or checks that it is the one that was begun here. Returns the runs that are
    /// whole and belong to it, and leaves no others in the file.
    pub fn begin(&self, grid: &SweepGrid) -> Result<Vec<Run>, Error> {
        let there = match File::open(self.runs()) {
            Ok(file) => read_runs(file),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(source) => return Err(Error::Unreadable { path: self.runs(), source }),
        };
        if self.plan().exists() && !there.is_empty() {
            refuse_other_grid(&self.0, &read_grid(&self.0)?, grid)?;
        } else {
            output::write(&self.plan(), &serde_json::to_vec_pretty(grid)?)?;
        }
        let there = in_order(grid, there);
        self.write_runs(&there)?;
        Ok(there)
    }

    /// Trains whatever is missing of the part that is asked for; returns all runs there are, in the
    /// grid's order.
    pub fn continue_with(
        &self,
        common: &Common,
        lists: &Lists,
        grid: &SweepGrid,
        data: &Data,
        there: Vec<Run>,
    ) -> Result<Vec<Run>, Error> {
        let already = there.len();
        let done: HashSet<String> = there.iter().map(|run| run.config.key()).collect();
        let (part, parts) = lists.shard.map_or((1, 1), |shard| (shard.part, shard.of));
        let mut wanted = grid.part(part, parts);
        wanted.retain(|config| !done.contains(&config.key()));
        let progress = Progress::new(common.quiet);
        if already > 0 {
            progress.say(&format!("{already} runs are already done."));
        }
        if !wanted.is_empty() {
            progress.say(&announcement(grid, wanted.len()));
        }
        let file = OpenOptions::new().append(true).open(self.runs()).map_err(|e| self.no_row(e))?;
        let ended = Mutex::new((file, there));
        let train = |&config: &RunConfig| -> Result<(), Error> {
            let run = grid.train(config, data)?;
            let mut row = Vec::new();
            write_runs(&mut row, [&run], false).map_err(|e| self.no_row(e.into()))?;
            let mut ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
            // In one piece, so that a row is either there or torn at the end of the file
            ended.0.write_all(&row).map_err(|e| self.no_row(e))?;
            ended.1.push(run);
            progress.show(&Step {
                task: "sweep",
                unit: "run",
                done: ended.1.len() - already,
                total: wanted.len(),
                cost: None,
            });
            Ok(())
        };
        let threads =
            rayon::ThreadPoolBuilder::new().num_threads(lists.jobs.map_or(0, usize::from));
        let pool = threads.build().map_err(|e| Error::Threads(e.to_string()))?;
        let trained = pool.install(|| wanted.par_iter().try_for_each(train));
        progress.clear();
        trained?;
        let (_, runs) = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(in_order(grid, runs))
    }

    fn write_runs(&self, runs: &[Run]) -> Result<(), Error> {
        atomic_file::write(&self.runs(), |file| write_runs(file, runs, true))
            .map_err(|error| self.no_row(error.into()))
    }

    fn no_row(&self, source: std::io::Error) -> Error {
        Error::Unwritable { path: self.runs(), source }
    }

    /// Writes everything as an uninterrupted sweep would have left it.
    pub fn finish(&self, common: &Common, summary: &Summary, runs: &[Run]) -> Result<(), Error> {
        self.write_runs(runs)?;
        output::write(&self.0.join("summary.json"), &serde_json::to_vec_pretty(summary)?)?;
        for figure in figures(summary) {
            output::draw(&self.0, &figure, common.format)?;
        }
        let names = [figures::sweep::names(summary)];
        let key = output::write_key(&self.0.join("names.csv"), &names)?;
        let progress = Progress::new(common.quiet);
        summary.warnings().iter().for_each(|warning| progress.warn(warning));
        if common.json {
            return output::print_json(&serde_json::to_value(summary)?);
        }
        output::print_sweep(summary)?;
        let key = key.map_or_else(String::new, |key| format!(" {key}"));
        output::print_line(&format!("Runs, summary and figures are in {}.{key}", self.0.display()))
    }
}

/// Says how many runs are about to be made, and of what.
fn announcement(grid: &SweepGrid, runs: usize) -> String {
    let runs = counted(runs, "run", "runs");
    let settings = counted(grid.groups().len(), "setting", "settings");
    let seeds = counted(grid.seeds, "seed", "seeds");
    format!("{runs} to make; the sweep has {settings}, each with {seeds}.")
}

/// The runs that belong to a grid, each once, in its order.
pub fn in_order(grid: &SweepGrid, runs: Vec<Run>) -> Vec<Run> {
    let mut by_key: HashMap<String, Run> = HashMap::new();
    for run in runs {
        by_key.entry(run.config.key()).or_insert(run);
    }
    grid.configs().iter().filter_map(|config| by_key.remove(&config.key())).collect()
}

pub fn read_grid(folder: &Path) -> Result<SweepGrid, Error> {
    let path = folder.join("plan.json");
    let text = fs::read_to_string(&path).map_err(|_| Error::NoSweep { path: folder.to_owned() })?;
    serde_json::from_str(&text).map_err(|_| Error::NoSweep { path: folder.to_owned() })
}

/// Refuses a grid that differs from that of a folder, and says how.
pub fn refuse_other_grid(folder: &Path, begun: &SweepGrid, asked: &SweepGrid) -> Result<(), Error> {
    let differences = output::differences(begun, asked);
    if differences.is_empty() {
        return Ok(());
    }
    let (path, differences) = (folder.to_owned(), differences.join(", "));
    Err(Error::OtherSweep { path, differences })
}
