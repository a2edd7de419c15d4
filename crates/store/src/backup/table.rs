//! Which tables there are, and what their columns hold, as the entities tell.

use sea_orm::sea_query::ColumnType;
use sea_orm::{ColumnTrait, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn};
use serde::{Deserialize, Serialize};

use crate::entities::{
    backtests, best_strategies, evaluations, idempotency_keys, job_results, jobs, schedules,
    strategy_evaluations, sweeps, users, walk_forwards,
};

/// A table as it is saved.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: Vec<SavedColumn>,
    /// What orders its rows, so that a row comes after the one that it refers to.
    pub(super) order: Vec<String>,
}

/// A column of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedColumn {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
}

/// What a column holds, and how a backup writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// A number, or the name of what is none: `inf`, `-inf`, `NaN`.
    Real,
    /// True or false.
    Boolean,
    /// RFC 3339, UTC.
    Time,
    /// Hexadecimal digits.
    Bytes,
}

/// Every table, each after those that it refers to. A new entity gets its line here.
pub(super) fn tables() -> Vec<Table> {
    let mut jobs = table::<jobs::Entity>();
    jobs.order.insert(0, "case when parent_id is null then 0 else 1 end".to_owned());
    vec![
        table::<users::Entity>(),
        jobs,
        table::<job_results::Entity>(),
        table::<backtests::Entity>(),
        table::<sweeps::Entity>(),
        table::<walk_forwards::Entity>(),
        table::<evaluations::Entity>(),
        table::<strategy_evaluations::Entity>(),
        table::<best_strategies::Entity>(),
        table::<schedules::Entity>(),
        table::<idempotency_keys::Entity>(),
    ]
}

fn table<E: EntityTrait>() -> Table {
    let name = E::default().table_name();
    let columns = E::Column::iter().map(|column| SavedColumn {
        name: column.as_str().to_owned(),
        kind: kind(column.def().get_column_type()),
    });
    let keys = E::PrimaryKey::iter().map(|key| key.into_column().as_str().to_owned());
    Table { name, columns: columns.collect(), order: keys.collect() }
}

fn kind(column: &ColumnType) -> ColumnKind {
    match column {
        ColumnType::Integer | ColumnType::BigInteger => ColumnKind::Integer,
        ColumnType::Double => ColumnKind::Real,
        ColumnType::Boolean => ColumnKind::Boolean,
        ColumnType::TimestampWithTimeZone => ColumnKind::Time,
        ColumnType::VarBinary(_) | ColumnType::Binary(_) | ColumnType::Blob => ColumnKind::Bytes,
        _ => ColumnKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations;

    #[test]
    fn every_table_and_column_of_the_migrations_is_saved() {
        let made = migrations::statements().collect::<String>();
        let tables = tables();
        assert_eq!(made.matches("create table").count(), tables.len());
        for table in &tables {
            let (_, sql) = made.split_once(&format!("create table {} (", table.name)).unwrap();
            let (body, _) = sql.split_once("\n);").unwrap();
            let lines =
                body.lines().filter(|line| line.starts_with("    ") && !line.starts_with("     "));
            let columns = lines.map(|line| line.split_whitespace().next().unwrap_or_default());
            let made: Vec<&str> = columns.filter(|word| *word != "constraint").collect();
            let saved: Vec<&str> =
                table.columns.iter().map(|column| column.name.as_str()).collect();
            assert_eq!(made, saved, "{}", table.name);
            for column in &table.columns {
                let line = body
                    .lines()
                    .find(|line| line.split_whitespace().next() == Some(column.name.as_str()));
                let sql = line.unwrap().split_whitespace().nth(1).unwrap();
                let expected = match column.kind {
                    ColumnKind::Text => "text",
                    ColumnKind::Integer if sql == "integer" => "integer",
                    ColumnKind::Integer => "bigint",
                    ColumnKind::Real => "double",
                    ColumnKind::Boolean => "boolean",
                    ColumnKind::Time => "{time}",
                    ColumnKind::Bytes => "{bytes}",
                };
                assert_eq!(sql, expected, "{}.{}", table.name, column.name);
            }
        }
    }
}
