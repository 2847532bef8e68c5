//! The pictures of the two valleys of chapter 4.

use crate::kit::{
    Arrow, Axis, Contour, Curve, Figure, Grid, LineChart, Picture, Reference, Style, Trail,
};
use chapters::chapter_04_regularised_network::{C1, C2, Line, RememberedPair, Valley};

/// The pictures of L-BFGS at work.
///
/// [In the book](../../../book/chapter_04.html)
pub fn figures(valley: &Valley) -> Vec<Figure> {
    vec![
        trails(valley),
        decrease(&valley.line),
        curvature(&valley.line),
        directions(valley),
        pairs(valley),
    ]
}

fn trail(points: &[[f64; 2]], end: &str, style: Style) -> Trail {
    Trail { points: points.to_vec(), start: String::new(), end: end.to_owned(), style }
}

fn trails(valley: &Valley) -> Figure {
    let (descent, lbfgs) = (valley.descent.len() - 1, valley.lbfgs.len());
    Figure {
        name: "chapter-04-valley".to_owned(),
        alt: format!(
            "Rosenbrock's valley from above, bent like a banana, with its lowest point at (1, 1). \
             From the same start, {descent} steps of gradient descent end halfway along the floor; \
             L-BFGS is at the bottom after asking {lbfgs} times for the gradient."
        ),
        picture: Picture::Contour(Contour {
            title: format!(
                "{lbfgs} gradients take L-BFGS to the bottom; {descent} take descent halfway"
            ),
            x: Axis::linear("a"),
            y: Axis::linear("b"),
            z_title: "log₁₀(cost + 0.1)".to_owned(),
            grid: Grid::from(&valley.height),
            logarithmic: false,
            trails: vec![
                trail(&valley.descent, "gradient descent", Style::nth(1)),
                trail(&valley.lbfgs, "L-BFGS", Style::nth(3)),
            ],
            ..Contour::default()
        }),
    }
}

/// Where along the line a condition holds: the cost there, and a gap elsewhere.
fn where_it_holds(line: &Line, values: &[f64], holds: impl Fn(usize) -> bool) -> Vec<[f64; 2]> {
    let point = |i: usize| [line.steps[i], if holds(i) { values[i] } else { f64::NAN }];
    (0..line.steps.len()).map(point).collect()
}

fn decrease(line: &Line) -> Figure {
    let bound = |i: usize| line.costs[0] + C1 * line.steps[i] * line.slopes[0];
    let decreases = |i: usize| line.costs[i] <= bound(i);
    let allowed = (0..line.steps.len()).filter(|&i| decreases(i)).count();
    let share = 100.0 * allowed as f64 / line.steps.len() as f64;
    let all = where_it_holds(line, &line.costs, |_| true);
    let low = where_it_holds(line, &line.costs, decreases);
    let tilted = (0..line.steps.len()).map(|i| [line.steps[i], bound(i)]).collect();
    Figure {
        name: "chapter-04-decrease".to_owned(),
        alt: format!(
            "The cost along the first direction in the valley: it falls, rises to a hump, falls again \
             and rises for good. A nearly level line from the start bounds the steps that lower the \
             cost enough: {share:.0} % of those shown."
        ),
        picture: Picture::LineChart(LineChart {
            title: "First condition: a step must end below the dashed line".to_owned(),
            x: Axis::linear("step along the first direction"),
            y: Axis::linear("cost").from_to(0.0, 1.6 * line.costs[0]),
            curves: vec![
                Curve::new("", Style::nth(0).bare().faded(0.45), all),
                Curve::new("start + c₁ · step · slope", Style::nth(1).bare().dashed(), tilted),
                Curve::new("low enough", Style::nth(2).bare(), low),
            ],
            ..LineChart::default()
        }),
    }
}

