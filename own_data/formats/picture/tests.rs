use super::*;
use chapters::dataset::frame::crop_to_ink;
use chapters::dataset::pen::pen_digits;
use chapters::random::{Purpose, stream};
use ndarray::{Array3, ArrayView2, Axis, array, s};
use png::{BitDepth, ColorType, Encoder};
use rand::Rng;
use std::fs;
use std::io::Write;

const DAMAGED: &str = "digit.png is damaged, expected a whole picture: ";

/// What is read from a file with these bytes.
fn read(bytes: &[u8]) -> Result<Array2<u8>, DataError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("digit.png");
    fs::write(&path, bytes).unwrap();
    read_photo(&path)
}

fn refusal(bytes: &[u8]) -> String {
    let error = read(bytes).unwrap_err().to_string();
    let name = error.find("digit.png").unwrap();
    error[name..].to_owned()
}

fn encode(width: u32, color: ColorType, depth: BitDepth, bytes: &[u8], rows: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, rows);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == ColorType::Indexed {
        encoder.set_palette(vec![0, 0, 0, 255, 255, 255, 9, 9, 9]);
        encoder.set_trns(vec![255, 255, 0]);
    }
    encoder.write_header().unwrap().write_image_data(bytes).unwrap();
    file
}

fn png_of(picture: &Array2<u8>) -> Vec<u8> {
    let (rows, columns) = picture.dim();
    let bytes: Vec<u8> = picture.iter().copied().collect();
    encode(columns as u32, ColorType::Grayscale, BitDepth::Eight, &bytes, rows as u32)
}

/// A PNG of one byte a pixel by hand, for what no encoder writes.
fn png_by_hand(width: u32, height: u32, interlaced: u8, lines: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(lines).unwrap();
    let header =
        [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, interlaced]].concat();
    let chunks: [(&[u8], Vec<u8>); 3] =
        [(b"IHDR", header), (b"IDAT", packed.finish().unwrap()), (b"IEND", Vec::new())];
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in chunks {
        let mut checksum = flate2::Crc::new();
        checksum.update(&[kind, &data].concat());
        file.extend((data.len() as u32).to_be_bytes());
        file.extend([kind, &data, &checksum.sum().to_be_bytes()].concat());
    }
    file
}

fn penned() -> Array3<u8> {
    pen_digits(40, 3).pictures().to_owned()
}

/// Each pixel as a square of `times` × `times`, within a margin.
fn enlarge(picture: ArrayView2<u8>, times: usize, top: usize, left: usize) -> Array2<u8> {
    let (rows, columns) = picture.dim();
    let mut large = Array2::zeros((rows * times + 2 * top, columns * times + left + 5));
    for ((i, j), &grey) in picture.indexed_iter() {
        let (i, j) = (top + i * times, left + j * times);
        large.slice_mut(s![i..i + times, j..j + times]).fill(grey);
    }
    large
}

fn mean_difference(a: &Array2<u8>, b: ArrayView2<u8>) -> f64 {
    let differences = a.iter().zip(b).map(|(&a, &b)| f64::from(a.abs_diff(b)));
    differences.sum::<f64>() / a.len() as f64
}

#[test]
fn every_kind_of_pixel_is_read_as_grey() {
    use BitDepth::{Eight, One, Sixteen};
    use ColorType::{Grayscale, GrayscaleAlpha, Indexed, Rgb, Rgba};
    let cases: [(ColorType, BitDepth, &[u8], [u8; 3]); 7] = [
        (Grayscale, Eight, &[0, 100, 255], [0, 100, 255]),
        (Grayscale, Sixteen, &[0, 0, 100, 200, 255, 255], [0, 100, 255]),
        (Grayscale, One, &[0b0110_0000], [0, 255, 255]),
        (GrayscaleAlpha, Eight, &[0, 255, 100, 0, 0, 51], [0, 255, 204]),
        (Rgb, Eight, &[255, 0, 0, 0, 255, 0, 0, 0, 255], [76, 150, 29]),
        (Rgba, Eight, &[7, 7, 7, 255, 7, 7, 7, 0, 255, 0, 0, 255], [7, 255, 76]),
        (Indexed, Eight, &[0, 1, 2], [0, 255, 255]),
    ];
    for (color, depth, bytes, expected) in cases {
        let picture = read(&encode(3, color, depth, bytes, 1)).unwrap();
        assert_eq!(picture, array![expected], "{color:?} of {depth:?}");
    }
}

#[test]
fn an_interlaced_picture_is_put_together() {
    // Pass 1 holds the first pixel, pass 6 the one beside it, pass 7 the second row
    let file = png_by_hand(2, 2, 1, &[0, 10, 0, 20, 0, 30, 40]);
    assert_eq!(read(&file).unwrap(), array![[10, 20], [30, 40]]);
}

#[test]
fn the_first_picture_of_an_animation_is_read() {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 2, 1);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[1, 2]).unwrap();
    writer.write_image_data(&[3, 4]).unwrap();
    writer.finish().unwrap();
    assert_eq!(read(&file).unwrap(), array![[1, 2]]);
}

