//! The pictures of chapter 7.

use crate::{
    curves::errors_by_way,
    kit::{
        Arrow, Axis, Contour, Curve, Figure, Grid, Image, ImageGrid, LineChart, Picture, Pixels,
        Style,
    },
};
use chapters::{
    chapter_07_augmentation::{Report, Run},
    metrics::mean_and_deviation,
    report::Raster,
};

/// The pictures of chapter 7.
///
/// [In the book](../../../book/chapter_07.html)
pub fn figures(report: &Report) -> Vec<Figure> {
    vec![forty_ways(report), bending(report), arrows(report), kinds(report), epochs(report)]
}

fn forty_ways(report: &Report) -> Figure {
    let count = report.distorted.len();
    Figure {
        name: "chapter-07-forty-ways".to_owned(),
        alt: format!(
            "The same penned 3, distorted in {count} ways: shifted, turned, scaled and bent. Each can \
             still be read."
        ),
        picture: Picture::Images(ImageGrid::of_digits(
            format!("The same digit, {count} ways"),
            &report.distorted,
        )),
    }
}

fn bending(report: &Report) -> Figure {
    let field = &report.field;
    let images = vec![
        relative(&field.rough, "random numbers"),
        relative(&field.smooth, "smoothed"),
        Image::grey(&field.before, "before".to_owned()),
        Image::grey(&field.after, "bent".to_owned()),
    ];
    Figure {
        name: "chapter-07-bending".to_owned(),
        alt: "Four pictures: a random number for each pixel; the same field smoothed by a Gaussian, \
              with a few large hills and hollows; a penned 5; and the 5 after such a field moved its \
              pixels, with strokes that bend."
            .to_owned(),
        picture: Picture::Images(ImageGrid {
            title: "Smoothed noise bends a digit’s strokes".to_owned(),
            images,
            columns: 4,
            value_title: "share of the largest number of each field".to_owned(),
        }),
    }
}

/// Numbers of either sign as shares of the largest.
fn relative(field: &Raster, caption: &str) -> Image {
    let values = field.values() / field.high;
    let pixels = Pixels::Signed(values.iter().copied().collect());
    Image { width: values.ncols(), pixels, caption: caption.to_owned() }
}

/// Only every few pixels has an arrow.
const BETWEEN_ARROWS: usize = 3;

fn arrows(report: &Report) -> Figure {
    let field = &report.field;
    let ink = field.after.values() / field.after.high;
    let (rows, columns) = ink.dim();
    let furthest = field.displacement.iter().map(|[y, x]| y.hypot(*x)).fold(0.0, f64::max);
    // Rows count downwards, heights upwards
    let values = ink.outer_iter().rev().flat_map(|row| row.to_vec()).collect();
    let last = |count: usize| count.saturating_sub(1) as f64;
    let arrow = |i: usize, j: usize| {
        let [y, x] = *field.displacement.get(i * columns + j)?;
        let from = [j as f64 + x, last(rows) - i as f64 - y];
        let to = [j as f64, last(rows) - i as f64];
        Some(Arrow { from, to, label: String::new(), side: 0, style: Style::nth(1).bare() })
    };
    let places = (0..rows).step_by(BETWEEN_ARROWS);
    let places = places.flat_map(|i| (0..columns).step_by(BETWEEN_ARROWS).map(move |j| (i, j)));
    Figure {
        name: "chapter-07-field".to_owned(),
        alt: format!(
            "Arrows on the bent 5: each points to a pixel from the place that its grey value came \
             from. Neighbouring arrows are alike; the longest is {furthest:.1} pixels long."
        ),
        picture: Picture::Contour(Contour {
            title: format!("Neighbours move alike, by up to {furthest:.1} pixels"),
            x: Axis::linear("column"),
            y: Axis::linear("row, from the bottom"),
            z_title: "ink, from 0 to 1".to_owned(),
            grid: Grid { x: [0.0, last(columns)], y: [0.0, last(rows)], columns, values },
            arrows: places.filter_map(|(i, j)| arrow(i, j)).collect(),
            ..Contour::default()
        }),
    }
}

fn kinds(report: &Report) -> Figure {
    let errors = |run: &Run| mean_and_deviation(&run.errors).0;
    let [first, last] =
        [report.runs.first(), report.runs.last()].map(|run| 100.0 * run.map_or(f64::NAN, errors));
    let ways: Vec<(&str, &[f64])> =
        report.runs.iter().map(|run| (run.name.as_str(), run.errors.as_slice())).collect();
    let told = report.runs.iter().map(|run| format!("{}: {:.2} %", run.name, 100.0 * errors(run)));
    Figure {
        name: "chapter-07-kinds".to_owned(),
        alt: format!(
            "Test error of {} after learning from {} digits of {}, by what was done to them. {}.",
            report.sizes,
            report.learned_from,
            report.source,
            told.collect::<Vec<_>>().join("; ")
        ),
        picture: Picture::LineChart(errors_by_way(
            format!("From {first:.2} % to {last:.2} % of the test digits misread"),
            "the digits",
            "test digits misread (%)",
            &ways,
        )),
    }
}

fn epochs(report: &Report) -> Figure {
    let ends = [report.runs.first(), report.runs.last()];
    let last = |values: &[f64]| values.last().copied().unwrap_or(f64::NAN);
    let [plain, distorted] =
        ends.map(|run| 100.0 * run.map_or(f64::NAN, |run| last(&run.validation_errors)));
    let curves = (0..).zip(ends).filter_map(|(i, run)| {
        let run = run?;
        let points = (1..).zip(&run.validation_errors);
        let points = points.map(|(epoch, &error)| [f64::from(epoch), 100.0 * error]).collect();
        Some(Curve::new(run.name.clone(), Style::nth(i), points))
    });
    Figure {
        name: "chapter-07-error".to_owned(),
        alt: format!(
            "Share of validation digits misread after each epoch, with the first seed. From digits as \
             they are, the network ends at {plain:.2} %; from distorted ones, at {distorted:.2} %."
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "Digits as they are end at {plain:.2} %, distorted ones at {distorted:.2} %"
            ),
            x: Axis::linear("epoch"),
            y: Axis::linear("validation digits misread (%)"),
            curves: curves.collect(),
            ..LineChart::default()
        }),
    }
}
