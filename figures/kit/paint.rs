//! Paints a canvas with the back-ends of plotters.

use super::{
    canvas::{Canvas, HPos, Point, Shape, Text, WIDTH},
    error::DrawError,
    glyphs,
    palette::Colour,
    text::{self, Lettering},
};
use plotters::prelude::{BitMapBackend, Color, RGBColor, SVGBackend, ShapeStyle};
use plotters_backend::{BackendCoord, DrawingBackend, DrawingErrorKind};

/// Bitmaps are painted this many times larger and then averaged, which smooths every edge.
const OVERSAMPLING: usize = 3;

/// The canvas as an SVG document. Words are text where the one font has all their letters: in the
/// reader's fonts, but as wide as they are here. All other words are outlines, since nobody has the fonts
/// of every script.
pub(super) fn svg(canvas: &Canvas) -> Result<String, DrawError> {
    let is_outlined = |shape: &&Shape| matches!(shape, Shape::Text(text) if !glyphs::is_plain(&text.text, text.weight));
    let (outlined, painted) = canvas.shapes.iter().partition::<Vec<_>, _>(is_outlined);
    let painted = Canvas { height: canvas.height, shapes: painted.into_iter().cloned().collect() };
    let mut document = String::new();
    let mut backend = SVGBackend::with_string(&mut document, (WIDTH as u32, canvas.height as u32));
    Painter { backend: &mut backend, scale: 1.0 }.paint(&painted)?;
    backend.present().map_err(failed)?;
    drop(backend);
    let mut parts = document.trim_end().trim_end_matches("</svg>").split("<text ");
    let mut document = parts.next().unwrap_or_default().to_owned();
    for (text, part) in texts(&painted.shapes).zip(parts) {
        let width = text.width()?;
        document += &[
            "<text textLength=\"",
            &format!("{width:.1}"),
            "\" lengthAdjust=\"spacingAndGlyphs\" ",
            part,
        ]
        .concat();
    }
    for text in texts(outlined) {
        document += &outlines(text)?;
    }
    Ok(document + "</svg>\n")
}

fn texts<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> impl Iterator<Item = &'a Text> {
    shapes.into_iter().filter_map(|shape| match shape {
        Shape::Text(text) => Some(text),
        _ => None,
    })
}

/// A text as the outlines of its letters, with the text itself as their title.
fn outlines(text: &Text) -> Result<String, DrawError> {
    let Text { size, at: [x, y], colour: Colour(red, green, blue), .. } = *text;
    let turned = if text.upwards { " rotate(-90)" } else { "" };
    let shift = -f64::from(text.anchor + 1) / 2.0 * text.width()?;
    let path = text::outlines(&text.text, size, text.weight)?;
    Ok(format!(
        "<g transform=\"translate({x:.1} {y:.1}){turned} translate({shift:.1} 0)\" \
         fill=\"#{red:02X}{green:02X}{blue:02X}\">\n<title>{}</title>\n<path d=\"{path}\"/>\n</g>\n",
        escape(&text.text)
    ))
}

/// Text as SVG has it.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The canvas as a PNG file.
pub(super) fn png(canvas: &Canvas) -> Result<Vec<u8>, DrawError> {
    let (width, height) = (WIDTH as usize, canvas.height as usize);
    let size = (width * OVERSAMPLING, height * OVERSAMPLING);
    let mut pixels = vec![255; size.0 * size.1 * 3];
    let mut backend = BitMapBackend::with_buffer(&mut pixels, (size.0 as u32, size.1 as u32));
    Painter { backend: &mut backend, scale: OVERSAMPLING as f64 }.paint(canvas)?;
    backend.present().map_err(failed)?;
    drop(backend);
    encode(&average(&pixels, width), width, height)
}

