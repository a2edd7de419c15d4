//! `data`: what comes in, what is refused, and what goes out.

use std::fs::{self, File};

use serde_json::json;

use crate::program::{Place, daily_csv};

const FOLDER: &str = "lake/source=import/symbol=ACME/timeframe=1d/adjustment=raw";

#[test]
fn a_file_becomes_a_series_and_a_file_again() {
    let place = Place::new();
    let csv = place.file("acme.csv", &daily_csv(60));
    let found = place.run(&["data", "import", &csv, "--json"]).json();
    let expected = json!({
        "symbol": "ACME", "timeframe": "1d", "source": "import", "adjustment": "raw",
        "rows": 60, "from": "2024-01-02", "to": "2024-03-27", "refused": [], "refused_total": 0,
        "replaced": 0, "bars": 60, "missing_bars": 0,
    });
    assert_eq!(found, expected);

    let listed = place.run(&["data", "ls", "--json"]).json();
    let series = listed["series"].as_array().expect("a list");
    let acme = series.iter().find(|row| row["symbol"] == "ACME").expect("it was imported");
    assert_eq!((&acme["bars"], &acme["from"]), (&json!(60), &json!("2024-01-02")));
    assert!(acme["updated"].as_str().is_some_and(|at| at.ends_with('Z')), "{acme}");
    assert!(series.iter().any(|row| row["source"] == "bundled" && row["symbol"] == "AAPL"));
    let sources = place.run(&["data", "sources", "--json"]).json();
    let import = sources["sources"].as_array().expect("a list").iter();
    let import = import.clone().find(|row| row["source"] == "import").expect("it was imported");
    assert_eq!((&import["series"], &import["bars"]), (&json!(1), &json!(60)));

    let export = ["data", "export", "--symbol", "acme", "--out", "back.csv"];
    place.run(&export).done();
    let back = fs::read_to_string(place.path("back.csv")).expect("it was written");
    assert_eq!(back, fs::read_to_string(&csv).expect("it is ours"));

    let part = ["--from", "2024-01-03", "--to", "2024-01-05", "--json"];
    let found = place.run(&[&export[..], &part].concat()).json();
    assert_eq!(found["bars"], 3);
    let back = fs::read_to_string(place.path("back.csv")).expect("it was written");
    assert_eq!(back.lines().count(), 4, "{back}");

    place.run(&["data", "export", "--symbol", "ACME", "--out", "back.parquet"]).done();
    let again = ["data", "import", "back.parquet", "--symbol", "TWIN", "--json"];
    assert_eq!(place.run(&again).json()["bars"], 60);
}

#[test]
fn people_get_tables_that_fit() {
    let place = Place::new();
    let csv = place.file("acme.csv", &daily_csv(60));
    let imported = place.run(&["data", "import", &csv]);
    assert!(imported.err.contains("note: 1d bars, as the distance of the rows shows"));
    let imported = imported.done();
    assert!(imported.contains("60 rows from 2024-01-02 to 2024-03-27"), "{imported}");
    assert!(imported.contains("none missing by the NYSE calendar"), "{imported}");
    let quiet = place.run(&["data", "import", &csv, "-q"]);
    assert_eq!(quiet.err, "");
    assert!(quiet.done().contains("60 of them in the place of older bars"));
    for command in [&["data", "ls"][..], &["data", "sources"], &["data", "gaps"], &["strategies"]] {
        let text = place.run(command).done();
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(80), "{command:?}\n{text}");
    }
}

#[test]
fn gaps_are_told_by_the_calendar() {
    let place = Place::new();
    let csv = daily_csv(40)
        .lines()
        .enumerate()
        .filter(|(line, _)| ![5, 6, 20].contains(line))
        .map(|(_, row)| format!("{row}\n"))
        .collect::<String>();
    let csv = place.file("ACME.csv", &csv);
    assert_eq!(place.run(&["data", "import", &csv, "--json"]).json()["missing_bars"], 3);
    let found = place.run(&["data", "gaps", "--ticker", "ACME", "--json"]).json();
    let gap = |from: &str, to: &str, bars: u64| {
        json!({"symbol": "ACME", "timeframe": "1d", "source": "import", "from": from, "to": to,
            "bars": bars})
    };
    let gaps = [gap("2024-01-08", "2024-01-09", 2), gap("2024-01-30", "2024-01-30", 1)];
    assert_eq!(found, json!({"series": 1, "gaps": gaps}));
    let text = place.run(&["data", "gaps", "--ticker", "ACME"]).done();
    assert!(text.contains("2024-01-08  2024-01-09     2"), "{text}");
    // Of a market that never closes every weekend is missing too.
    let found =
        place.run(&["data", "gaps", "--ticker", "ACME", "--calendar", "CRYPTO", "--json"]).json();
    assert!(found["gaps"].as_array().expect("a list").len() > 8);
    place
        .run(&["data", "gaps", "--ticker", "ACMEE"])
        .refused(2, &["no bars of ACMEE", "mean ACME"]);
    place.run(&["data", "gaps", "--source", "yahoo"]).refused(2, &["no such series"]);
}

