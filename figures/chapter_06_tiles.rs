//! The pictures of a register tile, and of how matrices lie for it.

use crate::kit::{
    Cell, Cells, Colour, Diagram, Edge, Figure, Note, Picture,
    palette::{AXIS, BLUE, GREEN, INK, ORANGE, WHITE},
};
use chapters::chapter_06_speed::{Report, TileSize, Width};

/// Both pictures.
pub fn figures(report: &Report) -> Vec<Figure> {
    let in_use = Width::ALL.into_iter().find(|width| width.to_string() == report.vectors);
    vec![tile(in_use.unwrap_or(Width::Plain)), products()]
}

/// Sums, numbers of the left factor, vectors of the right one.
const SUM: Colour = GREEN;
const NUMBER: Colour = ORANGE;
const VECTOR: Colour = BLUE;

/// How many units the pictures are wide.
const WIDTH: f64 = 24.0;

/// One step of a tile's sums: a column of `B` times a row of `A`.
fn tile(width: Width) -> Figure {
    let TileSize { rows, vectors, numbers, registers } = width.tile();
    let (sums, used) = (rows * vectors, rows * vectors + vectors + 1);
    let (left, gap) = (6.2, 0.5);
    let lane = (WIDTH - left - gap * (vectors - 1) as f64) / (vectors * numbers) as f64;
    let vector_at = |v: usize| left + v as f64 * (lane * numbers as f64 + gap);
    let middle = |v: usize| vector_at(v) + lane * numbers as f64 / 2.0;
    let height = if rows > 8 { 0.85 } else { 1.1 };
    let (of_a, of_c) = (1.2, 3.7);
    let row_at = |i: usize| of_c + i as f64 * (height + 0.12);

    // The vectors of A, the numbers of B, and a sum for each pair
    let lanes = || (0..numbers).map(|_| Cell::pale("", VECTOR)).collect();
    let mut cells: Vec<Cells> =
        (0..vectors).map(|v| Cells::strip([vector_at(v), of_a], [lane, height], lanes())).collect();
    let name = |v: usize| Note::new([middle(v), of_a - 0.6], format!("a_{{{}}}", v + 1));
    let mut notes: Vec<Note> = (0..vectors).map(name).collect();
    for i in 0..rows {
        let number = Cell::pale(format!("b_{{{}}}", i + 1), NUMBER);
        cells.push(Cells::strip([3.9, row_at(i)], [1.6, height], vec![number]));
        for v in 0..vectors {
            let words = format!("c + b_{{{}}} a_{{{}}}", i + 1, v + 1);
            let size = [lane * numbers as f64, height];
            cells.push(Cells::strip([vector_at(v), row_at(i)], size, vec![Cell::pale(words, SUM)]));
        }
    }
    let bottom = row_at(rows);
    notes.extend([
        Note::new(
            [0.0, of_a + height / 2.0],
            format!("a row of A:\n{vectors} vectors of\n{numbers} numbers"),
        )
            .beginning()
            .coloured(VECTOR)
            .bold(),
        Note::new([0.0, row_at(0) + 2.4], "a column\nof B, one\nnumber\nat a time")
            .beginning()
            .coloured(NUMBER)
            .bold(),
        Note::new([left, of_c - 0.6], format!("{sums} sums of {numbers} numbers, which stay in registers"))
            .beginning()
            .coloured(SUM)
            .bold(),
        Note::new(
            [0.0, bottom + 1.0],
            format!("The {registers} registers: {sums} sums, {vectors} vectors of A, 1 number of B in every lane"),
        )
        .beginning(),
    ]);

    // What is in each register
    let colours = [(sums, "c", SUM), (vectors, "a", VECTOR), (1, "b", NUMBER)];
    let mut strip: Vec<Cell> = colours
        .iter()
        .flat_map(|&(count, name, colour)| vec![Cell::pale(name, colour); count])
        .collect();
    strip.resize(registers, Cell::white(""));
    cells.push(Cells::strip([0.0, bottom + 1.7], [WIDTH / registers as f64, 1.2], strip));
    Figure {
        name: "chapter-06-tile".to_owned(),
        alt: format!(
            "A register tile for {width} vectors: {rows} rows and {vectors} vectors of {numbers} numbers. A \
             row of A is fetched as {vectors} vectors, and a column of B as {rows} numbers, one at a time; \
             every number times every vector is added to one of {sums} sums. The sums, the vectors of A and \
             a number of B take {used} of {registers} registers."
        ),
        picture: Picture::Diagram(Diagram {
            title: format!(
                "{vectors} vectors and {rows} numbers are fetched for {sums} multiply-adds"
            ),
            size: [WIDTH, bottom + 2.9],
            cells,
            notes,
            ..Diagram::default()
        }),
    }
}

/// How wide a strip of 16 numbers is; a block of 48 is three times as high.
const STRIP: f64 = 0.5;
/// How long each side of a matrix is, in strips.
const UNITS: usize = 6;
const INPUTS: usize = 9;
const EXAMPLES: usize = 6;
const STRIPS_IN_BLOCK: usize = 3;

