//! The web app's checks, counted with the tests of the workspace.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What must succeed beside the tests: style, types, and a build within the budgets of its size.
const CHECKS: [&str; 3] = ["lint", "check", "build"];

/// Passed and failed, a check counting as one test.
pub(crate) type Counts = (u64, u64);

/// Installs what the web app needs where that is not done, checks, tests and builds it.
///
/// `folder`: the web app's. None of it is a failure when there is no such folder.
///
/// # Errors
/// When npm cannot be started.
pub(crate) fn run(folder: &Path) -> io::Result<Counts> {
    if !folder.join("package.json").exists() {
        return Ok((0, 0));
    }
    if !installed(folder) && !npm(folder, &["ci", "--no-audit", "--no-fund"])? {
        println!("web: npm ci failed");
        return Ok((0, 1));
    }
    let (mut passed, mut failed) = tested(folder)?;
    for check in CHECKS {
        let succeeded = npm(folder, &["run", "--silent", check])?;
        println!("web {check} ... {}", if succeeded { "ok" } else { "FAILED" });
        passed += u64::from(succeeded);
        failed += u64::from(!succeeded);
    }
    Ok((passed, failed))
}

/// Whether the packages of the lock file lie there: npm writes its own list last.
fn installed(folder: &Path) -> bool {
    let changed = |name: &str| fs::metadata(folder.join(name)).and_then(|data| data.modified());
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Ok(packages), Ok(lock)) => packages >= lock,
        _ => false,
    }
}

fn tested(folder: &Path) -> io::Result<Counts> {
    let report = folder.join("node_modules/.cache/plimsoll-tests.json");
    let _ = fs::remove_file(&report);
    let succeeded = npm(
        folder,
        &[
            "run",
            "--silent",
            "test",
            "--",
            "--reporter=default",
            "--reporter=json",
            "--outputFile.json=node_modules/.cache/plimsoll-tests.json",
        ],
    )?;
    Ok(counted(&fs::read_to_string(&report).unwrap_or_default(), succeeded))
}

/// Reads the report; a run that failed without a failed test, or told nothing, is one failure.
fn counted(report: &str, succeeded: bool) -> Counts {
    let report: Value = serde_json::from_str(report).unwrap_or_default();
    let count = |key: &str| report[key].as_u64().unwrap_or_default();
    let (passed, failed) = (count("numPassedTests"), count("numFailedTests"));
    let silent = failed == 0 && (!succeeded || passed == 0);
    (passed, failed + u64::from(silent))
}

fn npm(folder: &Path, arguments: &[&str]) -> io::Result<bool> {
    Ok(Command::new("npm").args(arguments).current_dir(folder).status()?.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_tells_nothing_is_a_failure() {
        let told = r#"{"numPassedTests": 7, "numFailedTests": 2, "success": false}"#;
        let good = r#"{"numPassedTests": 7, "numFailedTests": 0, "success": true}"#;
        let none = r#"{"numPassedTests": 0, "numFailedTests": 0, "success": true}"#;
        let cases = [
            (told, false, (7, 2)),
            (good, true, (7, 0)),
            // A file that cannot be loaded has no tests that fail.
            (good, false, (7, 1)),
            (none, true, (0, 1)),
            ("", true, (0, 1)),
            ("", false, (0, 1)),
        ];
        for (report, succeeded, expected) in cases {
            assert_eq!(counted(report, succeeded), expected, "{report}");
        }
    }
}
