//! Small tables to learn from.

use std::{f64::consts::PI, fmt::Write};

/// Numbers that look random and are the same everywhere: SplitMix64 (Steele, Lea & Flood, *Fast
/// splittable pseudorandom number generators*, 2014).
pub struct Numbers(pub u64);

impl Numbers {
    /// From 0 to less than 1.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as f64 / 2_f64.powi(64)
    }

    /// Around 0 with a deviation of 1: twelve times a variance of 1/12.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

fn table(
    headings: &str,
    rows: usize,
    mut row: impl FnMut(&mut Numbers, usize) -> String,
) -> String {
    let mut numbers = Numbers(1);
    let mut table = format!("{headings}\n");
    for i in 0..rows {
        writeln!(table, "{}", row(&mut numbers, i)).unwrap();
    }
    table
}

/// Two half circles that reach into each other; a few points lie in the other's.
pub fn moons(rows: usize) -> String {
    table("x,y,label", rows, |numbers, i| {
        let angle = PI * numbers.uniform();
        let (x, y) = match i % 2 {
            0 => (angle.cos(), angle.sin()),
            _ => (1.0 - angle.cos(), 0.5 - angle.sin()),
        };
        format!("{},{},{}", x + 0.2 * numbers.normal(), y + 0.2 * numbers.normal(), i % 2)
    })
}

/// Three rings around each other, which touch here and there.
pub fn rings(rows: usize) -> String {
    table("x,y,ring", rows, |numbers, i| {
        let (angle, radius) = (2.0 * PI * numbers.uniform(), (1 + i % 3) as f64);
        let radius = radius + 0.22 * numbers.normal();
        format!("{},{},{}", radius * angle.cos(), radius * angle.sin(), i % 3 + 1)
    })
}

/// Flowers like those of Fisher: one kind stands apart, the two others overlap.
pub fn clouds(rows: usize) -> String {
    const KINDS: [(&str, [f64; 4]); 3] = [
        ("setosa", [5.0, 3.4, 1.5, 0.2]),
        ("versicolor", [5.9, 2.8, 4.3, 1.3]),
        ("virginica", [6.6, 3.0, 5.5, 2.0]),
    ];
    const DEVIATIONS: [f64; 4] = [0.5, 0.3, 0.45, 0.22];
    let headings = "sepal length,sepal width,petal length,petal width,species";
    table(headings, rows, |numbers, i| {
        let (kind, means) = KINDS[i % 3];
        let parts = means.iter().zip(DEVIATIONS);
        let parts: Vec<String> =
            parts.map(|(mean, d)| format!("{:.1}", mean + d * numbers.normal())).collect();
        format!("{},{kind}", parts.join(","))
    })
}

/// A record that takes no time.
pub const MINI: &str = r#"{"name": "mini", "goal": "study", "by": "a test", "learns_from": "penned",
"judged_on": "penned", "digits": 100, "config": {"hidden": [3], "activation": "relu",
"initialisation": "he", "optimiser": "adam", "learning_rate": 0.01, "schedule": "constant", "batch": 20,
"epochs": 1, "lambda": 0.0, "validation": 0.0, "patience": null, "seed": 1, "plain": false}}"#;
