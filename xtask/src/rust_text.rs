//! Rust source with its comments and literals blanked, so that a word in a sentence is no code.

use std::ops::Range;

/// Replaces comments and the contents of string and char literals by spaces; line breaks stay, so
/// line numbers hold. Good enough for looking up words, not a parser.
pub(crate) fn code_only(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_or_comment_end(bytes, at);
        blank(&mut code, at..end);
        at = end.max(at + 1);
    }
    // Blanking replaces whole literals, so what remains is still UTF-8.
    String::from_utf8_lossy(&code).into_owned()
}

/// The offset where test code begins: the first `#[cfg(test)]` that stands before a module.
///
/// `code`: a whole file as [`code_only`] gives it. The end of the file when there is none.
pub(crate) fn tests_start(code: &str) -> usize {
    let marker = "#[cfg(test)]";
    code.match_indices(marker)
        .find(|(at, _)| code[at + marker.len()..].trim_start().starts_with("mod "))
        .map_or(code.len(), |(at, _)| at)
}

/// Offsets at which `word` stands in `code` and is not the tail of a longer name.
pub(crate) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// The one-based line of an offset.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

fn blank(code: &mut [u8], range: Range<usize>) {
    for byte in &mut code[range] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// The end of the comment or literal that starts at `at`; `at` itself when none does.
fn literal_or_comment_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let inside_a_name = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    match rest {
        [b'/', b'/', ..] => at + find(rest, b"\n").unwrap_or(rest.len()),
        [b'/', b'*', ..] => at + block_comment_length(rest),
        [b'"', ..] => at + quoted_length(rest, b'"'),
        [b'r', b'"' | b'#', ..] if !inside_a_name => at + raw_string_length(rest),
        // A quote starts a char, not a lifetime, when it closes again after one character.
        [b'\'', b'\\', ..] => at + quoted_length(rest, b'\''),
        [b'\'', first, ..] => {
            let width = utf8_width(*first);
            if rest.get(1 + width) == Some(&b'\'') { at + width + 2 } else { at }
        }
        _ => at,
    }
}

fn quoted_length(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of `r"…"` or `r#"…"#`; zero for a raw identifier such as `r#type`.
fn raw_string_length(rest: &[u8]) -> usize {
    let hashes = rest[1..].iter().take_while(|&&byte| byte == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return 0;
    }
    let closing: Vec<u8> = [b'"'].into_iter().chain(std::iter::repeat_n(b'#', hashes)).collect();
    let body = 2 + hashes;
    find(&rest[body..], &closing).map_or(rest.len(), |at| body + at + closing.len())
}

fn block_comment_length(rest: &[u8]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        match rest[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                at += 2;
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    rest.len()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn utf8_width(first: u8) -> usize {
    match first {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_left() {
        let cases = [
            ("let a = 1; // todo!()", "let a = 1;"),
            ("/* a /* nested */ b */ x", "x"),
            (r#"print("todo!() \" sleep(") y"#, "print(                   ) y"),
            ("r#\"raw \" text\"# z", "z"),
            ("let r#type = 'a';", "let r#type =    ;"),
            ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
            (
                "match c { '\"' => 1, '\\'' => 2, 'é' => 3 }",
                "match c {     => 1,      => 2,      => 3 }",
            ),
            ("unterminated \"text", "unterminated"),
        ];
        for (source, expected) in cases {
            let code = code_only(source);
            assert_eq!(code.len(), source.len(), "{source}");
            assert_eq!(code.trim(), expected, "{source}");
        }
    }

    #[test]
    fn tests_start_at_their_module() {
        let code = "use a;\n#[cfg(test)]\nuse b;\nfn f() {}\n#[cfg(test)]\nmod tests {}\n";
        assert!(code[tests_start(code)..].starts_with("#[cfg(test)]\nmod tests"));
        assert_eq!(tests_start("fn f() {}"), 9);
    }

    #[test]
    fn words_are_whole_and_lines_count_from_one() {
        let code = "asleep(1);\nsleep(2);\n";
        assert_eq!(words(code, "sleep(").map(|at| line_of(code, at)).collect::<Vec<_>>(), [2]);
    }
}
