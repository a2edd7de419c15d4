//! Markdown that a reader can follow: links lead somewhere, the book lists all of its pages, a
//! decision record stays short.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::tidy::Finding;

const BOOK: &str = "docs/src";
const SUMMARY: &str = "docs/src/SUMMARY.md";
const DECISIONS: &str = "docs/decisions";
/// A decision that needs more lines is not decided yet.
const MAX_DECISION_LINES: usize = 30;
/// Where a page waits for a command's real output.
const UNFILLED: &str = "<!-- output:";

/// Checks all pages of the repository.
///
/// `pages`: path relative to the repository, and text. `exists`: tells whether a path, relative to
/// the repository, is there.
pub(crate) fn check(pages: &[(PathBuf, String)], exists: &dyn Fn(&Path) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in pages {
        findings.extend(link_findings(path, text, pages, exists));
        findings.extend(unfilled_findings(path, text));
    }
    findings.extend(summary_findings(pages));
    findings.extend(decision_findings(pages));
    findings
}

struct Link<'a> {
    line: usize,
    target: &'a str,
}

fn link_findings(
    page: &Path,
    text: &str,
    pages: &[(PathBuf, String)],
    exists: &dyn Fn(&Path) -> bool,
) -> Vec<Finding> {
    let folder = page.parent().unwrap_or(Path::new(""));
    let mut findings = Vec::new();
    for Link { line, target } in links(text).into_iter().filter(|link| is_relative(link.target)) {
        let place = format!("{}:{line}", page.display());
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let Some(to) = (if path.is_empty() { Some(page.into()) } else { resolve(folder, path) })
        else {
            findings.push(Finding::new(place, format!("link {target} leaves the repository")));
            continue;
        };
        if !exists(&to) {
            findings.push(Finding::new(place, format!("link {target} leads nowhere")));
            continue;
        }
        // The book is published without the rest of the repository.
        if page.starts_with(BOOK) && !to.starts_with(BOOK) {
            findings.push(Finding::new(place, format!("link {target} leaves the book")));
            continue;
        }
        let heading_text = pages.iter().find(|(path, _)| *path == to).map(|(_, text)| text);
        if let Some(text) = heading_text.filter(|_| !anchor.is_empty())
            && !headings(text).contains(anchor)
        {
            findings.push(Finding::new(place, format!("link {target}: no such heading")));
        }
    }
    findings
}

fn unfilled_findings(page: &Path, text: &str) -> Vec<Finding> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| line.trim_start().starts_with(UNFILLED))
        .map(|(at, line)| {
            let place = format!("{}:{}", page.display(), at + 1);
            Finding::new(place, format!("waits for real output: {}", line.trim()))
        })
        .collect()
}

fn summary_findings(pages: &[(PathBuf, String)]) -> Vec<Finding> {
    let summary = pages.iter().find(|(path, _)| path == Path::new(SUMMARY));
    let Some((_, summary)) = summary else {
        return vec![Finding::new(SUMMARY, "the book has no list of its pages")];
    };
    let listed: BTreeSet<PathBuf> =
        links(summary).iter().filter_map(|link| resolve(Path::new(BOOK), link.target)).collect();
    pages
        .iter()
        .map(|(path, _)| path)
        .filter(|path| path.starts_with(BOOK) && *path != Path::new(SUMMARY))
        .filter(|path| !listed.contains(*path))
        .map(|path| Finding::new(path.display().to_string(), format!("is not listed in {SUMMARY}")))
        .collect()
}

fn decision_findings(pages: &[(PathBuf, String)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let records = pages.iter().filter(|(path, _)| path.starts_with(DECISIONS));
    for ((path, text), expected) in records.zip(1_u32..) {
        let place = path.display().to_string();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with(&format!("{expected:04}-")) {
            let fault = format!("should be number {expected:04}: records count without a gap");
            findings.push(Finding::new(place.clone(), fault));
        }
        let head = format!("# {expected}. ");
        if !text.starts_with(&head) {
            findings.push(Finding::new(place.clone(), format!("should start with `{head}`")));
        }
        let lines = text.lines().count();
        if lines > MAX_DECISION_LINES {
            let fault = format!("has {lines} lines, a record has at most {MAX_DECISION_LINES}");
            findings.push(Finding::new(place, fault));
        }
    }
    findings
}

/// The inline links of a page, outside code.
fn links(text: &str) -> Vec<Link<'_>> {
    let mut links = Vec::new();
    for (line, content) in prose(text) {
        let mut at = 0;
        while let Some(found) = content[at..].find("](") {
            let start = at + found + 2;
            let Some(length) = content[start..].find(')') else { break };
            let inside = &content[start..start + length];
            // `](path "title")`
            let target = inside.split(' ').next().unwrap_or(inside);
            if !is_in_code(content, start) {
                links.push(Link { line, target });
            }
            at = start + length;
        }
    }
    links
}