fn curvature(line: &Line) -> Figure {
    let first = line.slopes[0].abs();
    let flat = |i: usize| line.slopes[i].abs() <= C2 * first;
    let all = where_it_holds(line, &line.slopes, |_| true);
    let flat = where_it_holds(line, &line.slopes, flat);
    Figure {
        name: "chapter-04-slope".to_owned(),
        alt: format!(
            "The slope of the cost along the first direction, from {:.0} at the start. The steps at \
             which it is between −{C2} and {C2} times that satisfy the second Wolfe condition; how much \
             the slope has risen by then is what a curvature pair remembers.",
            line.slopes[0]
        ),
        picture: Picture::LineChart(LineChart {
            title: "Second condition: the slope must have flattened".to_owned(),
            x: Axis::linear("step along the first direction"),
            y: Axis::linear("slope of the cost").from_to(-1.6 * first, 1.6 * first),
            curves: vec![
                Curve::new("", Style::nth(0).bare().faded(0.45), all),
                Curve::new("flat enough", Style::nth(2).bare(), flat),
            ],
            references: [C2 * first, -C2 * first]
                .into_iter()
                .zip(["c₂ · |first slope|", "−c₂ · |first slope|"])
                .map(|(at, label)| Reference::Horizontal { at, label: label.to_owned() })
                .collect(),
            ..LineChart::default()
        }),
    }
}

fn directions(valley: &Valley) -> Figure {
    let bowl = &valley.bowl;
    Figure {
        name: "chapter-04-directions".to_owned(),
        alt: "A bowl from above, steeper upwards than sideways. A step down the gradient, and a \
              second one, go to and fro across it; a second step that remembers the first goes \
              straight to the bottom."
            .to_owned(),
        picture: Picture::Contour(Contour {
            title: "With one remembered step, the second goes straight to the bottom".to_owned(),
            x: Axis::linear("x"),
            y: Axis::linear("y"),
            z_title: "cost".to_owned(),
            grid: Grid::from(&bowl.cost),
            logarithmic: false,
            trails: vec![
                trail(&bowl.descent, "gradient", Style::nth(1)),
                trail(&bowl.with_a_pair, "one pair", Style::nth(3)),
            ],
            ..Contour::default()
        }),
    }
}

/// How long a change of the gradient is drawn: with 1 it would leave the picture.
const CHANGE_DRAWN: f64 = 1.0 / 3.0;
/// The part of the bowl in which the steps are.
const ACROSS: [f64; 2] = [-2.6, 0.6];
const UPWARDS: [f64; 2] = [-2.2, 1.0];

fn pairs(valley: &Valley) -> Figure {
    let bowl = &valley.bowl;
    let arrow = |from: [f64; 2], along: [f64; 2], label: String, style: Style| Arrow {
        from,
        to: [from[0] + along[0], from[1] + along[1]],
        label,
        style: style.bare(),
    };
    let of_pair = |(i, pair): (usize, &RememberedPair)| {
        let number = ["₀", "₁", "₂", "₃"][i % 4];
        [
            arrow(
                pair.from,
                pair.y.map(|change| CHANGE_DRAWN * change),
                format!("y{number}"),
                Style::nth(4).dashed(),
            ),
            arrow(pair.from, pair.s, format!("s{number}"), Style::nth(1)),
        ]
    };
    let told = bowl.pairs.iter().enumerate().map(|(i, RememberedPair { s, y, .. })| {
        format!(
            "step {i} goes by ({:.2}, {:.2}) and the gradient changes by ({:.2}, {:.2})",
            s[0], s[1], y[0], y[1]
        )
        .replace('-', "−")
    });
    Figure {
        name: "chapter-04-pairs".to_owned(),
        alt: format!(
            "The same bowl with two steps to its bottom as solid arrows and, from the beginning of each \
             step, the change of the gradient along it as a dashed arrow, at a third of its length: {}. \
             Every change points more steeply up or down than its step.",
            told.collect::<Vec<_>>().join("; ")
        ),
        picture: Picture::Contour(Contour {
            title: "Each step s has changed the gradient by y = H s: most where the bowl is steep"
                .to_owned(),
            x: Axis::linear("x (y₀ and y₁ are drawn at a third of their length)"),
            y: Axis::linear("y"),
            z_title: "cost".to_owned(),
            grid: Grid::from(&bowl.cost).cut(ACROSS, UPWARDS),
            arrows: bowl.pairs.iter().enumerate().flat_map(of_pair).collect(),
            ..Contour::default()
        }),
    }
}
