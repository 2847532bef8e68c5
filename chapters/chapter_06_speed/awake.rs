use std::sync::atomic::{AtomicBool, Ordering};

/// Runs `work` while the other cores of the pool look out for parts of it without falling asleep:
/// to wake one takes as long as a small product.
///
/// [In the book](../../../../book/chapter_06.html#how-do-two-cores-share-the-work)
// ANCHOR: awake
pub fn awake<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    let done = AtomicBool::new(false);
    rayon::scope(|scope| {
        let worker = rayon::current_thread_index();
        for _ in 1..rayon::current_num_threads() {
            let done = &done;
            scope.spawn(move |_| {
                // Never on the core that does the work itself
                while rayon::current_thread_index() != worker && !done.load(Ordering::Relaxed) {
                    rayon::yield_now();
                }
            });
        }
        let _done = Done(&done);
        work()
    })
}
// ANCHOR_END: awake

/// Lets the others sleep, even where the work panics.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn work_is_done_on_any_number_of_cores() {
        for cores in 1..5 {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
            let sum = |_| (0..1000_u64).into_par_iter().sum::<u64>();
            let sums: u64 = pool.install(|| awake(|| (0..100).map(sum).sum()));
            assert_eq!(sums, 100 * 499_500);
        }
    }

    #[test]
    fn others_sleep_again_when_the_work_panics() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let panics = || pool.install(|| awake(|| panic!("as it must")));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
    }
}
