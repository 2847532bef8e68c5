//! The pictures of chapter 4.

use crate::{
    kit::{
        Axis, Curve, Diagram, Figure, ImageGrid, LineChart, Node, Note, Picture, Style,
        palette::{BLUE, GREEN, ORANGE},
    },
    layers::Column,
};
use chapters::chapter_04_regularised_network::{Architecture, ERRORS_PER_POINT, Penalty, Report};
use chapters::{
    metrics::mean_and_deviation,
    report::{grouped, percent},
};

/// The pictures of chapter 4.
///
/// [In the book](../../../book/chapter_04.html)
pub fn figures(report: &Report) -> Vec<Figure> {
    [
        deep(report),
        digits(report),
        online(report),
        penalties(report),
        race(report),
        hidden_units(report),
    ]
    .into_iter()
    .chain(crate::chapter_04_valley::figures(&report.valley))
    .chain([crate::chapter_04_zoom::zoom(&report.valley.zoom)])
    .collect()
}

/// The outputs of the network, one for each digit.
const OUTPUTS: usize = 10;

/// The network of L-BFGS, layer after layer.
fn deep(report: &Report) -> Figure {
    let pixels = report.hidden_units.first().map_or(0, |weights| weights.values().len());
    let sizes = vec![pixels, report.hidden_units.len(), OUTPUTS];
    let architecture = Architecture { sizes: sizes.clone() };
    let parameters = grouped(architecture.parameters());
    let kinds = ["pixels", "hidden units", "outputs"];
    let colours = [BLUE, ORANGE, GREEN];
    let columns: Vec<Column> = (0..)
        .zip(&sizes)
        .zip(colours)
        .map(|((l, &units), colour)| {
            Column::new(units, 7, [1.3 + 5.7 * f64::from(l), 3.7], 0.9, |at, unit| {
                let text = if l == 2 { unit.to_string() } else { String::new() };
                Node::circle(at, text, colour).with_radius(0.36)
            })
        })
        .collect();
    let below = |(column, (units, kind)): (&Column, (&usize, &str))| {
        let x = column.units[0].1.at[0];
        Note::new([x, 7.3], format!("{units} {kind}"))
    };
    let between = |(l, pair): (usize, &[usize])| {
        let [from, to] = [pair[0], pair[1]];
        let at = [4.15 + 5.7 * l as f64, 0.45];
        let text = format!("w_{{{n}}}: {from} × {to}, b_{{{n}}}: {to}", n = l + 1);
        Note::new(at, text).coloured(BLUE)
    };
    let notes = columns.iter().zip(sizes.iter().zip(kinds)).map(below);
    let notes = notes.chain(sizes.windows(2).enumerate().map(between)).collect();
    Figure {
        name: "chapter-04-deep".to_owned(),
        alt: format!(
            "A network with layers of {} pixels, {} hidden units and {} outputs, one for each digit; every \
             unit of a layer is joined to every unit of the next. It has {parameters} weights and biases.",
            sizes[0], sizes[1], sizes[2]
        ),
        picture: Picture::Diagram(Diagram {
            title: format!("The list {sizes:?} is a network with {parameters} weights and biases"),
            size: [14.0, 7.7],
            edges: columns
                .windows(2)
                .flat_map(|pair| pair[0].pale_lines(&pair[1], false))
                .collect(),
            nodes: columns.iter().flat_map(Column::nodes).collect(),
            notes,
            ..Diagram::default()
        }),
    }
}

fn digits(report: &Report) -> Figure {
    let digits = &report.penned_digits;
    Figure {
        name: "chapter-04-digits".to_owned(),
        alt: format!(
            "{} digits of 20 by 20 pixels drawn by this program, from 0 to 9, no two alike.",
            digits.len()
        ),
        picture: Picture::Images(ImageGrid::of_digits(
            format!("{} of the digits that this program draws", digits.len()),
            digits,
        )),
    }
}

fn online(report: &Report) -> Figure {
    let errors = &report.online.squared_errors;
    let points =
        (1..).zip(errors).map(|(i, &error)| [f64::from(i) * ERRORS_PER_POINT as f64, error]);
    let right = percent(report.online_accuracy);
    let ends = [errors.first(), errors.last()].map(|error| error.copied().unwrap_or(f64::NAN));
    Figure {
        name: "chapter-04-online".to_owned(),
        alt: format!(
            "The mean squared error of {ERRORS_PER_POINT} digits at a time falls from {:.3} to {:.3} \
             while the network sees each of {} digits {}; then it reads {right} of the held-out \
             digits.",
            ends[0],
            ends[1],
            report.learned_from,
            match report.online.passes {
                1 => "once".to_owned(),
                passes => format!("{passes} times"),
            }
        ),
        picture: Picture::LineChart(LineChart {
            title: format!("One digit at a time: {right} of the held-out digits read correctly"),
            x: Axis::linear("digits seen"),
            y: Axis::linear("mean squared error").from_to(0.0, ends[0] * 1.1),
            curves: vec![Curve::new("", Style::TRAINING.bare(), points.collect())],
            ..LineChart::default()
        }),
    }
}

