//! One answer for one key: whoever asks twice gets what he got.
//!
//! The key is written in the transaction that does what was asked, so that there is never the one
//! without the other. A request whose work outlasts a transaction claims its key in one and settles
//! it in a later one.

use jiff::SignedDuration;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect, RuntimeErr, Set,
};

use crate::database::{Store, Tx};
use crate::entities::idempotency_keys::{self as keys, Model as Row};
use crate::error::StoreError;
use crate::ids::OwnerId;
use crate::json::JsonText;
use crate::moment::Moment;

/// How long an answer is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// How long a key is held for a request that has not been answered. Whoever dies in between leaves
/// nothing behind but the key: after this it is free again.
pub const HELD: SignedDuration = SignedDuration::from_secs(60);

/// How long a second request waits for the first one's transaction.
const WAIT: &str = "5s";

/// PostgreSQL's code for a lock that was not to be had in time.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// A request that shall be done once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// Its method.
    pub method: String,
    /// Its route.
    pub route: String,
    /// The key that the caller chose.
    pub key: String,
    /// Hash of its body: the same key with another body is another request.
    pub body_hash: String,
}

/// An answer as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers that matter: a JSON object.
    pub headers: JsonText,
    /// Body, byte for byte.
    pub body: Vec<u8>,
}

/// What became of a key that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimedKey {
    /// Nobody had it: the caller does the work, and settles the key.
    Fresh,
    /// The work was done; this is the answer.
    Answered(Answer),
}

impl Tx {
    /// Takes a key, or finds the answer that it stands for. On PostgreSQL this waits up to 5 s for
    /// another transaction that has just taken it.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] for another body; [`StoreError::KeyInProgress`] while the first
    /// request runs. Either leaves the transaction unusable: end it.
    pub async fn claim_key(
        &self,
        owner: OwnerId,
        request: &RequestKey,
    ) -> Result<ClaimedKey, StoreError> {
        forget(self, owner, request).await?;
        if self.is_postgres() {
            self.db().execute_unprepared(&format!("set local lock_timeout = '{WAIT}'")).await?;
        }
        let inserted = keys::Entity::insert(row(owner, request, self.now()))
            .on_conflict(
                OnConflict::columns([
                    keys::Column::OwnerId,
                    keys::Column::Method,
                    keys::Column::Route,
                    keys::Column::Key,
                ])
                .do_nothing()
                .to_owned(),
            )
            .exec_without_returning(self.db())
            .await
            .map_err(in_progress)?;
        if self.is_postgres() {
            self.db().execute_unprepared("set local lock_timeout = 0").await?;
        }
        if inserted > 0 {
            return Ok(ClaimedKey::Fresh);
        }
        let found = find(self, owner, request).await?.ok_or(StoreError::KeyInProgress)?;
        if found.body_hash != request.body_hash {
            return Err(StoreError::KeyReused);
        }
        answer_of(found).map(ClaimedKey::Answered).ok_or(StoreError::KeyInProgress)
    }

    /// Stores the answer that a key stands for from now on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the key was not claimed.
    pub async fn settle_key(
        &self,
        owner: OwnerId,
        request: &RequestKey,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        let found = find(self, owner, request).await?;
        let found = found.ok_or(StoreError::NotFound { what: "idempotency key" })?;
        let mut row = found.into_active_model();
        row.status = Set(Some(i32::from(answer.status)));
        row.headers = Set(Some(answer.headers.clone()));
        row.body = Set(Some(answer.body.clone()));
        row.expires_at = Set(self.now().plus(KEPT));
        row.update(self.db()).await?;
        Ok(())
    }
}

impl Store {
    /// Forgets all keys whose time has passed; says how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn purge_keys(&self) -> Result<u64, StoreError> {
        self.write(|tx| {
            Box::pin(async move {
                let old = keys::Entity::delete_many().filter(keys::Column::ExpiresAt.lte(tx.now()));
                Ok(old.exec(tx.db()).await?.rows_affected)
            })
        })
        .await
    }
}

/// Forgets the key if its time has passed.
async fn forget(tx: &Tx, owner: OwnerId, request: &RequestKey) -> Result<(), StoreError> {
    keys::Entity::delete_by_id(id(owner, request))
        .filter(keys::Column::ExpiresAt.lte(tx.now()))
        .exec(tx.db())
        .await?;
    Ok(())
}

async fn find(tx: &Tx, owner: OwnerId, request: &RequestKey) -> Result<Option<Row>, StoreError> {
    let found = keys::Entity::find_by_id(id(owner, request)).lock_exclusive();
    Ok(found.one(tx.db()).await?)
}

fn id(owner: OwnerId, request: &RequestKey) -> (OwnerId, String, String, String) {
    (owner, request.method.clone(), request.route.clone(), request.key.clone())
}

fn row(owner: OwnerId, request: &RequestKey, now: Moment) -> keys::ActiveModel {
    keys::ActiveModel {
        owner_id: Set(owner),
        method: Set(request.method.clone()),
        route: Set(request.route.clone()),
        key: Set(request.key.clone()),
        body_hash: Set(request.body_hash.clone()),
        status: Set(None),
        headers: Set(None),
        body: Set(None),
        created_at: Set(now),
        expires_at: Set(now.plus(HELD)),
    }
}

fn answer_of(row: Row) -> Option<Answer> {
    let status = u16::try_from(row.status?).ok()?;
    Some(Answer { status, headers: row.headers?, body: row.body? })
}

/// A lock that was not to be had in time is the first request's.
fn in_progress(error: DbErr) -> StoreError {
    if let DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) =
        &error
        && let sqlx::Error::Database(cause) = cause.as_ref()
        && cause.code().as_deref() == Some(LOCK_NOT_AVAILABLE)
    {
        return StoreError::KeyInProgress;
    }
    StoreError::Database(error)
}
