//! The steps that make the tables, oldest first. A step that was merged is never edited.
//!
//! Each is plain SQL that both databases read, one file a step. What has two names is written as
//! `{time}` (an instant) and `{bytes}`. Ids and JSON are text; every constraint has a name.

mod m0001_users;
mod m0002_jobs;
mod m0003_lab;
mod m0004_rankings;
mod m0005_schedules;
mod m0006_idempotency_keys;

use sea_orm::sea_query::{Alias, IntoIden};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, DynIden};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};

/// Every step, in order.
const STEPS: [Step; 6] = [
    m0001_users::STEP,
    m0002_jobs::STEP,
    m0003_lab::STEP,
    m0004_rankings::STEP,
    m0005_schedules::STEP,
    m0006_idempotency_keys::STEP,
];

/// The table that holds which steps were taken.
pub(crate) const TABLE: &str = "schema_migrations";

/// One step forward.
#[derive(Clone, Copy)]
struct Step {
    name: &'static str,
    sql: &'static str,
}

/// The names of all steps, in order.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|step| step.name)
}

/// The name of the newest step.
pub(crate) fn last() -> &'static str {
    STEPS[STEPS.len() - 1].name
}

/// The SQL of all steps, in order.
#[cfg(test)]
pub(crate) fn statements() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|step| step.sql)
}

/// Takes the steps.
pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS.iter().map(|step| Box::new(*step) as Box<dyn MigrationTrait>).collect()
    }

    fn migration_table_name() -> DynIden {
        Alias::new(TABLE).into_iden()
    }
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (time, bytes) = match manager.get_database_backend() {
            DbBackend::Postgres => ("timestamptz", "bytea"),
            _ => ("text", "blob"),
        };
        let sql = self.sql.replace("{time}", time).replace("{bytes}", bytes);
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }
}
