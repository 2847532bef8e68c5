//! The picture of an IDX file.

use crate::kit::{
    Cell, Cells, Colour, Diagram, Edge, Figure, Note, Picture,
    palette::{AXIS, BLACK, BLUE, GREEN, INK, ORANGE, PURPLE, SKY_BLUE, VERMILLION, WHITE},
};
use chapters::{chapter_05_mnist::Report, report::grouped};

/// The picture is as many units wide as a digit has pixels.
const WIDTH: f64 = 28.0;
/// How large the cells of the header and of the small digit are, and where they begin.
const BYTE: [f64; 2] = [WIDTH / 16.0, 1.5];
const STRIP: f64 = 2.6;
const PIXEL: f64 = 0.4;
const DIGIT: [f64; 2] = [0.0, 8.1];
/// Which digit of the file is shown: one that is easy to read.
const SHOWN: usize = 3;

fn hexadecimal(byte: u8) -> String {
    format!("{byte:02x}")
}

/// The header's bytes, what each means, and the pixels of one digit, if there is one.
pub fn bytes(report: &Report) -> Option<Figure> {
    let digit = report.penned_digits.get(SHOWN)?.values().mapv(|grey| grey.round() as u8);
    let (height, width) = digit.dim();
    let row = height / 2;
    let pixels = digit.rows().into_iter().nth(row)?.to_vec();
    let first_byte = report.idx_header.len();
    let lengths = lengths(&report.idx_header);
    let [count, ..] = lengths;
    let told: Vec<String> = report.idx_header.iter().map(|&byte| hexadecimal(byte)).collect();

    // The small digit, with one row of it written out below
    let ink = |byte: u8| WHITE.mix(BLACK, f64::from(byte) / 255.0);
    let small = Cells {
        at: DIGIT,
        cell: [PIXEL; 2],
        rows: digit
            .rows()
            .into_iter()
            .map(|row| row.iter().map(|&byte| Cell::new("", ink(byte))).collect())
            .collect(),
    };
    let bottom = DIGIT[1] + PIXEL * height as f64;
    let strip = bottom + 1.4;
    let side = WIDTH / width as f64;
    let written_out = Cells::strip(
        [0.0, strip],
        [side, 1.3],
        pixels.iter().map(|&byte| Cell::new(hexadecimal(byte), ink(byte))).collect(),
    );
    let beside = DIGIT[0] + PIXEL * width as f64;
    let at_row = DIGIT[1] + (row as f64 + 0.5) * PIXEL;
    let [above, below] = [row, row + 1].map(|row| DIGIT[1] + row as f64 * PIXEL);
    // Begun and ended in the middle of a side, so that the corners are closed
    let (left, right) = (-0.15, beside + 0.15);
    let corners = [[right, above], [right, below], [left, below], [left, above]];
    let around_row = [&[[0.0, above]], &corners[..], &[[0.5, above]]].concat();
    let around_row = Edge::line(around_row, VERMILLION);
    let down = vec![[beside + 0.1, at_row], [beside + 1.0, at_row], [beside + 1.0, strip]];

    let mut notes = header_notes(&lengths);
    let first = first_byte + (SHOWN * height + row) * width;
    notes.extend([
        Note::new(
            [0.0, DIGIT[1] - 1.1],
            format!("From byte {first_byte} on, the pixels: one byte each, row after row"),
        )
        .beginning()
        .bold(),
        Note::new(
            [beside + 1.8, DIGIT[1] + 2.6],
            format!("Digit {SHOWN}, counted from 0:\n00 is paper and ff is ink."),
        )
        .beginning(),
        Note::new(
            [beside + 1.8, at_row + 1.6],
            format!("Row {row}, counted from 0:\nbytes {first} to {}", first + width - 1),
        )
        .beginning(),
    ]);
    Some(Figure {
        name: "chapter-05-idx".to_owned(),
        alt: format!(
            "The bytes of an IDX file. Its header is {}: two zeros, 08 for unsigned bytes, 03 for three \
             dimensions, then their lengths, {}. From byte {first_byte} on come the pixels; row {row} of \
             digit {SHOWN}, both counted from 0, is {}.",
            told.join(" "),
            lengths.iter().map(|&n| grouped(n)).collect::<Vec<_>>().join(", "),
            pixels.iter().map(|&byte| hexadecimal(byte)).collect::<Vec<_>>().join(" ")
        ),
        picture: Picture::Diagram(Diagram {
            title: format!(
                "{first_byte} bytes say what follows: {} digits, a byte for each pixel",
                grouped(count)
            ),
            size: [WIDTH, strip + 1.3],
            edges: [header_edges(), vec![Edge::arrow(down, VERMILLION).weighted(1.0), around_row]]
                .concat(),
            cells: vec![header_cells(&report.idx_header), small, written_out],
            nodes: Vec::new(),
            notes,
        }),
    })
}

/// The lengths of the three dimensions.
fn lengths(header: &[u8; 16]) -> [usize; 3] {
    [4, 8, 12].map(|at| {
        header[at..at + 4].iter().fold(0, |length, &byte| length << 8 | usize::from(byte))
    })
}

/// What a byte of the header is coloured with.
fn colour(index: usize) -> Colour {
    match index {
        0 | 1 => AXIS,
        2 => ORANGE,
        3 => PURPLE,
        _ => [BLUE, GREEN, SKY_BLUE][(index / 4 - 1) % 3],
    }
}

fn header_cells(header: &[u8]) -> Cells {
    let cells = header.iter().enumerate();
    let cells = cells.map(|(i, &byte)| Cell::pale(hexadecimal(byte), colour(i)));
    Cells::strip([0.0, STRIP], BYTE, cells.collect())
}

/// Where the middle of a byte of the header is.
fn middle(index: f64) -> f64 {
    (index + 0.5) * BYTE[0]
}

fn header_edges() -> Vec<Edge> {
    let above = |index: usize, y: f64| {
        let x = middle(index as f64);
        Edge::line(vec![[x, y], [x, STRIP]], AXIS).weighted(0.5)
    };
    // A bracket under the four bytes of each length
    let below = STRIP + BYTE[1];
    let bracket = |first: usize| {
        let [left, right] = [first as f64 * BYTE[0] + 0.15, (first + 4) as f64 * BYTE[0] - 0.15];
        let corners =
            vec![[left, below], [left, below + 0.5], [right, below + 0.5], [right, below]];
        Edge::line(corners, AXIS).weighted(0.5)
    };
    vec![above(2, 0.9), above(3, 1.9), bracket(4), bracket(8), bracket(12)]
}

fn header_notes(lengths: &[usize]) -> Vec<Note> {
    let whats = ["digits", "rows", "columns"];
    let of_length = |(i, (&length, what)): (usize, (&usize, &str))| {
        let at = [middle(4.0 * i as f64 + 5.5), STRIP + BYTE[1] + 1.1];
        Note::new(at, format!("{} {what}", grouped(length))).coloured(INK)
    };
    let mut notes: Vec<Note> = lengths.iter().zip(whats).enumerate().map(of_length).collect();
    notes.extend([
        Note::new([middle(0.5), STRIP + BYTE[1] + 1.1], "always 0"),
        Note::new([middle(2.0) - 0.2, 0.5], "08: each number is an unsigned byte").beginning(),
        Note::new([middle(3.0) - 0.2, 1.5], "03: there are three dimensions").beginning(),
    ]);
    notes
}
