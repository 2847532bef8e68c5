use super::histogram::{histogram, quantile};
use ndarray::{Array2, s};

/// A connected piece of ink: pixels that touch each other, at a side or at a corner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its number in the picture of labels, from 1.
    pub label: u32,
    /// How many pixels it has.
    pub pixels: usize,
    /// The rectangle around it.
    pub area: Area,
}

/// A rectangle of pixels: rows `top..bottom`, columns `left..right`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Area {
    pub top: usize,
    pub bottom: usize,
    pub left: usize,
    pub right: usize,
}

impl Area {
    /// Rows.
    pub fn height(&self) -> usize {
        self.bottom - self.top
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.right - self.left
    }

    /// The larger of both.
    pub fn longest(&self) -> usize {
        self.height().max(self.width())
    }

    /// The smallest rectangle around two.
    pub fn with(self, other: Self) -> Self {
        Self {
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
            left: self.left.min(other.left),
            right: self.right.max(other.right),
        }
    }

    /// How far apart two are, in pixels: the larger of the gaps down and across.
    pub fn distance(&self, other: &Self) -> usize {
        let gap = |a: [usize; 2], b: [usize; 2]| a[0].max(b[0]).saturating_sub(a[1].min(b[1]));
        let down = gap([self.top, self.bottom], [other.top, other.bottom]);
        down.max(gap([self.left, self.right], [other.left, other.right]))
    }

    /// Whether another lies in it, and nowhere on its edge.
    pub fn surrounds(&self, other: &Self) -> bool {
        self.top < other.top
            && other.bottom < self.bottom
            && self.left < other.left
            && other.right < self.right
    }
}

/// Labels the connected pieces of ink, from 1, in the order in which their first pixels are met row by row;
/// paper is 0 (Rosenfeld & Pfaltz, *Sequential operations in digital picture processing*, 1966: one pass
/// gives every pixel a provisional label and notes which labels turn out to be the same; another replaces
/// them).
pub fn pieces(ink: &Array2<bool>) -> (Array2<u32>, Vec<Piece>) {
    let (rows, columns) = ink.dim();
    let mut labels = Array2::<u32>::zeros((rows, columns));
    let mut same = vec![0];
    for i in 0..rows {
        for j in 0..columns {
            if !ink[[i, j]] {
                continue;
            }
            let left = if j > 0 { labels[[i, j - 1]] } else { 0 };
            let above = s![i.saturating_sub(1)..i, j.saturating_sub(1)..(j + 2).min(columns)];
            let mut neighbours = [left; 4];
            neighbours[1..].iter_mut().zip(labels.slice(above)).for_each(|(n, &label)| *n = label);
            let mut label = same.len() as u32;
            for neighbour in neighbours.into_iter().filter(|&neighbour| neighbour > 0) {
                label = join(&mut same, label, neighbour);
            }
            if label as usize == same.len() {
                same.push(label);
            }
            labels[[i, j]] = label;
        }
    }
    number(labels, &mut same)
}

/// Notes that two labels are the same, and returns the smaller of their oldest ones; one that is new is
/// not noted.
fn join(same: &mut [u32], a: u32, b: u32) -> u32 {
    let b = oldest(same, b);
    if a as usize == same.len() {
        return b;
    }
    let a = oldest(same, a);
    same[a.max(b) as usize] = a.min(b);
    a.min(b)
}

/// The oldest label that means the same.
fn oldest(same: &mut [u32], mut label: u32) -> u32 {
    while same[label as usize] != label {
        same[label as usize] = same[same[label as usize] as usize];
        label = same[label as usize];
    }
    label
}

/// Numbers the pieces without gaps, and measures them.
fn number(mut labels: Array2<u32>, same: &mut [u32]) -> (Array2<u32>, Vec<Piece>) {
    let mut numbers = vec![0_u32; same.len()];
    let mut pieces: Vec<Piece> = Vec::new();
    for ((i, j), label) in labels.indexed_iter_mut().filter(|(_, label)| **label > 0) {
        let number = &mut numbers[oldest(same, *label) as usize];
        let pixel = Area { top: i, bottom: i + 1, left: j, right: j + 1 };
        if *number == 0 {
            *number = pieces.len() as u32 + 1;
            pieces.push(Piece { label: *number, pixels: 0, area: pixel });
        }
        *label = *number;
        let piece = &mut pieces[*number as usize - 1];
        piece.pixels += 1;
        piece.area = piece.area.with(pixel);
    }
    (labels, pieces)
}

/// Where the ink of some pieces is.
pub fn ink_of(labels: &Array2<u32>, chosen: &[Piece]) -> Array2<bool> {
    let mut is_chosen = vec![false; labels.iter().max().map_or(0, |&last| last as usize) + 1];
    for piece in chosen {
        is_chosen[piece.label as usize] = true;
    }
    labels.mapv(|label| is_chosen[label as usize])
}

/// The usual width of the strokes in pixels: each pixel of ink lies in a run across and in a run down, the
/// shorter of which is about as long as its stroke is wide; the median of these over all ink.
pub fn stroke_width(ink: &Array2<bool>) -> usize {
    let across = run_lengths(ink);
    let down = run_lengths(&ink.t().to_owned());
    let inked = across.iter().zip(down.t()).filter(|(across, _)| **across > 0);
    let shorter = inked.map(|(&across, &down)| across.min(down) as usize);
    quantile(&histogram(shorter, ink.nrows().max(ink.ncols())), 0.5)
}

/// For each pixel of ink, how long the run of ink along its row is; 0 for paper.
pub fn run_lengths(ink: &Array2<bool>) -> Array2<u32> {
    let mut lengths = Array2::zeros(ink.dim());
    for (row, mut lengths) in ink.outer_iter().zip(lengths.outer_iter_mut()) {
        let mut start = 0;
        for j in 0..=row.len() {
            if j < row.len() && row[j] {
                continue;
            }
            lengths.slice_mut(s![start..j]).fill((j - start) as u32);
            start = j + 1;
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ink(lines: &[&str]) -> Array2<bool> {
        let columns = lines[0].len();
        let pixels = lines.iter().flat_map(|line| line.chars().map(|c| c == '#')).collect();
        Array2::from_shape_vec((lines.len(), columns), pixels).unwrap()
    }

    #[test]
    fn arms_that_meet_below_are_one_piece() {
        let (labels, found) = pieces(&ink(&["#.#.", "#.#.", ".#..", "...#"]));
        assert_eq!(found.len(), 2);
        assert_eq!(labels[[0, 0]], labels[[0, 2]]);
        assert_eq!(found[0].pixels, 5);
        assert_eq!(found[1].area, Area { top: 3, bottom: 4, left: 3, right: 4 });
    }

    #[test]
    fn labels_count_without_gaps() {
        let spiral = ["#####", "....#", "###.#", "#...#", "#####"];
        let (labels, found) = pieces(&ink(&spiral));
        assert_eq!(found.len(), 1);
        assert_eq!(labels.iter().filter(|&&label| label == 1).count(), found[0].pixels);
    }

    #[test]
    fn runs_are_as_long_as_their_ink() {
        let expected = ndarray::array![[2, 2, 0, 1], [0, 0, 0, 0]];
        assert_eq!(run_lengths(&ink(&["##.#", "...."])), expected);
    }

    #[test]
    fn stroke_is_as_wide_as_its_shorter_runs() {
        let bar = Array2::from_shape_fn((20, 60), |(i, j)| (8..11).contains(&i) && j > 4 && j < 50);
        assert_eq!(stroke_width(&bar), 3);
        assert_eq!(stroke_width(&Array2::from_elem((3, 3), false)), 0);
    }
}
