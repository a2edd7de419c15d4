//! Gathers every house rule over the whole repository.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde_json::Value;

use crate::{house, pages, sources};

/// A rule that is broken, and where.
#[derive(Debug)]
pub(crate) struct Finding {
    place: String,
    fault: String,
}

impl Finding {
    pub(crate) fn new(place: impl Into<String>, fault: impl Into<String>) -> Self {
        Self { place: place.into(), fault: fault.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.fault)
    }
}

/// Checks the repository and prints what is wrong, one line a finding.
///
/// # Errors
/// When cargo or a file cannot be read.
pub(crate) fn run() -> io::Result<ExitCode> {
    let findings = findings()?;
    for finding in &findings {
        eprintln!("{finding}");
    }
    if findings.is_empty() {
        println!("tidy: all rules kept");
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("tidy: {} broken", counted(findings.len(), "rule"));
    Ok(ExitCode::FAILURE)
}

/// The cargo that runs us, or the one on the path.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn findings() -> io::Result<Vec<Finding>> {
    let root = root()?;
    let mut findings = house::check(&metadata(&root)?);
    let files = files_below(&root)?;
    for path in files.iter().filter(|path| has_extension(path, "rs")) {
        findings.extend(sources::check(path, &fs::read_to_string(root.join(path))?));
    }
    for path in files.iter().filter(|path| is_member_manifest(path)) {
        findings.extend(sources::check_manifest(path, &fs::read_to_string(root.join(path))?));
    }
    let mut texts = Vec::new();
    for path in files.iter().filter(|path| has_extension(path, "md")) {
        texts.push((path.clone(), fs::read_to_string(root.join(path))?));
    }
    findings.extend(pages::check(&texts, &|path| root.join(path).exists()));
    findings.extend(legal_findings(&root));
    Ok(findings)
}

/// The repository's folder: the parent of this package, which cargo names when it runs us.
fn root() -> io::Result<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let root = package.as_deref().and_then(Path::parent).map(Path::to_path_buf);
    root.ok_or_else(|| io::Error::other("run me as `cargo xtask`"))
}

fn metadata(root: &Path) -> io::Result<Value> {
    // For this machine's target only, so that nothing is downloaded that the build did not need.
    let version = Command::new("rustc").arg("-vV").output()?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let mut command = Command::new(cargo());
    command.current_dir(root).args(["metadata", "--format-version", "1", "--locked"]);
    if let Some(host) = host {
        command.args(["--filter-platform", host]);
    }
    let output = command.output()?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(io::Error::other(format!("cargo metadata failed: {reason}")));
    }
    serde_json::from_slice(&output.stdout).map_err(io::Error::other)
}

/// All files below the root, relative to it and sorted; build products and hidden folders left out.
fn files_below(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if entry.file_type()?.is_dir() {
                let built = matches!(name.as_ref(), "target" | "node_modules" | "book" | "dist");
                if !built && !name.starts_with('.') {
                    folders.push(entry.path());
                }
            } else if let Ok(path) = entry.path().strip_prefix(root) {
                files.push(path.to_path_buf());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

fn is_member_manifest(path: &Path) -> bool {
    path.ends_with("Cargo.toml") && path.components().count() > 1
}

/// Whoever passes the product on must find its licence, and the notices of the bundled data.
fn legal_findings(root: &Path) -> Vec<Finding> {
    let cases = [
        ("LICENSE", "Apache License", "must hold the Apache licence, version 2.0"),
        ("NOTICE", "assets/market", "must name the sources and licences of assets/market"),
    ];
    cases
        .into_iter()
        .filter(|(file, words, _)| {
            !fs::read_to_string(root.join(file)).is_ok_and(|text| text.contains(words))
        })
        .map(|(file, _, fault)| Finding::new(file, fault))
        .collect()
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_keeps_its_rules() {
        let findings: Vec<String> = findings().unwrap().iter().map(ToString::to_string).collect();
        assert!(findings.is_empty(), "\n{}", findings.join("\n"));
    }
}
