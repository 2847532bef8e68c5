use super::*;

fn line_chart(title: &str) -> Figure {
    let curve = |label: &str, i: usize| Curve {
        label: label.to_owned(),
        points: (1..20).map(|x| [f64::from(x), f64::from(x).powi(i as i32)]).collect(),
        band: (1..20).map(|x| [f64::from(x) * 0.9, f64::from(x).powi(3)]).collect(),
        style: Style::nth(i),
    };
    figure(Picture::LineChart(LineChart {
        title: title.to_owned(),
        x: Axis::linear("epoch"),
        y: Axis::log10("cost"),
        curves: vec![curve("one", 1), curve("two", 2)],
        references: vec![Reference::Horizontal { at: 10.0, label: "guessing".to_owned() }],
        ..LineChart::default()
    }))
}

fn grid() -> Grid {
    Grid::sample([-1.0, 1.0], [-2.0, 2.0], 9, 7, |x, y| (x * x + y * y) / 5.0)
}

fn figure(picture: Picture) -> Figure {
    Figure { name: "test".to_owned(), alt: String::new(), picture }
}

fn diagram() -> Diagram {
    let nodes = vec![
        Node::circle([1.0, 1.0], "x₁", palette::BLUE),
        Node::boxed([4.0, 1.0], [1.6, 1.0], "tanh\n(z)", palette::GREEN),
        Node::bare([7.0, 1.0], [0.6, 0.8], "ŷ"),
        Node::dot([4.0, 2.0], palette::INK),
    ];
    Diagram {
        title: "Diagram".to_owned(),
        size: [8.0, 4.0],
        edges: vec![
            Edge::between(&nodes[0], &nodes[1]).labelled("w₂ = 0.5", 0.5),
            Edge::between(&nodes[1], &nodes[0]).backward().aside(0.4).labelled("δ₁", 0.3),
            Edge::between(&nodes[1], &nodes[2]).coloured(palette::PURPLE).aside(0.1).weighted(2.0),
            Edge::line(vec![[0.0, 3.9], [8.0, 3.9]], palette::AXIS),
        ],
        cells: vec![Cells::strip(
            [1.0, 2.5],
            [0.8, 0.8],
            vec![Cell::white("08"), Cell::pale("03", palette::ORANGE)],
        )],
        nodes,
        notes: vec![Note::new([4.0, 3.0], "bytes").beginning().coloured(palette::BLUE).bold()],
    }
}

/// One picture of each kind.
fn one_of_each() -> Vec<Figure> {
    let region = Region {
        title: "4 hidden units".to_owned(),
        subtitle: "94.6 %".to_owned(),
        probabilities: vec![grid()],
        points: vec![
            DataPoint { at: [0.5, 1.0], class: 1 },
            DataPoint { at: [9.0, 9.0], class: 0 },
        ],
    };
    let scatter = Scatter {
        x: Axis::linear("length"),
        y: Axis::linear("breadth"),
        points: (0..9).map(|class| DataPoint { at: [f64::from(class), 2.0], class }).collect(),
    };
    let image = Image {
        width: 3,
        pixels: Pixels::Signed(vec![-1.0, 0.0, 1.0, 0.5, -0.5, 0.2]),
        caption: "7 read as 1\n93 % sure".to_owned(),
    };
    let trail = Trail {
        points: vec![[0.9, 1.0], [0.4, 0.3], [0.0, 0.0]],
        start: "start".to_owned(),
        end: "end".to_owned(),
        style: Style::nth(1),
    };
    let arrow = Arrow {
        from: [-0.5, -1.0],
        to: [0.5, -1.0],
        label: "s".to_owned(),
        side: 1,
        style: Style::nth(3).dashed(),
    };
    vec![
        line_chart("A short title"),
        figure(Picture::Regions(RegionSheet {
            title: "Regions".to_owned(),
            panels: vec![region; 3],
            columns: 2,
            class_labels: vec!["inner".to_owned(), "outer".to_owned()],
        })),
        figure(Picture::Scatter(ScatterSheet {
            title: "Scatter".to_owned(),
            panels: vec![scatter; 3],
            columns: 2,
            class_labels: (0..9).map(|class| format!("class {class}")).collect(),
        })),
        figure(Picture::Images(ImageGrid {
            title: "Images".to_owned(),
            images: vec![image; 5],
            columns: 3,
            value_title: "weight".to_owned(),
        })),
        figure(Picture::Confusion(ConfusionMatrix {
            title: "Confusion".to_owned(),
            labels: vec!["0".to_owned(), "1".to_owned()],
            counts: vec![vec![5, 1], vec![0, 7]],
            row_title: "shown".to_owned(),
            column_title: "read".to_owned(),
        })),
        figure(Picture::Contour(Contour {
            title: "Contour".to_owned(),
            x: Axis::linear("w₁"),
            y: Axis::linear("w₂"),
            z_title: "cost".to_owned(),
            grid: grid(),
            logarithmic: true,
            trails: vec![trail],
            arrows: vec![arrow],
        })),
        figure(Picture::Diagram(diagram())),
    ]
}

