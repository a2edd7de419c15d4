//! Hearing that the process stops.

use tokio::sync::watch;

/// Waits until the process stops; for ever when nobody is left to say so.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        std::future::pending().await
    }
}
