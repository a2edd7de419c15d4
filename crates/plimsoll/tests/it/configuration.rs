//! Configuration and `doctor`.

use std::fs;

use serde_json::json;

use crate::program::Place;

#[test]
fn doctor_says_what_is_in_force_and_from_where() {
    let place = Place::new();
    let file = place.file("mine.toml", "[jobs]\nworkers = 3\n");
    let found = place.run(&["doctor", "--json", "--config", &file]).json();
    assert_eq!(found["config_file"], json!(file));
    let settings = found["settings"].as_array().expect("a list");
    assert_eq!(settings[0]["key"], "storage.data_dir");
    assert_eq!(settings[0]["value"], json!(place.path("data")));
    assert_eq!(settings[0]["origin"], "PLIMSOLL_STORAGE__DATA_DIR");
    assert_eq!(settings[2], json!({"key": "jobs.workers", "value": 3, "origin": file}));
    assert_eq!(found["problems"], json!([]));
    assert!(found["series"]["bundled"].as_u64() >= Some(6));
    assert!(found["cores"].as_u64() >= Some(1));
    let engine = found["engine_version"].as_str().expect("a text");
    assert!(engine.len() == 64 && engine.bytes().all(|byte| byte.is_ascii_hexdigit()));
    // Looking leaves nothing behind.
    assert!(place.stored().is_empty());

    let text = place.run(&["doctor"]).done();
    assert!(text.contains("Nothing is wrong."), "{text}");
    assert!(text.contains(engine), "{text}");
}

#[test]
fn the_file_of_the_current_folder_is_found() {
    let place = Place::new();
    place.file(".config/plimsoll/plimsoll.toml", "[jobs]\nworkers = 4\n");
    let workers = || place.run(&["doctor", "--json"]).json()["settings"][2]["value"].clone();
    assert_eq!(workers(), 4);
    place.file("plimsoll.toml", "[jobs]\nworkers = 5\n");
    assert_eq!(workers(), 5);
}

#[test]
fn a_wrong_configuration_is_bad_usage_and_doctor_explains_it() {
    let place = Place::new();
    let file = place.file("plimsoll.toml", "[storage]\ndatadir = 'x'\n");
    let hint = "unknown key storage.datadir; did you mean storage.data_dir?";
    place.run(&["data", "ls"]).refused(2, &["plimsoll.toml", hint]);
    let answer = place.run(&["doctor"]);
    assert_eq!(answer.code, Some(1));
    assert!(answer.out.contains("What is wrong"), "{}", answer.out);
    // Long texts are broken into lines.
    let flat = answer.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(hint), "{}", answer.out);
    // What needs no configuration works all the same.
    place.run(&["completions", "fish"]).done();
    fs::remove_file(file).expect("the file is ours");

    let mut command = place.command(&["data", "ls"]);
    let output = command.env("PLIMSOLL_JOBS__THREADS", "1").output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    place
        .run(&["data", "ls", "--config", "missing.toml"])
        .refused(1, &["cannot read missing.toml"]);
}

#[test]
fn doctor_finds_what_is_broken() {
    let place = Place::new();
    let csv = place.file("ACME.csv", &crate::program::daily_csv(30));
    place.run(&["data", "import", &csv]).done();
    let stored = place.stored();
    let bars = stored.iter().find(|name| name.ends_with("bars.parquet")).expect("it was stored");
    place.file(&format!("data/{bars}"), "no Parquet at all");
    let answer = place.run(&["doctor"]);
    assert_eq!(answer.code, Some(1));
    assert!(answer.out.contains("1 damaged"), "{}", answer.out);
    assert!(answer.err.contains("one thing is wrong"), "{}", answer.err);
    place.file("blocked", "a file where a folder should be");
    let mut command = place.command(&["doctor"]);
    command.env("PLIMSOLL_STORAGE__DATA_DIR", place.path("blocked"));
    let output = command.output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
}
