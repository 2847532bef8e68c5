use super::{
    super::{
        blocked::{BLOCK, Blocked, Line},
        matmul::Columns,
    },
    *,
};
use ndarray::{Array2, s};

/// Small whole numbers: any order of adding them up is exact.
fn numbers(rows: usize, columns: usize) -> Blocked {
    Blocked::from_fn(rows, columns, |i, j| ((7 * i + 3 * j) % 11) as f32 - 5.0)
}

fn array(matrix: &Blocked) -> Array2<f32> {
    Array2::from_shape_fn(matrix.dim(), |(i, j)| matrix.get(i, j))
}

/// `B · A`, block by block; `B` is `lhs`, or its transpose.
fn product(width: Width, lhs: &Blocked, transposed: bool, rhs: &Blocked) -> Blocked {
    let rows = if transposed { lhs.dim().1 } else { lhs.dim().0 };
    let mut c = Blocked::zeros(rows, rhs.dim().1);
    let strips = c.strips();
    for (b, c) in c.blocks_mut().enumerate() {
        let lhs = if transposed {
            Lhs::Columns { matrix: lhs, first: b * BLOCK }
        } else {
            Lhs::Rows { block: lhs.block(b), columns: Columns::First(lhs.dim().1) }
        };
        Matmul { lhs, rhs, strips, rows: c.len() / strips, c }.write(width);
    }
    c
}

/// Rows, depth and columns.
const SHAPES: [[usize; 3]; 9] = [
    [1, 1, 1],
    [3, 5, 2],
    [1, 40, 33],
    [64, 17, 10],
    [128, 300, 100],
    [12, 7, 16],
    [29, 48, 130],
    [97, 49, 17],
    [2, 0, 3],
];

#[test]
fn product_is_ndarrays_whatever_the_shape_and_the_width() {
    for width in Width::available() {
        for [rows, depth, columns] in SHAPES {
            let [a, b, across] = [[depth, columns], [rows, depth], [depth, rows]]
                .map(|[rows, columns]| numbers(rows, columns));
            let found = array(&product(width, &b, false, &a));
            assert_eq!(found, array(&b).dot(&array(&a)), "{width}: {rows} {depth} {columns}");
            let found = array(&product(width, &across, true, &a));
            assert_eq!(found, array(&across).t().dot(&array(&a)), "{width}: {rows} {depth}");
        }
    }
}

/// Where each step rounds, the order of adding up and the rounding are the same for all that have FMA.
#[test]
fn widths_that_multiply_and_add_at_once_agree_bit_for_bit() {
    let noise = |i: usize, j: usize| ((i * 131 + j * 7919) % 1013) as f32 / 1013.0 - 0.5;
    let [a, b] = [Blocked::from_fn(300, 130, noise), Blocked::from_fn(50, 300, noise)];
    let [plain, fused]: [Vec<Width>; 2] =
        [true, false].map(|p| Width::available().filter(|&w| (w == Width::Plain) == p).collect());
    let found = |width: &Width| array(&product(*width, &b, false, &a));
    assert!(fused.windows(2).all(|pair| found(&pair[0]) == found(&pair[1])));
    // The others round twice: 300 terms of at most 1/4, each off by half a unit in the last place
    for width in plain.iter().chain(&fused) {
        let apart = found(width) - array(&b).dot(&array(&a));
        assert!(apart.iter().all(|d| d.abs() < 1e-5), "{width}");
    }
}

#[test]
fn numbers_of_a_row_may_be_left_out() {
    // As for mini-batches with blank pixels: only the other pixels, with their weights
    let (b, a) = (numbers(60, 100), numbers(40, 32));
    let chosen: Vec<usize> = (0..40).map(|k| 2 * k + k / 7).collect();
    let columns: Vec<u32> = chosen.iter().map(|&k| k as u32).collect();
    let right = Array2::from_shape_fn((60, 40), |(i, j)| b.get(i, chosen[j])).dot(&array(&a));
    for width in Width::available() {
        let mut c = vec![Line::default(); 2 * 12];
        let lhs = Lhs::Rows { block: b.block(1), columns: Columns::Chosen(&columns) };
        Matmul { lhs, rhs: &a, strips: 2, c: &mut c, rows: 12 }.write(width);
        let found = Array2::from_shape_fn((12, 32), |(i, j)| c[j / LINE * 12 + i].0[j % LINE]);
        assert_eq!(found, right.slice(s![BLOCK.., ..]));
    }
}
