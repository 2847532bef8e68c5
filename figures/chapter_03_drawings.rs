//! The drawings of chapter 3: networks, forward and backward.

use crate::{
    curves::{curve, slope},
    exact::exact,
    kit::{
        Axis, ChartSheet, Curve, Diagram, Edge, Figure, LineChart, Node, Note, Picture, Style,
        palette::{AXIS, BLUE, ORANGE, VERMILLION},
    },
    layers::Column,
};
use chapters::{
    chapter_02_logistic_regression::sigmoid,
    chapter_03_shallow_network::{ByHand, Parameters, Report},
};

pub fn figures(report: &Report) -> [Figure; 4] {
    [network(report), activations(), by_hand(&report.by_hand), graph()]
}

/// The network, with one path of the backward pass.
fn network(report: &Report) -> Figure {
    let column = |units: usize, x: f64| {
        let node = |at: [f64; 2], _| Node::circle(at, "", AXIS).with_radius(0.72);
        Column::new(units, 4, [x, 4.1], 1.75, node)
    };
    let mut layers = [column(2, 1.2), column(report.hidden, 6.9), column(1, 12.6)];
    let mut edges: Vec<Edge> =
        layers.windows(2).flat_map(|pair| pair[0].pale_lines(&pair[1], true)).collect();
    // The path, from the first unit of each layer to the first of the next
    for (layer, text) in layers.iter_mut().zip(["x_{ik}", "a_{1,ij}", "ŷ_{i}"]) {
        let (_, first) = &mut layer.units[0];
        (first.text, first.colour) = (text.to_owned(), BLUE);
    }
    let [x, a, y_hat] = layers.each_ref().map(|layer| layer.units[0].1.clone());
    let mut notes = Vec::new();
    for (from, to, weight, [right, down]) in
        [(&x, &a, "w_{1,kj}", [-0.25, -0.7]), (&a, &y_hat, "w_{2,j}", [0.35, -0.7])]
    {
        edges.push(Edge::between(from, to).aside(0.2).weighted(1.2));
        edges.push(Edge::between(to, from).backward().aside(0.2).weighted(1.2));
        let middle = [0, 1].map(|i| f64::midpoint(from.at[i], to.at[i]));
        notes.push(Note::new([middle[0] + right, middle[1] + down], weight).coloured(BLUE));
    }
    let above = |node: &Node, text: &str| {
        Note::new([node.at[0], node.at[1] - 1.1], text).coloured(VERMILLION).bold()
    };
    notes.extend([
        above(&a, "δ_{1,ij}"),
        above(&y_hat, "δ_{2,i}"),
        Note::new([1.2, 7.9], "2 features"),
        Note::new([6.9, 7.9], format!("{} hidden units", report.hidden)),
        Note::new([12.6, 7.9], "1 output"),
    ]);
    let lines = [
        ("i", "example", "δ_{2,i} = (ŷ_{i} − y_{i}) / m"),
        ("j", "hidden unit", "δ_{1,ij} = δ_{2,i} · w_{2,j} · (1 − a_{1,ij}^{2})"),
        ("k", "feature", "∂J/∂w_{1,kj} = Σ_{i} x_{ik} · δ_{1,ij}"),
    ];
    for ((index, meaning, formula), y) in lines.into_iter().zip([9.0, 9.65, 10.3]) {
        notes.push(Note::new([0.5, y], index).beginning());
        notes.push(Note::new([1.0, y], meaning).beginning());
        notes.push(Note::new([5.0, y], formula).beginning().coloured(VERMILLION));
    }
    Figure {
        name: "chapter-03-network".to_owned(),
        alt: format!(
            "A network with 2 features, {} hidden units and 1 output. One path is drawn in full: forward \
             from feature k of example i through the weight w₁,ₖⱼ to hidden unit j, and through w₂,ⱼ to \
             the output; backward from the error δ₂,ᵢ of the output, times w₂,ⱼ and the slope of tanh, to \
             the error δ₁,ᵢⱼ of the unit, and times xᵢₖ, summed over the examples, to the derivative for \
             w₁,ₖⱼ.",
            report.hidden
        ),
        picture: Picture::Diagram(Diagram {
            title:
                "One path through the network: forward (solid) to the output, backward (dashed) to \
                    one weight"
                    .to_owned(),
            size: [14.0, 10.6],
            edges,
            nodes: layers.iter().flat_map(Column::nodes).collect(),
            notes,
            ..Diagram::default()
        }),
    }
}

type Function = fn(f64) -> f64;

