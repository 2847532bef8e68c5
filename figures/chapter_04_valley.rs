//! The figures of the two surfaces of chapter 4.

use crate::kit::{
    Arrow, Axis, Contour, Curve, Figure, Grid, LineChart, Picture, Reference, Style, Trail,
};
use chapters::chapter_04_regularised_network::{C1, C2, Line, Remembered, RememberedPair, Valley};

/// The figures of L-BFGS at work.
///
/// [In the book](../../../book/chapter_04_lbfgs.html)
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
    let (descent, lbfgs) = (valley.descent.len().saturating_sub(1), valley.lbfgs.len());
    Figure {
        name: "chapter-04-valley".to_owned(),
        alt: format!(
            "Rosenbrock's valley from above, bent like a banana, with its minimum at (1, 1). From \
             the same start, {descent} steps of gradient descent end halfway along the floor; L-BFGS \
             reaches the minimum after {lbfgs} evaluations of the gradient."
        ),
        picture: Picture::Contour(Contour {
            title: format!(
                "L-BFGS needs {lbfgs} gradients to the minimum; {descent} take descent halfway"
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

/// What the values are along the line, from the first on.
fn along(line: &Line, values: &[f64]) -> Vec<[f64; 2]> {
    line.steps.iter().zip(values).map(|(&step, &value)| [step, value]).collect()
}

/// The same points, with a gap where a condition does not hold.
fn where_it_holds(points: &[[f64; 2]], holds: impl Fn([f64; 2]) -> bool) -> Vec<[f64; 2]> {
    points.iter().map(|&at| if holds(at) { at } else { [at[0], f64::NAN] }).collect()
}

/// The first of the values along the line, where it starts.
fn at_the_start(values: &[f64]) -> f64 {
    values.first().copied().unwrap_or(f64::NAN)
}

fn decrease(line: &Line) -> Figure {
    let [cost, slope] = [&line.costs, &line.slopes].map(|values| at_the_start(values));
    let bound = |step: f64| cost + C1 * step * slope;
    let all = along(line, &line.costs);
    let low = where_it_holds(&all, |[step, cost]| cost <= bound(step));
    let tilted = all.iter().map(|&[step, _]| [step, bound(step)]).collect();
    let allowed = low.iter().filter(|[_, cost]| !cost.is_nan()).count();
    let share = 100.0 * allowed as f64 / all.len() as f64;
    Figure {
        name: "chapter-04-decrease".to_owned(),
        alt: format!(
            "The cost along the first direction in the valley: it falls, rises to a hump, falls again \
             and rises for good. Sufficient decrease means to end below a nearly level line from the \
             start: {share:.0} % of the steps shown do."
        ),
        picture: Picture::LineChart(LineChart {
            title: "Sufficient decrease: a step must end below the dashed line".to_owned(),
            x: Axis::linear("step along the first direction"),
            y: Axis::linear("cost").from_to(0.0, 1.6 * cost),
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
    let start = at_the_start(&line.slopes);
    let first = start.abs();
    let all = along(line, &line.slopes);
    let flat = where_it_holds(&all, |[_, slope]| slope.abs() <= C2 * first);
    Figure {
        name: "chapter-04-slope".to_owned(),
        alt: format!(
            "The slope of the cost along the first direction, {start:.0} at the start. Steps at which its \
             size is at most {C2} times that satisfy the curvature condition; how much the slope has \
             risen by then is what a curvature pair remembers."
        ),
        picture: Picture::LineChart(LineChart {
            title: "Curvature condition: the slope must have flattened".to_owned(),
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
        alt: "A bowl from above, steeper upwards than sideways. Two steps down the gradient zigzag \
              across it; a second step that uses the curvature pair of the first ends at the bottom."
            .to_owned(),
        picture: Picture::Contour(Contour {
            title: "Two dimensions, exact searches: one curvature pair is enough".to_owned(),
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
const CHANGE_DRAWN: f64 = 0.5;
/// The part of the bowl in which the steps are.
const ACROSS: [f64; 2] = [-2.6, 0.6];
const UPWARDS: [f64; 2] = [-2.1, 1.1];

fn pairs(valley: &Valley) -> Figure {
    let Remembered { pairs, at, gradient, direction } = &valley.remembered;
    let arrow = |from: [f64; 2], along: [f64; 2], label: &str, side: i8, style: Style| Arrow {
        from,
        to: [from[0] + along[0], from[1] + along[1]],
        label: label.to_owned(),
        side,
        style: style.bare(),
    };
    // Two pairs, the older first, and the directions after them
    let (step, change) = (Style::nth(5), Style::nth(4).dashed());
    let names = [("s₁", -1, "y₁", 1), ("s₂", 1, "y₂", 0)];
    let of_pairs = pairs.iter().zip(names).flat_map(|(pair, (s, beside_s, y, beside_y))| {
        let drawn = pair.y.map(|y| CHANGE_DRAWN * y);
        [arrow(pair.from, drawn, y, beside_y, change), arrow(pair.from, pair.s, s, beside_s, step)]
    });
    let next = [
        arrow(*at, gradient.map(|g| -g), "−g", 0, Style::nth(1)),
        arrow(*at, *direction, "p", 0, Style::nth(3)),
    ];
    let written = |[x, y]: [f64; 2]| format!("({x:.2}, {y:.2})");
    let told = (1..).zip(pairs).map(|(i, RememberedPair { s, y, .. })| {
        format!("s{i} = {} changes the gradient by y{i} = {}", written(*s), written(*y))
    });
    Figure {
        name: "chapter-04-pairs".to_owned(),
        alt: format!(
            "A bowl, steeper upwards than sideways, with two steps of L-BFGS as solid arrows and the change \
             of the gradient along each as a dashed arrow of half its length: {}. From {} the two loops \
             make of them the direction p = {}, nearly to the bottom at (0, 0); down the gradient, {}, it \
             would go across the bowl.",
            told.collect::<Vec<_>>().join("; "),
            written(*at),
            written(*direction),
            written(gradient.map(|g| -g))
        )
        .replace("(-", "(−")
        .replace(", -", ", −"),
        picture: Picture::Contour(Contour {
            title: "Two remembered pairs turn the direction from −g to p, towards the bottom".to_owned(),
            x: Axis::linear("x (y₁ and y₂ are drawn at half their length)"),
            y: Axis::linear("y"),
            z_title: "cost".to_owned(),
            grid: Grid::from(&valley.bowl.cost).cut(ACROSS, UPWARDS),
            arrows: of_pairs.chain(next).collect(),
            ..Contour::default()
        }),
    }
}
