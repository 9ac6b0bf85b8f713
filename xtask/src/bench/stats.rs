//! One number of many.

use super::Versus;

/// Measurements of neighbours in time: Go's, ours.
#[derive(Default)]
pub struct Pairs {
    go: Vec<f64>,
    ours: Vec<f64>,
}

impl Pairs {
    pub fn add(&mut self, go: f64, ours: f64) {
        self.go.push(go);
        self.ours.push(ours);
    }

    pub fn versus(&self) -> Versus {
        let ratios: Vec<f64> = self.go.iter().zip(&self.ours).map(|(go, ours)| ours / go).collect();
        Versus { go: median(&self.go), ours: median(&self.ours), ratio: median(&ratios) }
    }
}

/// Of at least one number.
pub fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) { (sorted[middle - 1] + sorted[middle]) / 2.0 } else { sorted[middle] }
}

/// `None` of no numbers.
pub fn geometric_mean(numbers: &[f64]) -> Option<f64> {
    let sum: f64 = numbers.iter().map(|number| number.ln()).sum();
    (!numbers.is_empty()).then(|| (sum / numbers.len() as f64).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middles_and_means() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(geometric_mean(&[]), None);
        assert!((geometric_mean(&[0.5, 2.0]).unwrap() - 1.0).abs() < 1e-12);
        let mut pairs = Pairs::default();
        [(1.0, 2.0), (10.0, 10.0), (2.0, 1.0)].into_iter().for_each(|(go, ours)| pairs.add(go, ours));
        let versus = pairs.versus();
        assert_eq!((versus.go, versus.ours, versus.ratio), (2.0, 2.0, 1.0));
    }
}
