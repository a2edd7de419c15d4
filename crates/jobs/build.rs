//! Names the engine by its sources, so that a receipt can say which code made a result.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// The crates whose code decides what a result is.
const CRATES: [&str; 4] = ["engine", "market", "quant", "strategies"];

fn main() -> Result<(), Box<dyn Error>> {
    let crates = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("..");
    let mut files = Vec::new();
    for name in CRATES {
        let sources = crates.join(name).join("src");
        // Cargo looks at every file of the folder.
        println!("cargo:rerun-if-changed={}", sources.display());
        collect(&sources, &format!("{name}/src"), &mut files)?;
    }
    files.sort();
    let mut hasher = blake3::Hasher::new();
    for (name, path) in files {
        let text = fs::read(path)?;
        hasher.update(name.as_bytes());
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(&text);
    }
    println!("cargo:rustc-env=PLIMSOLL_ENGINE_VERSION={}", hasher.finalize().to_hex());
    Ok(())
}

/// Adds every Rust file below `folder` under its name with slashes, whatever the system.
fn collect(folder: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&path, &name, files)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push((name, path));
        }
    }
    Ok(())
}