fn penalties(report: &Report) -> Figure {
    let curve = |label: &str, style: Style, shares: fn(&Penalty) -> &Vec<f64>| {
        let each = || (0..).zip(&report.penalties).map(|(i, p)| (i, mean_and_deviation(shares(p))));
        let means = each().map(|(i, (mean, _))| [f64::from(i), 100.0 * mean]);
        Curve {
            band: each()
                .map(|(_, (mean, deviation))| [mean - deviation, mean + deviation])
                .map(|ends| ends.map(|share| 100.0 * share))
                .collect(),
            ..Curve::new(label, style, means.collect())
        }
    };
    let tested = |penalty: &&Penalty| mean_and_deviation(&penalty.test).0;
    let best = report.penalties.iter().max_by(|a, b| tested(a).total_cmp(&tested(b)));
    let without = report.penalties.iter().find(|penalty| penalty.lambda == 0.0);
    let [with, without] = [best, without].map(|p| percent(p.as_ref().map_or(f64::NAN, tested)));
    let lambda = best.map_or(f64::NAN, |best| best.lambda);
    let labels = report.penalties.iter().map(|penalty| penalty.lambda.to_string());
    let [_, iterations] = report.iterations;
    Figure {
        name: "chapter-04-lambda".to_owned(),
        alt: format!(
            "Accuracy on training and held-out digits against λ. Without a penalty, accuracy on \
             held-out digits is {without}; with λ = {lambda} it is {with}."
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "An L2 penalty lifts held-out accuracy from {without} to {with} (λ = {lambda})"
            ),
            x: Axis::categories(
                &format!("λ, strength of the L2 penalty ({iterations} iterations of L-BFGS)"),
                labels,
            ),
            y: Axis::linear("accuracy (%)"),
            curves: vec![
                curve("training", Style::TRAINING, |penalty| &penalty.train),
                curve("held out", Style::HELD_OUT, |penalty| &penalty.test),
            ],
            ..LineChart::default()
        }),
    }
}

fn race(report: &Report) -> Figure {
    let lowest = |costs: &[(usize, f64)]| costs.iter().map(|c| c.1).fold(f64::INFINITY, f64::min);
    let curves = report.race.iter().enumerate().map(|(i, racer)| {
        let points = racer.costs.iter().map(|&(used, cost)| [used as f64, cost]);
        Curve::new(&racer.method, Style::nth(i).bare(), points.collect())
    });
    let (winner, others) = match report.race.split_last() {
        Some((lbfgs, descents)) => {
            let best = descents.iter().map(|d| lowest(&d.costs)).fold(f64::INFINITY, f64::min);
            let reached = lbfgs.costs.iter().find(|&&(_, cost)| cost <= best);
            (reached.map_or(0, |&(used, _)| used), lbfgs.costs.last().map_or(0, |c| c.0))
        }
        None => (0, 0),
    };
    let endings = report.race.iter().map(|r| format!("{}: {:.3}", r.method, lowest(&r.costs)));
    Figure {
        name: "chapter-04-race".to_owned(),
        alt: format!(
            "Cost against the number of gradients computed. Lowest cost reached by {}.",
            endings.collect::<Vec<_>>().join("; ")
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "{winner} gradients take L-BFGS below what gradient descent reaches in {others}"
            ),
            x: Axis::linear("gradients computed"),
            y: Axis::log10("cost"),
            curves: curves.collect(),
            ..LineChart::default()
        }),
    }
}

fn hidden_units(report: &Report) -> Figure {
    let units = report.hidden_units.len();
    Figure {
        name: "chapter-04-hidden-units".to_owned(),
        alt: format!(
            "The weights of {units} hidden units, each unit's 400 weights as a picture of 20 by 20 \
             pixels: orange where ink raises its activation, blue where ink lowers it."
        ),
        picture: Picture::Images(ImageGrid::of_weights(
            format!("Weights of {units} hidden units: strokes, and where there must be none"),
            &report.hidden_units,
            5,
        )),
    }
}
