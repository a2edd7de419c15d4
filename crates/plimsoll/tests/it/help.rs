//! Help, completions, and what is said to a command line that makes no sense.

use crate::program::Place;

const COMMANDS: [&[&str]; 17] = [
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
    &["worker"],
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
fn an_option_says_itself_which_numbers_it_allows() {
    let place = Place::new();
    let test = ["backtest", "--strategy", "rsi_mean_reversion", "--ticker", "AAPL"];
    let sweep = ["sweep", "--strategy", "rsi_mean_reversion", "--ticker", "AAPL"];
    let walk = ["walk-forward", "--strategy", "rsi_mean_reversion", "--ticker", "AAPL"];
    let evaluate = ["evaluate", "--ticker", "AAPL"];
    let metrics = ["calc", "metrics", "--returns", "r.csv"];
    let (above, not_below) = ("must be a number above 0", "must be a number, 0 or above");
    let (counted, whole) =
        ("must be a whole number, 1 or above", "must be a whole number, 0 or above");
    let cases: [(&[&str], &str, &str); 22] = [
        (&test, "--cash", above),
        (&test, "--fee-bps", not_below),
        (&test, "--slippage-bps", not_below),
        (&test, "--half-spread", "must be a number, 0 or above, or `estimate`"),
        (&test, "--impact", not_below),
        (&test, "--participation", "give a share above 0 and up to 1, or none"),
        (&test, "--tick", not_below),
        (&test, "--lot", not_below),
        (&test, "--borrow-bps", not_below),
        (&test, "--margin-bps", not_below),
        (&test, "--trials", counted),
        (&test, "--seed", whole),
        (&sweep, "--random", counted),
        (&sweep, "--top", whole),
        (&sweep, "--seed", whole),
        (&sweep, "--cash", above),
        (&walk, "--train", whole),
        (&walk, "--test", whole),
        (&walk, "--purge", whole),
        (&evaluate, "--cash", above),
        (&evaluate, "--seed", whole),
        (&metrics, "--periods-per-year", above),
    ];
    for (command, option, allowed) in cases {
        for wrong in ["-5", "-0.5", "-1e3"] {
            let line = [command, &[option, wrong]].concat();
            place.run(&line).refused(2, &[option, wrong, allowed]);
        }
    }
    // What takes no number says so too, and a positional argument is none.
    place.run(&[&test[..], &["--from", "-5"]].concat()).refused(2, &["--from", "YYYY-MM-DD"]);
    place.run(&["data", "import", "-5"]).refused(2, &["unexpected argument '-5'"]);
    let returns = place.file("r.csv", "0.01\n-0.02\n0.03\n");
    let line = ["calc", "metrics", "--returns", &returns, "--risk-free", "-0.01"];
    place.run(&line).done();
}

#[test]
fn the_version_is_a_result() {
    let text = Place::new().run(&["--version"]).done();
    assert_eq!(text, format!("plimsoll {}\n", env!("CARGO_PKG_VERSION")));
}