/// Averages squares of pixels into one. The pixels come in order, so that it is quick even where the
/// compiler optimises little, as it does for tests.
fn average(pixels: &[u8], width: usize) -> Vec<u8> {
    const N: usize = OVERSAMPLING;
    let mut averaged = Vec::with_capacity(pixels.len() / (N * N));
    for rows in pixels.chunks_exact(N * width * N * 3) {
        let mut sums = vec![[0_u16; 3]; width];
        for row in rows.chunks_exact(width * N * 3) {
            let pieces = row.as_chunks().0.as_chunks::<N>().0;
            for (sum, piece) in sums.iter_mut().zip(pieces) {
                for &[red, green, blue] in piece {
                    sum[0] += u16::from(red);
                    sum[1] += u16::from(green);
                    sum[2] += u16::from(blue);
                }
            }
        }
        let square = (N * N) as u16;
        averaged.extend(sums.as_flattened().iter().map(|sum| ((sum + square / 2) / square) as u8));
    }
    averaged
}

fn encode(pixels: &[u8], width: usize, height: usize) -> Result<Vec<u8>, DrawError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(file)
}

fn failed(error: impl std::fmt::Display) -> DrawError {
    DrawError::Drawing(error.to_string())
}

struct Painter<'a, B: DrawingBackend> {
    backend: &'a mut B,
    scale: f64,
}

impl<B: DrawingBackend> Painter<'_, B> {
    fn paint(&mut self, canvas: &Canvas) -> Result<(), DrawError> {
        let (width, height) = self.backend.get_size();
        let corner = (width as i32, height as i32);
        let white = RGBColor(255, 255, 255);
        self.backend.draw_rect((0, 0), corner, &white.to_backend_color(), true).map_err(failed)?;
        canvas.shapes.iter().try_for_each(|shape| self.shape(shape).map_err(failed))
    }

    fn shape(&mut self, shape: &Shape) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        match shape {
            Shape::Polygon { corners, colour, opacity } => {
                let corners: Vec<BackendCoord> = corners.iter().map(|&c| self.at(c)).collect();
                self.backend.fill_polygon(corners, &rgb(*colour).mix(*opacity).to_backend_color())
            }
            Shape::Line { points, colour, width } => self.line(points, *colour, *width),
            Shape::Disc { centre, radius, colour } => {
                let radius = (radius * self.scale).round() as u32;
                let centre = self.at(*centre);
                self.backend.draw_circle(centre, radius, &rgb(*colour).to_backend_color(), true)
            }
            Shape::Box { area, colour } => {
                let from = self.at([area.left, area.top]);
                let to = self.at([area.right, area.bottom]);
                self.backend.draw_rect(from, to, &rgb(*colour).to_backend_color(), true)
            }
            Shape::Text(text) => {
                let lettering = Lettering {
                    size: text.size * self.scale,
                    weight: text.weight,
                    colour: text.colour,
                    anchor: match text.anchor {
                        ..0 => HPos::Left,
                        0 => HPos::Center,
                        1.. => HPos::Right,
                    },
                    upwards: text.upwards,
                };
                let at = lettering.top([text.at[0] * self.scale, text.at[1] * self.scale]);
                self.backend.draw_text(&text.text, &lettering, at)
            }
        }
    }

    /// A line with round joints. Plotters would join thick strokes with spikes, so in a bitmap
    /// each piece is a bar of its own with a disc on every joint.
    fn line(
        &mut self,
        points: &[Point],
        colour: Colour,
        width: f64,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        let thickness = (width * self.scale).round().max(1.0) as u32;
        let style =
            ShapeStyle { color: rgb(colour).to_rgba(), filled: true, stroke_width: thickness };
        let path: Vec<BackendCoord> = points.iter().map(|&p| self.at(p)).collect();
        if self.scale <= 1.0 {
            return self.backend.draw_path(path, &style);
        }
        for pair in path.windows(2) {
            self.backend.draw_line(pair[0], pair[1], &style)?;
        }
        let joints = path.get(1..path.len().saturating_sub(1)).unwrap_or(&[]);
        if thickness < 4 {
            return Ok(());
        }
        for &joint in joints {
            self.backend.draw_circle(joint, thickness / 2, &style, true)?;
        }
        Ok(())
    }

    fn at(&self, [x, y]: Point) -> BackendCoord {
        let pixel = |v: f64| (v * self.scale).round().clamp(-1e6, 1e6) as i32;
        (pixel(x), pixel(y))
    }
}

fn rgb(Colour(r, g, b): Colour) -> RGBColor {
    RGBColor(r, g, b)
}
