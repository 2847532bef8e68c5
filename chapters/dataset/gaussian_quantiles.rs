use crate::{CourseError, random::Rng};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand::seq::SliceRandom;

/// Points with a class each.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// Coordinates, shape `(m, n)`.
    pub x: Array2<f64>,
    /// Classes from 0, shape `(m,)`.
    pub labels: Array1<usize>,
}

impl Points {
    /// The classes of a two-class problem as the numbers 0 and 1, shape `(m,)`.
    pub fn y(&self) -> Array1<f64> {
        self.labels.mapv(|label| label as f64)
    }
}

/// Points from a normal distribution, divided into rings that hold equally many, as scikit-learn's
/// `make_gaussian_quantiles` does: class 0 is the innermost ring.
///
/// [In the book](../../../book/chapter_02.html#what-are-the-data)
#[derive(Clone, Copy, Debug)]
pub struct GaussianQuantiles {
    /// How many points.
    pub samples: usize,
    /// How many coordinates each point has.
    pub features: usize,
    /// How many rings.
    pub classes: usize,
    /// Variance of each coordinate: the covariance is this times the identity.
    pub covariance: f64,
}

impl GaussianQuantiles {
    /// The cloud of system A: 200 points in the plane, two rings, covariance 0.7.
    pub const ARTICLE: Self = Self { samples: 200, features: 2, classes: 2, covariance: 0.7 };

    /// Draws the points around the origin, labels them and shuffles them.
    ///
    /// # Errors
    /// [`CourseError::Setting`] if there are no features, no classes or fewer points than classes, or if
    /// the covariance is not a positive number.
    pub fn draw(&self, rng: &mut Rng) -> Result<Points, CourseError> {
        self.check()?;
        let shape = (self.samples, self.features);
        let x = Array2::random_using(shape, StandardNormal, rng) * self.covariance.sqrt();
        let labels = label_by_quantile(x.view(), self.classes);
        let mut order: Vec<usize> = (0..self.samples).collect();
        order.shuffle(rng);
        Ok(Points { x: x.select(Axis(0), &order), labels: labels.select(Axis(0), &order) })
    }

    fn check(&self) -> Result<(), CourseError> {
        let Self { samples, features, classes, covariance } = *self;
        let least = "at least the number of classes";
        let positive = covariance > 0.0 && covariance.is_finite();
        CourseError::unless(features > 0, "number of features", "at least 1", features)?;
        CourseError::unless(classes > 0, "number of classes", "at least 1", classes)?;
        CourseError::unless(samples >= classes, "number of points", least, samples)?;
        CourseError::unless(positive, "covariance", "a positive number", covariance)
    }
}

/// Divides points, shape `(m, n)`, into `classes` rings by their distance from the origin: the nearest
/// `m / classes` are class 0, and any left over belong to the outermost ring. Shape `(m,)`.
///
/// [In the book](../../../book/chapter_02.html#what-are-the-data)
// ANCHOR: label_by_quantile
pub fn label_by_quantile(x: ArrayView2<f64>, classes: usize) -> Array1<usize> {
    let distance = x.map_axis(Axis(1), |point| point.dot(&point));
    let mut nearest_first: Vec<usize> = (0..x.nrows()).collect();
    nearest_first.sort_by(|&i, &j| distance[i].total_cmp(&distance[j]));
    let ring = (x.nrows() / classes.max(1)).max(1);
    let mut labels = Array1::zeros(x.nrows());
    for (rank, &i) in nearest_first.iter().enumerate() {
        labels[i] = (rank / ring).min(classes.saturating_sub(1));
    }
    labels
}
// ANCHOR_END: label_by_quantile

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};
    use ndarray::array;

    #[test]
    fn classes_are_equally_large() {
        let points = GaussianQuantiles::ARTICLE.draw(&mut stream(1, Purpose::Data)).unwrap();
        assert_eq!(points.x.dim(), (200, 2));
        assert_eq!(points.labels.sum(), 100);
    }

    #[test]
    fn inner_points_are_nearer_than_outer_ones() {
        let cloud = GaussianQuantiles { samples: 100, features: 3, classes: 4, covariance: 2.0 };
        let points = cloud.draw(&mut stream(1, Purpose::Data)).unwrap();
        let distance = points.x.map_axis(Axis(1), |p| p.dot(&p));
        for (i, &inner) in points.labels.iter().enumerate() {
            for (j, &outer) in points.labels.iter().enumerate() {
                assert!(inner >= outer || distance[i] <= distance[j]);
            }
        }
    }

    #[test]
    fn left_over_points_belong_to_the_outermost_ring() {
        let x = array![[3.0], [0.0], [-1.0], [2.0], [-4.0]];
        assert_eq!(label_by_quantile(x.view(), 2), array![1, 0, 0, 1, 1]);
    }

    #[test]
    fn variance_is_the_covariance_asked_for() {
        let cloud = GaussianQuantiles { samples: 20_000, ..GaussianQuantiles::ARTICLE };
        let x = cloud.draw(&mut stream(1, Purpose::Data)).unwrap().x;
        // The standard error of a variance over 40,000 coordinates is 0.7 √(2 / 40,000) ≈ 0.005.
        assert!((x.var(0.0) - 0.7).abs() < 0.02, "{}", x.var(0.0));
    }

    #[test]
    fn impossible_clouds_are_refused() {
        let article = GaussianQuantiles::ARTICLE;
        for cloud in [
            GaussianQuantiles { features: 0, ..article },
            GaussianQuantiles { classes: 0, ..article },
            GaussianQuantiles { samples: 1, ..article },
            GaussianQuantiles { covariance: -1.0, ..article },
            GaussianQuantiles { covariance: f64::NAN, ..article },
        ] {
            assert!(cloud.draw(&mut stream(1, Purpose::Data)).is_err());
        }
    }
}
