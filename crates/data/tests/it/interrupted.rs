//! Imports that are killed or run out of disk, in processes of their own.
//!
//! The test binary runs itself again with one of the `child_` tests and a task in the environment;
//! without a task these do nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;

use data::{ImportRequest, Lake, ReadOptions};
use market::{BarSeries, Timeframe};
use tempfile::{TempDir, tempdir};

use crate::support::{csv, file, files, import, key, minutes};

/// Names the folder in which a child works.
const TASK: &str = "PLIMSOLL_TEST_INTERRUPTED";

fn task() -> Option<PathBuf> {
    std::env::var_os(TASK).map(PathBuf::from)
}

/// A lake with some bars of `AAPL`, and a file that would replace them.
fn prepare() -> (TempDir, Lake, BarSeries) {
    let folder = tempdir().expect("a folder");
    let lake = Lake::open(folder.path());
    let old = minutes("2020-01-02T00:00:00Z", 1_000, 10.0);
    let source = file(folder.path(), "old.csv", csv(&old, Timeframe::Minute1));
    import(&lake, &key("AAPL", Timeframe::Minute1), &source, false).expect("good rows");
    let new = minutes("2020-01-02T00:00:00Z", 200_000, 20.0);
    file(folder.path(), "new.csv", csv(&new, Timeframe::Minute1));
    (folder, lake, old)
}

/// Runs one test of this binary on a folder.
fn child(name: &str, folder: &Path, shell: &str) -> Output {
    let program = std::env::current_exe().expect("the test binary");
    Command::new("sh")
        .args(["-c", &format!("{shell} exec \"$@\""), "sh"])
        .arg(program)
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(TASK, folder)
        .output()
        .expect("a child")
}

#[test]
fn child_that_dies() {
    let Some(folder) = task() else { return };
    let request = ImportRequest {
        file: folder.join("new.csv"),
        key: key("AAPL", Timeframe::Minute1),
        options: ReadOptions::default(),
    };
    let mut batches = 0;
    let mut progress = |_| {
        batches += 1;
        if batches == 2 {
            std::process::abort();
        }
    };
    let _ = Lake::open(&folder).import(&request, &mut progress, &AtomicBool::new(false));
}

#[test]
fn child_that_imports() {
    let Some(folder) = task() else { return };
    let lake = Lake::open(&folder);
    match import(&lake, &key("AAPL", Timeframe::Minute1), &folder.join("new.csv"), false) {
        Ok(summary) => println!("imported {} rows", summary.rows),
        Err(error) => println!("failed: {error}"),
    }
}

#[test]
#[cfg(unix)]
fn a_killed_import_leaves_the_old_bars_and_no_lock() {
    let (folder, lake, old) = prepare();
    let key = key("AAPL", Timeframe::Minute1);
    let output = child("interrupted::child_that_dies", folder.path(), "ulimit -c 0;");
    assert!(!output.status.success());
    assert_eq!(lake.load(&key, None).expect("bars"), old);
    assert_eq!(lake.ls().expect("a list").series.len(), 1);
    assert_eq!(files(lake.root()).len(), 2, "the half-written file was there");
    let summary = import(&lake, &key, &folder.path().join("new.csv"), false).expect("a new start");
    assert_eq!((summary.replaced, summary.bars), (1_000, 200_000));
    assert_eq!(files(lake.root()).len(), 1);
}

#[test]
#[cfg(unix)]
fn a_full_disk_is_told_and_leaves_the_old_bars() {
    let (folder, lake, old) = prepare();
    let key = key("AAPL", Timeframe::Minute1);
    // Writes beyond this many blocks fail, as on a full disk; the signal is not to kill.
    let limit = "trap '' XFSZ; ulimit -f 64;";
    let output = child("interrupted::child_that_imports", folder.path(), limit);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("failed: cannot write ") && told.contains("bars.parquet: "), "{told}");
    assert_eq!(lake.load(&key, None).expect("bars"), old);
    assert_eq!(files(lake.root()).len(), 1);
    let output = child("interrupted::child_that_imports", folder.path(), "");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("imported 200000 rows"), "{told}");
}
