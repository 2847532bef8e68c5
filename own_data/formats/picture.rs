//! A picture of a handwritten digit, drawn or photographed, made to look like MNIST's.
//!
//! [In the book](../../../book/experiments.html)

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use ndarray::{Array2, Array3, ArrayView2, Axis};
use png::{Decoder, DecodingError, Transformations};

use chapters::dataset::frame::{centre, crop_to_ink, scale_into, shrink_into};
use chapters::dataset::{DataError, contents};

/// Pixels of the largest picture that is read, as many as a good camera takes.
const MOST_PIXELS: usize = 64_000_000;

/// Pixels along the longer side of a picture when ink is looked for: larger pictures are averaged down
/// first, which smooths the grain of photographs and leaves far more detail than the 20 pixels of a
/// finished digit.
const DETAIL: usize = 512;

/// What is still taken for paper, as a share of the range from paper to the strongest ink: at least the
/// artefacts around lines in lossily compressed pictures, at most what a pencil leaves.
const FAINT: [f64; 2] = [0.03, 0.1];

/// How far grain may reach above the 90 % quantile of the paper's grey, as a multiple of the distance
/// from the median to that quantile: three make five standard deviations of normally distributed
/// grain.
const GRAIN: f64 = 3.0;

/// How far the strongest ink must stand out from the paper, of 255: an eighth of the range.
const LEAST_CONTRAST: u8 = 32;

/// Reads a PNG of any kind: grey, colour or palette, with or without transparency, of 1 to 16 bits,
/// interlaced or not; for an animation, its first picture. Returns grey values from 0 (black) to 255
/// (white), shape `(rows, columns)`.
///
/// Transparent pixels show white paper. Colours become grey as on television: 0.299 red + 0.587
/// green + 0.114 blue (Recommendation ITU-R BT.601, luminance).
///
/// Fails if the file cannot be read, is not a PNG, is damaged or cut short, or promises more than 64
/// million pixels.
///
/// [In the book](../../../book/experiments.html)
pub fn read_png(path: &Path) -> Result<Array2<u8>, DataError> {
    let file = open(path)?;
    let damaged = |source: DecodingError| {
        DataError::new(path, "is damaged")
            .expected(format!("a whole PNG picture: {}", io::Error::from(source)))
            .remedy("download or create it again")
    };

    let mut decoder = Decoder::new(file);
    let header = decoder.read_header_info().map_err(damaged)?;
    let (rows, columns) = (header.height as usize, header.width as usize);
    if rows.saturating_mul(columns) > MOST_PIXELS {
        return Err(DataError::new(path, format!("is a picture of {rows} × {columns} pixels"))
            .expected(format!("at most {MOST_PIXELS} pixels"))
            .remedy("crop it, or make it smaller"));
    }
    decode(decoder).map_err(damaged)
}

/// A file that begins as a PNG does.
fn open(path: &Path) -> Result<BufReader<File>, DataError> {
    let mut file = BufReader::new(File::open(path).map_err(DataError::unreadable(path))?);
    let start = file.fill_buf().map_err(DataError::unreadable(path))?;
    if start.is_empty() {
        return Err(DataError::empty(path, "a PNG picture"));
    }
    if !start.starts_with(contents::PNG) {
        return Err(contents::mistaken(path, start, "a PNG picture").unwrap_or_else(|| {
            DataError::new(path, "is not a PNG picture")
                .expected("a file that begins with the PNG signature")
                .remedy("open it in an image editor and save it as PNG")
        }));
    }
    Ok(file)
}

fn decode(mut decoder: Decoder<BufReader<File>>) -> Result<Array2<u8>, DecodingError> {
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let size = reader.output_buffer_size().ok_or(DecodingError::LimitsExceeded)?;
    let mut samples = vec![0; size];
    let frame = reader.next_frame(&mut samples)?;
    let pixels = samples[..frame.buffer_size()].chunks(frame.color_type.samples());
    let shape = (frame.height as usize, frame.width as usize);
    Ok(Array2::from_shape_vec(shape, pixels.map(grey).collect()).expect("all rows of pixels"))
}

/// The grey of a pixel on white paper.
fn grey(samples: &[u8]) -> u8 {
    let (luminance, alpha) = match *samples {
        [grey] => (f64::from(grey), 255),
        [grey, alpha] => (f64::from(grey), alpha),
        [red, green, blue] => (luminance(red, green, blue), 255),
        [red, green, blue, alpha] => (luminance(red, green, blue), alpha),
        _ => (255.0, 255),
    };
    let cover = f64::from(alpha) / 255.0;
    (cover * luminance + (1.0 - cover) * 255.0).round() as u8
}

fn luminance(red: u8, green: u8, blue: u8) -> f64 {
    0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue)
}

/// Reads a PNG of one digit as a set of one picture that looks like MNIST's, shape `(1, rows, columns)`.
///
/// Fails as [`read_png`] and [`like_mnist`] do.
///
/// [In the book](../../../book/experiments.html)
pub fn read_digit(path: &Path, size: (usize, usize)) -> Result<Array3<u8>, DataError> {
    Ok(like_mnist(read_png(path)?.view(), size)?.insert_axis(Axis(0)))
}