/// The anchors of a page's headings, as GitHub and mdBook make them.
fn headings(text: &str) -> BTreeSet<String> {
    prose(text)
        .filter(|(_, line)| line.starts_with('#'))
        .map(|(_, line)| {
            let title = line.trim_start_matches('#').trim();
            title
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .flat_map(char::to_lowercase)
                .collect()
        })
        .collect()
}

/// Numbered lines outside fenced blocks.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return None;
        }
        (!fenced).then_some((at + 1, line))
    })
}

/// True when an odd number of backticks stands before: the place is inside `code`.
fn is_in_code(line: &str, at: usize) -> bool {
    line[..at].matches('`').count() % 2 == 1
}

fn is_relative(target: &str) -> bool {
    !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
}

/// Joins without touching the disk; `None` when the path climbs above the repository.
fn resolve(folder: &Path, target: &str) -> Option<PathBuf> {
    let mut joined = PathBuf::new();
    for part in folder.join(target).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !joined.pop() {
                    return None;
                }
            }
            part => joined.push(part),
        }
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The faults of a repository that has exactly these pages.
    fn faults(pages: &[(&str, &str)]) -> Vec<String> {
        let pages: Vec<(PathBuf, String)> =
            [(SUMMARY, "[One](one.md)"), ("docs/src/one.md", "# One")]
                .iter()
                .chain(pages)
                .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
                .collect();
        let exists = |path: &Path| pages.iter().any(|(page, _)| page == path);
        check(&pages, &exists).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn links_lead_somewhere() {
        let cases = [
            ("[a](docs/src/one.md) [b](docs/src/one.md#one)", ""),
            ("[a](https://example.org/x) [b](mailto:a@b.c)", ""),
            ("`[a](nowhere.md)`", ""),
            ("```\n[a](nowhere.md)\n```", ""),
            ("\n[a](nowhere.md)", "README.md:2: link nowhere.md leads nowhere"),
            ("[a](docs/src/one.md#two)", "no such heading"),
            ("# A tale, of `two`\n[a](#a-tale-of-two)", ""),
            ("[a](../outside.md)", "leaves the repository"),
        ];
        for (text, expected) in cases {
            let found = faults(&[("README.md", text)]);
            match expected {
                "" => assert_eq!(found, [""; 0], "{text}"),
                _ => assert!(found.len() == 1 && found[0].contains(expected), "{found:?}"),
            }
        }
    }

    #[test]
    fn the_book_lists_its_pages_and_stays_inside() {
        let found = faults(&[("README.md", ""), ("docs/src/two.md", "[a](../../README.md)")]);
        assert_eq!(
            found,
            [
                "docs/src/two.md:1: link ../../README.md leaves the book",
                "docs/src/two.md: is not listed in docs/src/SUMMARY.md",
            ]
        );
    }

    #[test]
    fn records_are_short_numbered_and_headed() {
        let long = format!("# 2. Two{}", "\n".repeat(31));
        let found = faults(&[
            ("docs/decisions/0001-one.md", "# 1. One. Accepted."),
            ("docs/decisions/0002-two.md", &long),
            ("docs/decisions/0004-four.md", "# 4. Four"),
        ]);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].contains("has 31 lines"));
        assert!(found[1].contains("should be number 0003"));
        assert!(found[2].contains("should start with `# 3. `"));
    }

    #[test]
    fn a_page_without_its_output_is_named() {
        let found = faults(&[("README.md", "```text\n<!-- output: plimsoll tour -->\n```")]);
        assert_eq!(found, ["README.md:2: waits for real output: <!-- output: plimsoll tour -->"]);
    }
}
