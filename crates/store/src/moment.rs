//! Instants in columns: UTC, to the microsecond.

use chrono::{DateTime, SubsecRound, Utc};
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, Value, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, DbErr, IntoActiveValue, QueryResult, Set, TryGetError, TryGetable};
use serde::{Deserialize, Serialize};

/// An instant as both databases can hold it.
///
/// PostgreSQL keeps microseconds and SQLite text; finer digits are cut off here, so that what is
/// read is what was written. This is the one place that knows the database's own type of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(Timestamp);

impl Moment {
    /// The instant, for arithmetic and calendars.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }

    /// The instant after a length of time; the last that there is when it lies beyond.
    #[must_use]
    pub fn plus(self, length: SignedDuration) -> Self {
        self.0.checked_add(length).unwrap_or(Timestamp::MAX).into()
    }
}

impl From<Timestamp> for Moment {
    fn from(instant: Timestamp) -> Self {
        let micros = instant.as_microsecond();
        Self(Timestamp::from_microsecond(micros).unwrap_or(instant))
    }
}

impl From<Moment> for Timestamp {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The database's own type.
type Column = DateTime<Utc>;

fn from_column(column: Column) -> Option<Moment> {
    Timestamp::from_microsecond(column.trunc_subsecs(6).timestamp_micros()).ok().map(Moment)
}

impl From<Moment> for Value {
    fn from(moment: Moment) -> Self {
        // Every instant of jiff is one of chrono, whose years reach further.
        Column::from_timestamp_micros(moment.0.as_microsecond()).into()
    }
}

impl TryGetable for Moment {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        from_column(Column::try_get_by(row, index)?)
            .ok_or_else(|| DbErr::Type("an instant beyond year 9999".to_owned()).into())
    }
}

impl ValueType for Moment {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        from_column(<Column as ValueType>::try_from(value)?).ok_or(ValueTypeErr)
    }

    fn type_name() -> String {
        "Moment".to_owned()
    }

    fn array_type() -> ArrayType {
        <Column as ValueType>::array_type()
    }

    fn column_type() -> ColumnType {
        <Column as ValueType>::column_type()
    }
}

impl Nullable for Moment {
    fn null() -> Value {
        <Column as Nullable>::null()
    }
}

impl IntoActiveValue<Moment> for Moment {
    fn into_active_value(self) -> sea_orm::ActiveValue<Self> {
        Set(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finer_digits_are_cut_and_the_rest_survives() {
        let cases = [
            ("2026-11-21T14:30:00Z", "2026-11-21T14:30:00Z"),
            ("2026-11-21T14:30:00.123456789Z", "2026-11-21T14:30:00.123456Z"),
            ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
        ];
        for (given, kept) in cases {
            let moment = Moment::from(given.parse::<Timestamp>().unwrap());
            assert_eq!(moment.to_string(), kept);
            assert_eq!(<Moment as ValueType>::try_from(moment.into()).unwrap(), moment);
        }
        let last = Moment::from(Timestamp::MAX);
        assert_eq!(last.plus(SignedDuration::from_hours(1)), last);
    }
}
