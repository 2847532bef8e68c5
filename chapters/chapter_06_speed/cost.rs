use super::{
    blocked::{Blocked, LINE, Line},
    elementwise::tanh,
    width::Width,
};

/// Mean cross-entropy. `z` has the logits, a row for each output, and becomes `(softmax(z) - y) / m`: the
/// delta of the last layer.
pub fn mean_cross_entropy(z: &mut Blocked, labels: &[usize], width: Width) -> f64 {
    let m = labels.len() as f32;
    let (units, strips) = (z.dim().0, z.strips());
    let cost: f64 = if units == 1 {
        // A single output stands for two classes
        let y: Vec<f32> = labels.iter().map(|&label| label as f32).collect();
        let lines = z.blocks_mut().next().into_iter().flatten();
        let mut cost = 0.0;
        width.elementwise(
            #[inline(always)]
            || cost = cost_of_two(lines, &y),
        );
        cost
    } else {
        // The lines of each strip, from all blocks
        let mut lines: Vec<Vec<&mut Line>> = (0..strips).map(|_| Vec::new()).collect();
        for block in z.blocks_mut() {
            let height = block.len() / strips;
            for (s, strip) in block.chunks_mut(height).enumerate() {
                lines[s].extend(strip);
            }
        }
        let strips = lines.iter_mut().zip(labels.chunks(LINE));
        strips.map(|(z, labels)| cost_of_strip(z, labels, m)).sum()
    };
    cost / f64::from(m)
}

/// The summed cross-entropy of a single output that stands for two classes; each `z` becomes
/// `(sigmoid(z) - y) / m`.
///
/// The loss of one example is `max(z, 0) - y z - log sigmoid(|z|)`, as in chapter 2. The sigmoid of `|z|`
/// lies between 1/2 and 1, and a sum of logarithms is the logarithm of a product, so that one logarithm
/// is enough for many examples.
#[inline(always)]
fn cost_of_two<'a>(z: impl Iterator<Item = &'a mut Line>, y: &[f32]) -> f64 {
    let m = y.len() as f32;
    let (mut cost, mut product, mut sum) = (0.0, [1.0; LINE], [0.0; LINE]);
    for (i, (Line(z), y)) in z.zip(y.chunks(LINE)).enumerate() {
        for k in 0..y.len().min(LINE) {
            let likelier = 0.5 + 0.5 * tanh(0.5 * z[k].abs());
            product[k] *= likelier;
            sum[k] += z[k].max(0.0) - y[k] * z[k];
            z[k] = (if z[k] < 0.0 { 1.0 - likelier } else { likelier } - y[k]) / m;
        }
        z[y.len()..].fill(0.0);
        // 64 numbers from 1/2 to 1 have a product that is no subnormal number
        if i % 64 == 63 {
            cost += sum_of(&sum) - sum_of(&product.map(f32::ln));
            (product, sum) = ([1.0; LINE], [0.0; LINE]);
        }
    }
    cost + sum_of(&sum) - sum_of(&product.map(f32::ln))
}

fn sum_of(numbers: &[f32; LINE]) -> f64 {
    numbers.iter().copied().map(f64::from).sum()
}

/// The summed cross-entropy of the examples of one strip: `z` has a line for each class, and becomes
/// `(softmax(z) - y) / m`, and 0 in lanes without an example.
fn cost_of_strip(z: &mut [&mut Line], labels: &[usize], m: f32) -> f64 {
    let count = labels.len().min(LINE);
    // The largest logit of each example, which keeps the exponentials in range
    let mut largest = [f32::NEG_INFINITY; LINE];
    for line in &*z {
        for (i, largest) in largest.iter_mut().enumerate() {
            *largest = largest.max(line.0[i]);
        }
    }
    // The logit of the correct class
    let shown: f64 =
        (0..).zip(labels).map(|(i, &label)| f64::from(z[label].0[i] - largest[i])).sum();
    // Exponentials, and their sum over the classes
    let mut sum = [0.0; LINE];
    for line in &mut *z {
        for i in 0..count {
            line.0[i] = (line.0[i] - largest[i]).exp();
            sum[i] += line.0[i];
        }
    }
    // Probabilities minus targets
    for (class, line) in z.iter_mut().enumerate() {
        for i in 0..count {
            line.0[i] = (line.0[i] / sum[i] - f32::from(u8::from(labels[i] == class))) / m;
        }
        line.0[count..].fill(0.0);
    }
    sum.iter().take(count).map(|&sum| f64::from(sum.ln())).sum::<f64>() - shown
}
