use crate::dataset::frame::centre;
use ndarray::Array2;

/// Pixels along each side of a finished digit, and of the box that its ink is scaled into.
pub const SIDE: usize = 28;
const BOX: usize = 20;

/// A place on the paper: to the right and down, in heights of a digit.
pub type Point = [f64; 2];

/// What a digit is written with.
pub struct Pen {
    /// Half the width of its line, in pixels of the finished digit.
    pub radius: f64,
    /// How much the width varies along a stroke, as a share of it.
    pub pressure: f64,
    /// Where along the way the pressure is highest, in radians.
    pub phase: f64,
}

/// Draws strokes and normalises the digit as MNIST does: its ink is scaled into 20×20 pixels, keeping
/// its aspect ratio, then placed with its centre of mass in the middle of 28×28.
pub fn draw(strokes: &[Vec<Point>], pen: &Pen) -> Array2<u8> {
    let ink = fill(&fit(strokes, pen), pen);
    centre(&ink.mapv(|share| (255.0 * share).round() as u8), (SIDE, SIDE))
}

/// Scales and moves the strokes so that, with the width of the pen, they fill the box.
fn fit(strokes: &[Vec<Point>], pen: &Pen) -> Vec<Vec<Point>> {
    let ends = |axis: usize| {
        let places = strokes.iter().flatten().map(|point| point[axis]);
        places.fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], c| [a.min(c), b.max(c)])
    };
    let [x, y] = [ends(0), ends(1)];
    let longest = (x[1] - x[0]).max(y[1] - y[0]).max(f64::MIN_POSITIVE);
    let margin = pen.radius * (1.0 + pen.pressure) + 0.5;
    let scale = (BOX as f64 - 2.0 * margin) / longest;
    let middle = [x, y].map(|[a, b]| f64::midpoint(a, b));
    let half = BOX as f64 / 2.0;
    let place = |p: &Point| [0, 1].map(|axis| half + (p[axis] - middle[axis]) * scale);
    strokes.iter().map(|stroke| stroke.iter().map(place).collect()).collect()
}

/// The share of each pixel of the box that is covered by ink, from 0 to 1.
fn fill(strokes: &[Vec<Point>], pen: &Pen) -> Array2<f64> {
    let mut ink = Array2::<f64>::zeros((BOX, BOX));
    for stroke in strokes {
        for (i, pair) in stroke.windows(2).enumerate() {
            // One swell of pressure in about thirty pieces of a stroke
            let swell = (pen.phase + 0.2 * i as f64).sin();
            let radius = pen.radius * (1.0 + pen.pressure * swell);
            fill_piece(&mut ink, [pair[0], pair[1]], radius);
        }
    }
    ink
}

/// Inks the pixels near a straight segment: fully inside its radius, fading out within one pixel around
/// its edge.
fn fill_piece(ink: &mut Array2<f64>, [a, b]: [Point; 2], radius: f64) {
    let reach = radius + 0.5;
    let span = |axis: usize| {
        let low = (a[axis].min(b[axis]) - reach).floor().max(0.0) as usize;
        let high = (a[axis].max(b[axis]) + reach).ceil().clamp(0.0, BOX as f64) as usize;
        low..high.max(low)
    };
    for row in span(1) {
        for column in span(0) {
            let pixel = [column as f64 + 0.5, row as f64 + 0.5];
            let cover = (reach - distance(pixel, a, b)).clamp(0.0, 1.0);
            let share = &mut ink[[row, column]];
            *share = share.max(cover);
        }
    }
}

/// The distance of a point from the segment between two others.
fn distance(point: Point, a: Point, b: Point) -> f64 {
    let along = [b[0] - a[0], b[1] - a[1]];
    let from = [point[0] - a[0], point[1] - a[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let dot = from[0] * along[0] + from[1] * along[1];
    let t = if length > 0.0 { (dot / length).clamp(0.0, 1.0) } else { 0.0 };
    (from[0] - t * along[0]).hypot(from[1] - t * along[1])
}