/// The activation functions of the book, and their slopes.
fn activations() -> Figure {
    let relu = |z: f64| z.max(0.0);
    let functions: [(&str, Style, Function); 3] = [
        ("ReLU", Style { colour: ORANGE, ..Style::nth(0) }, relu),
        ("tanh", Style::nth(1), f64::tanh),
        ("sigmoid", Style::nth(0), sigmoid),
    ];
    let chart = |title: &str, range: [f64; 2], curves: Vec<Curve>, places: [[f64; 2]; 3]| {
        let note = |((name, style, _), [x, y]): (&(&str, Style, _), [f64; 2])| {
            Note::new([x, y], *name).ending().coloured(style.colour).bold()
        };
        LineChart {
            title: title.to_owned(),
            x: Axis::linear("z"),
            y: Axis::linear("").from_to(range[0], range[1]),
            curves,
            notes: functions.iter().zip(places).map(note).collect(),
            ..LineChart::default()
        }
    };
    let ends = [-4.0, 4.0];
    let values = functions.iter().map(|&(_, style, f)| curve("", style, ends, f));
    let slopes = functions.iter().map(|&(_, style, f)| curve("", style, ends, slope(f)));
    let [relu, tanh, sigmoid] = functions.map(|(name, _, f)| {
        let at = if name == "ReLU" { 1.0 } else { 0.0 };
        exact((slope(f)(at) * 1e6).round() / 1e6)
    });
    Figure {
        name: "chapter-03-activations".to_owned(),
        alt: format!(
            "Left: sigmoid, between 0 and 1, tanh, between −1 and 1, and ReLU, 0 below 0 and z above it. \
             Right: their slopes, at most {sigmoid}, {tanh} and {relu}. Those of sigmoid and tanh vanish \
             far from 0; that of ReLU is 0 below 0 and 1 above."
        ),
        picture: Picture::Charts(ChartSheet {
            title: format!(
                "The slope of the sigmoid is at most {sigmoid}, that of tanh {tanh}; ReLU’s is {relu} for every \
                 positive z"
            ),
            panels: vec![
                chart(
                    "activation",
                    [-1.2, 2.2],
                    values.collect(),
                    [[1.7, 2.0], [0.75, -0.75], [-1.0, 0.46]],
                ),
                chart(
                    "slope of the activation",
                    [-0.05, 1.2],
                    slopes.collect(),
                    [[3.9, 1.1], [-0.8, 0.7], [-1.7, 0.26]],
                ),
            ],
            columns: 2,
            ..ChartSheet::default()
        }),
    }
}

/// Where the nodes of the small network stand: two features, two hidden units, one output.
struct Places {
    x: [Node; 2],
    hidden: [Node; 2],
    output: Node,
}

impl Places {
    /// The network with these numbers in it, its upper nodes at the height `top`.
    fn new(top: f64, x: [f64; 2], hidden: [f64; 2], output: f64) -> Self {
        let node = |column: f64, row: f64, value: f64| {
            let at = [1.3 + 5.6 * column, top + 3.0 * row];
            Node::boxed(at, [1.9, 1.0], exact(value), if column == 0.0 { AXIS } else { BLUE })
        };
        let pair = |column: f64, [upper, lower]: [f64; 2]| {
            [node(column, 0.0, upper), node(column, 1.0, lower)]
        };
        Self { x: pair(0.0, x), hidden: pair(1.0, hidden), output: node(2.0, 0.5, output) }
    }

    fn nodes(&self) -> impl Iterator<Item = Node> {
        self.x.iter().chain(&self.hidden).chain([&self.output]).cloned()
    }

    /// The edges with these numbers on them, through `drawn`.
    fn edges(&self, numbers: &Parameters, drawn: impl Fn(&Node, &Node) -> Edge) -> Vec<Edge> {
        let mut edges = Vec::new();
        for (j, unit) in self.hidden.iter().enumerate() {
            for (k, feature) in self.x.iter().enumerate() {
                // Away from where the edges cross
                let at = if k == j { 0.5 } else { 0.24 };
                let edge = drawn(feature, unit);
                let at = if edge.dashed { at } else { 1.0 - at };
                edges.push(edge.labelled(exact(numbers.w1[k][j]), at));
            }
            edges.push(drawn(unit, &self.output).labelled(exact(numbers.w2[j]), 0.5));
        }
        edges
    }
}

