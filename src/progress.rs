use chapters::progress::Step;
use console::Term;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// Shows how far each task has come: with bars on a terminal, with occasional lines elsewhere.
pub struct Progress {
    kind: Kind,
}

enum Kind {
    Quiet,
    Bars { all: MultiProgress, bars: Mutex<HashMap<String, ProgressBar>>, clock: ProgressBar },
    Lines { last: Mutex<HashMap<String, Instant>>, heartbeat: Arc<Heartbeat> },
}

/// Prints a line to say that work is going on when nothing else has been printed for a while.
struct Heartbeat {
    start: Instant,
    last: Mutex<Instant>,
}

/// The longest wait for a sign of life, give or take a moment.
const SILENCE: Duration = Duration::from_millis(2500);

/// The shortest time between lines of one task, so that a log stays readable.
const BETWEEN_LINES: Duration = Duration::from_secs(2);

impl Progress {
    pub fn new(quiet: bool) -> Self {
        let kind = if quiet {
            Kind::Quiet
        } else if Term::stderr().is_term() {
            let all = MultiProgress::new();
            let clock = all.add(clock());
            Kind::Bars { all, bars: Mutex::default(), clock }
        } else {
            Kind::Lines { last: Mutex::default(), heartbeat: Heartbeat::begin() }
        };
        Self { kind }
    }

    /// Prints something that stays on the screen.
    pub fn say(&self, line: &str) {
        match &self.kind {
            Kind::Quiet => {}
            Kind::Bars { all, .. } => all.suspend(|| eprintln!("{line}")),
            Kind::Lines { heartbeat, .. } => heartbeat.say(line),
        }
    }

    /// Says how something was understood that could be understood otherwise.
    pub fn note(&self, notes: &[String]) {
        for note in notes {
            self.say(&format!("{} {note}.", console::style("note:").bold().for_stderr()));
        }
    }

    /// Warns of something that the reader should know, even when quiet.
    pub fn warn(&self, warning: &str) {
        let line =
            format!("{} {warning}.", console::style("warning:").yellow().bold().for_stderr());
        match &self.kind {
            Kind::Quiet => eprintln!("{line}"),
            _ => self.say(&line),
        }
    }

    /// Shows one step of a task.
    pub fn show(&self, step: &Step) {
        match &self.kind {
            Kind::Quiet => {}
            Kind::Bars { all, bars, clock } => {
                let mut bars = bars.lock().unwrap_or_else(PoisonError::into_inner);
                let bar = bars
                    .entry(step.task.to_owned())
                    .or_insert_with(|| all.insert_before(clock, bar(step)));
                bar.set_message(cost(step));
                bar.set_position(step.done as u64);
                if step.done == step.total {
                    bar.finish_and_clear();
                    bars.remove(step.task);
                }
            }
            Kind::Lines { last, heartbeat } => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                let recent = last.get(step.task).is_some_and(|at| at.elapsed() < BETWEEN_LINES);
                if !recent || step.done == step.total {
                    last.insert(step.task.to_owned(), Instant::now());
                    let Step { task, unit, done, total, .. } = step;
                    heartbeat.say(&format!("  {task}: {unit} {done} of {total}{}", cost(step)));
                }
            }
        }
    }

    /// Shows how much of a file has arrived, in kilobytes; `total` is 0 where it is not known.
    pub fn bytes(&self, file: &str, done: u64, total: u64) {
        let [done, total] = [done, total.max(done)].map(|bytes| (bytes / 1000) as usize);
        self.show(&Step { task: file, unit: "kB", done, total, cost: None });
    }

    /// Removes the bars of tasks that ended early.
    pub fn clear(&self) {
        if let Kind::Bars { bars, .. } = &self.kind {
            let mut bars = bars.lock().unwrap_or_else(PoisonError::into_inner);
            for (_, bar) in bars.drain() {
                bar.finish_and_clear();
            }
        }
    }
}

impl Heartbeat {
    fn begin() -> Arc<Self> {
        let now = Instant::now();
        let heartbeat = Arc::new(Self { start: now, last: Mutex::new(now) });
        let watched = Arc::downgrade(&heartbeat);
        thread::spawn(move || {
            while let Some(heartbeat) = watched.upgrade() {
                let silent =
                    heartbeat.last.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
                if silent >= SILENCE {
                    heartbeat.say(&format!(
                        "  … still running, {:.0} s",
                        heartbeat.start.elapsed().as_secs_f64()
                    ));
                }
                drop(heartbeat);
                thread::sleep(SILENCE.saturating_sub(silent).max(SILENCE / 10));
            }
        });
        heartbeat
    }

    fn say(&self, line: &str) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        eprintln!("{line}");
    }
}

/// A clock that moves while anything is going on.
fn clock() -> ProgressBar {
    let style = ProgressStyle::with_template("  {spinner} {elapsed}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
    let clock = ProgressBar::new_spinner().with_style(style);
    clock.enable_steady_tick(Duration::from_millis(200));
    clock
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Kind::Bars { clock, .. } = &self.kind {
            clock.finish_and_clear();
        }
    }
}

fn bar(step: &Step) -> ProgressBar {
    let template = "  {prefix:<42!} {bar:24.cyan/dim} {pos}/{len}{msg}  {eta} left";
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━━─");
    ProgressBar::new(step.total as u64)
        .with_style(style)
        .with_prefix(format!("{}, {}", step.task, step.unit))
}

fn cost(step: &Step) -> String {
    step.cost.map_or(String::new(), |cost| format!(", cost {cost:.4}"))
}
