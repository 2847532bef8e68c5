//! Decimals and percentages that were typed by hand.

use crate::{
    error::{BindError, Diagnostic, Problem},
    files::read,
};
use regex::{Match, Regex};
use serde::Deserialize;
use std::{
    cell::RefCell,
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Where permissions are kept, from the project's folder.
const FILE: &str = "book/permitted_numbers.toml";

/// The few numbers that may be typed, each with its reason.
pub struct Permissions {
    numbers: Regex,
    permitted: Vec<Permission>,
    used: RefCell<BTreeSet<usize>>,
}

/// A number that may be typed in one page.
#[derive(Deserialize)]
struct Permission {
    page: PathBuf,
    number: String,
    reason: String,
}

#[derive(Deserialize)]
struct PermittedNumbers {
    permitted: Vec<Permission>,
}

impl Permissions {
    /// Reads the project's list.
    pub fn read(project: &Path) -> Result<Self, BindError> {
        let path = project.join(FILE);
        let list: PermittedNumbers =
            toml::from_str(&read(&path)?).map_err(BindError::unreadable(&path))?;
        if let Some(bare) = list.permitted.iter().find(|p| p.reason.trim().is_empty()) {
            let bare = format!("`{}` is permitted without a reason", bare.number);
            return Err(BindError::unreadable(&path)(bare));
        }
        Ok(Self::new(list.permitted))
    }

    fn new(permitted: Vec<Permission>) -> Self {
        // A decimal, or a number and a percent sign with or without a space or a backslash between
        let numbers =
            Regex::new(r"\d+(?:\.\d+)*[\s\u{a0}\u{202f}\\,]*%|\d+(?:\.\d+)+|\d+ per ?cent");
        Self { numbers: numbers.expect("the pattern is one"), permitted, used: RefCell::default() }
    }

    /// Numbers in `text` that may not be typed in `page`, and where they are.
    pub fn not_permitted(&self, page: &Path, text: &str) -> Vec<(usize, Diagnostic)> {
        let found = self.numbers.find_iter(text).filter(|number| {
            let permits = |permission: &Permission| {
                permission.page == page && permission.number == number.as_str()
            };
            let permission = self.permitted.iter().position(permits);
            self.used.borrow_mut().extend(permission);
            permission.is_none()
        });
        let diagnostic = |number: Match| Diagnostic::TypedNumber(number.as_str().to_owned());
        found.map(|number| (number.start(), diagnostic(number))).collect()
    }

    /// Permissions that no page has needed.
    pub fn unused(&self) -> Vec<Problem> {
        let used = self.used.borrow();
        let unused = (0..self.permitted.len()).filter(|i| !used.contains(i));
        let problem = |i: usize| Problem {
            file: FILE.into(),
            line: 0,
            diagnostic: Diagnostic::UnusedPermission(self.permitted[i].number.clone()),
        };
        unused.map(problem).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions() -> Permissions {
        let (page, number, reason) = ("a.md".into(), "53 %".into(), "the article's".into());
        Permissions::new(vec![Permission { page, number, reason }])
    }

    #[test]
    fn decimals_and_percentages_are_found() {
        let refused = |text: &str| permissions().not_permitted(Path::new("b.md"), text).len();
        for typed in ["0.5", "53 %", "53.5 %", "53%", "53\u{202f}%", r"53\,\%", "5 percent"] {
            assert_eq!(refused(typed), 1, "{typed}");
        }
        assert_eq!(refused("chapter 5 has 784 inputs, and ends. 10 of them"), 0);
    }

    #[test]
    fn permission_holds_for_one_number_in_one_page_and_must_be_needed() {
        let permissions = permissions();
        assert_eq!(permissions.unused().len(), 1);
        assert!(permissions.not_permitted(Path::new("a.md"), "it claims 53 %").is_empty());
        assert!(permissions.unused().is_empty());
        assert_eq!(permissions.not_permitted(Path::new("b.md"), "it claims 53 %").len(), 1);
    }
}
