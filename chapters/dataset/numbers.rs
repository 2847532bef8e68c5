//! Numbers of any type, as files of arrays hold them.

use ndarray::{ArrayD, IxDyn, ShapeBuilder};

/// Numbers in as many dimensions as a file has.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    /// Whole numbers from 0 to 255.
    Bytes(ArrayD<u8>),
    /// Any others; they may be infinite, or not numbers at all.
    Doubles(ArrayD<f64>),
}

impl Numbers {
    /// The length of each dimension.
    pub fn shape(&self) -> &[usize] {
        match self {
            Self::Bytes(bytes) => bytes.shape(),
            Self::Doubles(doubles) => doubles.shape(),
        }
    }

    /// The least and the largest number; NaN if one is none.
    pub fn range(&self) -> (f64, f64) {
        let start = (f64::INFINITY, f64::NEG_INFINITY);
        match self {
            Self::Bytes(bytes) => bytes.iter().fold(start, |(least, most), &byte| {
                (least.min(byte.into()), most.max(byte.into()))
            }),
            Self::Doubles(doubles) if doubles.iter().any(|x| x.is_nan()) => (f64::NAN, f64::NAN),
            Self::Doubles(doubles) => {
                doubles.iter().fold(start, |(least, most), &x| (least.min(x), most.max(x)))
            }
        }
    }

    /// As doubles, same shape.
    pub fn into_doubles(self) -> ArrayD<f64> {
        match self {
            Self::Bytes(bytes) => bytes.mapv(f64::from),
            Self::Doubles(doubles) => doubles,
        }
    }

    /// Multiplied by a number and rounded to bytes, same shape; what is below 0 becomes 0, and what is above
    /// 255 becomes 255.
    pub fn into_bytes(self, scale: f64) -> ArrayD<u8> {
        match self {
            Self::Bytes(bytes) if scale == 1.0 => bytes,
            Self::Bytes(bytes) => bytes.mapv(|byte| (scale * f64::from(byte)).round() as u8),
            Self::Doubles(doubles) => doubles.mapv(|double| (scale * double).round() as u8),
        }
    }
}

/// How a file stores each number of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// What its bits mean.
    pub kind: Kind,
    /// How many bytes it takes: 1, 2, 4 or 8.
    pub size: usize,
    /// Whether the least significant byte comes first.
    pub little_endian: bool,
}

/// What the bits of a number mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number from 0.
    Unsigned,
    /// A whole number in two's complement.
    Signed,
    /// A binary floating-point number of IEEE 754-2008, of 2, 4 or 8 bytes.
    Float,
}

impl Element {
    /// The numbers that some bytes stand for, in an array of this shape; the first dimension runs fastest
    /// if `first_fastest`, the last otherwise. They become bytes if all are whole numbers from 0 to 255.
    ///
    /// Nothing if there are more or fewer bytes than the shape needs.
    pub fn numbers(self, shape: &[usize], first_fastest: bool, bytes: Vec<u8>) -> Option<Numbers> {
        let shape = || IxDyn(shape).set_f(first_fastest);
        if self.kind == Kind::Unsigned && self.size == 1 {
            return ArrayD::from_shape_vec(shape(), bytes).ok().map(Numbers::Bytes);
        }
        let values = || bytes.chunks(self.size).map(|bytes| self.value(bytes));
        if values().all(is_byte) {
            let values = values().map(|value| value as u8).collect();
            return ArrayD::from_shape_vec(shape(), values).ok().map(Numbers::Bytes);
        }
        ArrayD::from_shape_vec(shape(), values().collect()).ok().map(Numbers::Doubles)
    }

    /// The number that its bytes stand for; a whole number beyond 2⁵³ is rounded.
    fn value(self, bytes: &[u8]) -> f64 {
        let append = |bits: u64, &byte: &u8| bits << 8 | u64::from(byte);
        let bits = if self.little_endian {
            bytes.iter().rev().fold(0, append)
        } else {
            bytes.iter().fold(0, append)
        };
        let unused = 64 - 8 * self.size;
        match (self.kind, self.size) {
            (Kind::Unsigned, _) => bits as f64,
            (Kind::Signed, _) => ((bits << unused) as i64 >> unused) as f64,
            (Kind::Float, 2) => half(bits as u16),
            (Kind::Float, 4) => f32::from_bits(bits as u32).into(),
            (Kind::Float, _) => f64::from_bits(bits),
        }
    }
}

/// Whether a number is one that a byte can hold; -0 is not.
pub fn is_byte(value: f64) -> bool {
    value.to_bits() == f64::from(value as u8).to_bits()
}

/// A number in half precision: a sign, five bits of exponent, ten bits of fraction (IEEE 754-2008,
/// section 3.4).
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff) / 1024.0);
    let size = match exponent {
        0 => fraction * 2_f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2_f64.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn element(kind: Kind, size: usize, little_endian: bool) -> Element {
        Element { kind, size, little_endian }
    }

    #[test]
    fn numbers_of_every_type_are_read() {
        use Kind::{Float, Signed, Unsigned};
        for (kind, little, value) in [
            (Unsigned, 0x1234_u16.to_le_bytes().to_vec(), 4660.0),
            (Unsigned, u64::MAX.to_le_bytes().to_vec(), 2_f64.powi(64)),
            (Signed, (-1_i8).to_le_bytes().to_vec(), -1.0),
            (Signed, (-300_i16).to_le_bytes().to_vec(), -300.0),
            (Signed, i64::MIN.to_le_bytes().to_vec(), -(2_f64.powi(63))),
            (Float, 0x3555_u16.to_le_bytes().to_vec(), 0.333_251_953_125),
            (Float, 0xfc00_u16.to_le_bytes().to_vec(), f64::NEG_INFINITY),
            (Float, 0x8001_u16.to_le_bytes().to_vec(), -(2_f64.powi(-24))),
            (Float, (-1.5_f32).to_le_bytes().to_vec(), -1.5),
            (Float, 0.1_f64.to_le_bytes().to_vec(), 0.1),
        ] {
            let size = little.len();
            assert_eq!(element(kind, size, true).value(&little), value, "{kind:?} of {size} bytes");
            let big: Vec<u8> = little.into_iter().rev().collect();
            assert_eq!(element(kind, size, false).value(&big), value, "{kind:?} of {size} bytes");
        }
        assert!(half(0x7e00).is_nan());
    }

    #[test]
    fn whole_numbers_up_to_255_become_bytes() {
        let doubles = |numbers: [f64; 4]| numbers.map(f64::to_le_bytes).concat();
        let read = |first_fastest, numbers| {
            element(Kind::Float, 8, true).numbers(&[2, 2], first_fastest, doubles(numbers))
        };
        let bytes = array![[0, 255], [7, 8]].into_dyn();
        assert_eq!(read(false, [0.0, 255.0, 7.0, 8.0]), Some(Numbers::Bytes(bytes.clone())));
        assert_eq!(read(true, [0.0, 7.0, 255.0, 8.0]), Some(Numbers::Bytes(bytes)));
        for other in [256.0, -1.0, 0.5, -0.0, f64::INFINITY] {
            let doubles = array![[0.0, 1.0], [2.0, other]].into_dyn();
            assert_eq!(read(false, [0.0, 1.0, 2.0, other]), Some(Numbers::Doubles(doubles)));
        }
        assert_eq!(element(Kind::Float, 8, true).numbers(&[3], false, doubles([0.5; 4])), None);
    }
}
