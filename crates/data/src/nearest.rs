//! Names that somebody may have meant.

/// How many names are offered.
const OFFERED: usize = 5;

/// The names nearest to `wanted` by edits of one letter, nearest first, at most five.
pub(crate) fn nearest(wanted: &str, names: &[&str]) -> Vec<String> {
    let wanted = wanted.to_uppercase();
    let mut ranked: Vec<(usize, &str)> =
        names.iter().map(|name| (edits(&wanted, &name.to_uppercase()), *name)).collect();
    ranked.sort_unstable();
    ranked.into_iter().take(OFFERED).map(|(_, name)| name.to_owned()).collect()
}

/// Insertions, deletions and replacements that make one text of the other (V. Levenshtein, 1966).
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (place, candidate) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *candidate);
            diagonal = row[place + 1];
            row[place + 1] = replaced.min(row[place] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::{edits, nearest};

    #[test]
    fn edits_are_counted() {
        let cases = [("", "", 0), ("A", "", 1), ("", "AB", 2), ("KITTEN", "SITTING", 3)];
        for (one, other, wanted) in cases {
            assert_eq!(edits(one, other), wanted, "{one} {other}");
            assert_eq!(edits(other, one), wanted, "{other} {one}");
        }
    }

    #[test]
    fn the_nearest_come_first() {
        assert_eq!(nearest("appl", &["MSFT", "AAPL", "IBM"])[0], "AAPL");
        assert_eq!(nearest("X", &["A", "B", "C", "D", "E", "F"]).len(), 5);
    }
}
