use super::lanes::{Fused, Lanes, Plain};
#[cfg(target_arch = "aarch64")]
use pulp::aarch64::Neon;
#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};
use std::{env, fmt, str::FromStr, sync::OnceLock};

/// How many numbers a processor adds and multiplies with one instruction.
///
/// A kernel is compiled once for each width, with a tile that suits its registers. The running program
/// chooses one of them, because the reader's processor is not the author's.
///
/// [In the book](../../../book/chapter_06.html#which-vectors)
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Width {
    /// 4 numbers, in the vectors that every processor of this kind has; a multiplication and an addition,
    /// one after the other.
    Plain,
    /// 4 numbers in each of 32 registers, multiplied and added in one instruction (FMA): ARM processors.
    Neon,
    /// 8 numbers in each of 16 registers, with FMA: most PCs and laptops.
    Avx2,
    /// 16 numbers in each of 32 registers, with FMA: some servers, few laptops.
    Avx512,
}

/// The environment variable that asks for a width other than the widest.
///
/// [In the book](../../../book/chapter_06.html#which-vectors)
pub const VECTORS: &str = "HANDWRITTEN_VECTORS";

/// What is wrong with the width that was asked for.
///
/// [In the book](../../../book/chapter_06.html#which-vectors)
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum WidthError {
    /// There is no such width.
    #[error(
        "{VECTORS} is '{0}', which is not a vector width: use plain, neon, avx2 or avx512, or unset it"
    )]
    Unknown(String),
    /// The processor has no such vectors.
    #[error("{VECTORS} asks for {0}, which this processor does not have: use {widest}, or unset it", widest = Width::widest())]
    Missing(Width),
}

/// Work that is compiled once for each width.
pub trait Kernel {
    /// Does the work with tiles of `N` rows, `V` vectors wide.
    fn run<L: Lanes, const N: usize, const V: usize>(self, lanes: L);
}

impl Width {
    /// All widths, the narrowest first.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Neon, Self::Avx2, Self::Avx512];

    /// Those of this processor, the narrowest first.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|width| width.is_available())
    }

    /// The widest of this processor.
    pub fn widest() -> Self {
        Self::available().last().unwrap_or(Self::Plain)
    }

    /// The width that [`VECTORS`] asks for, or else the widest.
    ///
    /// # Errors
    /// If the variable asks for a width that does not exist, or that this processor does not have.
    pub fn asked_for() -> Result<Self, WidthError> {
        match env::var_os(VECTORS) {
            Some(name) if !name.is_empty() => name.to_string_lossy().parse(),
            _ => Ok(Self::widest()),
        }
    }

    /// The width that the program computes with, read from the environment once; the widest, if that
    /// names none of this processor's.
    pub fn in_use() -> Self {
        static IN_USE: OnceLock<Width> = OnceLock::new();
        *IN_USE.get_or_init(|| Self::asked_for().unwrap_or_else(|_| Self::widest()))
    }

    /// Whether this processor has such vectors.
    pub fn is_available(self) -> bool {
        self == Self::Plain || !matches!(self.vectors(), Vectors::Plain)
    }

    /// Runs `work` compiled for these vectors; functions that it calls are compiled for them only if they
    /// are `inline(always)`.
    #[inline(always)]
    pub fn elementwise(self, work: impl FnOnce()) {
        match self.vectors() {
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx512(simd) => simd.vectorize(work),
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx2(simd) => simd.vectorize(work),
            #[cfg(target_arch = "aarch64")]
            Vectors::Neon(simd) => simd.vectorize(work),
            Vectors::Plain => work(),
        }
    }

    /// Runs a kernel compiled for these vectors, with the tile that suits their registers: as many sums
    /// as fit beside the numbers that are multiplied.
    pub fn kernel(self, kernel: impl Kernel) {
        // ANCHOR: kernel
        match self.vectors() {
            // 32 registers of 16 numbers: 24 of them hold sums
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx512(simd) => simd.vectorize(
                #[inline(always)]
                || kernel.run::<_, 12, 2>(Fused(simd)),
            ),
            // 16 registers of 8 numbers: 12 of them hold sums
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx2(simd) => simd.vectorize(
                #[inline(always)]
                || kernel.run::<_, 6, 2>(Fused(simd)),
            ),
            // 32 registers of 4 numbers: 24 of them hold sums
            #[cfg(target_arch = "aarch64")]
            Vectors::Neon(simd) => simd.vectorize(
                #[inline(always)]
                || kernel.run::<_, 6, 4>(Fused(simd)),
            ),
            // 16 registers of 4 numbers: 8 hold sums, 5 the numbers that are multiplied
            Vectors::Plain => kernel.run::<_, 2, 4>(Plain),
        }
        // ANCHOR_END: kernel
    }

    /// The proof that the processor has these vectors; without it, plain ones.
    fn vectors(self) -> Vectors {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => V4::try_new().map_or(Vectors::Plain, Vectors::Avx512),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => V3::try_new().map_or(Vectors::Plain, Vectors::Avx2),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => Neon::try_new().map_or(Vectors::Plain, Vectors::Neon),
            _ => Vectors::Plain,
        }
    }
}

/// What `pulp` hands out where the processor has certain vectors.
enum Vectors {
    #[cfg(target_arch = "x86_64")]
    Avx512(V4),
    #[cfg(target_arch = "x86_64")]
    Avx2(V3),
    #[cfg(target_arch = "aarch64")]
    Neon(Neon),
    Plain,
}

impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Self::Plain => "plain",
            Self::Neon => "neon",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        })
    }
}

impl FromStr for Width {
    type Err = WidthError;

    fn from_str(name: &str) -> Result<Self, WidthError> {
        let known = Self::ALL.into_iter().find(|width| width.to_string() == name.to_lowercase());
        let width = known.ok_or_else(|| WidthError::Unknown(name.to_owned()))?;
        if width.is_available() { Ok(width) } else { Err(WidthError::Missing(width)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_processor_has_plain_vectors_and_no_processor_has_all() {
        let available: Vec<Width> = Width::available().collect();
        assert_eq!(available[0], Width::Plain);
        assert!(available.len() < Width::ALL.len());
        assert_eq!(available.last(), Some(&Width::widest()));
    }

    #[test]
    fn width_is_asked_for_by_name() {
        for width in Width::ALL {
            let found = width.to_string().to_uppercase().parse::<Width>();
            match found {
                Ok(found) => assert_eq!(found, width),
                Err(error) => assert_eq!(error, WidthError::Missing(width)),
            }
            assert_eq!(found_is_right(width), width.is_available());
        }
        let error = "mmx".parse::<Width>().unwrap_err().to_string();
        assert!(error.contains("'mmx'") && error.contains("avx2"), "{error}");
    }

    fn found_is_right(width: Width) -> bool {
        width.to_string().parse() == Ok(width)
    }
}
