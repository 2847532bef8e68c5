use super::ink::{Pen, Point};
use crate::random::Rng;
use ndarray_rand::rand_distr::Normal;
use rand::{Rng as _, distr::Distribution};
use std::f64::consts::TAU;

/// One writer at one moment: what happens to a skeleton on its way to the paper.
pub struct Hand {
    /// How far a place moves to the right for each unit that it lies higher.
    slant: f64,
    /// Width by height, as a factor.
    aspect: f64,
    /// By how much the whole digit is rotated, in radians.
    turn: f64,
    /// How far each point of the skeleton strays, as a standard deviation.
    tremor: f64,
    /// Smooth displacement of the whole paper (after the elastic distortions of Simard, Steinkraus
    /// & Platt, *Best practices for convolutional neural networks*, 2003, with few waves in place of
    /// a smoothed random field).
    waves: [Wave; 4],
    /// What it writes with.
    pub pen: Pen,
}

/// A displacement that varies like a sine along one direction.
struct Wave {
    /// How far it moves a place at most.
    shift: Point,
    /// Radians per unit along each axis.
    frequency: Point,
    phase: f64,
}

/// Points that a curve is sampled at between two points of the skeleton.
const SAMPLES: usize = 7;

impl Hand {
    /// A hand like anyone's. The spreads were chosen by how well a network trained on penned digits read
    /// 10,000 of MNIST's training digits; MNIST's test digits played no part in the choice.
    pub fn random(rng: &mut Rng) -> Self {
        Self {
            slant: normal(0.12, 0.26, rng),
            aspect: normal(0.08, 0.16, rng).exp(),
            turn: normal(0.0, 0.07, rng),
            tremor: rng.random_range(0.01..0.04),
            waves: std::array::from_fn(|_| Wave::random(rng)),
            pen: Pen {
                radius: 1.15 * normal(0.0, 0.33, rng).exp(),
                pressure: rng.random_range(0.0..0.12),
                phase: rng.random_range(0.0..TAU),
            },
        }
    }

    /// The path of the pen for one stroke: a smooth curve through the points, moved by the hand.
    pub fn move_along(&self, stroke: &[[i16; 2]], rng: &mut Rng) -> Vec<Point> {
        let mut strayed: Vec<Point> = Vec::with_capacity(stroke.len());
        for (i, place) in stroke.iter().enumerate() {
            // A corner strays as one point
            let corner = i > 0 && stroke[i - 1] == *place;
            let next = match strayed.last() {
                Some(&last) if corner => last,
                _ => {
                    place.map(|hundredths| normal(f64::from(hundredths) / 100.0, self.tremor, rng))
                }
            };
            strayed.push(next);
        }
        curve(&strayed).into_iter().map(|point| self.place(point)).collect()
    }

    fn place(&self, point: Point) -> Point {
        let mut moved = point;
        for wave in &self.waves {
            let by = wave.at(point);
            moved = [moved[0] + by[0], moved[1] + by[1]];
        }
        let [x, y] = [(moved[0] - 0.35) * self.aspect, moved[1] - 0.5];
        let x = x - self.slant * y;
        let (sin, cos) = self.turn.sin_cos();
        [cos * x - sin * y, sin * x + cos * y]
    }
}

impl Wave {
    fn random(rng: &mut Rng) -> Self {
        Self {
            shift: [normal(0.0, 0.07, rng), normal(0.0, 0.07, rng)],
            frequency: [normal(0.0, 3.0, rng), normal(0.0, 3.0, rng)],
            phase: rng.random_range(0.0..TAU),
        }
    }

    fn at(&self, [x, y]: Point) -> Point {
        let height = (self.frequency[0] * x + self.frequency[1] * y + self.phase).sin();
        self.shift.map(|shift| shift * height)
    }
}

/// A smooth curve through points (Catmull & Rom, *A class of local interpolating splines*, 1974).
fn curve(points: &[Point]) -> Vec<Point> {
    let at = |i: isize| points[i.clamp(0, points.len() as isize - 1) as usize];
    let mut path = Vec::with_capacity(SAMPLES * points.len());
    for i in 0..points.len() as isize - 1 {
        let [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
        for step in 0..SAMPLES {
            let t = step as f64 / SAMPLES as f64;
            path.push([0, 1].map(|axis| {
                let [a, b, c, d] = [before[axis], from[axis], to[axis], after[axis]];
                let bend = (2.0 * a - 5.0 * b + 4.0 * c - d) + (3.0 * (b - c) + d - a) * t;
                b + 0.5 * t * ((c - a) + t * bend)
            }));
        }
    }
    path.extend(points.last());
    path
}

fn normal(mean: f64, deviation: f64, rng: &mut Rng) -> f64 {
    Normal::new(mean, deviation).map_or(mean, |normal| normal.sample(rng))
}
