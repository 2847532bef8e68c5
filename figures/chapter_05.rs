//! The pictures of chapter 5.

use crate::kit::{
    Axis, ConfusionMatrix, Curve, Figure, Image, ImageGrid, LineChart, Picture, Reference, Style,
};
use chapters::chapter_05_mnist::{Initialisation, Report, RunningMeans, Start, Trained};
use chapters::{metrics::worst_mistake, report::grouped};

/// The pictures of chapter 5.
///
/// [In the book](../../../book/chapter_05.html)
pub fn figures(report: &Report) -> Vec<Figure> {
    let gallery = (!report.misread.is_empty()).then(|| misread(report));
    [
        digits(report),
        costs(report),
        errors(report),
        confusion(report),
        first_layer(report),
        starts(report),
        running_means(&report.running_means),
    ]
    .into_iter()
    .chain(gallery)
    .chain(crate::chapter_05_idx::bytes(report))
    .collect()
}

fn digits(report: &Report) -> Figure {
    let digits = &report.penned_digits;
    Figure {
        name: "chapter-05-digits".to_owned(),
        alt: format!(
            "{} penned digits of 28 by 28 pixels, from 0 to 9, dark on white, with a margin around \
             each.",
            digits.len()
        ),
        picture: Picture::Images(ImageGrid::of_digits(
            format!("{} penned digits in MNIST’s form", digits.len()),
            digits,
        )),
    }
}

/// A share as a percentage with two decimals.
fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// Values after epochs, or mini-batches, 1, 2, …
fn each_after(label: String, values: &[f64], factor: f64, style: Style) -> Curve {
    let points = (1..).zip(values).map(|(epoch, &value)| [f64::from(epoch), factor * value]);
    Curve::new(label, style, points.collect())
}

fn costs(report: &Report) -> Figure {
    let curves = |name: &str, system: &Trained| {
        let style = |style: Style| if name == "E" { style.dashed() } else { style };
        [
            each_after(format!("{name}, training"), &system.costs, 1.0, style(Style::TRAINING)),
            each_after(
                format!("{name}, validation"),
                &system.validation_costs,
                1.0,
                style(Style::HELD_OUT),
            ),
        ]
    };
    let ends = |values: &[f64]| values.last().copied().unwrap_or(f64::NAN);
    let [train, validation] =
        [&report.system_d.costs, &report.system_d.validation_costs].map(|c| ends(c));
    Figure {
        name: "chapter-05-cost".to_owned(),
        alt: format!(
            "Cost after each epoch of system D ({}) and system E ({}), on {} digits. System D ends \
             at {train:.4} on the digits it learned from and at {validation:.3} on validation digits.",
            report.system_d.sizes, report.system_e.sizes, report.source
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "System D’s training cost falls to {train:.4}, its validation cost to {validation:.3}"
            ),
            x: Axis::linear("epoch"),
            y: Axis::log10("cost (mean cross-entropy)"),
            curves: [curves("D", &report.system_d), curves("E", &report.system_e)].concat(),
            ..LineChart::default()
        }),
    }
}

fn errors(report: &Report) -> Figure {
    let curve = |name: &str, system: &Trained, style| {
        each_after(format!("{name}: {}", system.sizes), &system.validation_errors, 100.0, style)
    };
    let [d, e] = [report.system_d_error, report.system_e_error].map(percent);
    Figure {
        name: "chapter-05-error".to_owned(),
        alt: format!(
            "Share of validation digits misread after each epoch, for systems D and E. On the {} test \
             digits of {}, D misreads {d} and E {e}.",
            report.tested_on, report.source
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "Of {} test digits, the deep network misreads {d}, the shallow one {e}",
                grouped(report.tested_on)
            ),
            x: Axis::linear("epoch"),
            y: Axis::linear("validation digits misread (%)"),
            curves: vec![
                curve("D", &report.system_d, Style::nth(0)),
                curve("E", &report.system_e, Style::nth(1)),
            ],
            ..LineChart::default()
        }),
    }
}

fn confusion(report: &Report) -> Figure {
    let counts = &report.confusion;
    let finding = worst_mistake(counts).map_or(String::new(), |(shown, read, count)| {
        format!("{count} times a {shown} is read as a {read}")
    });
    Figure {
        name: "chapter-05-confusion".to_owned(),
        alt: format!(
            "How often each digit was read as each, out of {} test digits of {}. The most frequent \
             mistake: {finding}.",
            report.tested_on, report.source
        ),
        picture: Picture::Confusion(ConfusionMatrix {
            title: format!("The most frequent mistake: {finding}"),
            labels: (0..counts.len()).map(|digit| digit.to_string()).collect(),
            counts: counts.clone(),
            row_title: "digit shown".to_owned(),
            column_title: "digit read".to_owned(),
        }),
    }
}

