use super::*;
use ndarray::{Array2, s};
use pulp::Scalar;
#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;

/// Small whole numbers, also where rows are filled up: any order of adding them up is exact.
fn numbers(rows: usize, columns: usize) -> Panel {
    let columns = columns.next_multiple_of(LANES);
    Panel::from_fn(rows, columns, |i, j| ((7 * i + 3 * j) % 11) as f32 - 5.0)
}

const SHAPES: [[usize; 3]; 8] = [
    [1, 1, 1],
    [3, 5, 2],
    [1, 40, 33],
    [64, 17, 10],
    [128, 300, 100],
    [12, 7, 16],
    [29, 48, 130],
    [2, 0, 3],
];

#[test]
fn product_is_ndarrays_whatever_the_shape() {
    for [rows, depth, m] in SHAPES {
        let [a, b, across] = [numbers(depth, m), numbers(rows, depth), numbers(depth, rows)];
        let a_view = a.rows().view(depth, m);
        let by_columns = across.rows().view(depth, rows).reversed_axes();
        for (factors, b) in [
            (Factors::Rows(b.rows()), b.rows().view(rows, depth)),
            (Factors::Columns(across.rows()), by_columns),
        ] {
            for with_ndarray in [false, true] {
                let mut c = numbers(rows, m);
                let product = Product::new(factors, (a.rows(), depth), (&mut c, rows), m);
                if with_ndarray {
                    product.write_with_ndarray();
                } else {
                    product.write();
                }
                assert_eq!(c.rows().view(rows, m), b.dot(&a_view), "{rows} {depth} {m}");
            }
        }
    }
}

/// With vectors of one number, which every processor has, and with those of older ones.
#[test]
fn vectors_of_every_kind_come_to_the_same() {
    for [rows, depth, m] in SHAPES {
        let [a, b, across] = [numbers(depth, m), numbers(rows, depth), numbers(depth, rows)];
        for factors in [Factors::Rows(b.rows()), Factors::Columns(across.rows())] {
            let mut c = [(); 3].map(|()| Panel::new(rows, m));
            let [widest, scalar, older] =
                c.each_mut().map(|c| Product::new(factors, (a.rows(), depth), (c, rows), m));
            widest.write();
            scalar.with_simd(Scalar);
            #[cfg(target_arch = "x86_64")]
            match V3::try_new() {
                Some(v3) => Simd::vectorize(v3, older),
                None => older.write(),
            }
            let [widest, scalar, older] = c.each_ref().map(|c| c.rows().view(rows, m));
            assert_eq!(widest, scalar);
            #[cfg(target_arch = "x86_64")]
            assert_eq!(widest, older);
        }
    }
}

#[test]
fn rows_may_stand_as_close_as_the_columns_allow() {
    for [rows, depth, columns] in SHAPES {
        let (a, b) = (numbers(depth, columns), numbers(rows, depth));
        let mut room = vec![f32::NAN; rows * columns + LANES];
        let (b_rows, stride) = (Factors::Rows(b.rows()), columns);
        Product { b: b_rows, a: a.rows(), depth, columns, c: &mut room, stride, rows }.write();
        let c = Array2::from_shape_vec((rows, columns), room[..rows * columns].to_vec());
        let right = b.rows().view(rows, depth).dot(&a.rows().view(depth, columns));
        assert_eq!(c.unwrap(), right);
    }
}

#[test]
fn part_of_a_product_is_the_same_bit_for_bit() {
    let [a, b] = [numbers(300, 128), numbers(50, 300)];
    let mut whole = Panel::new(50, 128);
    Product::new(Factors::Rows(b.rows()), (a.rows(), 300), (&mut whole, 50), 128).write();
    for first in [1, 7, 13, 48] {
        let (factors, rows) = (Factors::Rows(b.rows()).from(first), 50 - first);
        let mut part = Panel::new(rows, 128);
        Product::new(factors, (a.rows(), 300), (&mut part, rows), 128).write();
        let whole = whole.rows().view(50, 128);
        assert_eq!(part.rows().view(rows, 128), whole.slice(s![first.., ..]));
    }
}
