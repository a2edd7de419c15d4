//! How a PostgreSQL server is opened.

use std::time::Duration;

use sea_orm::{ConnectOptions, Database};

use super::Opened;
use super::address::without_password;
use crate::error::StoreError;

const CONNECTIONS: u32 = 10;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn open(url: &str) -> Result<Opened, StoreError> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(CONNECTIONS)
        .connect_timeout(CONNECT_TIMEOUT)
        .acquire_timeout(CONNECT_TIMEOUT)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|postgres| {
            postgres.application_name("plimsoll").options([("timezone", "UTC")])
        });
    let readers = Database::connect(options)
        .await
        .map_err(|source| StoreError::Unreachable { place: without_password(url), source })?;
    Ok(Opened { readers, single_writer: None })
}
