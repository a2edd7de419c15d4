//! People. Until there are accounts, the one local user.

use rust_decimal::Decimal;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, EntityTrait, Set};

use crate::amount::Dec;
use crate::database::Store;
use crate::entities::users;
use crate::error::StoreError;
use crate::ids::OwnerId;
use crate::moment::Moment;

/// Name of the local user.
const LOCAL_NAME: &str = "local";

impl Store {
    /// Reads a person's own row.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such person.
    pub async fn user(&self, owner: OwnerId) -> Result<users::Model, StoreError> {
        let user = users::Entity::find_by_id(owner).one(self.reader()).await?;
        user.ok_or(StoreError::NotFound { what: "user" })
    }
}

/// Makes the local user when he is not there.
pub(crate) async fn ensure_local(tx: &DatabaseTransaction, now: Moment) -> Result<(), StoreError> {
    let local = users::ActiveModel {
        id: Set(OwnerId::LOCAL),
        username: Set(LOCAL_NAME.to_owned()),
        initial_capital: Set(Dec(Decimal::new(1_000_000, 2))),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    users::Entity::insert(local)
        .on_conflict(OnConflict::column(users::Column::Id).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
