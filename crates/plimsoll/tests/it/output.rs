//! What happens when nobody takes the output, or the disk is full.

#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use crate::program::{Place, daily_csv};

const COMMANDS: [&str; 7] = [
    "data ls",
    "data ls --json",
    "strategies",
    "doctor",
    "completions bash",
    "--help",
    "calc calendar NYSE --from 2024-01-01 --to 2024-12-31",
];

#[test]
fn a_full_device_is_a_failure_with_a_message() {
    let place = Place::new();
    for command in COMMANDS {
        let answer = place.bash(&format!("\"$PLIMSOLL\" {command} > /dev/full"));
        assert_eq!(answer.code, Some(1), "{command}: {answer:?}");
        assert!(answer.err.contains("cannot write the output"), "{command}: {answer:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let place = Place::new();
    for command in COMMANDS {
        let line = format!("set -o pipefail; \"$PLIMSOLL\" {command} | true");
        let answer = place.bash(&line);
        assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""), "{command}");
    }
}

#[test]
fn a_stderr_that_nobody_reads_is_no_fault() {
    let place = Place::new();
    let answer = place.bash("\"$PLIMSOLL\" calc indicator nothing --data x.csv 2> /dev/full");
    assert_eq!(answer.code, Some(2), "{answer:?}");
}

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let place = Place::new();
    let csv = place.file("ACME.csv", &daily_csv(1_200));
    // A limit on the size of files answers as a full disk does, once its signal is ignored.
    let limited = "trap '' XFSZ; ulimit -f 4;";
    let answer = place.bash(&format!("{limited} \"$PLIMSOLL\" data import '{csv}'"));
    answer.refused(1, &["cannot write", "ACME"]);
    assert!(!place.stored().iter().any(|name| name.ends_with(".parquet")), "{:?}", place.stored());

    place.run(&["data", "import", &csv]).done();
    let export = format!("{limited} \"$PLIMSOLL\" data export --symbol ACME --out out.csv");
    place.bash(&export).refused(1, &["cannot write", "out.csv"]);
    let part = format!("{export} --from 2024-01-01");
    place.bash(&part).refused(1, &["cannot write", "out.csv"]);
    assert!(!place.path("out.csv").exists());
}

#[test]
fn answers_come_line_by_line_and_ctrl_c_ends_the_wait() {
    let place = Place::new();
    let mut child = place.spawn(&["calc", "fills", "--input", "-"]);
    let mut asked = child.stdin.take().expect("a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("a pipe"));
    let question = r#"{"order":{"side":"sell","order_type":"stop","quantity":1,"stop_price":100},"bars":[[93,96,92,95,5000]]}"#;
    for _ in 0..3 {
        writeln!(asked, "{question}").expect("it reads");
        let mut line = String::new();
        answers.read_line(&mut line).expect("it answers");
        assert_eq!(
            line,
            "{\"fills\":[{\"bar\":0,\"price\":93.0,\"quantity\":1.0,\"leg\":\"order\"}]}\n"
        );
    }
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupted.expect("kill runs").success());
    assert_eq!(child.wait().expect("it ends").signal(), Some(2));
}
