use super::error::DrawError;
use chapters::report::grouped;

/// One axis of a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// What is measured, with its unit, for example `accuracy (%)`.
    pub title: String,
    /// How values become lengths.
    pub scale: Scale,
    /// The first and the last value shown; `None` shows all that there is.
    pub range: Option<[f64; 2]>,
}

impl Axis {
    /// An axis on which equal differences take equal lengths, as long as the data need.
    pub fn linear(title: &str) -> Self {
        Self { title: title.to_owned(), scale: Scale::Linear, range: None }
    }

    /// An axis on which equal ratios take equal lengths.
    pub fn log10(title: &str) -> Self {
        Self { scale: Scale::Log10, ..Self::linear(title) }
    }

    /// An axis on which these labels stand at equal distances.
    pub fn categories(title: &str, labels: impl Iterator<Item = String>) -> Self {
        Self { scale: Scale::Categories(labels.collect()), ..Self::linear(title) }
    }

    /// The same axis from one value to another.
    pub fn from_to(self, low: f64, high: f64) -> Self {
        Self { range: Some([low, high]), ..self }
    }
}

/// How an axis turns values into lengths.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Scale {
    /// Equal differences take equal lengths.
    #[default]
    Linear,
    /// Equal ratios take equal lengths; values that are not positive are left out.
    Log10,
    /// These labels stand at equal distances, at the values 0, 1, 2, …
    Categories(Vec<String>),
}

/// An axis whose range is settled.
#[derive(Clone, Debug)]
pub(super) struct Ruler {
    logarithmic: bool,
    low: f64,
    high: f64,
    /// Where labels stand, as shares of the way along the axis.
    pub(super) ticks: Vec<(f64, String)>,
    /// Where short ticks without labels stand, likewise.
    pub(super) minor: Vec<f64>,
}

impl Ruler {
    /// Settles the range from the values, with the share `padding` of it added at either end.
    pub(super) fn new(
        axis: &Axis,
        values: impl Iterator<Item = f64>,
        padding: f64,
    ) -> Result<Ruler, DrawError> {
        let what = || format!("the axis “{}”", axis.title);
        let logarithmic = axis.scale == Scale::Log10;
        let transform = |v: f64| if logarithmic { v.log10() } else { v };
        let [low, high] = match (&axis.range, &axis.scale) {
            (_, Scale::Categories(labels)) if !labels.is_empty() => {
                [-0.4, labels.len() as f64 - 0.6]
            }
            (Some([a, b]), _) => [transform(*a), transform(*b)],
            (None, _) => {
                let extent =
                    extent(values.map(transform)).ok_or_else(|| DrawError::Empty(what()))?;
                widen(extent, padding, logarithmic)
            }
        };
        if !(low.is_finite() && high.is_finite() && (high - low).is_finite()) || low == high {
            return Err(DrawError::Empty(what()));
        }
        let mut ruler = Ruler { logarithmic, low, high, ticks: Vec::new(), minor: Vec::new() };
        ruler.set_ticks(&axis.scale);
        Ok(ruler)
    }

    /// How far along the axis a value lies, 0 at the beginning and 1 at the end.
    pub(super) fn share(&self, value: f64) -> Option<f64> {
        let value = if self.logarithmic { value.log10() } else { value };
        let share = (value - self.low) / (self.high - self.low);
        share.is_finite().then_some(share)
    }

    fn set_ticks(&mut self, scale: &Scale) {
        let (values, minor) = match scale {
            Scale::Categories(labels) => {
                let labelled = labels.iter().enumerate();
                self.ticks = labelled
                    .filter_map(|(k, label)| Some((self.share(k as f64)?, label.clone())))
                    .collect();
                return;
            }
            Scale::Linear => (linear_ticks(self.low, self.high, 7), Vec::new()),
            Scale::Log10 => log_ticks(self.low.min(self.high), self.low.max(self.high)),
        };
        let labels = format_all(&values);
        self.ticks = values
            .iter()
            .zip(labels)
            .filter_map(|(&v, label)| Some((self.share(v)?, label)))
            .collect();
        self.minor = minor.iter().filter_map(|&v| self.share(v)).collect();
    }
}

/// The smallest and the largest finite value.
pub(super) fn extent(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    values.filter(|v| v.is_finite()).fold(None, |range, v| match range {
        None => Some([v, v]),
        Some([low, high]) => Some([low.min(v), high.max(v)]),
    })
}

