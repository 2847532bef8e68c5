use super::{
    blocked::{BLOCK, Blocked, LINE, Line, transpose_block},
    elementwise,
    matmul::Columns,
    sharing::Cores,
    width::Width,
};
use crate::chapter_05_mnist::{Examples, Features};
use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

/// A mini-batch as the first layer reads it.
pub struct Input {
    /// A row for each pixel.
    pub by_unit: Blocked,
    /// A row for each example.
    pub by_example: Blocked,
    /// Which pixels those are: all, or those that are not blank in every example.
    columns: Vec<u32>,
    /// The most ink that each pixel has in any example.
    most_ink: Vec<u8>,
}

impl Input {
    /// Room for `m` examples of `n` numbers.
    pub fn new(n: usize, m: usize) -> Self {
        Self {
            by_unit: Blocked::zeros(n, m),
            by_example: Blocked::one_block(m, n),
            columns: (0..n as u32).collect(),
            most_ink: vec![0; n],
        }
    }

    /// Which of all pixels are written.
    pub fn columns(&self) -> Columns<'_> {
        if self.columns.len() == self.most_ink.len() {
            Columns::First(self.columns.len())
        } else {
            Columns::Chosen(&self.columns)
        }
    }

    /// Writes the chosen examples, a row for each pixel and a row for each example, without pixels that
    /// are blank in all of them.
    pub fn gather(
        &mut self,
        examples: &Examples<f32>,
        chosen: &[usize],
        (width, cores): (Width, Cores),
    ) {
        self.leave_out_blank(examples, chosen, width);
        self.write(examples, chosen, (width, cores));
    }

    /// Writes the chosen examples, a row for each pixel and a row for each example.
    pub fn write(
        &mut self,
        examples: &Examples<f32>,
        chosen: &[usize],
        (width, cores): (Width, Cores),
    ) {
        // Each core takes a few strips of pixels
        let (m, columns) = (chosen.len(), self.columns.as_slice());
        let (by_example_rows, by_unit_strips) = (self.by_example.dim().0, self.by_unit.strips());
        let parts = self.by_example.par_strips_mut().zip(self.by_unit.par_blocks_mut());
        let parts =
            parts.zip(columns.par_chunks(BLOCK)).with_min_len(cores.least_parts(m * 64 * BLOCK));
        parts.for_each(|((strips, block), columns)| {
            width.elementwise(
                #[inline(always)]
                || {
                    // A row for each example
                    let used = columns.len().div_ceil(LINE) * by_example_rows;
                    let strips = &mut strips[..used];
                    let each = strips.chunks_mut(by_example_rows).zip(columns.chunks(LINE));
                    for (strip, columns) in each {
                        fill(&mut strip[..m], examples, chosen, columns);
                    }
                    // A row for each pixel
                    let height = block.len() / by_unit_strips;
                    transpose_block(strips, by_example_rows, block, height);
                },
            );
        });
    }

    /// Chooses the pixels that the first layer needs: those that are not blank in every example.
    fn leave_out_blank(&mut self, examples: &Examples<f32>, chosen: &[usize], width: Width) {
        let Features::Pixels { pixels, scale } = &examples.x else { return };
        if line_of(*scale)[0] != 0.0 {
            return;
        }
        let Self { columns, most_ink, .. } = self;
        // ANCHOR: leave_out_blank
        // The most ink that each pixel has in any example
        most_ink.fill(0);
        width.elementwise(
            #[inline(always)]
            || {
                for &i in chosen {
                    let pixels = pixels.row(i).to_slice().expect(IN_ONE_PIECE);
                    let most_ink = &mut most_ink[..pixels.len()];
                    for k in 0..pixels.len() {
                        most_ink[k] = most_ink[k].max(pixels[k]);
                    }
                }
            },
        );
        // The pixels that have any
        columns.clear();
        columns.extend((0..).zip(&*most_ink).filter(|&(_, &most)| most > 0).map(|(k, _)| k));
        // ANCHOR_END: leave_out_blank
    }
}

/// Writes some columns of the chosen examples, a line for each example.
#[inline(always)]
fn fill(lines: &mut [Line], examples: &Examples<f32>, chosen: &[usize], columns: &[u32]) {
    let (first, count) = (columns[0] as usize, columns.len());
    let together = columns[count - 1] as usize - first < count;
    match &examples.x {
        Features::Pixels { pixels, scale } => {
            let [blank, step] = line_of(*scale);
            for (line, &i) in lines.iter_mut().zip(chosen) {
                let pixels = &pixels.row(i).to_slice().expect(IN_ONE_PIECE)[first..];
                if together {
                    elementwise::scale(&mut line.0[..count], &pixels[..count], blank, step);
                } else {
                    for (x, &k) in line.0.iter_mut().zip(columns) {
                        *x = blank + f32::from(pixels[k as usize - first]) * step;
                    }
                }
            }
        }
        Features::Numbers(numbers) => {
            for (line, &i) in lines.iter_mut().zip(chosen) {
                for (x, &k) in line.0.iter_mut().zip(columns) {
                    *x = numbers[[i, k as usize]];
                }
            }
        }
    }
}

/// What a blank pixel becomes, and by how much each shade differs from the next: every scale is a straight
/// line.
pub fn line_of(scale: fn(ArrayView2<u8>) -> Array2<f32>) -> [f32; 2] {
    let ends = scale(ndarray::aview2(&[[u8::MIN, u8::MAX]]));
    [ends[[0, 0]], (ends[[0, 1]] - ends[[0, 0]]) / 255.0]
}

/// The pixels of an example.
const IN_ONE_PIECE: &str = "the pixels of an example lie side by side";
