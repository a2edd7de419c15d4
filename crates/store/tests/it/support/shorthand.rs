//! What tests say often.

use store::{Claimed, Job, JsonText, Lease, NewJob, Outcome, OwnerId, Page, Store};

/// A document.
pub(crate) fn doc(json: &str) -> JsonText {
    JsonText::parse(json.to_owned()).unwrap()
}

/// A job that does little.
pub(crate) fn job() -> NewJob {
    NewJob::new("backtest", doc(r#"{"strategy": "rsi"}"#))
}

/// The whole list, as long as it is short.
pub(crate) fn page() -> Page {
    Page { limit: 1000, offset: 0 }
}

pub(crate) async fn enqueue(store: &Store, owner: OwnerId) -> Job {
    store.jobs().enqueue(owner, job()).await.unwrap()
}

pub(crate) async fn claim(store: &Store) -> Option<Claimed> {
    store.jobs().claim("worker", &[]).await.unwrap()
}

/// Claims a job that must be there.
pub(crate) async fn claimed(store: &Store) -> Claimed {
    claim(store).await.expect("a job is due")
}

pub(crate) async fn complete(store: &Store, lease: &Lease) -> Job {
    store.jobs().finish(lease, Outcome::Completed { result: None }).await.unwrap()
}
