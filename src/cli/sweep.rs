use super::{
    arguments::{Common, SWEPT, Sweep, Swept},
    course::digit_source,
    error::Error,
    output::{self, Workplace},
    progress::Progress,
};
use chapters::{dataset::atomic_file, progress::Step};
use figures::sweep::figures;
use own_data::sweep::{Data, Run, RunConfig, Summary, SweepGrid, read_runs, write_runs};
use rayon::prelude::*;
use serde_json::json;
use std::{
    collections::{HashMap, HashSet},
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// Trains what the folder does not hold yet, or joins folders; sums up once all is there.
pub fn run(common: &Common, Sweep { swept, merge: parts }: &Sweep) -> Result<(), Error> {
    let folder = Folder(common.out(SWEPT));
    let _workplace = Workplace::enter(&folder.0)?;
    let (plan, material, runs) = if parts.is_empty() {
        let digits = digit_source(common)?;
        let (data, material) = swept.data_source().load(&digits)?;
        let plan = swept.plan(common.seed(), data, material.examples());
        plan.check()?;
        plan.check_for(&material)?;
        let there = folder.begin(&plan)?;
        let runs = folder.continue_with(common, swept, &plan, &material, there)?;
        (plan, material, runs)
    } else {
        merge(common, &folder, parts)?
    };
    let all = plan.settings().len();
    if swept.shard.is_some() {
        return part_done(common, &folder, runs.len(), all);
    }
    if runs.len() < all {
        return Err(Error::PartsMissing { missing: all - runs.len(), all });
    }
    let summary = plan.summarise(&runs, &material)?;
    folder.finish(common, &summary, &runs)
}

fn part_done(common: &Common, folder: &Folder, done: usize, all: usize) -> Result<(), Error> {
    if common.json {
        return output::print_json(&json!({ "runs": done, "of": all }));
    }
    let folder = folder.0.display();
    output::print_line(&format!(
        "{done} of {all} runs are in {folder}; `handwritten sweep --merge DIR…` joins the parts."
    ))
}

/// Where a sweep is kept.
struct Folder(PathBuf);

impl Folder {
    fn plan(&self) -> PathBuf {
        self.0.join("plan.json")
    }

    fn runs(&self) -> PathBuf {
        self.0.join("runs.csv")
    }

    /// Writes the plan down, or makes sure that it is the one that was begun here. Returns the runs
    /// that are whole and belong to it, and leaves no others in the file.
    fn begin(&self, plan: &SweepGrid) -> Result<Vec<Run>, Error> {
        let there = match File::open(self.runs()) {
            Ok(file) => read_runs(file),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(source) => return Err(Error::Unreadable { path: self.runs(), source }),
        };
        if self.plan().exists() && !there.is_empty() {
            refuse_other_plan(&self.0, &read_plan(&self.0)?, plan)?;
        } else {
            output::write(&self.plan(), &serde_json::to_vec_pretty(plan)?)?;
        }
        let there = in_order(plan, there);
        self.write_runs(&there)?;
        Ok(there)
    }

    /// Trains the part that is asked for, as far as it is not there yet; returns all runs there are,
    /// in the plan's order.
    fn continue_with(
        &self,
        common: &Common,
        swept: &Swept,
        plan: &SweepGrid,
        material: &Data,
        there: Vec<Run>,
    ) -> Result<Vec<Run>, Error> {
        let already = there.len();
        let done: HashSet<String> = there.iter().map(|run| run.setting.key()).collect();
        let (part, parts) = swept.shard.map_or((1, 1), |shard| (shard.part, shard.of));
        let mut wanted = plan.part(part, parts);
        wanted.retain(|setting| !done.contains(&setting.key()));
        let progress = Progress::new(common.quiet);
        if already > 0 {
            progress.say(&format!("{already} runs are already there."));
        }
        let file = OpenOptions::new().append(true).open(self.runs()).map_err(|e| self.no_row(e))?;
        let ended = Mutex::new((file, there));
        let train = |&setting: &RunConfig| -> Result<(), Error> {
            let run = plan.train(setting, material)?;
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
            rayon::ThreadPoolBuilder::new().num_threads(swept.jobs.map_or(0, usize::from));
        let pool = threads.build().map_err(|e| Error::Threads(e.to_string()))?;
        let trained = pool.install(|| wanted.par_iter().try_for_each(train));
        progress.clear();
        trained?;
        let (_, runs) = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(in_order(plan, runs))
    }

    fn write_runs(&self, runs: &[Run]) -> Result<(), Error> {
        atomic_file::write(&self.runs(), |file| write_runs(file, runs, true))
            .map_err(|error| self.no_row(error.into()))
    }

    fn no_row(&self, source: std::io::Error) -> Error {
        Error::Unwritable { path: self.runs(), source }
    }

    /// Writes everything as one run in order would have left it.
    fn finish(&self, common: &Common, summary: &Summary, runs: &[Run]) -> Result<(), Error> {
        self.write_runs(runs)?;
        output::write(&self.0.join("summary.json"), &serde_json::to_vec_pretty(summary)?)?;
        for figure in figures(summary) {
            output::draw(&self.0, &figure, common.format)?;
        }
        let progress = Progress::new(common.quiet);
        summary.warnings().iter().for_each(|warning| progress.warn(warning));
        if common.json {
            return output::print_json(&serde_json::to_value(summary)?);
        }
        output::print_sweep(summary)?;
        output::print_line(&format!("Runs, summary and figures are in {}.", self.0.display()))
    }
}

/// Takes the runs of the parts together, into a folder of the same plan.
fn merge(
    common: &Common,
    folder: &Folder,
    parts: &[PathBuf],
) -> Result<(SweepGrid, Data, Vec<Run>), Error> {
    let plan = read_plan(&parts[0])?;
    plan.check()?;
    let (data, material) = plan.data.clone().load(&digit_source(common)?)?;
    refuse_other_plan(&parts[0], &plan, &SweepGrid { data, ..plan.clone() })?;
    let mut runs = folder.begin(&plan)?;
    for part in parts {
        refuse_other_plan(part, &read_plan(part)?, &plan)?;
        let path = part.join("runs.csv");
        let file = File::open(&path).map_err(|source| Error::Unreadable { path, source })?;
        runs.extend(read_runs(file));
    }
    let runs = in_order(&plan, runs);
    Ok((plan, material, runs))
}

/// The runs that belong to a plan, each once, in its order.
fn in_order(plan: &SweepGrid, runs: Vec<Run>) -> Vec<Run> {
    let mut by_setting: HashMap<String, Run> = HashMap::new();
    for run in runs {
        by_setting.entry(run.setting.key()).or_insert(run);
    }
    plan.settings().iter().filter_map(|setting| by_setting.remove(&setting.key())).collect()
}

fn read_plan(folder: &Path) -> Result<SweepGrid, Error> {
    let path = folder.join("plan.json");
    let text = fs::read_to_string(&path).map_err(|_| Error::NoSweep { path: folder.to_owned() })?;
    serde_json::from_str(&text).map_err(|_| Error::NoSweep { path: folder.to_owned() })
}

/// Names what differs between the plan of a folder and the one asked for.
fn refuse_other_plan(folder: &Path, begun: &SweepGrid, asked: &SweepGrid) -> Result<(), Error> {
    let differences = output::differences(begun, asked);
    if differences.is_empty() {
        return Ok(());
    }
    let (path, differences) = (folder.to_owned(), differences.join(", "));
    Err(Error::OtherSweep { path, differences })
}
