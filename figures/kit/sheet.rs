use super::{
    canvas::{Canvas, MARGIN, WIDTH},
    error::DrawError,
    frame,
};

/// Panels of one kind beside each other, row after row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet<P> {
    /// The finding.
    pub title: String,
    /// The panels, row after row.
    pub panels: Vec<P>,
    /// How many panels stand in a row.
    pub columns: usize,
    /// What the classes are called, class 0 first; may be empty.
    pub class_labels: Vec<String>,
}

impl<P> Sheet<P> {
    /// The panels in their rows; how many stand in a full one.
    pub(super) fn rows(&self) -> (impl Iterator<Item = &[P]>, usize) {
        let columns = self.columns.clamp(1, self.panels.len().max(1));
        (self.panels.chunks(columns), columns)
    }

    /// A canvas with the title and the key to the classes, and where they end.
    pub(super) fn begin(&self) -> Result<(Canvas, f64), DrawError> {
        if self.panels.is_empty() {
            return Err(DrawError::Empty(self.title.clone()));
        }
        let mut canvas = Canvas::default();
        let top = frame::title(&mut canvas, &self.title)? + 6.0;
        let entries: Vec<_> = frame::class_entries(&self.class_labels).collect();
        let top = frame::key(&mut canvas, &entries, top)?;
        Ok((canvas, top))
    }
}

/// How wide panels are that stand beside each other in the middle of the page, and where the first of
/// them begins.
pub(super) fn centred(columns: usize, gap: f64, largest: f64) -> (f64, f64) {
    let gaps = gap * (columns - 1) as f64;
    let width = ((WIDTH - 2.0 * MARGIN - gaps) / columns as f64).min(largest);
    (width, (WIDTH - width * columns as f64 - gaps) / 2.0)
}