/// Adds the padding; gives a single value a range; lets a range that nearly reaches zero reach it.
fn widen([low, high]: [f64; 2], padding: f64, logarithmic: bool) -> [f64; 2] {
    if low == high {
        let half = if logarithmic || low == 0.0 { 0.5 } else { low.abs() / 2.0 };
        return [low - half, high + half];
    }
    let pad = padding * (high - low);
    let from_zero = !logarithmic && low >= 0.0 && low < 0.3 * high;
    let low = if from_zero && low >= pad / 4.0 { 0.0 } else { low - pad };
    [low, high + pad]
}

/// Round values (1, 2 or 5 times a power of ten apart) from `low` to `high`, at most `count`.
pub(super) fn linear_ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
    let (low, high) = (low.min(high), low.max(high));
    let rough = (high - low) / count as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|m| m * power)
        .into_iter()
        .find(|step| *step >= rough * (1.0 - 1e-9))
        .unwrap_or(rough);
    let slack = 1e-9 * (high - low);
    let first = ((low - slack) / step).ceil();
    let last = ((high + slack) / step).floor();
    let steps = (last - first).clamp(-1.0, 100.0);
    (0..=steps as i32)
        .filter(|_| steps >= 0.0)
        .map(|k| (first + f64::from(k)) * step)
        .map(|v| if v.abs() < slack { 0.0 } else { v })
        .collect()
}

/// Powers of ten between 10^`low` and 10^`high`, with multiples if they are few.
fn log_ticks(low: f64, high: f64) -> (Vec<f64>, Vec<f64>) {
    let [first, last] = [(low - 1e-9).ceil(), (high + 1e-9).floor()].map(|v| v as i32);
    let inside = |v: &f64| (low - 1e-9..=high + 1e-9).contains(&v.log10());
    let multiples = |factors: &[f64]| -> Vec<f64> {
        (first - 1..=last)
            .flat_map(|k| factors.iter().map(move |f| f * 10_f64.powi(k)))
            .filter(inside)
            .collect()
    };
    let decades = (last - first + 1).max(0) as usize;
    if decades > 2 {
        let stride = decades.div_ceil(8);
        let minor = if stride == 1 && decades < 6 {
            multiples(&[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])
        } else {
            Vec::new()
        };
        let powers = (first..=last).step_by(stride).map(|k| 10_f64.powi(k));
        return (powers.collect(), minor);
    }
    let round = multiples(&[1.0, 2.0, 5.0]);
    if round.len() >= 3 {
        return (round, multiples(&[3.0, 4.0, 6.0, 7.0, 8.0, 9.0]));
    }
    (linear_ticks(10_f64.powf(low), 10_f64.powf(high), 5), Vec::new())
}

/// Writes values in one way: with as many decimals as the finest needs, or as powers of ten.
pub(super) fn format_all(values: &[f64]) -> Vec<String> {
    let sizes = values.iter().map(|v| v.abs()).filter(|v| *v > 0.0);
    let Some([least, greatest]) = extent(sizes) else {
        return values.iter().map(|_| "0".to_string()).collect();
    };
    if !(1e-3..1e6).contains(&greatest) || (least < 1e-3 && greatest / least > 99.0) {
        return values.iter().map(|&v| scientific(v)).collect();
    }
    let spread = greatest / least > 49.0;
    let decimals = values.iter().map(|&v| decimals(v)).max().unwrap_or(0);
    values.iter().map(|&v| plain(v, if spread { self::decimals(v) } else { decimals })).collect()
}

/// The fewest decimals, at most six, that tell the value to nine digits.
fn decimals(value: f64) -> usize {
    (0..6)
        .find(|&d| {
            let scaled = value * 10_f64.powi(d);
            (scaled - scaled.round()).abs() <= 1e-7 * scaled.abs().max(1e-3)
        })
        .unwrap_or(6) as usize
}

/// A number with a real minus sign and, from five digits on, thin spaces between thousands.
fn plain(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{whole}{rest}")
}

/// A number as a multiple of a power of ten, such as 10⁻⁴ or 2·10⁶.
fn scientific(value: f64) -> String {
    if value == 0.0 {
        return "0".to_string();
    }
    let exponent = (value.abs().log10() + 1e-9).floor() as i32;
    let factor = value / 10_f64.powi(exponent);
    let power = superscript(exponent);
    if (factor.abs() - 1.0).abs() < 1e-6 {
        let sign = if value < 0.0 { "−" } else { "" };
        return format!("{sign}10{power}");
    }
    format!("{}·10{power}", plain(factor, decimals(factor).min(2)))
}

fn superscript(number: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = number.unsigned_abs().to_string();
    let digits = digits.bytes().map(|d| DIGITS[usize::from(d - b'0') % DIGITS.len()]);
    (number < 0).then_some('⁻').into_iter().chain(digits).collect()
}
