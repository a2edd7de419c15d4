//! Returns from a file: a column `return`, optionally `benchmark`, or one return a line.

use std::fs;
use std::path::Path;

use crate::error::CliError;

/// Columns of a file of returns.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Returns {
    /// Returns per period, oldest first, as fractions.
    pub(super) returns: Vec<f64>,
    /// The benchmark's, one beside each return; empty without that column.
    pub(super) benchmark: Vec<f64>,
}

/// Where the columns stand.
#[derive(Clone, Copy)]
struct Columns {
    returns: usize,
    benchmark: Option<usize>,
}

/// Reads a file of returns.
///
/// # Errors
/// [`CliError::Failed`] for a file that cannot be read, has no rows, or has a cell that is no finite
/// number, with its line.
pub(super) fn read(path: &Path) -> Result<Returns, CliError> {
    let file = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| CliError::Failed(format!("cannot read {file}: {error}")))?;
    parse(&text).map_err(|fault| CliError::Failed(format!("{file}{fault}")))
}

/// Reads the text of such a file; a fault begins with the place after the file's name.
fn parse(text: &str) -> Result<Returns, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = [';', '\t'].into_iter().find(|mark| text.contains(*mark)).unwrap_or(',');
    let mut rows = text
        .lines()
        .zip(1..)
        .map(|(row, line)| (row.split(separator).map(cell).collect::<Vec<&str>>(), line))
        .filter(|(row, _)| row.iter().any(|cell| !cell.is_empty()))
        .peekable();
    let Some((first, _)) = rows.peek() else { return Err(" is empty".to_owned()) };
    let is_header = first.iter().any(|cell| cell.parse::<f64>().is_err());
    let columns = if is_header { named(first)? } else { by_place(first)? };
    if is_header {
        rows.next();
    }
    let mut found = Returns::default();
    for (row, line) in rows {
        found.returns.push(number(&row, columns.returns, "return", line)?);
        if let Some(column) = columns.benchmark {
            found.benchmark.push(number(&row, column, "benchmark", line)?);
        }
    }
    if found.returns.is_empty() {
        return Err(" has a header and no rows".to_owned());
    }
    Ok(found)
}

fn cell(text: &str) -> &str {
    text.trim().trim_matches('"').trim()
}

fn named(header: &[&str]) -> Result<Columns, String> {
    let place = |names: &[&str]| {
        header.iter().position(|cell| names.iter().any(|name| cell.eq_ignore_ascii_case(name)))
    };
    let benchmark = place(&["benchmark"]);
    let returns = place(&["return", "returns"]);
    // A single column is what it is, whatever its name.
    let returns = returns.or((header.len() == 1).then_some(0)).ok_or_else(|| {
        format!(" has no column 'return'; its columns are: {}", header.join(", "))
    })?;
    Ok(Columns { returns, benchmark: benchmark.filter(|place| *place != returns) })
}

fn by_place(row: &[&str]) -> Result<Columns, String> {
    match row.len() {
        1 => Ok(Columns { returns: 0, benchmark: None }),
        2 => Ok(Columns { returns: 0, benchmark: Some(1) }),
        columns => Err(format!(" has {columns} columns and no header that names 'return'")),
    }
}

fn number(row: &[&str], column: usize, name: &str, line: u64) -> Result<f64, String> {
    let Some(cell) = row.get(column).filter(|cell| !cell.is_empty()) else {
        return Err(format!(", line {line}: {name} is missing"));
    };
    match cell.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(format!(", line {line}: {name} {cell} is not a finite number")),
        Err(_) => {
            let shown: String = cell.chars().take(40).collect();
            Err(format!(", line {line}: {name} '{shown}' is no number"))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{Returns, parse};

    #[test]
    fn forms_of_the_file() {
        let both = Returns { returns: vec![0.01, -0.02], benchmark: vec![0.5, 1.0] };
        let alone = Returns { returns: vec![0.01, -0.02], benchmark: vec![] };
        let cases = [
            ("0.01\n-0.02\n", &alone),
            ("0.01\r\n\r\n-0.02", &alone),
            ("return\n0.01\n-0.02\n", &alone),
            ("AAPL\n0.01\n-0.02\n", &alone),
            ("date,Return\n2024-01-02,0.01\n2024-01-03,-0.02\n", &alone),
            ("return,benchmark\n0.01,0.5\n-0.02,1\n", &both),
            ("\u{feff}\"benchmark\";\"returns\"\n0.5;0.01\n1;-2e-2\n", &both),
            ("0.01,0.5\n-0.02,1.0\n", &both),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).as_ref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn faults_name_their_line() {
        let cases = [
            ("", " is empty"),
            ("\n \n", " is empty"),
            ("return\n", " has a header and no rows"),
            ("a,b\n1,2\n", " has no column 'return'; its columns are: a, b"),
            ("1,2,3\n", " has 3 columns"),
            ("0.1\nx\n", ", line 2: return 'x' is no number"),
            ("return\n0.1\nNaN\n", ", line 3: return NaN is not a finite number"),
            ("0.1\ninf\n", ", line 2: return inf is not"),
            ("return,benchmark\n0.1\n", ", line 2: benchmark is missing"),
        ];
        for (text, expected) in cases {
            let fault = parse(text).expect_err(text);
            assert!(fault.starts_with(expected), "{fault}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            if let Ok(found) = parse(&text) {
                prop_assert!(found.returns.iter().all(|r| r.is_finite()));
            }
        }
    }
}
