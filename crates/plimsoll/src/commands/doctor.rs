//! `plimsoll doctor`: what is in force, from where, and what is wrong.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process;

use ::data::{BUNDLED, Catalogue};
use jobs::engine_version;
use serde::Serialize;
use serde_json::json;

use crate::Context;
use crate::error::CliError;
use crate::output::json::write_line;
use crate::output::number::count;
use crate::output::table::Table;
use crate::settings::{Environment, Settings, SettingsError};

#[derive(Serialize)]
struct Diagnosis {
    version: &'static str,
    engine_version: &'static str,
    config_file: Option<String>,
    settings: Vec<SettingView>,
    data_dir: DataDir,
    series: SeriesCounts,
    cores: usize,
    vector_instructions: Vec<&'static str>,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct SettingView {
    key: &'static str,
    value: serde_json::Value,
    origin: String,
}

#[derive(Serialize)]
struct DataDir {
    path: String,
    exists: bool,
    writable: bool,
}

#[derive(Serialize)]
struct SeriesCounts {
    bundled: usize,
    lake: usize,
    damaged: usize,
}

/// Prints the diagnosis, of the defaults when the configuration itself is what is wrong.
///
/// # Errors
/// [`CliError::Failed`] when something is wrong.
pub fn run(
    settings: Result<Settings, SettingsError>,
    environment: &Environment,
    json: bool,
) -> Result<(), CliError> {
    let mut problems = Vec::new();
    let settings = match settings {
        Ok(settings) => settings,
        Err(error) => {
            problems.push(format!("configuration: {error}"));
            Settings::defaults(environment).map_err(CliError::failed)?
        }
    };
    let diagnosis = diagnose(&settings, problems);
    let ctx = Context { settings, json, quiet: false };
    if json {
        ctx.write(|out| write_line(out, &diagnosis))?;
    } else {
        ctx.print(&for_people(&diagnosis, &ctx.settings))?;
    }
    match diagnosis.problems.len() {
        0 => Ok(()),
        1 => Err(CliError::Failed("one thing is wrong".to_owned())),
        several => Err(CliError::Failed(format!("{several} things are wrong"))),
    }
}

fn diagnose(settings: &Settings, mut problems: Vec<String>) -> Diagnosis {
    let data_dir = &settings.data_dir.value;
    let writable = check_writable(data_dir);
    if let Err((path, error)) = &writable {
        problems.push(format!("cannot write into {}: {error}", path.display()));
    }
    let mut series = SeriesCounts { bundled: 0, lake: 0, damaged: 0 };
    match Catalogue::open(data_dir).ls() {
        Ok(listing) => {
            series.bundled =
                listing.series.iter().filter(|info| info.key.source == BUNDLED).count();
            series.lake = listing.series.len() - series.bundled;
            series.damaged = listing.damaged.len();
            problems.extend(listing.damaged.iter().map(ToString::to_string));
        }
        Err(error) => problems.push(error.to_string()),
    }
    if series.bundled == 0 && problems.is_empty() {
        problems.push("the bundled history is missing".to_owned());
    }
    Diagnosis {
        version: env!("CARGO_PKG_VERSION"),
        engine_version: engine_version(),
        config_file: settings.file.as_ref().map(|path| path.display().to_string()),
        settings: vec![
            SettingView {
                key: crate::settings::STORAGE_DATA_DIR.name,
                value: json!(data_dir.display().to_string()),
                origin: settings.data_dir.origin.to_string(),
            },
            SettingView {
                key: crate::settings::STORAGE_DATABASE_URL.name,
                value: json!(without_password(&settings.database_url.value)),
                origin: settings.database_url.origin.to_string(),
            },
            SettingView {
                key: crate::settings::JOBS_WORKERS.name,
                value: json!(settings.workers.value),
                origin: settings.workers.origin.to_string(),
            },
        ],
        data_dir: DataDir {
            path: data_dir.display().to_string(),
            exists: data_dir.is_dir(),
            writable: writable.is_ok(),
        },
        series,
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        vector_instructions: vector_instructions(),
        problems,
    }
}

/// A database's address as it may be shown.
fn without_password(url: &str) -> String {
    let split = url.split_once("://").and_then(|(scheme, rest)| {
        let (account, host) = rest.split_once('@')?;
        let (user, _) = account.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{host}"))
    });
    split.unwrap_or_else(|| url.to_owned())
}

/// Tries to make a file in a folder, or in the folder above that would hold it.
fn check_writable(folder: &Path) -> Result<(), (PathBuf, io::Error)> {
    let there = folder.ancestors().find(|folder| folder.exists());
    // A relative folder that is not there yet ends in the empty path: the current folder.
    let there = there.filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let probe = there.join(format!(".plimsoll-doctor-{}.tmp", process::id()));
    let failed = |error| (there.to_owned(), error);
    File::options().write(true).create_new(true).open(&probe).map_err(failed)?;
    fs::remove_file(&probe).map_err(failed)
}

/// Instructions of this processor that work on several numbers at once, the widest last.
fn vector_instructions() -> Vec<&'static str> {
    let mut found = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        let known = [
            ("sse2", std::arch::is_x86_feature_detected!("sse2")),
            ("avx", std::arch::is_x86_feature_detected!("avx")),
            ("avx2", std::arch::is_x86_feature_detected!("avx2")),
            ("avx512f", std::arch::is_x86_feature_detected!("avx512f")),
        ];
        found.extend(known.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name));
    }
    #[cfg(target_arch = "aarch64")]
    if std::arch::is_aarch64_feature_detected!("neon") {
        found.push("neon");
    }
    found
}

fn for_people(diagnosis: &Diagnosis, settings: &Settings) -> String {
    let DataDir { path, exists, writable } = &diagnosis.data_dir;
    let state = match (exists, writable) {
        (_, false) => "cannot be written",
        (true, true) => "can be written",
        (false, true) => "is made by the first import",
    };
    let SeriesCounts { bundled, lake, damaged } = diagnosis.series;
    let none = || "none".to_owned();
    let mut text = Table::of_pairs([
        ("version", diagnosis.version.to_owned()),
        ("engine", diagnosis.engine_version.to_owned()),
        ("configuration", diagnosis.config_file.clone().unwrap_or_else(none)),
        ("data folder", format!("{path} ({state})")),
        ("bundled", format!("{} series", count(bundled as u64))),
        ("lake", format!("{} series, {} damaged", count(lake as u64), count(damaged as u64))),
        ("cores", format!("{}, {} in use", diagnosis.cores, settings.worker_count())),
        ("vectors", diagnosis.vector_instructions.join(" ")),
    ])
    .render();
    text += "\nIn force, and from where\n";
    let rows = diagnosis.settings.iter().map(|setting| {
        let value = setting.value.as_str().map_or_else(|| setting.value.to_string(), str::to_owned);
        (setting.key, format!("{value} ({})", setting.origin))
    });
    text += &Table::of_pairs(rows).render();
    if diagnosis.problems.is_empty() {
        return text + "\nNothing is wrong.\n";
    }
    text += "\nWhat is wrong\n";
    for problem in &diagnosis.problems {
        text += &format!("- {problem}\n");
    }
    text
}