fn misread(report: &Report) -> Figure {
    let rows = report.confusion.iter().enumerate();
    let mistakes: usize = rows.map(|(shown, row)| row.iter().sum::<usize>() - row[shown]).sum();
    let images = report.misread.iter().filter_map(|digit| {
        let picture = digit.image.as_ref()?;
        Some(Image::misread(picture, [digit.shown, digit.read], digit.probability))
    });
    let list = report.misread.iter().map(|digit| format!("{} as {}", digit.shown, digit.read));
    Figure {
        name: "chapter-05-misread".to_owned(),
        alt: format!(
            "The {} most confident of {mistakes} mistakes on test digits of {}: {}.",
            report.misread.len(),
            report.source,
            list.collect::<Vec<_>>().join(", ")
        ),
        picture: Picture::Images(ImageGrid {
            title: format!(
                "The {} most confident of {mistakes} mistakes: can you read these?",
                report.misread.len()
            ),
            images: images.collect(),
            columns: 6,
            ..ImageGrid::default()
        }),
    }
}

fn first_layer(report: &Report) -> Figure {
    let units = report.first_layer.len();
    Figure {
        name: "chapter-05-first-layer".to_owned(),
        alt: format!(
            "The weights of {units} units of the first layer as pictures: blurred strokes and spots, \
             and nothing at the edge of the paper, where there is never ink."
        ),
        picture: Picture::Images(ImageGrid::of_weights(
            format!("What {units} of the first layer's units look for"),
            &report.first_layer,
            8,
        )),
    }
}

fn starts(report: &Report) -> Figure {
    let label = |start: &Start| match start.initialisation {
        Initialisation::He => "He: σ = √(2 / inputs)",
        Initialisation::Xavier => "Xavier: σ = √(2 / (inputs + outputs))",
        Initialisation::Small => "N(0, 0.01²): σ = 0.01",
        Initialisation::StandardNormal => "N(0, 1): σ = 1",
    };
    let curves = report.starts.iter().enumerate().map(|(i, start)| {
        each_after(label(start).to_owned(), &start.costs, 1.0, Style::nth(i).bare())
    });
    let told = report.starts.iter().map(|start| {
        format!(
            "{} starts at {:.3e} and ends with {} of the validation digits misread",
            label(start),
            start.costs.first().copied().unwrap_or(f64::NAN),
            percent(start.validation_error)
        )
    });
    let first = report.starts.iter().filter_map(|start| start.costs.first());
    let absurd = first.copied().fold(0.0, f64::max);
    let guess = (report.confusion.len() as f64).ln();
    Figure {
        name: "chapter-05-starts".to_owned(),
        alt: format!(
            "Cost of each mini-batch, from two initialisations: {}.",
            told.collect::<Vec<_>>().join("; ")
        ),
        picture: Picture::LineChart(LineChart {
            title: format!(
                "With N(0, 1) weights the first cost is {}; guessing costs {guess:.1}",
                grouped(absurd as usize)
            ),
            x: Axis::linear("mini-batch"),
            y: Axis::log10("cost"),
            curves: curves.collect(),
            ..LineChart::default()
        }),
    }
}

fn running_means(means: &RunningMeans) -> Figure {
    let RunningMeans { gradient, noisy, m, m_hat, root_v, root_v_hat } = means;
    let of = |label: &str, values: &[f64], style: Style| {
        each_after(label.to_owned(), values, 1.0, style)
    };
    // Marks that are not joined: each is followed by a gap
    let guesses = (1..).zip(noisy).flat_map(|(t, &g)| [[f64::from(t), g], [f64::NAN; 2]]);
    let [first, second] = [m, m_hat].map(|values| values.first().copied().unwrap_or(f64::NAN));
    let [low, high] = noisy
        .iter()
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], &g| [low.min(g), high.max(g)]);
    let last = |values: &[f64]| values.last().copied().unwrap_or(f64::NAN);
    Figure {
        name: "chapter-05-adam".to_owned(),
        alt: format!(
            "{} gradients that are {gradient} but for noise, scattered from {low:.1} to {high:.1}, and \
             Adam’s running means of them. After the first step m is {first:.2} and m̂ {second:.2}; after \
             the last m is {:.2} and m̂ {:.2}, the root of v {:.2} and that of v̂ {:.2}.",
            noisy.len(),
            last(m),
            last(m_hat),
            last(root_v),
            last(root_v_hat)
        )
        .replace('-', "−"),
        picture: Picture::LineChart(LineChart {
            title: "m and v begin at 0 and are too small for a while; m̂ and v̂ are not"
                .to_owned(),
            x: Axis::linear("step").from_to(0.0, noisy.len() as f64),
            y: Axis::linear("gradient, and its running means"),
            curves: vec![
                Curve::new("gradient g", Style::nth(6).faded(0.4), guesses.collect()),
                of("√v̂", root_v_hat, Style::nth(2).bare()),
                of("√v", root_v, Style::nth(2).bare().dashed()),
                of("m̂", m_hat, Style::nth(0).bare()),
                of("m", m, Style::nth(0).bare().dashed()),
            ],
            references: vec![Reference::Horizontal {
                at: *gradient,
                label: "true gradient".to_owned(),
            }],
            ..LineChart::default()
        }),
    }
}
