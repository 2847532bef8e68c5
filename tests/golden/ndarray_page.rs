//! The table of *The ndarray you need*: each row is run, and the page must show what came out.

use ndarray::{Array1, Array2, Axis, array, s};
use std::{fmt::Display, fs, path::Path};

/// A result as the page writes it: on one line.
fn shown(result: impl Display) -> String {
    let lines = result.to_string();
    lines.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

macro_rules! rows {
    ($($code:expr),* $(,)?) => {
        // Within a table, the bars of a closure are escaped
        [$(format!("| `{}` | `{}` |", stringify!($code).replace('|', "\\|"), shown($code))),*]
    };
}

#[test]
fn table_shows_what_each_expression_gives() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src/ndarray.md");
    let page = fs::read_to_string(path).unwrap();
    let x: Array2<f64> = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
    let mut w: Array1<f64> = array![10.0, 1.0];
    let b = array![100.0, 200.0];
    let mut rows = rows![
        x[[2, 0]],
        x.nrows(),
        Array1::<f64>::zeros(2),
        x.row(0),
        x.t(),
        w.dot(&b),
        x.dot(&w),
        x.t().dot(&x),
        &w * 2.0,
        &w * &b,
        &x + &b,
        w.mapv(|v| v + 1.0),
        x.sum(),
        x.sum_axis(Axis(0)),
        x.sum_axis(Axis(1)),
        x.map_axis(Axis(1), |row| row[0]),
        x.slice(s![1.., 0]),
        x.slice(s![.., ..;-1]),
        x.select(Axis(0), &[2, 0]),
    ]
    .to_vec();
    w.scaled_add(0.5, &b);
    rows.push(format!("| `w.scaled_add(0.5, &b)` | | in place: `w` is now `{}` |", shown(&w)));
    rows.extend(rows![w.insert_axis(Axis(1))]);
    for row in rows {
        assert!(page.contains(&row), "the page does not have the row {row}");
    }
}
