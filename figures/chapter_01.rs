//! The pictures of chapter 1.

use crate::kit::{
    Axis, Curve, DataPoint, Diagram, Edge, Figure, ImageGrid, LineChart, Node, Note, Picture,
    Style,
    palette::{BLUE, ORANGE},
};
use chapters::chapter_01_perceptron::{Gate, Margin, Report, step};
use chapters::{metrics::quantile, report::percent};

/// The pictures of chapter 1.
///
/// [In the book](../../../book/chapter_01.html)
pub fn figures(report: &Report) -> Vec<Figure> {
    let learned = report.gates.iter().find(|gate| gate.learned);
    let drawn = learned.into_iter().flat_map(|gate| [perceptron(gate), lines(gate)]);
    drawn.chain([mistakes(report), bound(report), weights(report)]).collect()
}

/// The neuron as it learned the gate, at work on the input 11.
fn perceptron(gate: &Gate) -> Figure {
    let [w1, w2, b] = gate.lines.last().copied().unwrap_or_default();
    let x = [1.0, 1.0];
    let z = w1 * x[0] + w2 * x[1] + b;
    let positive = z > 0.0;
    let signed = |number: f64| number.to_string().replace('-', "−");
    let [w1, w2, b, z, y_hat] = [w1, w2, b, z, step(z)].map(signed);
    let feature = |y: f64, text: String| Node::circle([1.2, y], text, BLUE).with_radius(0.85);
    let nodes = vec![
        feature(1.85, format!("x₁ = {}", x[0])),
        feature(4.35, format!("x₂ = {}", x[1])),
        Node::circle([6.0, 3.1], "sum", ORANGE).with_radius(0.85),
        Node::bare([6.0, 0.4], [2.4, 0.7], format!("b = {b}")),
        Node::boxed([10.0, 3.1], [1.6, 1.3], "step", ORANGE),
        Node::bare([13.1, 3.1], [1.4, 0.8], format!("ŷ = {y_hat}")),
    ];
    let sign = |term: &str| match term.strip_prefix('−') {
        Some(size) => format!("− {size}"),
        None => format!("+ {term}"),
    };
    Figure {
        name: "chapter-01-perceptron".to_owned(),
        alt: format!(
            "A perceptron that has learned {}, given the features 1 and 1: each is multiplied by its \
             weight, w₁ = {w1} and w₂ = {w2}; the bias b = {b} is added; the sum is z = {z}, and the \
             step function makes ŷ = {y_hat} of it.",
            gate.name
        ),
        picture: Picture::Diagram(Diagram {
            title: format!(
                "A perceptron that learned {}, given 1 and 1: z = {z} is {}positive, so ŷ = {y_hat}",
                gate.name,
                if positive { "" } else { "not " }
            ),
            size: [14.0, 5.3],
            edges: vec![
                Edge::between(&nodes[0], &nodes[2]).labelled(format!("w₁ = {w1}"), 0.47),
                Edge::between(&nodes[1], &nodes[2]).labelled(format!("w₂ = {w2}"), 0.47),
                Edge::between(&nodes[3], &nodes[2]),
                Edge::between(&nodes[2], &nodes[4]).labelled(format!("z = {z}"), 0.42),
                Edge::between(&nodes[4], &nodes[5]),
            ],
            nodes,
            notes: vec![
                Note::new(
                    [6.0, 4.6],
                    format!("z = {w1} · {} + {w2} · {} {}", x[0], x[1], sign(&b)),
                ),
                Note::new([10.0, 4.5], "1 if z > 0,\notherwise 0"),
            ],
            ..Diagram::default()
        }),
    }
}

/// The corners of the square, and the line after each update, the last one in full strength.
fn lines(gate: &Gate) -> Figure {
    let updates = gate.lines.len();
    let corners = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let scatter = corners.into_iter().zip(gate.outputs);
    let curve = |(i, &line): (usize, &[f64; 3])| {
        let style = Style::nth(2).bare();
        let (label, style) = if i + 1 == updates {
            (format!("after update {updates}: all four right"), style)
        } else {
            (String::new(), style.faded(0.15 + 0.5 * i as f64 / updates as f64))
        };
        Curve::new(label, style, ends(line).into())
    };
    Figure {
        name: "chapter-01-line".to_owned(),
        alt: format!(
            "The four inputs of {} as points of a square, and the line that a perceptron draws \
             between them after each of {updates} updates; the last parts 0 from 1.",
            gate.name
        ),
        picture: Picture::LineChart(LineChart {
            title: format!("{updates} updates until the line is right: learning {}", gate.name),
            x: Axis::linear("x₁").from_to(-0.5, 1.5),
            y: Axis::linear("x₂").from_to(-0.5, 1.5),
            curves: gate.lines.iter().enumerate().map(curve).collect(),
            scatter: scatter.map(|(at, class)| DataPoint { at, class: class as u8 }).collect(),
            class_labels: vec!["0".to_owned(), "1".to_owned()],
            ..LineChart::default()
        }),
    }
}