#[test]
fn bad_files_are_refused_with_the_reason_and_nothing_is_stored() {
    let place = Place::new();
    let good = daily_csv(10);
    let changed = |from: &str, to: &str| good.replacen(from, to, 1);
    let reversed: Vec<&str> = good.lines().skip(1).collect();
    let reversed = reversed
        .into_iter()
        .rev()
        .fold(String::from("date,open,high,low,close,volume"), |text, row| {
            format!("{text}\n{row}")
        });
    let truncated = &good[..good.len() - 20];
    let cases: [(&str, &str, i32, &[&str]); 9] = [
        ("empty", "", 1, &["is empty"]),
        ("header", "date,open,high,low,close,volume\n", 1, &["has a header and no rows"]),
        ("truncated", truncated, 1, &["1 of 10 rows refused, nothing was taken", "line 11"]),
        ("nan", &changed(",1000\n", ",NaN\n"), 1, &["1 of 10 rows refused", "line 2: volume"]),
        ("range", &changed("2024-01-04,", "2024-01-04,9"), 1, &["line 4: open", "outside"]),
        ("twice", &changed("2024-01-04", "2024-01-03"), 1, &["line 4: same timestamp"]),
        ("reversed", &reversed, 1, &["newest row to the oldest"]),
        ("columns", "a,b\n1,2\n", 1, &["has no column"]),
        ("word", &changed("2024-01-04", "yesterday"), 1, &["line 4: 'yesterday' is no date"]),
    ];
    for (name, text, code, parts) in cases {
        let file = place.file(&format!("{name}.csv"), text);
        let arguments = ["data", "import", &file, "--symbol", "ACME", "--timeframe", "1d"];
        place.run(&arguments).refused(code, parts);
        let parquet = place.stored().into_iter().filter(|name| name.ends_with(".parquet")).count();
        assert_eq!(parquet, 0, "{name}");
    }
    place
        .run(&["data", "import", "missing.csv", "--timeframe", "1d"])
        .refused(1, &["cannot read missing.csv"]);
}

#[test]
fn refused_rows_are_listed_and_counted() {
    let place = Place::new();
    let bad: String = daily_csv(50)
        .lines()
        .enumerate()
        .map(
            |(line, row)| {
                if line > 10 { row.replace(",1", ",x1") + "\n" } else { format!("{row}\n") }
            },
        )
        .collect();
    let file = place.file("acme.csv", &bad);
    let answer = place.run(&["data", "import", &file]);
    assert!(answer.err.contains("and 20 more"), "{}", answer.err);
    answer.refused(1, &["40 of 50 rows refused, nothing was taken", "line 12:"]);

    let found = place.run(&["data", "import", &file, "--skip-bad", "--json"]).json();
    assert_eq!((&found["bars"], &found["refused_total"]), (&json!(10), &json!(40)));
    assert_eq!(found["refused"][0]["line"], 12);
    assert!(found["refused"][0]["reason"].as_str().is_some_and(|why| why.contains("is no number")));
    let answer = place.run(&["data", "import", &file, "--skip-bad"]);
    assert!(answer.err.contains("and 20 more"), "{}", answer.err);
    assert!(answer.done().contains("10 rows from 2024-01-02 to 2024-01-16, 40 refused"));
}

#[test]
fn what_a_file_does_not_say_must_be_said() {
    let place = Place::new();
    let one = place.file("ACME.csv", &daily_csv(1));
    place.run(&["data", "import", &one]).refused(2, &["--timeframe"]);
    let found = place.run(&["data", "import", &one, "--timeframe", "1d", "--json"]).json();
    assert_eq!(found["bars"], 1);
    let file = place.file("my prices.csv", &daily_csv(5));
    place.run(&["data", "import", &file]).refused(2, &["name it with --symbol"]);
    place.run(&["data", "import", &file, "--symbol", "A B"]).refused(2, &["contains ' '"]);
    place.run(&["data", "import", &file, "--zone", "Mars/Olympus"]).refused(2, &["time zone"]);
    place
        .run(&["data", "import", &file, "--symbol", "A", "--source", "bundled"])
        .refused(2, &["bundled"]);
}

#[test]
fn a_second_import_into_a_series_is_told_to_wait() {
    let place = Place::new();
    let file = place.file("ACME.csv", &daily_csv(5));
    let folder = place.path("data").join(FOLDER);
    fs::create_dir_all(&folder).expect("the folder is ours");
    let lock = File::create(folder.join(".lock")).expect("the file is ours");
    lock.lock().expect("nobody else has it");
    let import = ["data", "import", &file, "--timeframe", "1d"];
    place.run(&import).refused(1, &["another import", "is running"]);
    lock.unlock().expect("it was ours");
    place.run(&import).done();
}

#[test]
fn unknown_series_name_their_neighbours() {
    let place = Place::new();
    let export = |symbol: &str, more: &[&str]| {
        let arguments = ["data", "export", "--symbol", symbol, "--out", "x.csv"];
        place.run(&[&arguments[..], more].concat())
    };
    export("APPL", &[]).refused(2, &["no 1d bars of APPL", "AAPL"]);
    export("AAPL", &["--timeframe", "1m"]).refused(2, &["no 1m bars of AAPL"]);
    export("AAPL", &["--source", "yahoo"]).refused(2, &["from source 'yahoo'"]);
    export("AAPL", &["--from", "2090-01-01"]).refused(2, &["no 1d bar in that range"]);
    export("AAPL", &["--from", "2012-01-02", "--to", "2012-01-01"]).refused(2, &["is after --to"]);
    let to_text = ["data", "export", "--symbol", "AAPL", "--out", "x.txt"];
    place.run(&to_text).refused(2, &[".csv or .parquet"]);
    let part = [&to_text[..], &["--from", "2012-01-01"]].concat();
    place.run(&part).refused(2, &[".csv or .parquet"]);
    assert!(!place.path("x.csv").exists() && !place.path("x.txt").exists());
}
