//! What experiments hand over: numbers and curves that can be written, read, printed and drawn.

use base64::{Engine, engine::general_purpose::STANDARD};
use ndarray::{Array1, Array2, ArrayView2};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One line of the table that ends the course: what an article claims, what was reached here.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was measured.
    pub what: String,
    /// What the inspiring article, or the mathematics, says.
    pub claimed: String,
    /// What came out.
    pub reached: String,
}

impl Finding {
    /// A line of the table.
    pub fn new(
        what: impl Into<String>,
        claimed: impl Into<String>,
        reached: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), claimed: claimed.into(), reached: reached.into() }
    }
}

/// A share from 0 to 1 as a percentage with one decimal.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A whole number with thin spaces between its thousands from five digits on, such as `60 000`.
pub fn grouped(count: usize) -> String {
    fn by_thousands(count: usize) -> String {
        match count {
            ..1000 => count.to_string(),
            _ => format!("{}\u{2009}{:03}", by_thousands(count / 1000), count % 1000),
        }
    }
    if count < 10_000 { count.to_string() } else { by_thousands(count) }
}

/// Values on a grid, kept in 65,536 levels so that a report with pictures stays small.
///
/// In JSON the levels are one base64 string, row by row, two bytes each, the lower one first.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Raster {
    /// The value of level 0.
    pub low: f64,
    /// The value of the highest level.
    pub high: f64,
    /// Levels, shape `(rows, columns)`.
    #[serde(flatten, with = "Levels")]
    levels: Array2<u16>,
}

/// The number of the highest level.
const HIGHEST: f64 = u16::MAX as f64;

impl Raster {
    /// Values from `low` to `high`, shape `(rows, columns)`; what lies outside is cut off.
    pub fn new(values: ArrayView2<f64>, low: f64, high: f64) -> Self {
        let level = |value: f64| ((value - low) / (high - low) * HIGHEST).round() as u16;
        Self { low, high, levels: values.mapv(level) }
    }

    /// Values of either sign, with 0 in the middle of the levels.
    pub fn signed(values: ArrayView2<f64>) -> Self {
        let most = values.fold(f64::MIN_POSITIVE, |most, value| value.abs().max(most));
        Self::new(values, -most, most)
    }

    /// Grey values from 0 to 255, shape `(rows, columns)`.
    pub fn grey(pixels: ArrayView2<u8>) -> Self {
        Self::new(pixels.mapv(f64::from).view(), 0.0, 255.0)
    }

    /// The values that the levels stand for, shape `(rows, columns)`.
    pub fn values(&self) -> Array2<f64> {
        let step = (self.high - self.low) / HIGHEST;
        self.levels.mapv(|level| self.low + step * f64::from(level))
    }
}

/// How levels stand in JSON.
#[derive(Deserialize, Serialize)]
struct Levels {
    rows: usize,
    columns: usize,
    base64: String,
}

impl Levels {
    fn serialize<S: Serializer>(levels: &Array2<u16>, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = levels.iter().flat_map(|level| level.to_le_bytes()).collect();
        let (rows, columns) = levels.dim();
        Serialize::serialize(&Self { rows, columns, base64: STANDARD.encode(bytes) }, serializer)
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Array2<u16>, D::Error> {
        let Self { rows, columns, base64 } = Deserialize::deserialize(deserializer)?;
        let bytes = STANDARD.decode(base64).map_err(serde::de::Error::custom)?;
        let (pairs, _) = bytes.as_chunks();
        let levels = pairs.iter().copied().map(u16::from_le_bytes).collect();
        Array2::from_shape_vec((rows, columns), levels).map_err(serde::de::Error::custom)
    }
}

/// Points of the plane with a class each.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Scatter {
    /// Coordinates.
    pub points: Vec<[f64; 2]>,
    /// Classes from 0, one per point.
    pub labels: Vec<usize>,
}

impl Scatter {
    /// The first two coordinates of each point; `x` has the shape `(m, n)` with `n` at least 2.
    pub fn new(x: ArrayView2<f64>, labels: impl IntoIterator<Item = usize>) -> Self {
        Self {
            points: x.rows().into_iter().map(|row| [row[0], row[1]]).collect(),
            labels: labels.into_iter().collect(),
        }
    }

    /// How far the farthest point lies from the origin along either axis.
    pub fn reach(&self) -> f64 {
        let coordinates = self.points.iter().flatten();
        coordinates.fold(0.0, |most, c| c.abs().max(most))
    }
}

/// What a function says on the square `[-reach, reach]²`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Map {
    /// Half the side of the square.
    pub reach: f64,
    /// The function's values: rows from the bottom up, columns from left to right.
    pub raster: Raster,
}

/// Grid points along each side of a [`Map`].
const SIDE: usize = 101;

impl Map {
    /// Asks `function`, from points of shape `(m, 2)` to values of shape `(m,)`, all over the
    /// square; the values lie between `low` and `high`.
    pub fn new(
        reach: f64,
        [low, high]: [f64; 2],
        function: impl Fn(ArrayView2<f64>) -> Array1<f64>,
    ) -> Self {
        let ticks = Array1::linspace(-reach, reach, SIDE);
        let points = Array2::from_shape_fn((SIDE * SIDE, 2), |(i, axis)| match axis {
            0 => ticks[i % SIDE],
            _ => ticks[i / SIDE],
        });
        let values = function(points.view());
        let grid = Array2::from_shape_fn((SIDE, SIDE), |(row, column)| values[row * SIDE + column]);
        Self { reach, raster: Raster::new(grid.view(), low, high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn thousands_stand_apart_from_five_digits_on() {
        let written = [7, 9999, 10_000, 123_456, 1_234_567].map(grouped);
        assert_eq!(
            written,
            ["7", "9999", "10\u{2009}000", "123\u{2009}456", "1\u{2009}234\u{2009}567"]
        );
    }

    #[test]
    fn raster_survives_json() {
        let raster = Raster::signed(array![[-2.0, 0.0, 1.0], [2.0, 0.5, -0.5]].view());
        let json = serde_json::to_string(&raster).unwrap();
        assert_eq!(serde_json::from_str::<Raster>(&json).unwrap(), raster);
    }

    #[test]
    fn raster_keeps_values_to_half_a_level() {
        let values = array![[0.0, 0.301, 1.0]];
        let kept = Raster::new(values.view(), 0.0, 1.0).values();
        assert!((&kept - &values).iter().all(|d| d.abs() <= 0.51 / HIGHEST));
    }

    #[test]
    fn raster_with_too_few_levels_is_refused() {
        let json = r#"{"low":0,"high":1,"rows":2,"columns":2,"base64":"AAAA"}"#;
        assert!(serde_json::from_str::<Raster>(json).is_err());
    }
}