/// Makes a picture of one digit look like MNIST's, in a picture of `size`, usually 28 × 28: light ink on
/// dark paper, its longer side scaled to 20/28 of the picture, its centre of mass as close to the middle
/// as whole pixels allow (LeCun, Bottou, Bengio & Haffner, *Gradient-based learning
/// applied to document recognition*, 1998, section III A).
///
/// The border of the picture shows whether the paper is light or dark, and how unevenly it is lit.
///
/// Fails if nothing stands out from the paper.
///
/// [In the book](../../../book/experiments.html)
pub fn like_mnist(picture: ArrayView2<u8>, size: (usize, usize)) -> Result<Array2<u8>, DataError> {
    let (rows, columns) = picture.dim();
    let picture = shrink_into(&picture, (DETAIL, DETAIL));
    let ink = light_ink(picture).ok_or_else(|| {
        let found = format!("there is no ink in the picture of {rows} × {columns} pixels");
        DataError::plain(found)
            .expected("a digit that stands out from the paper")
            .remedy("use a darker pen or better light")
    })?;
    if size.0 == 0 || size.1 == 0 {
        return Ok(Array2::zeros(size));
    }
    let part = |side: usize| ((side * 20 + 14) / 28).max(1);
    let ink = scale_into(&crop_to_ink(&ink.view()), (part(size.0), part(size.1)));
    Ok(centre(&ink, size))
}

/// Light ink on paper that is 0 everywhere; none if nothing stands out from the paper.
fn light_ink(picture: Array2<u8>) -> Option<Array2<u8>> {
    let picture = dark_paper(picture)?;

    // Take from the border how light the paper is, and how much it varies
    let threshold = otsu_threshold(&picture);
    let of_paper: Vec<u8> = border(&picture).filter(|&grey| grey <= threshold).collect();
    let usual = quantile(of_paper.clone(), 0.5).unwrap_or(threshold);
    let paper = quantile(of_paper, 0.9).unwrap_or(threshold);
    let contrast = picture.iter().max()?.saturating_sub(paper);
    if contrast < LEAST_CONTRAST {
        return None;
    }

    // Stretch what stands out from the paper over the whole range
    let share = |grey: u8| f64::from(grey.saturating_sub(paper)) / f64::from(contrast);
    let faint = (GRAIN * f64::from(paper - usual) / f64::from(contrast)).clamp(FAINT[0], FAINT[1]);
    let clear = |share: f64| if share > faint { share } else { 0.0 };
    Some(picture.mapv_into(|grey| (255.0 * clear(share(grey))).round() as u8))
}

/// Inverts light paper: paper is light if the median of its border is closer to the lightest pixel than
/// to the darkest.
fn dark_paper(picture: Array2<u8>) -> Option<Array2<u8>> {
    let (&darkest, &lightest) = (picture.iter().min()?, picture.iter().max()?);
    let is_light = quantile(border(&picture).collect(), 0.5)? > darkest.midpoint(lightest);
    Some(if is_light { picture.mapv_into(|grey| 255 - grey) } else { picture })
}

/// The pixels along the edges.
fn border(picture: &Array2<u8>) -> impl Iterator<Item = u8> {
    let (rows, columns) = picture.dim();
    let pixels = picture.indexed_iter();
    let is_outermost =
        move |i: usize, j: usize| i == 0 || j == 0 || i + 1 == rows || j + 1 == columns;
    pixels.filter(move |((i, j), _)| is_outermost(*i, *j)).map(|(_, &grey)| grey)
}

/// The quantile of greys at a share; none if there are no greys.
fn quantile(mut greys: Vec<u8>, share: f64) -> Option<u8> {
    greys.sort_unstable();
    greys.get((share * greys.len().saturating_sub(1) as f64).round() as usize).copied()
}

/// The grey that best separates the darker from the lighter pixels: the one with the largest variance
/// between the two classes (Otsu, *A threshold selection method from gray-level histograms*, 1979,
/// equation 14). It belongs to the darker ones.
fn otsu_threshold(picture: &Array2<u8>) -> u8 {
    let mut histogram = [0.0; 256];
    for &grey in picture {
        histogram[usize::from(grey)] += 1.0;
    }
    // Weight and sum of a class
    let class = |greys: &[f64], first: usize| {
        let sum: f64 = greys.iter().zip(first..).map(|(count, grey)| count * grey as f64).sum();
        (greys.iter().sum::<f64>(), sum)
    };
    let variance = |threshold: u8| {
        let (dark, light) = histogram.split_at(usize::from(threshold) + 1);
        let ((w0, sum0), (w1, sum1)) = (class(dark, 0), class(light, dark.len()));
        // A class without pixels has no mean, and nothing is separated
        (w0 * w1 * (sum1 / w1 - sum0 / w0).powi(2)).max(0.0)
    };
    (0..=254).max_by(|&a, &b| variance(a).total_cmp(&variance(b))).unwrap_or(0)
}

#[cfg(test)]
mod tests;
