//! The matrix products of one training step, by us and by other crates, on one core.
//!
//! All multiply the same random numbers, each in its own type of matrix. They take turns, so that a noisy
//! moment is noisy for all, and the shortest time of each counts. The times are written to
//! `target/tmp/products.json`, in milliseconds by product and crate.

mod network;

use chapters::{
    chapter_05_mnist::Initialisation,
    chapter_06_speed::{Blocked, Columns, Lhs, Matmul, Width},
    random::{Purpose, stream},
};
use faer::{Accum, Mat, Par, linalg::matmul::matmul};
use gemm::{Parallelism, gemm};
use ndarray::{Array2, linalg::general_mat_mul};
use network::{MINI_BATCH, SIZES};
use std::{collections::BTreeMap, fs, time::Instant};

/// How many turns each has, and how often it multiplies in each.
const TURNS: usize = 100;
const TIMES: usize = 3;

/// Multiplies, and returns the last number of the product.
type Product<'a> = Box<dyn FnMut() -> f32 + 'a>;

/// Every product of a step: its name, and `[m, k, n]` of an `(m, k)` with a `(k, n)` matrix.
fn shapes() -> Vec<(String, [usize; 3])> {
    let of_layer = |(l, pair): (usize, &[usize])| {
        let (m, [n, k]) = (MINI_BATCH, [pair[0], pair[1]]);
        let forward = (format!("forward {n} to {k}"), [m, n, k]);
        let gradient = (format!("gradient {n} to {k}"), [n, m, k]);
        let back = (l > 0).then(|| (format!("back {n} to {k}"), [m, k, n]));
        [Some(forward), Some(gradient), back].into_iter().flatten()
    };
    SIZES.windows(2).enumerate().flat_map(of_layer).collect()
}

fn blocked(numbers: &Array2<f32>) -> Blocked {
    Blocked::from_fn(numbers.nrows(), numbers.ncols(), |i, j| numbers[[i, j]])
}

/// The shortest milliseconds of each contender.
fn race(mut contenders: Vec<(String, Product)>, right: f32) -> BTreeMap<String, f64> {
    let mut shortest = BTreeMap::new();
    for _ in 0..TURNS {
        for (name, product) in &mut contenders {
            for _ in 0..TIMES {
                let start = Instant::now();
                let last = product();
                let milliseconds = 1e3 * start.elapsed().as_secs_f64();
                // Timed only if the last number of C is correct
                assert!((last - right).abs() < 1e-3, "{name} gives {last} instead of {right}");
                let best = shortest.entry(name.clone()).or_insert(f64::INFINITY);
                *best = best.min(milliseconds);
            }
        }
    }
    shortest
}

fn main() {
    let mut rng = stream(1, Purpose::Data);
    let mut found = BTreeMap::new();
    for (name, [m, k, n]) in shapes() {
        let [b, a] = [[m, k], [k, n]].map(|[rows, columns]| {
            Initialisation::StandardNormal.draw::<f32>(rows, columns, &mut rng)
        });
        let right = b.row(m - 1).dot(&a.column(n - 1));

        let packed = [&b, &a].map(blocked);
        let [b_blocked, a_blocked] = &packed;
        let mut contenders: Vec<(String, Product)> = Vec::new();
        for width in Width::available() {
            let mut c = Blocked::zeros(m, n);
            let ours = move || {
                let strips = c.strips();
                for (block, c) in c.blocks_mut().enumerate() {
                    let lhs =
                        Lhs::Rows { block: b_blocked.block(block), columns: Columns::First(k) };
                    Matmul { lhs, rhs: a_blocked, strips, rows: c.len() / strips, c }.write(width);
                }
                c.get(m - 1, n - 1)
            };
            contenders.push((width.to_string(), Box::new(ours)));
        }

        let mut c = Array2::zeros((m, n));
        let (b_rows, a_rows) = (&b, &a);
        let ndarray = move || {
            general_mat_mul(1.0, b_rows, a_rows, 0.0, &mut c);
            c[[m - 1, n - 1]]
        };
        contenders.push(("ndarray".to_owned(), Box::new(ndarray)));

        let mut c = Array2::zeros((m, n));
        let slices = [&b, &a].map(|from| from.as_slice().expect("drawn row by row"));
        let gemm = move || {
            let ([b, a], c_first) = (slices.map(<[f32]>::as_ptr), c.as_mut_ptr());
            // SAFETY: the three matrices lie row after row, without gaps, in as much memory as
            // their shapes say, and nothing else writes to C meanwhile.
            unsafe {
                gemm(
                    m,
                    n,
                    k,
                    c_first,
                    1,
                    n as isize,
                    false,
                    b,
                    1,
                    k as isize,
                    a,
                    1,
                    n as isize,
                    0.0,
                    1.0,
                    false,
                    false,
                    false,
                    Parallelism::None,
                );
            }
            c[[m - 1, n - 1]]
        };
        contenders.push(("gemm".to_owned(), Box::new(gemm)));

        let [b, a] =
            [&b, &a].map(|from| Mat::from_fn(from.nrows(), from.ncols(), |i, j| from[[i, j]]));
        let mut c = Mat::zeros(m, n);
        let faer = move || {
            matmul(&mut c, Accum::Replace, &b, &a, 1.0, Par::Seq);
            c[(m - 1, n - 1)]
        };
        contenders.push(("faer".to_owned(), Box::new(faer)));

        found.insert(name, race(contenders, right));
    }
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/products.json");
    let json = serde_json::to_vec_pretty(&found).expect("names and numbers");
    fs::write(path, json).unwrap_or_else(|error| panic!("{path}: {error}"));
}
