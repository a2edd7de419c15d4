//! Names of rows: UUIDv7, so that newer rows sort last.

use std::fmt;
use std::str::FromStr;

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares one kind of id. Columns hold the hyphenated text, on both databases.
macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            PartialOrd,
            Ord,
            Hash,
            DeriveValueType,
            Serialize,
            Deserialize,
        )]
        #[sea_orm(value_type = "String")]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, greater than those that this process made before.
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }

        // Asked of every primary key; only databases without `returning` would use it.
        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    };
}

id! {
    /// A person: whoever owns rows.
    OwnerId
}
id! {
    /// A job; a result of the lab bears the id of the job that makes it.
    JobId
}
id! {
    /// A recurring schedule.
    ScheduleId
}

impl OwnerId {
    /// The one person of a server without accounts. The same on every server, so that a backup of
    /// one is a backup for another.
    pub const LOCAL: Self = Self(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_7_and_grow() {
        let ids: Vec<JobId> = (0..1000).map(|_| JobId::new()).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert_eq!(ids[0].0.get_version_num(), 7);
        assert_eq!(ids[0].to_string().parse::<JobId>().unwrap(), ids[0]);
        assert_eq!(OwnerId::LOCAL.0.get_version_num(), 7);
    }
}
