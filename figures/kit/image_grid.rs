use super::{
    canvas::{Area, Canvas, MARGIN, Text, WIDTH},
    error::DrawError,
    frame,
    palette::{self, AXIS, BLACK, Colour, INK, WHITE},
    sheet,
    text::{BODY, LEADING},
};

/// Rows of small images.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageGrid {
    /// The finding.
    pub title: String,
    /// The images, row after row.
    pub images: Vec<Image>,
    /// How many images stand in a row.
    pub columns: usize,
    /// What the signed values are, written at their colour scale, for example `weight`.
    pub value_title: String,
}

/// A small image.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The number of pixels in a row.
    pub width: usize,
    /// The pixels row after row, from the top row down.
    pub pixels: Pixels,
    /// Lines under the image; may be empty.
    pub caption: String,
}

/// The pixels of an image.
#[derive(Clone, Debug, PartialEq)]
pub enum Pixels {
    /// Grey values from 0 (paper, drawn white) to 255 (ink, drawn black).
    Grey(Vec<u8>),
    /// Weights: blue below zero, white at zero, orange above, on one scale for the whole grid.
    Signed(Vec<f64>),
}

/// The space between images.
const GAP: f64 = 24.0;
/// The width of the largest image.
const LARGEST: f64 = 800.0;

impl ImageGrid {
    pub(super) fn canvas(&self) -> Result<Canvas, DrawError> {
        for image in &self.images {
            image.check()?;
        }
        if self.images.is_empty() {
            return Err(DrawError::Empty(self.title.clone()));
        }
        let mut canvas = Canvas::default();
        let mut top = frame::title(&mut canvas, &self.title)? + 18.0;
        let columns = self.columns.clamp(1, self.images.len());
        let (width, left) = sheet::centred(columns, GAP, LARGEST);
        let limit = self.limit();
        for row in self.images.chunks(columns) {
            let mut bottom = top;
            for (i, image) in row.iter().enumerate() {
                let left = left + i as f64 * (width + GAP);
                bottom = image.draw(&mut canvas, [left, top], width, limit)?.max(bottom);
            }
            top = bottom + GAP;
        }
        if let Some(limit) = limit {
            top = self.scale(&mut canvas, top, limit)?;
        }
        canvas.finish(top - GAP)
    }

    /// The signed value that is drawn in full colour, if there are signed values.
    fn limit(&self) -> Option<f64> {
        let signed = self.images.iter().filter_map(|image| match &image.pixels {
            Pixels::Signed(values) => Some(values),
            Pixels::Grey(_) => None,
        });
        signed.flatten().map(|value| value.abs()).filter(|value| value.is_finite()).reduce(f64::max)
    }

    /// Draws the colours of values from minus to plus the limit; returns where the next row begins.
    fn scale(&self, canvas: &mut Canvas, top: f64, limit: f64) -> Result<f64, DrawError> {
        let area = Area { left: 450.0, top, right: WIDTH - 450.0, bottom: top + 0.9 * BODY };
        canvas.cells(area, [101, 1], |column, _| palette::diverging(column as f64 / 50.0 - 1.0));
        canvas.outline(area, AXIS, 2.0);
        let baseline = area.bottom - 0.15 * BODY;
        let number = |value: f64| format!("{value:.2}").replace('-', "−");
        canvas.text(Text::new(number(-limit), [area.left - 18.0, baseline], INK).ending());
        canvas.text(Text::new(number(limit), [area.right + 18.0, baseline], INK));
        let at = [area.middle()[0], area.bottom + 1.2 * BODY];
        let lines = canvas
            .paragraph(&Text::new(&self.value_title, at, INK).centred(), WIDTH - 2.0 * MARGIN)?;
        Ok(area.bottom + (0.4 + LEADING * lines as f64) * BODY + GAP)
    }
}

impl Image {
    fn check(&self) -> Result<(), DrawError> {
        let pixels = match &self.pixels {
            Pixels::Grey(pixels) => pixels.len(),
            Pixels::Signed(pixels) => pixels.len(),
        };
        if pixels == 0 || self.width == 0 {
            return Err(DrawError::Empty("an image".to_owned()));
        }
        if pixels.is_multiple_of(self.width) {
            return Ok(());
        }
        let expected = pixels.next_multiple_of(self.width);
        Err(DrawError::Count { what: "an image".to_owned(), expected, found: pixels })
    }

    /// Draws image and caption; returns where they end.
    fn draw(
        &self,
        canvas: &mut Canvas,
        [left, top]: [f64; 2],
        width: f64,
        limit: Option<f64>,
    ) -> Result<f64, DrawError> {
        let colours = self.colours(limit.unwrap_or(1.0));
        let rows = colours.len() / self.width;
        let bottom = top + width * rows as f64 / self.width as f64;
        let area = Area { left, top, right: left + width, bottom };
        canvas.cells(area, [self.width, rows], |column, row| colours[row * self.width + column]);
        canvas.outline(area, AXIS.mix(WHITE, 0.6), 2.0);
        let mut baseline = bottom + 0.95 * BODY;
        for line in self.caption.lines() {
            let text = Text::new(line, [area.middle()[0], baseline], INK).centred();
            let lines = canvas.paragraph(&text, width + GAP)?;
            baseline += LEADING * BODY * lines as f64;
        }
        Ok(if self.caption.is_empty() { bottom } else { baseline - 0.6 * BODY })
    }

    fn colours(&self, limit: f64) -> Vec<Colour> {
        match &self.pixels {
            Pixels::Grey(pixels) => {
                pixels.iter().map(|&ink| WHITE.mix(BLACK, f64::from(ink) / 255.0)).collect()
            }
            Pixels::Signed(values) => {
                let share = |value: f64| if limit > 0.0 { value / limit } else { 0.0 };
                values.iter().map(|&value| palette::diverging(share(value))).collect()
            }
        }
    }
}
