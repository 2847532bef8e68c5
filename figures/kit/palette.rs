//! The one palette: colours that colour-blind readers can tell apart, and the mark that goes with
//! each, so that nothing is told by colour alone.

/// A colour as red, green and blue, each from 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// Black of Okabe and Ito (2008), "Color Universal Design".
pub const BLACK: Colour = Colour(0, 0, 0);
/// Orange of Okabe and Ito.
pub const ORANGE: Colour = Colour(230, 159, 0);
/// Sky blue of Okabe and Ito.
pub const SKY_BLUE: Colour = Colour(86, 180, 233);
/// Bluish green of Okabe and Ito.
pub const GREEN: Colour = Colour(0, 158, 115);
/// Yellow of Okabe and Ito: for areas, too pale for lines and text.
pub const YELLOW: Colour = Colour(240, 228, 66);
/// Blue of Okabe and Ito.
pub const BLUE: Colour = Colour(0, 114, 178);
/// Vermillion of Okabe and Ito.
pub const VERMILLION: Colour = Colour(213, 94, 0);
/// Reddish purple of Okabe and Ito.
pub const PURPLE: Colour = Colour(204, 121, 167);

/// The paper.
pub const WHITE: Colour = Colour(255, 255, 255);
/// Titles and text.
pub const INK: Colour = Colour(34, 34, 34);
/// Axes and ticks.
pub const AXIS: Colour = Colour(85, 85, 85);
/// Grid lines.
pub const GRID: Colour = Colour(226, 226, 226);

impl Colour {
    /// The colour on the way from this one (`share` = 0) to `other` (`share` = 1).
    #[must_use]
    pub fn mix(self, other: Colour, share: f64) -> Colour {
        let share = share.clamp(0.0, 1.0);
        let channel =
            |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Colour(channel(self.0, other.0), channel(self.1, other.1), channel(self.2, other.2))
    }

    /// A darker shade in which text can be read on white.
    pub(super) fn for_text(self) -> Colour {
        let excess = (self.luminance() - 0.38).max(0.0);
        self.mix(BLACK, excess * 1.1)
    }

    /// Perceived brightness from 0 (black) to 1 (white), with the weights of ITU-R BT.601.
    pub(super) fn luminance(self) -> f64 {
        (0.299 * f64::from(self.0) + 0.587 * f64::from(self.1) + 0.114 * f64::from(self.2)) / 255.0
    }

    /// Black or white, whichever is easier to read on this colour.
    pub(super) fn contrast(self) -> Colour {
        if self.luminance() > 0.5 { INK } else { WHITE }
    }
}

/// The shape that marks a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A filled disc.
    Circle,
    /// Two crossing strokes, ×.
    Cross,
    /// A filled square.
    Square,
    /// A filled triangle standing on its base.
    Triangle,
    /// A filled square standing on its corner.
    Diamond,
}

/// How a curve is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// The colour of the line, its marks and its label.
    pub colour: Colour,
    /// The mark on every point, or `None` for a bare line.
    pub mark: Option<Mark>,
    /// Whether the line is dashed instead of solid.
    pub dashed: bool,
    /// From 0 (nearly the colour of the paper) to 1 (full strength).
    pub strength: f64,
}

/// Colours and marks in the order in which [`Style::nth`] hands them out.
const CYCLE: [(Colour, Mark); 7] = [
    (BLUE, Mark::Circle),
    (VERMILLION, Mark::Cross),
    (GREEN, Mark::Square),
    (PURPLE, Mark::Triangle),
    (ORANGE, Mark::Diamond),
    (SKY_BLUE, Mark::Circle),
    (BLACK, Mark::Square),
];

impl Style {
    /// The training examples, in every figure.
    pub const TRAINING: Style = Style::solid(GREEN, Mark::Circle);
    /// The examples held out of training, in every figure.
    pub const HELD_OUT: Style = Style::solid(PURPLE, Mark::Square);

    const fn solid(colour: Colour, mark: Mark) -> Style {
        Style { colour, mark: Some(mark), dashed: false, strength: 1.0 }
    }

    /// The style of the curve number `index`, counted from 0; after the seventh the colours begin
    /// again with dashed lines.
    pub fn nth(index: usize) -> Style {
        let (colour, mark) = CYCLE[index % CYCLE.len()];
        Style { dashed: (index / CYCLE.len()) % 2 == 1, ..Style::solid(colour, mark) }
    }

    /// The style of the examples of class number `class`: 0 is a blue disc, 1 a vermillion cross.
    /// After the seventh the colours begin again with other marks.
    pub fn class(class: u8) -> Style {
        let index = usize::from(class);
        let (_, mark) = CYCLE[(index + 2 * (index / CYCLE.len())) % CYCLE.len()];
        Style { mark: Some(mark), dashed: false, ..Style::nth(index) }
    }

    /// The same without marks, for curves of many points.
    #[must_use]
    pub fn bare(self) -> Style {
        Style { mark: None, ..self }
    }

    /// The same with a dashed line.
    #[must_use]
    pub fn dashed(self) -> Style {
        Style { dashed: true, ..self }
    }

    /// The same at a `strength` from 0 (pale) to 1 (full).
    #[must_use]
    pub fn faded(self, strength: f64) -> Style {
        Style { strength, ..self }
    }

    /// The colour as it is drawn on white paper.
    pub(super) fn ink(self) -> Colour {
        WHITE.mix(self.colour, 0.18 + 0.82 * self.strength.clamp(0.0, 1.0))
    }
}

/// Ten steps of viridis (van der Walt and Smith, 2015), even to the eye from dark to light.
const VIRIDIS: [Colour; 10] = [
    Colour(68, 1, 84),
    Colour(72, 40, 120),
    Colour(62, 74, 137),
    Colour(49, 104, 142),
    Colour(38, 130, 142),
    Colour(31, 158, 137),
    Colour(53, 183, 121),
    Colour(109, 205, 89),
    Colour(180, 222, 44),
    Colour(253, 231, 37),
];

/// The sequential scale at `share` from 0 (dark) to 1 (light).
pub(super) fn sequential(share: f64) -> Colour {
    let last = VIRIDIS.len() - 1;
    let position = share.clamp(0.0, 1.0) * last as f64;
    let below = (position.floor() as usize).min(last - 1);
    VIRIDIS[below].mix(VIRIDIS[below + 1], position - below as f64)
}

/// The diverging scale for weights: blue at −1, white at 0, orange at +1.
pub(super) fn diverging(value: f64) -> Colour {
    let end = if value < 0.0 { BLUE } else { VERMILLION };
    WHITE.mix(end, value.abs())
}

/// The ground of a decision region, from the probability of each class: pale, and paler the less certain
/// the network is.
pub(super) fn region(probabilities: &[f64]) -> Colour {
    let guess = 1.0 / probabilities.len() as f64;
    let likeliest = (0..).zip(probabilities).max_by(|a, b| a.1.total_cmp(b.1));
    let (class, probability) = likeliest.unwrap_or((0, &0.0));
    let certainty = (probability - guess) / (1.0 - guess);
    WHITE.mix(Style::class(class).colour, 0.14 + 0.26 * certainty.clamp(0.0, 1.0))
}
