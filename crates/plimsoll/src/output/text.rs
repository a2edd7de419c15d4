//! Pieces of reports for people.

use crate::output::WIDTH;

/// Breaks a text into lines of at most the report's width; the first begins with `first`, the
/// others with `rest`.
pub fn paragraph(text: &str, first: &str, rest: &str) -> String {
    let mut lines = String::new();
    let mut line = String::from(first);
    let mut is_empty = true;
    // A number and its percent sign stay together.
    let glued = text.replace(" %", "\u{a0}%");
    for word in glued.split(' ').filter(|word| !word.is_empty()) {
        let word = word.replace('\u{a0}', " ");
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines += line.trim_end();
            lines.push('\n');
            line = String::from(rest);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line += &word;
        is_empty = false;
    }
    lines + line.trim_end() + "\n"
}

/// A list, an item a bullet.
pub fn bullets<'a>(items: impl IntoIterator<Item = &'a String>) -> String {
    items.into_iter().map(|item| paragraph(item, "  · ", "    ")).collect()
}

/// Parameters on one line, `name=value` each.
pub fn params(params: &serde_json::Map<String, serde_json::Value>) -> String {
    let named: Vec<String> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    named.join(" ")
}

#[cfg(test)]
mod tests {
    use super::paragraph;

    #[test]
    fn long_texts_break_between_words() {
        let text = paragraph(&"word ".repeat(40), "· ", "  ");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(
            text.starts_with("· word") && text.lines().nth(1).is_some_and(|l| l.starts_with("  w"))
        );
    }
}