/// A matrix as it is stored: blocks below each other, each in strips.
struct Matrix {
    name: &'static str,
    rows: (&'static str, usize),
    columns: (&'static str, usize),
    /// Whether all rows are in one block.
    one_block: bool,
    colour: Colour,
    /// What of it one block of the result needs: the first strip of rows and how many, and the same of
    /// columns.
    needed: [(usize, usize); 2],
    /// In which direction it is gone through: down, to the right, or neither.
    way: Option<bool>,
}

const DOWN: Option<bool> = Some(true);
const RIGHT: Option<bool> = Some(false);

impl Matrix {
    fn height(&self) -> f64 {
        self.rows.1 as f64 * STRIP
    }

    fn width(&self) -> f64 {
        self.columns.1 as f64 * STRIP
    }

    fn draw(&self, [left, top]: [f64; 2], diagram: &mut Diagram) {
        let [(first_row, rows), (first_column, columns)] = self.needed;
        let step = if self.one_block { self.rows.1 } else { STRIPS_IN_BLOCK };
        for block in (0..self.rows.1).step_by(step) {
            let has_rows = (first_row..first_row + rows).contains(&block);
            let cell = |strip: usize| {
                let has_columns = (first_column..first_column + columns).contains(&strip);
                let ground =
                    if has_rows && has_columns { WHITE.mix(self.colour, 0.45) } else { WHITE };
                Cell::new("", ground)
            };
            let cells = (0..self.columns.1).map(cell).collect();
            // Blocks are told by the space between them
            let at = [left, top + block as f64 * STRIP + 0.06];
            let size = [STRIP, step as f64 * STRIP - 0.12];
            diagram.cells.push(Cells::strip(at, size, cells));
        }
        let middle = [left + self.width() / 2.0, top + self.height() / 2.0];
        let notes = [
            Note::new([middle[0], top - 0.5], self.columns.0).coloured(AXIS),
            Note::new([left - 0.25, middle[1]], self.rows.0).coloured(AXIS).ending(),
            Note::new([middle[0], top + self.height() + 0.55], self.name).bold(),
        ];
        diagram.notes.extend(notes);
        if let Some(down) = self.way {
            let [row, column] = [(first_row, rows), (first_column, columns)]
                .map(|(first, count)| (first as f64 + count as f64 / 2.0) * STRIP);
            let ends = if down {
                let x = left + column;
                [[x, top + 0.1], [x, top + self.height() - 0.1]]
            } else {
                let y = top + row;
                [[left + 0.1, y], [left + self.width() - 0.1, y]]
            };
            diagram.edges.push(Edge::arrow(ends.into(), INK));
        }
    }
}

/// The three products of a layer, each with the matrices as they are stored.
fn products() -> Figure {
    let block = (0, STRIPS_IN_BLOCK);
    let strip = (2, 1);
    let all = (0, usize::MAX / 2);
    let (units, inputs, examples) = (("units", UNITS), ("inputs", INPUTS), ("examples", EXAMPLES));
    let matrix = |name, rows, columns, colour, needed, way| Matrix {
        name,
        rows,
        columns,
        one_block: false,
        colour,
        needed,
        way,
    };
    let of = [
        (
            "Forward: Z = W X",
            [
                matrix("W", units, inputs, NUMBER, [block, all], RIGHT),
                matrix("X, a row per input", inputs, examples, VECTOR, [all, strip], DOWN),
                matrix("Z", units, examples, SUM, [block, strip], None),
            ],
        ),
        (
            "Back: W^{T} Δ",
            [
                matrix("W", units, inputs, NUMBER, [all, block], DOWN),
                matrix("Δ", units, examples, VECTOR, [all, strip], DOWN),
                matrix("W^{T} Δ", inputs, examples, SUM, [block, strip], None),
            ],
        ),
        (
            "Gradient: Δ X^{T}",
            [
                matrix("Δ", units, examples, NUMBER, [block, all], RIGHT),
                Matrix {
                    one_block: true,
                    ..matrix(
                        "X^{T}, a row per example",
                        examples,
                        inputs,
                        VECTOR,
                        [all, strip],
                        DOWN,
                    )
                },
                matrix("Δ X^{T}", units, inputs, SUM, [block, strip], None),
            ],
        ),
    ];
    let mut diagram = Diagram {
        title: "All three products read W and Δ as they are stored; only X is stored twice"
            .to_owned(),
        ..Diagram::default()
    };
    let mut top = 0.0;
    for (heading, matrices) in of {
        diagram.notes.push(Note::new([0.0, top + 0.5], heading).beginning().bold());
        let tallest = matrices.iter().map(Matrix::height).fold(0.0, f64::max);
        let middle = top + 2.1 + tallest / 2.0;
        for (matrix, left) in matrices.iter().zip([2.6, 11.0, 19.4]) {
            matrix.draw([left, middle - matrix.height() / 2.0], &mut diagram);
        }
        for (sign, x) in [("·", 7.6), ("=", 16.0)] {
            diagram.notes.push(Note::new([x, middle], sign).bold());
        }
        top += 2.1 + tallest + 1.5;
    }
    let key = [
        (0.0, NUMBER, "one number at a time"),
        (9.4, VECTOR, "by vectors"),
        (15.2, SUM, "a block of sums"),
    ];
    for (x, colour, words) in key {
        let sample = vec![Cell::new("", WHITE.mix(colour, 0.45))];
        diagram.cells.push(Cells::strip([x, top + 0.1], [0.8, 0.8], sample));
        diagram.notes.push(Note::new([x + 1.1, top + 0.5], words).beginning());
    }
    let blocks = "Gaps separate blocks of 48 rows, lines strips of 16 columns.";
    diagram.notes.push(Note::new([0.0, top + 1.7], blocks).beginning());
    diagram.size = [WIDTH, top + 2.2];
    Figure {
        name: "chapter-06-products".to_owned(),
        alt: "The matrices of a layer’s three products, in blocks of 48 rows and strips of 16 columns. \
              Forward reads rows of W, one number at a time, and strips of X by vectors, where X has a row \
              for each unit. Back reads columns of the same W and strips of Δ. The gradient reads rows of \
              the same Δ, and strips of X by vectors, where X has a row for each example."
            .to_owned(),
        picture: Picture::Diagram(diagram),
    }
}
