//! The matrix products of one training step, by us and by other crates, on one core.
//!
//! All multiply the same random numbers, each in its own type of matrix.

mod network;

use chapters::{
    chapter_05_mnist::Initialisation,
    chapter_06_speed::{Blocked, Columns, Lhs, Matmul, Width},
    random::{Purpose, stream},
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use faer::{Accum, Mat, Par, linalg::matmul::matmul};
use gemm::{Parallelism, gemm};
use ndarray::{Array2, linalg::general_mat_mul};
use network::{MINI_BATCH, SIZES};
use std::time::Duration;

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

fn products(criterion: &mut Criterion) {
    let mut rng = stream(1, Purpose::Data);
    for (name, [m, k, n]) in shapes() {
        let [b, a] = [[m, k], [k, n]].map(|[rows, columns]| {
            Initialisation::StandardNormal.draw::<f32>(rows, columns, &mut rng)
        });
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(2 * (m * k * n) as u64));

        // Each returns the last number of C, and is timed only if that is correct
        let right = b.row(m - 1).dot(&a.column(n - 1));
        let mut time = |name: &str, product: &mut dyn FnMut() -> f32| {
            let last = product();
            assert!((last - right).abs() < 1e-3, "{name} gives {last} instead of {right}");
            group.bench_function(name, |bencher| bencher.iter(&mut *product));
        };

        let ([b_blocked, a_blocked], mut c) = ([&b, &a].map(blocked), Blocked::zeros(m, n));
        for width in Width::available() {
            time(&width.to_string(), &mut || {
                let strips = c.strips();
                for (block, c) in c.blocks_mut().enumerate() {
                    let lhs =
                        Lhs::Rows { block: b_blocked.block(block), columns: Columns::First(k) };
                    Matmul { lhs, rhs: &a_blocked, strips, rows: c.len() / strips, c }.write(width);
                }
                c.get(m - 1, n - 1)
            });
        }

        let mut c = Array2::zeros((m, n));
        time("ndarray", &mut || {
            general_mat_mul(1.0, &b, &a, 0.0, &mut c);
            c[[m - 1, n - 1]]
        });

        let mut c = Array2::zeros((m, n));
        let slices = [&b, &a].map(|from| from.as_slice().expect("drawn row by row"));
        time("gemm", &mut || {
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
        });

        let [b, a] =
            [&b, &a].map(|from| Mat::from_fn(from.nrows(), from.ncols(), |i, j| from[[i, j]]));
        let mut c = Mat::zeros(m, n);
        time("faer", &mut || {
            matmul(&mut c, Accum::Replace, &b, &a, 1.0, Par::Seq);
            c[(m - 1, n - 1)]
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(2))
        .sample_size(50);
    targets = products
}
criterion_main!(benches);
