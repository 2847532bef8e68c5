//! The pictures of chapter 2.

use crate::kit::{
    Axis, Contour, DataPoint, Figure, Grid, Picture, Region, RegionSheet, Style, Trail,
};
use chapters::chapter_02_logistic_regression::Report;
use chapters::report::percent;

/// The pictures of chapter 2.
///
/// [In the book](../../../book/chapter_02.html)
pub fn figures(report: &Report) -> Vec<Figure> {
    vec![line(report), surface(report)]
}

fn line(report: &Report) -> Figure {
    let right = percent(report.accuracy);
    Figure {
        name: "chapter-02-line".to_owned(),
        alt: format!(
            "{} points, one class in the middle and the other in a ring around it, and the straight \
             line of a logistic regression through both: {right} of the points lie on their side.",
            report.data.points.len()
        ),
        picture: Picture::Regions(RegionSheet {
            title: format!("A straight line through rings is right on {right}"),
            panels: vec![Region {
                title: String::new(),
                subtitle: String::new(),
                probabilities: vec![Grid::from(&report.line)],
                points: DataPoint::of_scatter(&report.data),
            }],
            columns: 1,
            class_labels: vec!["inner half".to_owned(), "outer half".to_owned()],
        }),
    }
}

fn surface(report: &Report) -> Figure {
    let path = &report.surface.path;
    let last = path.last().copied().unwrap_or_default();
    Figure {
        name: "chapter-02-surface".to_owned(),
        alt: format!(
            "The cost over the two weights is a bowl. Gradient descent goes down it to weights of \
             {:.2} and {:.2}, near 0, where the model finds both classes equally likely everywhere.",
            last[0], last[1]
        ),
        picture: Picture::Contour(Contour {
            title: "The bottom of the bowl is near w = 0: the best line is to say nothing"
                .to_owned(),
            x: Axis::linear("w₁"),
            y: Axis::linear("w₂"),
            z_title: "cost".to_owned(),
            grid: Grid::from(&report.surface.cost),
            logarithmic: false,
            trails: vec![Trail {
                points: path.clone(),
                start: "start".to_owned(),
                end: format!("after {} iterations", path.len() - 1),
                style: Style::nth(1),
            }],
            ..Contour::default()
        }),
    }
}