#[test]
fn every_kind_is_drawn_as_png_and_as_svg() {
    for figure in one_of_each() {
        assert!(figure.png().unwrap().starts_with(b"\x89PNG"));
        assert!(figure.svg().unwrap().starts_with("<svg"));
    }
}

#[test]
fn same_figure_gives_the_same_bytes() {
    for (once, again) in one_of_each().iter().zip(one_of_each()) {
        assert_eq!(once.png().unwrap(), again.png().unwrap());
    }
}

#[test]
fn title_of_any_length_stays_inside_the_picture() {
    let long = "A title that goes on and on and on ".repeat(8);
    for title in [long.as_str(), &"x".repeat(300)] {
        let Picture::LineChart(chart) = line_chart(title).picture else { unreachable!() };
        for shape in chart.canvas().unwrap().shapes {
            if let canvas::Shape::Text(text) = shape {
                assert!(text.at[0] + text.width().unwrap() <= canvas::WIDTH || text.anchor >= 0);
            }
        }
    }
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let empty = [
        Picture::LineChart(LineChart::default()),
        Picture::Regions(RegionSheet::default()),
        Picture::Scatter(ScatterSheet::default()),
        Picture::Images(ImageGrid::default()),
        Picture::Confusion(ConfusionMatrix::default()),
        Picture::Contour(Contour::default()),
        Picture::Diagram(Diagram::default()),
    ];
    for picture in empty {
        assert!(figure(picture).png().is_err());
    }
}

#[test]
fn parts_that_do_not_fit_together_are_refused() {
    let Picture::LineChart(mut chart) = line_chart("").picture else { unreachable!() };
    chart.curves[0].band.pop();
    let refused = figure(Picture::LineChart(chart)).png();
    assert!(matches!(refused, Err(DrawError::Count { expected: 19, found: 18, .. })));
}

#[test]
fn single_points_constant_curves_and_missing_values_are_drawn() {
    for points in
        [vec![[3.0, 5.0]], vec![[1.0, 2.0], [2.0, 2.0]], vec![[1.0, f64::NAN], [2.0, 1.0]]]
    {
        let curve = Curve { label: "a".to_owned(), points, band: Vec::new(), style: Style::nth(0) };
        let chart = LineChart {
            x: Axis::linear("x"),
            y: Axis::linear("y"),
            curves: vec![curve],
            ..LineChart::default()
        };
        assert!(figure(Picture::LineChart(chart)).png().is_ok());
    }
}

#[test]
fn edge_ends_at_the_outlines_of_its_nodes() {
    let diagram = diagram();
    let points = &diagram.edges[0].points;
    assert!((points[0][0] - 1.5).abs() < 0.02, "{:?}", points[0]);
    assert!((points[points.len() - 1][0] - 3.2).abs() < 0.02, "{:?}", points[points.len() - 1]);
}

/// Words of a diagram that leave the picture or meet other words.
pub(crate) fn clashes(diagram: &Diagram) -> Vec<String> {
    clashes_on(&diagram.canvas().unwrap())
}

