//! What a header line says: the separator, and which column holds what.

use crate::error::ImportError;
use crate::refusal::excerpt;

/// What one column holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Field {
    /// Something that is not read.
    Other,
    /// The instant, or its date when another column has the time of day.
    Time,
    /// The time of day.
    Clock,
    /// A number: index into open, high, low, close, volume.
    Number(usize),
}

/// The numeric columns in the order of [`Field::Number`].
pub(super) const NUMBERS: [&str; 5] = ["open", "high", "low", "close", "volume"];

/// Names of the column that tells when, the most telling first.
const TIMES: [&str; 4] = ["timestamp", "datetime", "date", "time"];

/// The columns in their usual order.
const USUAL: [Field; 6] = [
    Field::Time,
    Field::Number(0),
    Field::Number(1),
    Field::Number(2),
    Field::Number(3),
    Field::Number(4),
];

/// The shape of a file's rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    /// The byte between cells.
    pub(super) separator: u8,
    /// Whether `1,5` is a number: only where the comma does not separate cells.
    pub(super) decimal_comma: bool,
    /// What the columns hold, up to the last one that is read.
    pub(super) fields: Vec<Field>,
    /// Whether the columns are time, open, high, low, close, volume.
    pub(super) is_usual: bool,
}

impl Layout {
    /// Reads a header line without its line end.
    ///
    /// # Errors
    /// [`ImportError::MissingColumn`] and [`ImportError::DuplicateColumn`]; only the volume may be
    /// absent, and then is 0.
    pub(super) fn of(header: &[u8], file: &str) -> Result<Self, ImportError> {
        let separator = separator(header);
        let names: Vec<String> = header.split(|byte| *byte == separator).map(column_name).collect();
        let mut fields = vec![Field::Other; names.len()];
        let mut take = |name: &'static str, field: Field| -> Result<bool, ImportError> {
            let mut places = names.iter().enumerate().filter(|(_, found)| *found == name);
            let Some((place, _)) = places.next() else { return Ok(false) };
            if places.next().is_some() {
                return Err(ImportError::DuplicateColumn { file: file.to_owned(), column: name });
            }
            fields[place] = field;
            Ok(true)
        };
        let mut time = None;
        for name in TIMES {
            if time.is_none() && take(name, Field::Time)? {
                time = Some(name);
            } else if time == Some("date") && name == "time" {
                take(name, Field::Clock)?;
            }
        }
        let mut missing = time.is_none().then_some("date");
        for (slot, name) in NUMBERS.into_iter().enumerate() {
            if !take(name, Field::Number(slot))? && name != "volume" {
                missing = missing.or(Some(name));
            }
        }
        if let Some(column) = missing {
            let found = names.iter().take(30).map(|name| excerpt(name.as_bytes())).collect();
            return Err(ImportError::MissingColumn { file: file.to_owned(), column, found });
        }
        let read =
            fields.iter().rposition(|field| *field != Field::Other).map_or(0, |last| last + 1);
        fields.truncate(read);
        let is_usual = fields == USUAL;
        Ok(Self { separator, decimal_comma: separator != b',', fields, is_usual })
    }
}

/// The separator that occurs most often outside of quotes; the comma when there is none.
fn separator(header: &[u8]) -> u8 {
    let count = |separator: u8| {
        let mut quoted = false;
        let outside = header.iter().filter(|byte| {
            quoted ^= **byte == b'"';
            !quoted && **byte == separator
        });
        outside.count()
    };
    // `max_by_key` takes the last of equals.
    [b'\t', b';', b','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}

/// A header cell in lower case, without blanks, quotes and the angle brackets of some terminals.
fn column_name(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    let bare = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>');
    text.trim_matches(bare).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Field, Layout};

    #[test]
    fn layouts() {
        use Field::{Clock, Number, Other, Time};
        let ohlcv = [Number(0), Number(1), Number(2), Number(3), Number(4)];
        let cases: [(&str, u8, Vec<Field>); 6] = [
            ("date,open,high,low,close,volume", b',', [&[Time][..], &ohlcv].concat()),
            ("Date;Open;High;Low;Close;Volume;Note", b';', [&[Time][..], &ohlcv].concat()),
            (
                "\"TIMESTAMP\"\t\"OPEN\"\tHIGH\tLOW\tCLOSE",
                b'\t',
                vec![Time, Number(0), Number(1), Number(2), Number(3)],
            ),
            (
                "volume,close,Adj Close,low,high,open,time",
                b',',
                vec![Number(4), Number(3), Other, Number(2), Number(1), Number(0), Time],
            ),
            (
                "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOLUME>",
                b'\t',
                [&[Time, Clock][..], &ohlcv].concat(),
            ),
            (
                "date,timestamp,open,high,low,close",
                b',',
                vec![Other, Time, Number(0), Number(1), Number(2), Number(3)],
            ),
        ];
        for (header, separator, fields) in cases {
            let layout = Layout::of(header.as_bytes(), "x.csv").expect(header);
            assert_eq!((layout.separator, layout.fields), (separator, fields), "{header}");
        }
    }

    #[test]
    fn faulty_headers() {
        let cases = [
            (
                "open,high,low,close",
                "x.csv has no column 'date'; its columns are: open, high, low, close",
            ),
            (
                "date,open,high,low",
                "x.csv has no column 'close'; its columns are: date, open, high, low",
            ),
            ("date,open,high,low,close,CLOSE", "x.csv has two columns 'close'"),
            ("nothing", "x.csv has no column 'date'; its columns are: nothing"),
        ];
        for (header, message) in cases {
            let error = Layout::of(header.as_bytes(), "x.csv").expect_err(header);
            assert_eq!(error.to_string(), message);
        }
    }
}
