use super::blocked::Line;
use std::cell::RefCell;

thread_local! {
    static SCRATCH: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

/// Lends `lines` lines of this thread's scratch memory, which grows only when it is too small. It still
/// holds what was written there last.
pub fn with_scratch<R>(lines: usize, work: impl FnOnce(&mut [Line]) -> R) -> R {
    SCRATCH.with_borrow_mut(|scratch| {
        if scratch.len() < lines {
            scratch.resize(lines, Line::default());
        }
        work(&mut scratch[..lines])
    })
}