/// The network that is worked out with a pencil, forward and, below, backward.
fn by_hand(example: &ByHand) -> Figure {
    let ByHand { x, y, network, a1, z2, y_hat, gradient } = example;
    let forward = Places::new(2.0, *x, *a1, *y_hat);
    let backward = Places::new(8.4, *x, gradient.b1, gradient.b2);
    let mut edges = forward.edges(network, Edge::between);
    for edge in &mut edges {
        if edge.label == "0" {
            (edge.colour, edge.weight) = (AXIS, 0.5);
        }
    }
    edges.extend(backward.edges(gradient, |from, to| Edge::between(to, from).backward()));
    let mut errors: Vec<Node> = backward.nodes().collect();
    errors[2..].iter_mut().for_each(|node| node.colour = VERMILLION);
    let heading = |column: f64, y: f64, text: &str| Note::new([1.3 + 2.8 * column, y], text);
    let forward_headings = ["x", "w₁", "a₁ = tanh(x w₁)", "w₂", "ŷ = σ(z₂)"];
    let backward_headings = ["x", "∂J/∂w₁", "δ₁", "∂J/∂w₂", "δ₂ = ŷ − y"];
    let headings = |y: f64, texts: [&str; 5]| -> Vec<Note> {
        (0..).zip(texts).map(|(column, text)| heading(f64::from(column), y, text)).collect()
    };
    let mut notes = vec![
        Note::new([0.3, 0.3], "Forward").beginning().bold().coloured(BLUE),
        Note::new([0.3, 6.7], "Backward").beginning().bold().coloured(VERMILLION),
        Note::new(
            [13.9, 5.0],
            format!("z₂ = a₁ w₂ + b₂ = {}\nwith b₂ = {}", exact(*z2), exact(network.b2)),
        )
        .ending(),
    ];
    notes.extend(headings(1.1, forward_headings));
    notes.extend(headings(7.5, backward_headings));
    let list = |numbers: [f64; 2]| numbers.map(exact).join(" and ");
    Figure {
        name: "chapter-03-by-hand".to_owned(),
        alt: format!(
            "A 2-2-1 network with the numbers of one example. Forward: features {}, hidden activations \
             {}, output {}. Backward, for the class {y}: the error of the output is {}, those of the \
             hidden units are {}; the derivatives with respect to w₂ are {}, and both rows of those for w₁ are {}.",
            list(*x),
            list(*a1),
            exact(*y_hat),
            exact(gradient.b2),
            list(gradient.b1),
            list(gradient.w2),
            list(gradient.w1[0]),
        ),
        picture: Picture::Diagram(Diagram {
            title: format!(
                "Forward, the example becomes ŷ = {}; backward, the error {} becomes a derivative for \
                 every weight",
                exact(*y_hat),
                exact(gradient.b2)
            ),
            size: [14.0, 12.1],
            edges,
            nodes: forward.nodes().chain(errors).collect(),
            notes,
            ..Diagram::default()
        }),
    }
}

/// The computations of the hidden layer, and how gradients flow back through them.
fn graph() -> Figure {
    let row = 3.3;
    let operation = |x: f64, text: &str| Node::circle([x, row], text, ORANGE).with_radius(0.5);
    let value = |at: [f64; 2], text: &str| Node::circle(at, text, BLUE).with_radius(0.55);
    let [x, w1, b1, a1] = [
        value([0.7, row], "x"),
        value([3.6, 0.7], "w₁"),
        value([6.7, 0.7], "b₁"),
        value([13.3, row], "a₁"),
    ];
    let product = operation(3.6, "×");
    let sum = operation(6.7, "+");
    let tanh = Node::boxed([10.3, row], [1.6, 1.0], "tanh", ORANGE);
    let ways = [
        (&x, &product),
        (&product, &sum),
        (&sum, &tanh),
        (&tanh, &a1),
        (&w1, &product),
        (&b1, &sum),
    ];
    let there_and_back = |(from, to): (&Node, &Node)| {
        [Edge::between(from, to).aside(0.2), Edge::between(to, from).backward().aside(0.2)]
    };
    let above = |x: f64, text: &str| Note::new([x, row - 0.62], text).coloured(BLUE);
    let below = |x: f64, text: &str| Note::new([x, row + 0.68], text).coloured(VERMILLION);
    Figure {
        name: "chapter-03-graph".to_owned(),
        alt: "The computations of the hidden layer in a row: x times w₁, plus b₁, is z₁, and tanh makes a₁ \
              of it. Dashed arrows lead back: from the derivative with respect to a₁, times the slope of tanh, to δ₁, \
              the derivative with respect to z₁; from there, summed over the examples, to b₁; with the transpose of x \
              to w₁; and with the transpose of w₁ to the layer before."
            .to_owned(),
        picture: Picture::Diagram(Diagram {
            title: "Each step of a layer hands values forward (solid) and gradients backward (dashed)"
                .to_owned(),
            size: [14.0, 5.4],
            edges: ways.into_iter().flat_map(there_and_back).collect(),
            notes: vec![
                above(5.15, "x w₁"),
                above(8.35, "z₁"),
                below(2.1, "δ₁ w_{1}^{⊤}"),
                below(5.15, "δ₁"),
                below(8.35, "δ₁"),
                below(12.1, "∂J/∂a₁"),
                Note::new([3.15, 1.95], "x^{⊤} δ₁").ending().coloured(VERMILLION),
                Note::new([6.25, 1.95], "Σ_{i} δ_{1,i}").ending().coloured(VERMILLION),
                Note::new([7.0, 5.0], "δ₁ = ∂J/∂z₁ = ∂J/∂a₁ ∘ (1 − a₁ ∘ a₁)").coloured(VERMILLION),
            ],
            nodes: vec![x, w1, b1, a1, product, sum, tanh],
            ..Diagram::default()
        }),
    }
}
