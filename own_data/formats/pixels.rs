//! Columns that are the pixels of square pictures, told by the numbers in their names.

use std::collections::HashMap;

/// The sides of pictures whose columns are called anything, such as `x1`, `x2`, …: smaller ones are more
/// likely to be numbers.
pub(super) const LEAST_SIDE: usize = 8;

/// Where each pixel of a square picture is among columns with these names, from left to right and from top to
/// bottom; nothing if they do not look like pixels.
///
/// They are numbered from 0 or 1 (`p0`, `pixel1`, `784 columns` without headings), or by row and column
/// (`1x1`, `pixel_0_0`), and may stand in any order.
pub(super) fn places(names: &[String]) -> Option<Vec<usize>> {
    let pixels = names.len();
    let side = pixels.isqrt();
    if side < 2 || side * side != pixels {
        return None;
    }
    let parts: Vec<(String, Vec<usize>)> = names.iter().map(|name| parts(name)).collect();
    let (words, first) = parts.first()?;
    let is_pixel = ["p", "px", "pix", "pixel", "pixels", "x", "_"].contains(&words.as_str());
    let is_alike =
        |(other, numbers): &(String, Vec<usize>)| words == other && numbers.len() == first.len();
    let names_pixels = is_pixel && words != "x" || first.len() == 2;
    if !parts.iter().all(is_alike) || side < LEAST_SIDE && !names_pixels {
        return None;
    }
    let number = |numbers: &[usize], from: usize| match *numbers {
        [number] => number.checked_sub(from),
        [row, column] => {
            let [row, column] = [row.checked_sub(from)?, column.checked_sub(from)?];
            (row < side && column < side).then_some(row * side + column)
        }
        _ => None,
    };
    let from = |from: usize| {
        let mut places = vec![None; pixels];
        for (place, (_, numbers)) in parts.iter().enumerate() {
            *places.get_mut(number(numbers, from)?)? = Some(place);
        }
        places.into_iter().collect::<Option<Vec<_>>>()
    };
    let lowest = parts.iter().filter_map(|(_, numbers)| numbers.last()).min();
    // Columns of a table without headings, of which one may be the label, begin at any number
    if words == "column" && first.len() == 1 {
        return from(*lowest?);
    }
    from(0).or_else(|| from(1))
}

/// Where the pixels of a picture are among columns with these names, of which there may be others; `label` is
/// none of them.
pub(super) fn among(names: &[String], pixels: usize, label: Option<usize>) -> Option<Vec<usize>> {
    let known: HashMap<&str, usize> = names.iter().map(String::as_str).zip(0..).collect();
    let exported = || (0..pixels).map(|i| known.get(format!("p{i}").as_str()).copied());
    if let Some(places) = exported().collect() {
        return Some(places);
    }
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, name) in names.iter().enumerate().filter(|&(place, _)| Some(place) != label) {
        groups.entry(parts(name).0).or_default().push(place);
    }
    let group = groups.into_values().find(|group| group.len() == pixels)?;
    let of_group: Vec<String> = group.iter().map(|&place| names[place].clone()).collect();
    Some(places(&of_group)?.into_iter().map(|place| group[place]).collect())
}

/// Whether the columns at these places are called what `handwritten data export` calls them.
pub(super) fn are_exported(names: &[String], places: &[usize]) -> bool {
    places.iter().enumerate().all(|(i, &place)| names[place] == format!("p{i}"))
}

/// The letters of a name without digits and what separates them, and its numbers.
fn parts(name: &str) -> (String, Vec<usize>) {
    let digit = |c: char| c.is_ascii_digit();
    let numbers = name.split(|c| !digit(c)).filter(|part| !part.is_empty());
    let numbers = numbers.map(|part| part.parse().unwrap_or(usize::MAX)).collect();
    let words = name
        .split(digit)
        .map(|part| part.trim_matches(['_', '-', '.', ' ', ',', '(', ')', '[', ']']));
    (words.collect::<String>().to_lowercase(), numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: impl Fn(usize) -> String, pixels: usize) -> Vec<String> {
        (0..pixels).map(name).collect()
    }

    #[test]
    fn numbered_columns_are_pixels() {
        let straight = |pixels: usize| Some((0..pixels).collect::<Vec<_>>());
        for prefix in ["p", "pixel", "Pixel_", "px-"] {
            for first in [0, 1] {
                let named = names(|i| format!("{prefix}{}", i + first), 4);
                assert_eq!(places(&named), straight(4), "{named:?}");
            }
        }
        let by_row = names(|i| format!("{}x{}", i / 28 + 1, i % 28 + 1), 784);
        assert_eq!(places(&by_row), straight(784));
        let by_row = names(|i| format!("pixel_{}_{}", i / 8, i % 8), 64);
        assert_eq!(places(&by_row), straight(64));
        assert_eq!(places(&names(|i| format!("attr{}", i + 1), 64)), straight(64));
        assert_eq!(places(&names(|i| format!("column {}", i + 2), 64)), straight(64));
    }

    #[test]
    fn pixels_in_alphabetical_order_are_put_in_their_places() {
        let mut named = names(|i| format!("pixel{i}"), 16);
        named.sort();
        let places = places(&named).unwrap();
        assert!((0..16).all(|i| named[places[i]] == format!("pixel{i}")));
    }

    #[test]
    fn other_columns_are_not() {
        for named in [
            names(|i| format!("x{}", i + 1), 4),
            names(|i| format!("p{i}"), 3),
            names(|i| format!("p{}", 2 * i), 4),
            names(|i| format!("p{}", i + 2), 4),
            names(|i| format!("{}{i}", ["a", "b"][i % 2]), 64),
            names(|_| "p0".to_owned(), 4),
            names(|i| format!("column {}", 2 * i), 64),
        ] {
            assert_eq!(places(&named), None, "{named:?}");
        }
    }
}
