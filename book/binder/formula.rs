//! Formulas in LaTeX's notation, as MathML.

use crate::error::Diagnostic;
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

/// Abbreviations that the book uses.
const ABBREVIATIONS: [(&str, &str); 2] = [(r"\yhat", r"\hat{y}"), (r"\transpose", r"^\top")];

/// Turns formulas into MathML.
pub struct Formulas(LatexToMathML);

impl Formulas {
    /// A converter.
    pub fn new() -> Self {
        let converter = LatexToMathML::new(MathCoreConfig::default());
        Self(converter.expect("there are no macros that might not parse"))
    }

    /// A formula within a line.
    pub fn inline(&self, latex: &str) -> Result<String, Diagnostic> {
        self.convert(latex, MathDisplay::Inline)
    }

    /// A formula on a line of its own.
    pub fn display(&self, latex: &str) -> Result<String, Diagnostic> {
        let math = self.convert(latex, MathDisplay::Block)?;
        Ok(format!("<div class=\"formula\">{math}</div>"))
    }

    fn convert(&self, latex: &str, display: MathDisplay) -> Result<String, Diagnostic> {
        // The converter has macros of its own, which fail between \left and \right.
        let written_out = ABBREVIATIONS
            .iter()
            .fold(latex.trim().to_owned(), |latex, (short, long)| latex.replace(short, long));
        let refuse = |reason| Diagnostic::Formula(latex.trim().to_owned(), reason);
        // A zero byte is the converter's own mark for the end
        if latex.contains(|c: char| c.is_control() && !c.is_whitespace()) {
            return Err(refuse("it holds a control character".to_owned()));
        }
        let math = self.0.convert_with_local_counter(&written_out, display);
        Ok(shield(&math.map_err(|error| refuse(error.to_string()))?))
    }
}

/// Replaces characters that mean something in Markdown by entities.
fn shield(html: &str) -> String {
    let entity = |c: char| format!("&#{};", u32::from(c));
    ['*', '_', '`', '[', ']', '|', '\\', '~', '$']
        .into_iter()
        .fold(html.to_owned(), |html, c| html.replace(c, &entity(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formula_becomes_mathml() {
        let math = Formulas::new().inline(r"\yhat = \sigma(z)").unwrap();
        assert!(math.starts_with("<math") && math.contains("σ"), "{math}");
        assert!(!math.contains("display=\"block\""));
        let math = Formulas::new().display(r"\frac{1}{m} \sum_{i=1}^m x_i").unwrap();
        assert!(math.contains("<mfrac>") && math.contains("display=\"block\""), "{math}");
    }

    #[test]
    fn formula_that_does_not_parse_is_refused() {
        for latex in [r"\frac{1}{", r"\nosuchcommand x", "a }", "a\0"] {
            assert!(
                matches!(Formulas::new().inline(latex), Err(Diagnostic::Formula { .. })),
                "{latex}"
            );
        }
    }
}
