//! Help, completions, and what is said to a command line that makes no sense.

use crate::program::Place;

const COMMANDS: [&[&str]; 16] = [
    &[],
    &["data"],
    &["data", "sources"],
    &["data", "ls"],
    &["data", "import"],
    &["data", "export"],
    &["data", "gaps"],
    &["calc"],
    &["calc", "indicator"],
    &["calc", "metrics"],
    &["calc", "calendar"],
    &["calc", "fills"],
    &["calc", "statistics"],
    &["strategies"],
    &["doctor"],
    &["completions"],
];

#[test]
fn every_help_text_shows_an_example() {
    let place = Place::new();
    for command in COMMANDS {
        let text = place.run(&[command, &["--help"]].concat()).done();
        assert!(text.contains("Example:"), "{command:?}\n{text}");
        assert!(text.contains("Usage: plimsoll"), "{command:?}\n{text}");
    }
}

#[test]
fn completions_know_the_commands() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.run(&["completions", shell]).done();
        for word in ["import", "calendar", "strategies"] {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn bash_takes_its_completions() {
    let place = Place::new();
    let script = place.run(&["completions", "bash"]).done();
    let file = place.file("plimsoll.bash", &script);
    let answer = place.bash(&format!(". '{file}' && complete -p plimsoll"));
    assert!(answer.done().contains("_plimsoll"));
}

#[test]
fn what_makes_no_sense_is_bad_usage() {
    let place = Place::new();
    let cases: [(&[&str], &str); 9] = [
        (&[], "Usage:"),
        (&["dance"], "unrecognized subcommand 'dance'"),
        (&["data", "lss"], "'ls'"),
        (&["data", "ls", "--colour"], "unexpected argument '--colour'"),
        (
            &["calc", "calendar", "LSE", "--from", "2024-01-01", "--to", "2024-01-02"],
            "unknown calendar 'LSE'",
        ),
        (
            &["calc", "calendar", "NYSE", "--from", "2024-13-01", "--to", "2024-01-02"],
            "no date of the form YYYY-MM-DD",
        ),
        (
            &["calc", "calendar", "NYSE", "--from", "2024-02-01", "--to", "2024-01-02"],
            "--from 2024-02-01 is after --to 2024-01-02",
        ),
        (&["data", "gaps", "--timeframe", "2d"], "unknown timeframe '2d'"),
        (&["completions", "tcsh"], "possible values"),
    ];
    for (arguments, text) in cases {
        place.run(arguments).refused(2, &[text]);
    }
}

#[test]
fn the_version_is_a_result() {
    let text = Place::new().run(&["--version"]).done();
    assert_eq!(text, format!("plimsoll {}\n", env!("CARGO_PKG_VERSION")));
}
