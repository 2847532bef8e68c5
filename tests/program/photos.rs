//! Photos as people take them, read by the network that the program brings with it.

use crate::support::{Folder, text};
use chapters::dataset::pen::pen_digits;
use chapters::random::{Purpose, stream};
use image::{
    DynamicImage, GrayAlphaImage, GrayImage, ImageEncoder, ImageFormat, Luma, LumaA,
    codecs::jpeg::JpegEncoder,
    imageops::{FilterType, replace, resize, rotate90},
};
use rand::Rng;
use serde_json::Value;
use std::{collections::BTreeMap, fs};

/// Pixels along each side of a sheet, and of the digit in its middle.
const SHEET: u32 = 320;
const DIGIT: u32 = 170;
const DIGITS: usize = 10;

/// How much ink there is, from 0 to 1, at each pixel of a sheet with a penned digit.
fn digit(i: usize) -> impl Fn(u32, u32) -> f64 {
    let digits = pen_digits(DIGITS, 5);
    let pixels = digits.pictures().index_axis_move(ndarray::Axis(0), i).iter().copied().collect();
    let small = GrayImage::from_raw(28, 28, pixels).unwrap();
    let large = resize(&small, DIGIT, DIGIT, FilterType::CatmullRom);
    let margin = (SHEET - DIGIT) / 2;
    move |x, y| {
        let inside = |at: u32| at.checked_sub(margin).filter(|&at| at < DIGIT);
        let ink = inside(x).zip(inside(y)).map_or(0, |(x, y)| large.get_pixel(x, y).0[0]);
        f64::from(ink) / 255.0
    }
}

/// A sheet whose greys are a function of the place and of the ink there.
fn sheet(i: usize, grey: impl Fn(u32, u32, f64) -> f64) -> GrayImage {
    let ink = digit(i);
    GrayImage::from_fn(SHEET, SHEET, |x, y| Luma([grey(x, y, ink(x, y)).round() as u8]))
}

/// Grain with about this standard deviation, different at every pixel.
fn grainy(mut picture: GrayImage, deviation: f64, seed: u64) -> GrayImage {
    let mut rng = stream(seed, Purpose::Split);
    for pixel in picture.pixels_mut() {
        let three: f64 = (0..3).map(|_| rng.random_range(-1.0..1.0)).sum();
        pixel.0[0] = (f64::from(pixel.0[0]) + deviation * three).clamp(0.0, 255.0) as u8;
    }
    picture
}

/// Every kind of photo of a digit, by name.
fn photos(i: usize) -> Vec<(&'static str, DynamicImage)> {
    let plain = |_, _, ink: f64| 215.0 * (1.0 - 0.75 * ink);
    let clean = sheet(i, |_, _, ink| 255.0 * (1.0 - ink));
    let mut pixel = clean.clone();
    pixel.put_pixel(11, 300, Luma([0]));
    let vignette = sheet(i, |x, y, ink| {
        let from_middle = (f64::from(x) - 160.0).hypot(f64::from(y) - 160.0) / 226.0;
        plain(x, y, ink) * (1.0 - 0.5 * from_middle.powi(2))
    });
    let falling = sheet(i, |x, y, ink| plain(x, y, ink) * (1.0 - 0.4 * f64::from(x) / 320.0));
    let shadow = sheet(i, |x, y, ink| {
        let across = (f64::from(x) + f64::from(y) - 300.0) / 6.0;
        200.0 * (1.0 - 0.8 * ink) * (1.0 - 0.55 / (1.0 + (-across).exp()))
    });
    let ruled = sheet(i, |x, y, ink| plain(x, y, ink).min(if y % 40 < 2 { 150.0 } else { 255.0 }));
    let faint = sheet(i, |_, y, ink| {
        (240.0 * (1.0 - 0.8 * ink)).min(if y % 40 < 2 { 205.0 } else { 255.0 })
    });
    let squared = sheet(i, |x, y, ink| {
        plain(x, y, ink).min(if y % 30 == 7 || x % 30 == 11 { 150.0 } else { 255.0 })
    });
    let mut table = GrayImage::from_pixel(400, 420, Luma([60]));
    replace(&mut table, &sheet(i, plain), 35, 60);
    let frame = sheet(i, |x, y, ink| {
        let is_frame = [x, y].iter().any(|at| (6..11).contains(at) || (309..314).contains(at));
        if is_frame { 0.0 } else { 255.0 * (1.0 - ink) }
    });
    let finger = sheet(i, |x, y, ink| {
        let from_corner = (320.0 - f64::from(x)).hypot(320.0 - f64::from(y));
        if from_corner < 90.0 { 90.0 } else { plain(x, y, ink) }
    });
    let ink = digit(i);
    let white = GrayAlphaImage::from_fn(SHEET, SHEET, |x, y| {
        LumaA([255, (255.0 * ink(x, y)).round() as u8])
    });
    let pencil = sheet(i, |_, _, ink| 235.0 * (1.0 - 0.2 * ink));
    let light = sheet(i, |_, _, ink| 255.0 * ink);
    vec![
        ("pixel", pixel.into()),
        ("vignette", grainy(vignette, 2.0, 10).into()),
        ("falling", grainy(falling, 2.0, 1).into()),
        ("shadow", grainy(shadow, 1.0, 2).into()),
        ("ruled", grainy(ruled, 2.0, 3).into()),
        ("faint", grainy(faint, 1.0, 4).into()),
        ("squared", grainy(squared, 2.0, 5).into()),
        ("table", grainy(table, 2.0, 6).into()),
        ("frame", frame.into()),
        ("finger", grainy(finger, 2.0, 7).into()),
        ("white", white.into()),
        ("grain", grainy(sheet(i, plain), 20.0, 8).into()),
        ("pencil", grainy(pencil, 1.5, 9).into()),
        ("light", light.into()),
        ("clean", clean.into()),
    ]
}

