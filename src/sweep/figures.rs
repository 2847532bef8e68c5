use super::{COSTS, Cell, Summary};
use crate::{
    figure::{
        Axis, Curve, Figure, Grid, HeatMap, LineChart, Picture, Region, RegionSheet, Scale, Style,
    },
    report::percent,
};

/// The pictures of a sweep.
pub fn figures(summary: &Summary) -> Vec<Figure> {
    let plan = &summary.plan;
    let grid = plan.hidden.len() > 1 && plan.learning_rate.len() > 1;
    let last = if grid { heat_map(summary) } else { accuracy(summary) };
    vec![last, regions(summary), costs(summary)]
}

impl Cell {
    /// What is special about it: the settings of which the plan has several.
    fn name(&self, summary: &Summary) -> String {
        let units = if self.hidden == 1 { "unit" } else { "units" };
        let hidden = format!("{} hidden {units}", self.hidden);
        let rate = format!("rate {}", self.learning_rate);
        match (summary.plan.hidden.len(), summary.plan.learning_rate.len()) {
            (_, 1) => hidden,
            (1, _) => rate,
            _ => format!("{hidden}, {rate}"),
        }
    }
}

fn best(summary: &Summary) -> Option<&Cell> {
    summary.cells.iter().max_by(|a, b| a.fresh.median.total_cmp(&b.fresh.median))
}

/// What has been found out in a few words.
fn finding(summary: &Summary) -> String {
    best(summary).map_or(String::new(), |best| {
        format!(
            "Most fresh points right: {} with {}",
            percent(best.fresh.median),
            best.name(summary)
        )
    })
}

/// Accuracy against the one quantity that is swept: medians, a band, and each run as a dot.
fn accuracy(summary: &Summary) -> Figure {
    let sizes = summary.plan.hidden.len() > 1;
    let label =
        |cell: &Cell| if sizes { cell.hidden.to_string() } else { cell.learning_rate.to_string() };
    let curve = |label: &str, style: Style, spread: fn(&Cell) -> &super::Spread| Curve {
        label: label.to_owned(),
        points: (0..)
            .zip(&summary.cells)
            .map(|(i, cell)| [f64::from(i), 100.0 * spread(cell).median])
            .collect(),
        band: summary
            .cells
            .iter()
            .map(|cell| [spread(cell).low, spread(cell).high].map(|share| 100.0 * share))
            .collect(),
        style,
    };
    let dots = (0..).zip(&summary.cells).flat_map(|(i, cell)| {
        let shares = &cell.fresh.values;
        (0..).zip(shares).flat_map(move |(k, &share)| {
            // Beside each other, and not joined: each is followed by a gap
            let aside = 0.4 * (f64::from(k) + 0.5) / shares.len() as f64 - 0.2;
            [[f64::from(i) + aside, 100.0 * share], [f64::NAN, f64::NAN]]
        })
    });
    let runs = Curve {
        label: String::new(),
        points: dots.collect(),
        band: Vec::new(),
        style: Style::HELD_OUT.faded(0.3),
    };
    let told = summary
        .cells
        .iter()
        .map(|cell| format!("{}: {}", cell.name(summary), percent(cell.fresh.median)));
    let told = told.collect::<Vec<_>>().join(", ");
    Figure {
        name: "accuracy".to_owned(),
        alt: format!(
            "Accuracy over {} seeds, the median with a band from 5 to 95 %, on training and on fresh \
             points. Medians on fresh points: {told}.",
            summary.plan.seeds
        ),
        picture: Picture::LineChart(LineChart {
            title: finding(summary),
            x: Axis {
                title: if sizes { "hidden units" } else { "learning rate" }.to_owned(),
                scale: Scale::Categories(summary.cells.iter().map(label).collect()),
                range: None,
            },
            y: Axis::linear("accuracy (%)"),
            curves: vec![
                runs,
                curve("training", Style::TRAINING, |cell| &cell.train),
                curve("fresh points", Style::HELD_OUT, |cell| &cell.fresh),
            ],
            ..LineChart::default()
        }),
    }
}

fn heat_map(summary: &Summary) -> Figure {
    let plan = &summary.plan;
    Figure {
        name: "accuracy".to_owned(),
        alt: format!(
            "Median share of fresh points right over {} seeds, for each number of hidden units and \
             each learning rate. {}.",
            plan.seeds,
            finding(summary)
        ),
        picture: Picture::HeatMap(HeatMap {
            title: finding(summary),
            row_title: "hidden units".to_owned(),
            column_title: "learning rate".to_owned(),
            rows: plan.hidden.iter().map(usize::to_string).collect(),
            columns: plan.learning_rate.iter().map(f64::to_string).collect(),
            values: summary
                .cells
                .iter()
                .map(|cell| (cell.fresh.median, percent(cell.fresh.median)))
                .collect(),
        }),
    }
}

fn regions(summary: &Summary) -> Figure {
    let panel = |cell: &Cell| Region {
        title: cell.name(summary),
        subtitle: format!("{} on fresh points", percent(cell.fresh.values[0])),
        probability: Grid::from(&cell.map),
        points: (&summary.points).into(),
    };
    Figure {
        name: "regions".to_owned(),
        alt: format!(
            "Where each network sees the inner and the outer class of the {} points of seed {}.",
            summary.points.points.len(),
            summary.plan.seed
        ),
        picture: Picture::Regions(RegionSheet {
            title: format!("What networks learned from the points of seed {}", summary.plan.seed),
            panels: summary.cells.iter().map(panel).collect(),
            columns: 4,
            class_labels: vec!["inner half".to_owned(), "outer half".to_owned()],
        }),
    }
}

fn costs(summary: &Summary) -> Figure {
    let every = summary.plan.epochs as f64 / (COSTS - 1) as f64;
    let curves = summary.cells.iter().enumerate().map(|(i, cell)| Curve {
        label: cell.name(summary),
        points: (0..).zip(&cell.costs).map(|(k, &cost)| [f64::from(k) * every, cost]).collect(),
        band: Vec::new(),
        style: Style::nth(i).bare(),
    });
    let ends = summary
        .cells
        .iter()
        .map(|cell| format!("{}: {:.3}", cell.name(summary), cell.costs[COSTS - 1]));
    let ends = ends.collect::<Vec<_>>().join(", ");
    let lowest = summary.cells.iter().min_by(|a, b| a.cost.median.total_cmp(&b.cost.median));
    let title = lowest.map_or(String::new(), |cell| {
        format!("Lowest cost at the end: {:.3} with {}", cell.cost.median, cell.name(summary))
    });
    Figure {
        name: "costs".to_owned(),
        alt: format!("Median cost of the training points during training. At the end: {ends}."),
        picture: Picture::LineChart(LineChart {
            title,
            x: Axis::linear("iteration"),
            y: Axis::linear("cost, median over seeds"),
            curves: curves.collect(),
            ..LineChart::default()
        }),
    }
}
