//! A place of its own for each test, and the program run in it.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which are to panic")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with a home, a data folder and files for the program.
pub(crate) struct Place {
    folder: TempDir,
}

/// What the program said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and answers its path as an argument.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The program in this place, with nothing from our own environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.with_environment(Command::new(env!("CARGO_BIN_EXE_plimsoll")), arguments)
    }

    /// A line of bash in this place; `$PLIMSOLL` is the program.
    #[cfg(target_os = "linux")]
    pub(crate) fn bash(&self, line: &str) -> Answer {
        let mut bash = self.with_environment(Command::new("bash"), &["-c", line]);
        bash.env("PLIMSOLL", env!("CARGO_BIN_EXE_plimsoll"));
        Answer::of(bash.output().unwrap())
    }

    fn with_environment(&self, mut command: Command, arguments: &[&str]) -> Command {
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("PLIMSOLL_STORAGE__DATA_DIR", self.path("data"))
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        Answer::of(self.command(arguments).output().unwrap())
    }

    /// Runs the program with `input` on stdin.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Answer {
        let mut child = self.spawn(arguments);
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Answer::of(child.wait_with_output().unwrap())
    }

    /// Starts the program with all of its streams in our hands.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Every file below the data folder, by its name relative to it.
    pub(crate) fn stored(&self) -> Vec<String> {
        let mut names = Vec::new();
        collect(&self.path("data"), Path::new(""), &mut names);
        names.sort();
        names
    }
}

impl Answer {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let Output { status, stdout, stderr } = output;
        Self { code: status.code(), out: text(stdout), err: text(stderr) }
    }

    /// The result, having checked that it was one.
    pub(crate) fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// The result for programs: one line of JSON.
    pub(crate) fn json(self) -> Value {
        let out = self.done();
        assert_eq!(out.lines().count(), 1, "{out}");
        serde_json::from_str(&out).unwrap()
    }

    /// Checks that the program ended with `code` and said each of `parts`, and nothing on stdout.
    pub(crate) fn refused(self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        for part in parts {
            assert!(self.err.contains(part), "no '{part}' in: {}", self.err);
        }
    }
}

fn collect(folder: &Path, name: &Path, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = name.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &name, names);
        } else {
            names.push(name.to_str().unwrap().to_owned());
        }
    }
}

/// Daily bars of New York sessions from 2 January 2024 on, as CSV.
pub(crate) fn daily_csv(bars: usize) -> String {
    let sessions = market::Calendar::NYSE
        .sessions(jiff::civil::Date::constant(2024, 1, 2), jiff::civil::Date::constant(2029, 1, 1));
    let mut text = String::from("date,open,high,low,close,volume\n");
    for (index, session) in sessions.iter().take(bars).enumerate() {
        let open = 100.0 + (index * 37 % 23) as f64 / 4.0;
        let close = 100.0 + ((index + 1) * 37 % 23) as f64 / 4.0;
        let (high, low) = (open.max(close) + 0.5, open.min(close) - 0.5);
        text += &format!("{},{open},{high},{low},{close},{}\n", session.date, 1_000 + index);
    }
    text
}
