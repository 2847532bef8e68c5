mod arguments;
mod augment;
mod folder;
mod folds;
mod told;

pub use arguments::Train;
pub use folder::warn_of_side;

use crate::{common::Common, error::Error, output::Workplace, progress::Progress};
use chapters::{metrics::quantile, progress::Step};
use folder::{Begun, Folder};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The shortest time between checkpoints.
const BETWEEN_CHECKPOINTS: Duration = Duration::from_millis(200);

/// Trains a network, or continues to, and writes the results.
pub fn run(common: &Common, arguments: &Train) -> Result<(), Error> {
    let usual = if arguments.folds.is_some() { "target/folds" } else { "target/train" };
    let folder = Folder(common.out(usual));
    let _workplace = Workplace::enter(&folder.0)?;
    if let Some(folds) = arguments.folds {
        return folds::run(common, arguments, &folder.0, folds);
    }
    let Begun { source, digest, split, mut trainer } = if arguments.resume {
        folder.resume(common, arguments)?
    } else {
        folder.begin(common, arguments)?
    };
    let progress = Progress::new(common.quiet);
    let clock = Mutex::new(Clock { since: Instant::now(), epochs: Vec::new() });
    let clock = || clock.lock().unwrap_or_else(PoisonError::into_inner);
    let watch = |step: &Step| {
        clock().stop();
        progress.show(step);
    };
    let mut last = Instant::now();
    let mut warned = false;
    let trained = trainer.learn(&split, &watch, |trainer| {
        if last.elapsed() >= BETWEEN_CHECKPOINTS {
            last = Instant::now();
            folder.keep(trainer, &source, &digest)?;
        }
        if let Some(warning) = trainer.warning(&split).filter(|_| !warned) {
            warned = true;
            progress.warn(&warning);
        }
        clock().since = Instant::now();
        Ok::<_, Error>(())
    });
    progress.clear();
    trained?;
    folder.keep(&trainer, &source, &digest)?;
    let seconds = quantile(&clock().epochs, 0.5);
    folder.finish(common, (source, digest), split, &trainer, seconds)
}

/// Measures how long epochs take, without the checkpoints in between.
struct Clock {
    since: Instant,
    epochs: Vec<f64>,
}

impl Clock {
    fn stop(&mut self) {
        self.epochs.push(self.since.elapsed().as_secs_f64());
    }
}
