//! A picture of a handwritten digit, drawn or photographed, made to look like MNIST's.
//!
//! [In the book](../../../book/experiments.html)

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Seek},
    path::Path,
};

use image::{
    ColorType, DynamicImage, GrayImage, ImageDecoder, ImageError, ImageReader,
    metadata::Orientation,
};
use ndarray::{Array2, Array3, Axis};

use crate::photo::{Refusal, find_digit};
use chapters::dataset::{DataError, contents};

/// Pixels of the largest picture that is read, as many as a good camera takes.
const MOST_PIXELS: usize = 64_000_000;

/// Bytes that its pixels may take, enough for as many of four bytes.
const MOST_BYTES: u64 = 4 * MOST_PIXELS as u64;

/// What is drawn on transparency is light if its mean is, of 255.
const LIGHT: f64 = 190.0;

/// Reads a picture of any kind of PNG, JPEG or WebP; for an animation, its first picture. It is turned upright
/// as its EXIF note says. Returns grey values from 0 (black) to 255 (white), shape `(rows, columns)`.
///
/// Colours become grey as on television: 0.299 red + 0.587 green + 0.114 blue (Recommendation ITU-R BT.601,
/// luminance). Transparent pixels show paper: white, or black behind what is drawn in light colours.
///
/// Fails if the file cannot be read, is no such picture, is damaged or cut short, or promises more than 64
/// million pixels.
///
/// [In the book](../../../book/experiments.html)
pub fn read_photo(path: &Path) -> Result<Array2<u8>, DataError> {
    let mut file = open(path)?;
    let damaged = |source: ImageError| {
        DataError::new(path, "is damaged")
            .expected(format!("a whole picture: {}", one_line(&source.to_string())))
            .remedy("download or create it again")
    };
    if is_cut_short(&mut file).map_err(DataError::unreadable(path))? {
        return Err(DataError::new(path, "is a JPEG picture that is cut short")
            .expected("one whose end is there")
            .remedy("download or create it again"));
    }
    let reader =
        ImageReader::new(file).with_guessed_format().map_err(DataError::unreadable(path))?;
    let mut decoder = match reader.into_decoder() {
        // A header may promise more pixels than there are addresses
        Err(ImageError::Limits(_)) => return Err(too_large(path, "far too many pixels")),
        decoder => decoder.map_err(damaged)?,
    };
    let (columns, rows) = decoder.dimensions();
    if (rows as usize).saturating_mul(columns as usize) > MOST_PIXELS {
        return Err(too_large(path, &format!("{rows} × {columns} pixels")));
    }
    let bytes = decoder.color_type().bytes_per_pixel();
    if decoder.total_bytes() > MOST_BYTES {
        return Err(too_large(path, &format!("{rows} × {columns} pixels of {bytes} bytes")));
    }
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    let mut grey = DynamicImage::ImageLuma8(grey(picture));
    grey.apply_orientation(turned);
    let shape = (grey.height() as usize, grey.width() as usize);
    let pixels = grey.into_luma8().into_raw();
    Ok(Array2::from_shape_vec(shape, pixels).unwrap_or_default())
}

/// Whether a file that begins as a JPEG lacks an end: its decoder would fill the rest of the picture with grey.
/// A small picture within has a beginning and an end of its own, and some cameras add a film at the end.
fn is_cut_short(file: &mut (impl BufRead + Seek)) -> io::Result<bool> {
    let mut bytes = Vec::new();
    if file.fill_buf()?.starts_with(b"\xff\xd8") {
        file.read_to_end(&mut bytes)?;
        file.rewind()?;
    }
    let count = |mark: &[u8]| bytes.windows(mark.len()).filter(|part| *part == mark).count();
    Ok(count(b"\xff\xd9") < count(b"\xff\xd8\xff"))
}

fn too_large(path: &Path, size: &str) -> DataError {
    DataError::new(path, format!("is a picture of {size}"))
        .expected(format!("at most {MOST_PIXELS} pixels of 4 bytes"))
        .remedy("crop it, or make it smaller")
}

/// A file that begins as a picture does.
fn open(path: &Path) -> Result<impl BufRead + Seek + use<>, DataError> {
    let expected = "a PNG, JPEG or WebP picture";
    let mut file = BufReader::new(File::open(path).map_err(DataError::unreadable(path))?);
    let start = file.fill_buf().map_err(DataError::unreadable(path))?;
    if start.is_empty() {
        return Err(DataError::empty(path, expected));
    }
    if !contents::is_picture(start) {
        return Err(contents::mistaken(path, start, expected).unwrap_or_else(|| {
            DataError::new(path, "is not a picture")
                .expected(expected)
                .remedy("open it in an image editor and save it as PNG")
        }));
    }
    Ok(file)
}

/// A message without line breaks.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The grey of each pixel.
fn grey(picture: DynamicImage) -> GrayImage {
    let (columns, rows) = (picture.width(), picture.height());
    let pixels: Vec<u8> = match picture.color() {
        ColorType::L8 | ColorType::L16 => picture.into_luma8().into_raw(),
        color if color.has_alpha() => on_paper(picture.into_rgba8().as_raw()),
        _ => picture.into_rgb8().chunks_exact(3).map(|rgb| luminance(rgb).round() as u8).collect(),
    };
    GrayImage::from_raw(columns, rows, pixels).unwrap_or_default()
}

fn luminance(rgb: &[u8]) -> f64 {
    0.299 * f64::from(rgb[0]) + 0.587 * f64::from(rgb[1]) + 0.114 * f64::from(rgb[2])
}

/// The grey of pixels of red, green, blue and how far they cover the paper: white, or black behind what is
/// light.
fn on_paper(rgba: &[u8]) -> Vec<u8> {
    let pixels = || rgba.chunks_exact(4).map(|p| (luminance(p), f64::from(p[3]) / 255.0));
    let (drawn, cover) =
        pixels().fold((0.0, 0.0), |(sum, of), (grey, cover)| (sum + cover * grey, of + cover));
    let is_light = drawn > LIGHT * cover && cover < (rgba.len() / 4) as f64;
    let paper = if is_light { 0.0 } else { 255.0 };
    pixels().map(|(grey, cover)| (cover * grey + (1.0 - cover) * paper).round() as u8).collect()
}

/// Reads a photo of one digit as a set of one picture that looks like MNIST's, shape `(1, rows, columns)`.
///
/// Fails as [`read_photo`] does, or if there is not one digit.
///
/// [In the book](../../../book/experiments.html)
pub fn read_digit(path: &Path, size: (usize, usize)) -> Result<Array3<u8>, NoDigit> {
    let photo = read_photo(path)?;
    let refused = |refusal: Refusal| {
        let (rows, columns) = photo.dim();
        DataError::new(path, format!("is refused: in its {rows} × {columns} pixels, {refusal}"))
            .expected("one digit that stands out from the paper")
            .remedy(refusal.remedy())
    };
    let found = find_digit(photo.view(), size);
    let digit = found.map_err(|refusal| NoDigit::Refused(refused(refusal)))?;
    Ok(digit.insert_axis(Axis(0)))
}

/// Why no digit was read.
///
/// [In the book](../../../book/experiments.html)
#[derive(Debug, thiserror::Error)]
pub enum NoDigit {
    /// The file cannot be read as a picture.
    #[error(transparent)]
    File(#[from] DataError),
    /// It can, but there is not one digit on it.
    #[error(transparent)]
    Refused(DataError),
}

#[cfg(test)]
mod tests;