fn clashes_on(canvas: &canvas::Canvas) -> Vec<String> {
    let area = |text: &canvas::Text| {
        let (width, [x, y]) = (text.width().unwrap(), text.at);
        let before = width * f64::from(text.anchor + 1) / 2.0;
        let (above, below) = (0.6 * text.size, 0.1 * text.size);
        if text.upwards {
            let (top, bottom) = (y + before - width, y + before);
            return canvas::Area { left: x - above, top, right: x + below, bottom };
        }
        let left = x - before;
        canvas::Area { left, top: y - above, right: left + width, bottom: y + below }
    };
    let texts = canvas.shapes.iter().filter_map(|shape| match shape {
        canvas::Shape::Text(text) => Some((text, area(text))),
        _ => None,
    });
    let texts: Vec<_> = texts.collect();
    let mut found = Vec::new();
    for (i, (text, a)) in texts.iter().enumerate() {
        if a.left < 0.0 || a.top < 0.0 || a.right > canvas::WIDTH || a.bottom > canvas.height {
            found.push(format!("“{}” leaves the picture", text.text));
        }
        for (other, b) in &texts[..i] {
            let apart = a.left > b.right - 1.0
                || b.left > a.right - 1.0
                || a.top > b.bottom
                || b.top > a.bottom;
            if !apart {
                found.push(format!("“{}” meets “{}”", text.text, other.text));
            }
        }
    }
    found
}

#[test]
fn words_that_meet_or_leave_the_picture_are_noticed() {
    let mut diagram = diagram();
    assert_eq!(clashes(&diagram), Vec::<String>::new());
    diagram.notes.push(Note::new([4.0, 3.0], "meets").beginning());
    diagram.notes.push(Note::new([7.9, 3.0], "leaves it").beginning());
    assert_eq!(clashes(&diagram), ["“meets” meets “bytes”", "“leaves it” leaves the picture"]);
}

/// As many names of any script and length.
fn names(count: usize) -> Names {
    let scripts = [
        "Latin",
        "λόγος",
        "слово",
        "ひらがな",
        "漢字",
        "한글",
        "العربية",
        "עברית",
        "ไทย",
        "हिन्दी",
        "😀",
    ];
    let name = |i: usize| format!("{}{}", scripts[i % 11].repeat(1 + i * i % 17), i / 11);
    Names::new("class", &(0..count).map(name).collect::<Vec<_>>())
}

#[test]
fn names_of_classes_stay_apart_and_inside() {
    for count in [2, 3, 10, 26, 60, 300] {
        let names = names(count);
        let counts = |i: usize| (0..count).map(|j| if i == j { 999 } else { i * j % 7 }).collect();
        let matrix = ConfusionMatrix {
            title: format!("{} for {}", names.short()[0], names.short()[1]),
            labels: names.short().to_vec(),
            counts: (0..count).map(counts).collect(),
            row_title: "true class".to_owned(),
            column_title: "predicted class".to_owned(),
        };
        let matrix = matrix.of_most_confused().unwrap();
        assert_eq!(matrix.labels.len(), count.min(26));
        assert_eq!(clashes_on(&matrix.canvas().unwrap()), Vec::<String>::new(), "{count} classes");
        let labels: Vec<String> = names.short().iter().take(12).cloned().collect();
        let scatter = |y| Scatter {
            x: Axis::linear(&labels[0]),
            y,
            points: (0..2).map(|class| DataPoint { at: [f64::from(class); 2], class }).collect(),
        };
        let categories = scatter(Axis::categories("", labels.iter().cloned()));
        for (panel, columns) in [(scatter(Axis::linear(&labels[1])), 3), (categories, 1)] {
            let sheet = ScatterSheet {
                title: String::new(),
                panels: vec![panel; columns],
                columns,
                class_labels: labels.clone(),
            };
            assert_eq!(clashes_on(&sheet.canvas().unwrap()), Vec::<String>::new());
        }
        let image = |label: &String| Image {
            width: 1,
            pixels: Pixels::Grey(vec![0]),
            caption: label.clone(),
        };
        let grid = ImageGrid {
            images: labels.iter().map(image).collect(),
            columns: 12,
            ..ImageGrid::default()
        };
        assert_eq!(clashes_on(&grid.canvas().unwrap()), Vec::<String>::new());
    }
}

#[test]
fn most_confused_classes_are_drawn_of_many() {
    let mut counts = vec![vec![0; 40]; 40];
    (counts[3][30], counts[30][7], counts[9][9]) = (5, 2, 90);
    let matrix = ConfusionMatrix {
        labels: (0..40).map(|i| i.to_string()).collect(),
        counts,
        ..ConfusionMatrix::default()
    };
    let matrix = matrix.of_most_confused().unwrap();
    assert_eq!(matrix.labels, ["3", "7", "30"]);
    assert_eq!(matrix.counts, [[0, 0, 5], [0, 0, 0], [0, 2, 0]]);
}
