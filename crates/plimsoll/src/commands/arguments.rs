//! Arguments that several commands read alike.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error::CliError;

/// A parameter as `name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamArg {
    /// The name.
    pub name: String,
    /// The value as it was written.
    pub value: String,
}

impl FromStr for ParamArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
                Ok(Self { name: name.trim().to_owned(), value: value.trim().to_owned() })
            }
            _ => Err("give it as name=value".to_owned()),
        }
    }
}

impl ParamArg {
    /// The value as a number.
    ///
    /// # Errors
    /// [`CliError::Usage`] for a text that is no finite number.
    pub fn number(&self) -> Result<f64, CliError> {
        let number = self.value.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| {
            CliError::Usage(format!("{} = {} is not a number", self.name, self.value))
        })
    }
}

/// Reads a date of the form `YYYY-MM-DD`.
///
/// # Errors
/// A text for clap.
pub fn date(text: &str) -> Result<Date, String> {
    let of_form = text.len() == 10;
    text.parse().ok().filter(|_| of_form).ok_or_else(|| "no date of the form YYYY-MM-DD".to_owned())
}

/// Reads the name of a time zone of the IANA database.
///
/// # Errors
/// A text for clap.
pub fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text)
        .map_err(|_| "no time zone of the IANA database, such as Europe/Berlin".into())
}

/// Reads a number that is above zero and finite.
///
/// # Errors
/// A text for clap.
pub fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "must be a number above 0".to_owned())
}

/// Reads a whole number that is zero or above.
///
/// # Errors
/// A text for clap.
pub fn whole<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "must be a whole number, 0 or above".to_owned())
}

/// Reads a whole number that is above zero.
///
/// # Errors
/// A text for clap.
pub fn counted<T: FromStr + Default + PartialEq>(text: &str) -> Result<T, String> {
    let number = text.parse().ok().filter(|number| *number != T::default());
    number.ok_or_else(|| "must be a whole number, 1 or above".to_owned())
}

/// Checks that a range of dates runs forward; an open end is fine.
///
/// # Errors
/// [`CliError::Usage`] when the first date is after the last.
pub fn check_range(from: Option<Date>, to: Option<Date>) -> Result<(), CliError> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => Err(CliError::Usage(format!(
            "--from {from} is after --to {to}; give the earlier date first"
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{ParamArg, check_range, counted, date, positive, whole, zone};

    #[test]
    fn parameters() {
        let param: ParamArg = "fast = 20".parse().expect("a parameter");
        assert_eq!((param.name.as_str(), param.number().ok()), ("fast", Some(20.0)));
        let word: ParamArg = "anchor=session".parse().expect("a parameter");
        assert!(word.number().is_err());
        for text in ["fast", "=1", "fast=", ""] {
            assert!(text.parse::<ParamArg>().is_err(), "{text}");
        }
        for text in ["a=nan", "a=inf", "a=1e999"] {
            assert!(text.parse::<ParamArg>().expect(text).number().is_err(), "{text}");
        }
    }

    #[test]
    fn dates_zones_and_numbers() {
        assert!(date("2024-02-29").is_ok());
        for text in ["2023-02-29", "2024-2-9", "20240229", "2024-02-29T10:00", "yesterday", ""] {
            assert!(date(text).is_err(), "{text}");
        }
        assert!(zone("America/New_York").is_ok());
        assert!(zone("Mars/Olympus").is_err());
        assert_eq!(positive("252"), Ok(252.0));
        for text in ["0", "-1", "nan", "inf", "x"] {
            assert!(positive(text).is_err(), "{text}");
        }
        assert_eq!((whole("0"), counted("1")), (Ok(0_usize), Ok(1_u64)));
        for text in ["-1", "1.5", "1e3", "x", "99999999999999999999"] {
            assert!(whole::<u64>(text).is_err() && counted::<u64>(text).is_err(), "{text}");
        }
        assert!(counted::<usize>("0").is_err());
        let (early, late) = (date("2024-01-01").ok(), date("2024-01-02").ok());
        assert!(check_range(early, late).is_ok() && check_range(early, None).is_ok());
        assert!(check_range(late, early).is_err());
    }
}