#[test]
fn what_is_no_picture_is_refused() {
    assert!(refusal(b"").starts_with("digit.png is empty, expected a PNG, JPEG or WebP picture"));
    assert!(refusal(b"GIF89a\0\0").starts_with("digit.png is a GIF picture, expected a PNG"));
    for other in [&b"\x89PNG"[..], b"p0,p1,label\n"] {
        assert!(refusal(other).starts_with("digit.png is not a picture"));
    }
}

#[test]
fn a_picture_cut_short_anywhere_is_refused() {
    let file = png_of(&penned().index_axis(Axis(0), 0).to_owned());
    for length in 8..file.len() - 12 {
        assert!(refusal(&file[..length]).starts_with(DAMAGED), "{length} bytes");
    }
}

#[test]
fn too_many_pixels_are_refused_by_the_header() {
    assert!(refusal(&png_by_hand(8001, 8000, 0, &[])).starts_with(
        "digit.png is a picture of 8000 × 8001 pixels, expected at most 64000000 pixels"
    ));
    let largest = i32::MAX as u32;
    assert!(refusal(&png_by_hand(largest, largest, 0, &[])).contains("at most 64000000 pixels"));
}

#[test]
fn a_header_that_promises_more_than_there_is_is_refused() {
    assert!(refusal(&png_by_hand(8000, 8000, 0, &[0; 100])).starts_with(DAMAGED));
}

#[test]
fn a_picture_without_pixels_is_refused() {
    assert!(refusal(&png_by_hand(0, 5, 0, &[])).starts_with(DAMAGED));
    let error = find_digit(Array2::zeros((0, 5)).view(), (28, 28)).unwrap_err().to_string();
    assert_eq!(error, "there is no ink");
}

#[test]
fn a_missing_picture_is_named() {
    let error = read_photo(Path::new("no/such.png")).unwrap_err().to_string();
    assert!(error.starts_with("could not read no/such.png: "));
}

#[test]
fn blank_paper_is_refused_white_or_black_or_grainy() {
    let mut rng = stream(1, Purpose::Split);
    let grainy = Array2::from_shape_fn((60, 60), |_| rng.random_range(190..210));
    for blank in [Array2::from_elem((9, 9), 255), Array2::zeros((9, 9)), grainy] {
        let error = find_digit(blank.view(), (28, 28)).unwrap_err().to_string();
        assert!(error.contains("no ink"), "{error}");
    }
}

#[test]
fn penned_digits_come_out_as_they_went_in() {
    for digit in penned().outer_iter() {
        let picture = read(&png_of(&digit.to_owned())).unwrap();
        let difference = mean_difference(&find_digit(picture.view(), (28, 28)).unwrap(), digit);
        assert!(difference < 0.1, "{difference}");
    }
}

#[test]
fn dark_ink_on_light_paper_of_any_size_and_place_comes_out_as_it_went_in() {
    for digit in penned().outer_iter() {
        let large = enlarge(digit, 4, 11, 70).mapv(|grey| 255 - grey);
        let picture = read(&png_of(&large)).unwrap();
        let difference = mean_difference(&find_digit(picture.view(), (28, 28)).unwrap(), digit);
        assert!(difference < 0.1, "{difference}");
    }
}

#[test]
fn a_grainy_photograph_in_uneven_light_comes_out_nearly_as_it_went_in() {
    let mut rng = stream(1, Purpose::Split);
    let mut differences = Vec::new();
    for digit in penned().outer_iter().take(10) {
        // Paper of 220 on the left and 170 on the right, ink half as light
        let mut photograph = enlarge(digit, 40, 100, 300);
        let width = photograph.ncols() as f64;
        for ((_, column), grey) in photograph.indexed_iter_mut() {
            let light = 220.0 - 50.0 * column as f64 / width;
            let ink = 1.0 - 0.7 * f64::from(*grey) / 255.0;
            *grey = (light * ink + rng.random_range(-15.0..15.0)).round() as u8;
        }
        let difference = mean_difference(&find_digit(photograph.view(), (28, 28)).unwrap(), digit);
        differences.push(difference);
    }
    // Moved by one pixel, these digits would differ from themselves by 19 on average
    assert!(differences.iter().sum::<f64>() < 10.0 * differences.len() as f64, "{differences:?}");
}

#[test]
fn other_sizes_keep_the_proportions_of_28() {
    let stroke = Array2::from_shape_fn((50, 40), |(i, j)| {
        if (10..40).contains(&i) && (15..25).contains(&j) { 0 } else { 255 }
    });
    let picture = find_digit(stroke.view(), (14, 14)).unwrap();
    assert_eq!(crop_to_ink(&picture.view()), Array2::from_elem((10, 3), 255));
    assert_eq!(find_digit(stroke.view(), (1, 1)).unwrap(), array![[255]]);
    assert!(find_digit(stroke.view(), (0, 28)).unwrap().is_empty());
    assert_eq!(find_digit(stroke.view(), (7, 280)).unwrap().dim(), (7, 280));
}

#[test]
fn one_pixel_is_blank() {
    assert!(find_digit(array![[200]].view(), (28, 28)).is_err());
}
