use super::pieces::run_lengths;
use ndarray::{Array2, s};
use std::ops::Range;

/// How far lines may lean, in rows for each column.
const LEAN: f64 = 0.06;
/// Slopes that are tried to either side.
const SLOPES: i32 = 24;
/// A line covers at least this share of the picture's width.
const COVERED: f64 = 0.8;
/// How many rows a line may stray from where it is expected.
const STRAY: usize = 2;

/// Removes printed lines from ink: those that run across the whole picture, and in squared paper those that
/// run down as well. Returns how many were found.
///
/// Where a stroke crosses a line, the ink above and below it is kept and joined.
pub fn remove_lines(ink: &mut Array2<bool>, thickest: usize) -> usize {
    let across = remove_across(ink, thickest);
    let mut on_its_side = ink.t().to_owned();
    let down = remove_across(&mut on_its_side, thickest);
    // A single line down may be a 1
    if down < 3 {
        return across;
    }
    *ink = on_its_side.reversed_axes().as_standard_layout().into_owned();
    across + down
}

/// Removes the lines that run across.
fn remove_across(ink: &mut Array2<bool>, thickest: usize) -> usize {
    // Ink of runs down that are no longer than a line is thick
    let lengths = run_lengths(&ink.t().to_owned());
    let is_thin = |length: &u32| (1..=thickest).contains(&(*length as usize));
    let thin = lengths.indexed_iter().filter(|(_, length)| is_thin(length));
    let thin: Vec<[usize; 2]> = thin.map(|((j, i), _)| [i, j]).collect();
    let slope = slope(&thin, ink.nrows());
    let lines = lines(&thin, slope, ink.dim());
    for &line in &lines {
        let mut stray = 0.0;
        for j in 0..ink.ncols() {
            let expected = line as f64 + slope * j as f64 + stray;
            let Some(run) = run_near(ink, expected, j, thickest) else { continue };
            if run.len() > thickest {
                continue;
            }
            // Follow the line where it bends
            stray += 0.1 * ((run.start + run.end) as f64 / 2.0 - 0.5 - expected);
            if !is_crossed(ink, &run, j) {
                ink.slice_mut(s![run, j]).fill(false);
            }
        }
    }
    lines.len()
}

/// The slope along which thin ink adds up to the sharpest lines: the largest sum of squares.
fn slope(thin: &[[usize; 2]], rows: usize) -> f64 {
    let sharpness = |step: &i32| {
        let sums = sums_along(thin, f64::from(*step) * LEAN / f64::from(SLOPES), rows);
        sums.iter().map(|sum| sum * sum).sum::<usize>()
    };
    let best = (-SLOPES..=SLOPES).max_by_key(|step| (sharpness(step), -step.abs()));
    f64::from(best.unwrap_or(0)) * LEAN / f64::from(SLOPES)
}

/// How much thin ink lies along the line that begins at each row; lines that begin outside the picture are
/// left out.
fn sums_along(thin: &[[usize; 2]], slope: f64, rows: usize) -> Vec<usize> {
    let mut sums = vec![0; rows];
    for &[i, j] in thin {
        let start = i as f64 - slope * j as f64;
        if start >= 0.0 && (start.round() as usize) < sums.len() {
            sums[start.round() as usize] += 1;
        }
    }
    sums
}

/// The rows at which lines begin: where thin ink covers most of the width, and more than next to it.
fn lines(thin: &[[usize; 2]], slope: f64, (rows, columns): (usize, usize)) -> Vec<usize> {
    let sums = sums_along(thin, slope, rows);
    let around = |i: usize| i.saturating_sub(STRAY)..(i + STRAY + 1).min(sums.len());
    let covered = |i: usize| around(i).map(|near| sums[near]).sum::<usize>().min(columns);
    let least = (COVERED * columns as f64) as usize;
    let is_peak = |i: usize| {
        around(i).all(|near| (sums[near], usize::MAX - near) <= (sums[i], usize::MAX - i))
    };
    (0..sums.len()).filter(|&i| covered(i) >= least && is_peak(i)).collect()
}

/// The run of ink down a column that lies within reach of a row.
fn run_near(ink: &Array2<bool>, expected: f64, j: usize, thickest: usize) -> Option<Range<usize>> {
    let reach = STRAY + thickest / 2;
    let rows = ink.nrows();
    let middle = (expected.round().max(0.0) as usize).min(rows.saturating_sub(1));
    let nearby = (0..=reach).flat_map(|d| [middle.checked_sub(d), Some(middle + d)]).flatten();
    let found = nearby.into_iter().find(|&i| i < rows && ink[[i, j]])?;
    let start = (0..found).rev().find(|&i| !ink[[i, j]]).map_or(0, |i| i + 1);
    let end = (found..rows).find(|&i| !ink[[i, j]]).unwrap_or(rows);
    Some(start..end)
}

/// Whether a stroke crosses a line here: there is ink right above and right below, at most a column away.
fn is_crossed(ink: &Array2<bool>, run: &Range<usize>, j: usize) -> bool {
    let is_inked = |i: usize| {
        let columns = j.saturating_sub(1)..(j + 2).min(ink.ncols());
        i < ink.nrows() && columns.into_iter().any(|column| ink[[i, column]])
    };
    run.start > 0 && is_inked(run.start - 1) && is_inked(run.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaning_lines_go_and_what_crosses_them_stays() {
        let is_stroke = |i: usize, j: usize| (60..66).contains(&j) && (10..70).contains(&i);
        let is_line = |i: usize, j: usize| {
            [20.0, 40.0, 60.0].iter().any(|line| {
                let from = i as f64 - line - 0.02 * j as f64;
                (0.0..2.0).contains(&from)
            })
        };
        let mut ink = Array2::from_shape_fn((80, 120), |(i, j)| is_stroke(i, j) || is_line(i, j));
        assert_eq!(remove_lines(&mut ink, 3), 3);
        let wrong = ink.indexed_iter().filter(|((i, j), ink)| **ink != is_stroke(*i, *j)).count();
        assert!(wrong <= 12, "{wrong} pixels");
    }

    #[test]
    fn digit_without_lines_is_left_alone() {
        let mut ink = Array2::from_shape_fn((60, 60), |(i, j)| (28..32).contains(&j) && i > 5);
        let before = ink.clone();
        assert_eq!(remove_lines(&mut ink, 4), 0);
        assert_eq!(ink, before);
    }
}