/// Two points far outside the picture on the line `w1 x1 + w2 x2 + b = 0`.
fn ends([w1, w2, b]: [f64; 3]) -> [[f64; 2]; 2] {
    let squared = w1 * w1 + w2 * w2;
    // The point nearest to the origin, and from there both ways along the line
    let foot = [-b * w1 / squared, -b * w2 / squared];
    let along = [-w2 / squared.sqrt(), w1 / squared.sqrt()];
    [-10.0, 10.0].map(|far| [foot[0] + far * along[0], foot[1] + far * along[1]])
}

fn mistakes(report: &Report) -> Figure {
    let curves = report.gates.iter().enumerate().map(|(i, gate)| {
        let points = (1..).zip(&gate.mistakes).map(|(e, &m)| [f64::from(e), m as f64]);
        // NAND learns as AND does, and would hide it
        let style = if gate.name == "NAND" { Style::nth(i).dashed() } else { Style::nth(i) };
        Curve::new(&gate.name, style, points.collect())
    });
    let ended = report
        .gates
        .iter()
        .filter(|gate| gate.learned)
        .map(|gate| format!("{} after {} epochs", gate.name, gate.mistakes.len()));
    let ended = ended.collect::<Vec<_>>().join(", ");
    Figure {
        name: "chapter-01-mistakes".to_owned(),
        alt: format!(
            "Mistakes in each epoch for four gates. They end for {ended}; for the rest they never do."
        ),
        picture: Picture::LineChart(LineChart {
            title: "AND, OR and NAND are learned; on XOR the mistakes never end".to_owned(),
            x: Axis::linear("epoch"),
            y: Axis::linear("mistakes among the four inputs").from_to(0.0, 4.2),
            curves: curves.collect(),
            ..LineChart::default()
        }),
    }
}

fn bound(report: &Report) -> Figure {
    let made = |p: f64| {
        move |margin: &Margin| {
            let mistakes: Vec<f64> = margin.mistakes.iter().map(|&m| m as f64).collect();
            quantile(&mistakes, p)
        }
    };
    let margins = || report.margins.iter();
    let used = margins().map(Margin::fraction_of_bound).fold(0.0, f64::max);
    let promised = margins().map(|margin| [margin.margin, margin.bound]).collect();
    let medians = margins().map(|margin| [margin.margin, made(0.5)(margin)]).collect();
    let bound = Curve::new("Novikoff’s bound", Style::nth(0).dashed(), promised);
    let measured = Curve {
        band: margins().map(|margin| [made(0.0)(margin), made(1.0)(margin)]).collect(),
        ..Curve::new("mistakes made", Style::nth(1), medians)
    };
    Figure {
        name: "chapter-01-bound".to_owned(),
        alt: format!(
            "The number of mistakes until two clouds are separated, against the width of the gap \
             between them: the median over {} clouds with a band from the fewest to the most, \
             always below Novikoff's bound, of which at most {} is used.",
            report.margins.first().map_or(0, |margin| margin.mistakes.len()),
            percent(used),
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "No more mistakes than promised: at most {} of the bound",
                percent(used)
            ),
            x: Axis::log10("margin γ between the classes"),
            y: Axis::log10("mistakes until all is right"),
            curves: vec![bound, measured],
            ..LineChart::default()
        }),
    }
}

fn weights(report: &Report) -> Figure {
    let right = percent(report.zero_or_one_accuracy);
    let held_out = report.digits.held_out;
    Figure {
        name: "chapter-01-weights".to_owned(),
        alt: format!(
            "The 400 weights of a perceptron that tells a 0 from a 1 as a picture: ink in the middle \
             speaks for 1, ink in a ring around it for 0. It is right on {right} of {held_out} \
             held-out digits."
        ),
        picture: Picture::Images(ImageGrid {
            value_title: "weight: ink here speaks for 0 (below) or for 1 (above)".to_owned(),
            ..ImageGrid::of_weights(
                format!("One neuron tells 0 from 1: {right} of {held_out} held-out digits right"),
                std::slice::from_ref(&report.digits.weights),
                1,
            )
        }),
    }
}
