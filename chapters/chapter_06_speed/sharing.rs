use std::time::{Duration, Instant};

/// Fewer multiplications than this are done before another core could take a part of them.
const ENOUGH: usize = 1 << 18;

/// Who does the work of a step: this core alone, or all cores of the thread pool together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cores {
    /// This one.
    Alone,
    /// All of them, where a part of the step is large enough.
    Together,
}

impl Cores {
    /// The least number of parts for one core: all of them, where there is little to do.
    pub fn least_parts(self, multiplications: usize) -> usize {
        if self == Self::Alone || multiplications < ENOUGH { usize::MAX } else { 1 }
    }

    /// Does two things at once, on two cores if there is enough to do.
    pub fn both(self, multiplications: usize, a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
        if self == Self::Alone || multiplications < ENOUGH {
            a();
            b();
        } else {
            rayon::join(a, b);
        }
    }

    fn others(self) -> Self {
        match self {
            Self::Alone => Self::Together,
            Self::Together => Self::Alone,
        }
    }
}

/// Whether sharing the work of a step pays. That depends on what else the machine does: a core that
/// divides its time between us and another program keeps all others waiting. So both ways are tried now
/// and then, and the faster one is taken. The result is the same either way.
///
/// [In the book](../../../book/chapter_06.html#and-on-a-busy-machine)
pub struct Sharing {
    cores: Cores,
    /// Time and examples since the last decision.
    window: (Duration, usize),
    /// Examples per second before the trial, if one is on; those of cores together count less.
    before: Option<f64>,
    /// Time until the next trial, and how long the wait was in all.
    until: Duration,
    wait: Duration,
}

/// Long enough for the operating system to have given each core to one program and to the other.
const WINDOW: Duration = Duration::from_millis(25);
/// Sharing must be this many times as fast, to be worth what it takes from other programs.
const WORTH: f64 = 1.15;
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

impl Default for Sharing {
    fn default() -> Self {
        Self {
            cores: Cores::Together,
            window: (Duration::ZERO, 0),
            before: None,
            until: Duration::ZERO,
            wait: FIRST_WAIT,
        }
    }
}

impl Sharing {
    /// Takes a step with `m` examples, alone or together.
    pub fn step<R>(&mut self, m: usize, step: impl FnOnce(Cores) -> R) -> R {
        if rayon::current_num_threads() == 1 {
            return step(Cores::Alone);
        }
        let start = Instant::now();
        let result = step(self.cores);
        self.note(m, start.elapsed());
        result
    }

    fn note(&mut self, m: usize, time: Duration) {
        // Examples per second, once the window is long enough
        self.until = self.until.saturating_sub(time);
        self.window = (self.window.0 + time, self.window.1 + m);
        if self.window.0 < WINDOW {
            return;
        }
        let worth = if self.cores == Cores::Together { WORTH } else { 1.0 };
        let speed = self.window.1 as f64 / self.window.0.as_secs_f64() / worth;
        self.window = (Duration::ZERO, 0);
        // Alone or together from here on
        // ANCHOR: note
        match self.before.take() {
            // The trial was slower: back to the other way, and wait longer for the next
            Some(before) if speed < before => {
                self.cores = self.cores.others();
                self.wait = (2 * self.wait).min(LONGEST_WAIT);
                self.until = self.wait;
            }
            // It was faster: go on like this
            Some(_) => {
                self.wait = FIRST_WAIT;
                self.until = self.wait;
            }
            // Time for a trial
            None if self.until.is_zero() => {
                self.before = Some(speed);
                self.cores = self.cores.others();
            }
            None => {}
        }
        // ANCHOR_END: note
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share of two seconds of steps that are taken together, when a step of one example takes
    /// `alone` or `together` milliseconds.
    fn share_together(sharing: &mut Sharing, alone: u64, together: u64) -> f64 {
        let (mut time, mut shared) = (0, 0);
        while time < 2000 {
            let step = match sharing.cores {
                Cores::Alone => alone,
                Cores::Together => {
                    shared += together;
                    together
                }
            };
            sharing.note(1, Duration::from_millis(step));
            time += step;
        }
        f64::from(u32::try_from(shared).unwrap()) / time as f64
    }

    #[test]
    fn faster_way_is_taken_nearly_always_and_again_when_the_other_program_ends() {
        let mut sharing = Sharing::default();
        assert!(share_together(&mut sharing, 6, 3) > 0.85);
        // Another program comes: found out at the next trial
        share_together(&mut sharing, 6, 9);
        assert!(share_together(&mut sharing, 6, 9) < 0.15);
        share_together(&mut sharing, 6, 3);
        assert!(share_together(&mut sharing, 6, 3) > 0.85);
    }
}
