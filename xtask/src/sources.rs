//! What every Rust file of the house keeps to, beyond what clippy checks.

use std::path::Path;

use crate::house;
use crate::rust_text::{code_only, line_of, tests_start, words};
use crate::tidy::Finding;

/// A file above this many lines is two things.
const MAX_LINES: usize = 600;

/// Words that no committed file has, with what to do instead.
const NOWHERE: [(&str, &str); 4] = [
    ("#[ignore", "a test runs or goes: no #[ignore]"),
    ("todo!", "finish it or leave it out: no todo!"),
    ("unimplemented!", "finish it or leave it out: no unimplemented!"),
    ("with_cases(", "scale what PROPTEST_CASES asks for (`cases` in quant's tests): no with_cases"),
];

/// What the pure floors may not reach for: time and the outside arrive as events and arguments.
const IMPURE: [&str; 10] = [
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "thread::sleep",
    "Instant::now",
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "async fn",
];

/// Checks one Rust file.
///
/// `path`: relative to the repository, as `crates/<crate>/src/…` or `xtask/src/…`.
pub(crate) fn check(path: &Path, source: &str) -> Vec<Finding> {
    let code = code_only(source);
    let place = |at: usize| format!("{}:{}", path.display(), line_of(&code, at));
    let mut findings = Vec::new();

    let lines = source.lines().count();
    if lines > MAX_LINES && in_src(path) {
        findings.push(Finding::new(
            path.display().to_string(),
            format!("has {lines} lines, at most {MAX_LINES} are allowed: a file is one thing"),
        ));
    }
    for (word, fault) in NOWHERE {
        findings.extend(words(&code, word).map(|at| Finding::new(place(at), fault)));
    }
    let tests = if is_test_file(path) { 0 } else { tests_start(&code) };
    for at in words(&code, "sleep(").filter(|&at| at >= tests) {
        findings
            .push(Finding::new(place(at), "a test waits for an event, never for a time: no sleep"));
    }
    if let Some(name) = pure_crate(path) {
        for word in IMPURE {
            for at in words(&code, word).filter(|&at| at < tests) {
                let fault = format!("{name} is pure: no {word} on floors 0 and 1");
                findings.push(Finding::new(place(at), fault));
            }
        }
    }
    findings
}

/// Checks that a crate's manifest takes the workspace's lints.
pub(crate) fn check_manifest(path: &Path, manifest: &str) -> Option<Finding> {
    let takes_lints = manifest
        .split("\n[")
        .any(|section| section.starts_with("lints]") && section.contains("workspace = true"));
    (!takes_lints).then(|| {
        Finding::new(path.display().to_string(), "must take the lints: [lints] workspace = true")
    })
}

fn in_src(path: &Path) -> bool {
    path.iter().any(|part| part == "src")
}

fn is_test_file(path: &Path) -> bool {
    path.iter().any(|part| part == "tests") || path.file_name().is_some_and(|n| n == "tests.rs")
}

/// The crate's name when `path` is product code of a pure crate.
fn pure_crate(path: &Path) -> Option<&str> {
    let mut parts = path.iter().filter_map(|part| part.to_str());
    let name = (parts.next() == Some("crates")).then(|| parts.next())??;
    (house::is_pure(name) && parts.next() == Some("src")).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, source: &str) -> Vec<String> {
        check(Path::new(path), source).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn faults_are_found_where_they_matter() {
        let in_tests = "fn f() {}\n#[cfg(test)]\nmod tests { fn t() { thread::sleep(d); } }\n";
        let fixed = "#![proptest_config(ProptestConfig::with_cases(40))]";
        let cases: [(&str, &str, &str); 9] = [
            ("crates/data/tests/it/a.rs", fixed, "a.rs:1: scale what PROPTEST_CASES"),
            ("crates/data/src/a.rs", "fn f() { todo!() }", "a.rs:1: finish it"),
            ("crates/data/src/a.rs", "\n#[ignore = \"slow\"]\n", "a.rs:2: a test runs or goes"),
            ("crates/data/src/a.rs", in_tests, "a.rs:3: a test waits"),
            ("crates/data/tests/it/main.rs", "sleep(d);", "main.rs:1: a test waits"),
            ("crates/data/src/a.rs", "fn wait() { sleep(d); }", ""),
            ("crates/quant/src/a.rs", "let now = Instant::now();", "a.rs:1: quant is pure"),
            ("crates/plimsoll/src/a.rs", "let now = Instant::now();", ""),
            ("crates/quant/src/a.rs", "#[cfg(test)]\nmod tests { use std::fs; }", ""),
        ];
        for (path, source, expected) in cases {
            let found = faults(path, source);
            match expected {
                "" => assert_eq!(found, [""; 0], "{source}"),
                _ => assert!(found.len() == 1 && found[0].contains(expected), "{found:?}"),
            }
        }
    }

    #[test]
    fn a_long_file_is_named_with_its_length() {
        let found = faults("crates/data/src/a.rs", &"\n".repeat(601));
        assert!(found[0].contains("has 601 lines"), "{found:?}");
        assert_eq!(faults("crates/data/src/a.rs", &"\n".repeat(600)), [""; 0]);
    }

    #[test]
    fn a_manifest_takes_the_lints() {
        let path = Path::new("crates/data/Cargo.toml");
        assert!(check_manifest(path, "[package]\n\n[lints]\nworkspace = true\n").is_none());
        assert!(check_manifest(path, "[package]\nedition.workspace = true\n").is_some());
    }
}
