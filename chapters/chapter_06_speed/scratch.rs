use super::blocked::Line;
use std::cell::RefCell;

thread_local! {
    static SCRATCH: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

/// Lends this thread's scratch memory, at least as many lines as asked for: the same as before, where it
/// is large enough. It still holds what was written there last.
pub fn with_scratch<R>(lines: usize, work: impl FnOnce(&mut [Line]) -> R) -> R {
    SCRATCH.with_borrow_mut(|scratch| {
        if scratch.len() < lines {
            scratch.resize(lines, Line::default());
        }
        work(&mut scratch[..lines])
    })
}
