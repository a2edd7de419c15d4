//! What a misspelt name may have meant.

/// Most names that are offered.
const OFFERED: usize = 3;

/// Names that a list shows when none is near.
const LISTED: usize = 12;

/// The candidates that `name` may be a slip of, the nearest first, at most three.
///
/// Near is a third of the name's length in edits, at least two, or one name beginning with the
/// other; case does not count.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let name = name.to_lowercase();
    let allowed = (name.chars().count() / 3).max(2);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let edits = distance(&name, &lower);
            // Two edits turn any ticker into any other of two letters.
            let alike = edits <= allowed && edits < lower.chars().count().max(2);
            let begins = name.len() >= 3 && (lower.starts_with(&name) || name.starts_with(&lower));
            (alike || begins).then_some((edits, candidate))
        })
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(OFFERED).map(|(_, candidate)| candidate).collect()
}

/// The end of an error message about an unknown `name`: the nearest of `known`, or what there is.
pub fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let near = nearest(name, known.iter().copied());
    match near.as_slice() {
        [] if known.is_empty() => String::new(),
        [] if known.len() <= LISTED => format!("; there are: {}", known.join(", ")),
        [] => format!("; there are {}, among them: {}", known.len(), known[..LISTED].join(", ")),
        near => format!("; did you mean {}?", near.join(" or ")),
    }
}

/// Edits (insert, delete, replace, swap of neighbours) that turn one text into the other.
///
/// Source: the “optimal string alignment” form of Damerau, “A technique for computer detection and
/// correction of spelling errors”, 1964.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let replaced = last[j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut edits = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                edits = edits.min(before[j - 2] + 1);
            }
            row.push(edits);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, hint, nearest};

    #[test]
    fn edits_are_counted() {
        let cases = [
            ("", "", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("appl", "aapl", 1),
            ("aalp", "aapl", 1),
            ("größe", "grosse", 3),
        ];
        for (one, other, edits) in cases {
            assert_eq!(distance(one, other), edits, "{one} {other}");
            assert_eq!(distance(other, one), edits, "{other} {one}");
        }
    }

    #[test]
    fn slips_find_their_name() {
        let strategies = ["sma_crossover", "ema_crossover", "macd", "supertrend", "buy_and_hold"];
        let cases = [
            ("sma_crosover", vec!["sma_crossover", "ema_crossover"]),
            ("SMA", vec!["sma_crossover"]),
            ("macs", vec!["macd"]),
            ("super", vec!["supertrend"]),
            ("xyz", vec![]),
        ];
        for (name, expected) in cases {
            assert_eq!(nearest(name, strategies), expected, "{name}");
        }
        assert_eq!(nearest("APPL", ["AAPL", "IBM", "^GSPC"]), ["AAPL"]);
        assert!(nearest("", ["AAPL"]).is_empty());
    }

    #[test]
    fn a_hint_names_what_there_is() {
        assert_eq!(hint("macs", ["macd", "adx"]), "; did you mean macd?");
        assert_eq!(hint("zzzzz", ["macd", "adx"]), "; there are: macd, adx");
        assert_eq!(hint("zzzzz", []), "");
    }
}
