//! Writes down when keys were last used. Requests note it in memory; the store gets it at most once
//! a minute for each key, in small batches, so that the log of calls is not held up.

use std::sync::Arc;
use std::time::Duration;

use crate::api::App;
use callplan_service::store::StoreError;

/// The time between two writes.
const PAUSE: Duration = Duration::from_secs(60);
/// Maximum number of keys in one transaction.
const MAXIMUM_BATCH: usize = 256;

/// Writes until the task is aborted. What cannot be written now is written the next time.
pub async fn keep(app: Arc<App>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let _ = write(&app).await;
    }
}

/// Writes the uses that the store does not have yet.
pub async fn write(app: &App) -> Result<(), StoreError> {
    let keys = app.live.keys().clone();
    for batch in keys.unwritten_uses().chunks(MAXIMUM_BATCH) {
        let uses = batch.to_vec();
        app.store.log(move |transaction| transaction.note_uses(&uses)).await?;
        keys.are_written(batch);
    }
    Ok(())
}