/// A photo that lies on its side, with the EXIF note that says so.
fn turned(upright: &GrayImage) -> Vec<u8> {
    // Big-endian TIFF with one entry: orientation (0x112), a short (3), one of it, 8: "turn by 270 degrees"
    let exif = [&b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0"[..]].concat();
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 85);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.encode_image(&rotate90(upright)).unwrap();
    file
}

/// What was read from each file: a class, or none if it was refused.
fn read(folder: &Folder) -> BTreeMap<String, Option<String>> {
    let mut names: Vec<String> = fs::read_dir(folder.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let output = folder.run(&format!("predict --json {}", names.join(" ")));
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |entry: &Value| entry["file"].as_str().unwrap().to_owned();
    let read = told["predictions"].as_array().unwrap().iter();
    let read = read.map(|entry| (name(entry), entry["class"].as_str().map(str::to_owned)));
    let refused = told["refused"].as_array().unwrap().iter().map(|entry| (name(entry), None));
    read.chain(refused).collect()
}

#[test]
fn photos_of_every_kind_are_read_as_the_clean_ones() {
    let folder = Folder::new();
    for i in 0..DIGITS {
        for (kind, photo) in photos(i) {
            photo.save(folder.path(&format!("{kind}-{i}.png"))).unwrap();
        }
        let clean = sheet(i, |_, _, ink| 255.0 * (1.0 - ink));
        fs::write(folder.path(&format!("exif-{i}.jpg")), turned(&clean)).unwrap();
        clean.save_with_format(folder.path(&format!("webp-{i}.webp")), ImageFormat::WebP).unwrap();
    }
    let read = read(&folder);
    let mut kinds: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (name, class) in &read {
        let (kind, rest) = name.split_once('-').unwrap();
        let i: usize = rest.split('.').next().unwrap().parse().unwrap();
        let truth = (i % 10).to_string();
        let slot = kinds.entry(kind).or_default();
        slot[0] += usize::from(class.as_ref() == Some(&truth));
        slot[1] += usize::from(class.as_ref().is_some_and(|class| *class != truth));
    }
    assert_eq!(kinds.len(), 17);
    let [clean, wrong_when_clean] = kinds["clean"];
    assert!(clean >= DIGITS * 9 / 10, "{kinds:?}");
    for (kind, [right, wrong]) in &kinds {
        assert!(right + 1 >= clean && *wrong <= wrong_when_clean + 1, "{kind}: {kinds:?}");
    }
}

#[test]
fn what_is_not_one_digit_is_refused_and_the_reason_said() {
    let folder = Folder::new();
    let [one, two] = [1, 2].map(|i| sheet(i, |_, _, ink| 255.0 * (1.0 - ink)));
    let mut both = GrayImage::from_pixel(2 * SHEET, SHEET, Luma([255]));
    replace(&mut both, &one, 0, 0);
    replace(&mut both, &two, i64::from(SHEET), 0);
    both.save(folder.path("both.png")).unwrap();
    let mut above = GrayImage::from_pixel(SHEET, 2 * SHEET, Luma([255]));
    replace(&mut above, &one, 0, 0);
    replace(&mut above, &two, 0, i64::from(SHEET));
    above.save(folder.path("above.png")).unwrap();
    let blank = |grey: u8| GrayImage::from_pixel(90, 60, Luma([grey]));
    blank(255).save(folder.path("white.png")).unwrap();
    blank(0).save(folder.path("black.png")).unwrap();
    GrayImage::new(1, 1).save(folder.path("pixel.png")).unwrap();
    let faint = sheet(3, |_, _, ink| 230.0 * (1.0 - 0.05 * ink));
    faint.save(folder.path("faint.png")).unwrap();
    let mut tiny = GrayImage::from_pixel(40, 40, Luma([255]));
    replace(&mut tiny, &GrayImage::from_pixel(2, 4, Luma([0])), 15, 15);
    tiny.save(folder.path("tiny.png")).unwrap();
    for (name, reason) in [
        ("both", "there are 2 digits or letters"),
        ("above", "there are 2 digits or letters"),
        ("white", "there is no ink"),
        ("black", "there is no ink"),
        ("pixel", "there is no ink"),
        ("faint", "too faint"),
        ("tiny", "only 4 pixels large"),
    ] {
        let said = folder.refusal(&format!("predict {name}.png"), 1);
        assert!(
            said.contains(&format!("{name}.png is refused")) && said.contains(reason),
            "{said}"
        );
    }
    let output = folder.run("predict white.png --json");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("\"refused\""));
    // A decoder fills what is missing with grey
    let whole = turned(&one);
    fs::write(folder.path("cut.jpg"), &whole[..whole.len() * 2 / 3]).unwrap();
    let said = folder.refusal("predict cut.jpg", 1);
    assert!(said.contains("cut.jpg is a JPEG picture that is cut short"), "{said}");
    // Among others, the rest is read
    one.save(folder.path("one.png")).unwrap();
    let output = folder.run("predict white.png one.png");
    assert!(output.status.success());
    assert!(text(&output.stdout).contains("one.png"));
    assert!(text(&output.stderr).contains("white.png is refused"));
}
