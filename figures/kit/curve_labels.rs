//! Where labels go so that they cover neither each other nor the curves.

use super::{
    canvas::{Area, Canvas, Point, Text},
    error::DrawError,
    palette::{Colour, WHITE},
    text::{self, BODY, LEADING, Weight},
};

/// The widest that a label beside a curve's end may be.
const WIDEST: f64 = 330.0;

/// A label for the end of a curve, already broken into lines.
pub(super) struct EndLabel {
    pub(super) lines: Vec<String>,
    pub(super) colour: Colour,
    pub(super) end: Point,
}

impl EndLabel {
    pub(super) fn lines(label: &str) -> Result<Vec<String>, DrawError> {
        text::wrap(label, WIDEST, BODY, Weight::Regular)
    }

    fn height(&self) -> f64 {
        self.lines.len() as f64 * LEADING * BODY
    }
}

/// Writes the labels to the right of the area, each beside its curve's end or, where they would
/// meet, pushed apart and tied to its end by a thin line.
pub(super) fn draw_end_labels(canvas: &mut Canvas, area: Area, mut labels: Vec<EndLabel>) {
    labels.sort_by(|a, b| a.end[1].total_cmp(&b.end[1]));
    for (label, middle) in labels.iter().zip(spread(&labels, area)) {
        let x = area.right + 34.0;
        if (middle - label.end[1]).abs() > 6.0 {
            let tie = vec![
                [label.end[0] + 14.0, label.end[1]],
                [area.right + 8.0, label.end[1]],
                [area.right + 26.0, middle],
            ];
            canvas.line(tie, label.colour.mix(WHITE, 0.4), 2.0);
        }
        let top = middle - label.height() / 2.0;
        for (k, line) in label.lines.iter().enumerate() {
            let baseline = top + (k as f64 * LEADING + 0.95) * BODY;
            canvas.text(Text::new(line, [x, baseline], label.colour.for_text()));
        }
    }
}

/// The heights of the labels' middles: as near to the curves' ends as they can be without
/// touching. Labels that meet form a block, which settles around the mean of its wishes.
fn spread(labels: &[EndLabel], area: Area) -> Vec<f64> {
    struct Block {
        members: usize,
        height: f64,
        top: f64,
    }
    let mut blocks: Vec<Block> = Vec::new();
    for label in labels {
        let height = label.height();
        let mut block = Block { members: 1, height, top: label.end[1] - height / 2.0 };
        while let Some(above) = blocks.pop_if(|above| above.top + above.height > block.top) {
            let members = above.members + block.members;
            let wish = (above.top * above.members as f64
                + (block.top - above.height) * block.members as f64)
                / members as f64;
            block = Block { members, height: above.height + block.height, top: wish };
        }
        block.top =
            block.top.min(area.bottom + 0.5 * BODY - block.height).max(area.top - 0.5 * BODY);
        blocks.push(block);
    }
    let mut middles = Vec::new();
    let mut next = labels.iter();
    for block in blocks {
        let mut top = block.top;
        for label in next.by_ref().take(block.members) {
            middles.push(top + label.height() / 2.0);
            top += label.height();
        }
    }
    middles
}

/// Whether the labels fit beside the area at all.
pub(super) fn fit(labels: &[EndLabel], area: Area) -> bool {
    labels.iter().map(EndLabel::height).sum::<f64>() <= area.height()
}

/// Writes a one-line text at the first of the `places` (the beginnings of its baseline) where it
/// covers the fewest of the `obstacles`, and adds the place it takes to them.
pub(super) fn place(
    canvas: &mut Canvas,
    text: &Text,
    places: &[Point],
    within: Area,
    obstacles: &mut Vec<Point>,
) -> Result<(), DrawError> {
    let width = text.width()?;
    let cover = |&[x, y]: &Point| {
        let hits = |p: &&Point| {
            (x - 6.0..=x + width + 6.0).contains(&p[0])
                && (y - 0.8 * text.size..=y + 0.3 * text.size).contains(&p[1])
        };
        let outside = x < within.left
            || x + width > within.right
            || y - 0.8 * text.size < within.top
            || y + 0.3 * text.size > within.bottom;
        obstacles.iter().filter(hits).count() + if outside { 100_000 } else { 0 }
    };
    let Some(&[x, y]) = places.iter().min_by_key(|place| cover(place)) else {
        return Ok(());
    };
    let x = x.min(within.right - width).max(within.left);
    canvas.text_on_picture(&Text { at: [x, y], anchor: -1, ..text.clone() });
    obstacles.extend((0..=20).flat_map(|k| {
        let x = x + width * f64::from(k) / 20.0;
        [[x, y], [x, y - 0.3 * text.size], [x, y - 0.6 * text.size]]
    }));
    Ok(())
}
