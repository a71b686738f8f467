//! Follows what other processes write beside a running server, such as the command line: it takes
//! effect within a second. Whatever was written, all is read again: another process may not have
//! kept the stamps by which the server knows what is newer.

use std::sync::Arc;
use std::time::Duration;

use crate::api::App;
use callplan_service::store::{OrganizationId, StoreError};

/// The pause between two looks. A look costs an empty transaction.
const PAUSE: Duration = Duration::from_millis(400);

/// Maximum number of organizations that are read in one transaction: other writes come in between.
const CHUNK: usize = 32;

/// The database is not the one that the server has read: another file is in its place.
#[derive(Debug)]
pub struct Replaced;

/// Follows until the task is aborted, or until another file is in the place of the database.
pub async fn follow(app: Arc<App>) -> Replaced {
    let (mut is_well, mut seen) = (true, 0);
    loop {
        tokio::time::sleep(PAUSE).await;
        let looked = look(&app, &mut seen).await;
        match &looked {
            Err(StoreError::Replaced) => return Replaced,
            Err(error) if is_well => {
                tracing::warn!(%error, "the database cannot be read; calls are decided as they were");
            }
            Ok(()) if !is_well => tracing::info!("the database can be read again"),
            Err(_) | Ok(()) => {}
        }
        is_well = looked.is_ok();
    }
}

/// Looks once. `seen` is the number of foreign writes that are in memory.
async fn look(app: &Arc<App>, seen: &mut u64) -> Result<(), StoreError> {
    let foreign_writes = app.store.look().await?;
    if foreign_writes != *seen {
        reload(app).await?;
        *seen = foreign_writes;
    }
    Ok(())
}

/// Reads everything again. All is read in the thread that writes, so that what goes to memory is in
/// the order of the commits. Organizations come before the keys that lead to them.
async fn reload(app: &Arc<App>) -> Result<(), StoreError> {
    let ids = app.store.read(|snapshot| snapshot.organization_ids()).await?;
    for chunk in ids.chunks(CHUNK) {
        reload_organizations(app, chunk.to_vec()).await?;
    }
    let live = Arc::clone(&app.live);
    app.store.write_then(|transaction| transaction.access(), move |access| live.replace_access(access)).await?;
    tracing::info!(organizations = ids.len(), "another process has written to the database; it was read again");
    Ok(())
}

async fn reload_organizations(app: &Arc<App>, ids: Vec<OrganizationId>) -> Result<(), StoreError> {
    let (live, today) = (Arc::clone(&app.live), app.today());
    let read = app.store.write_then(
        move |transaction| ids.into_iter().map(|id| transaction.live(id)).collect::<Result<Vec<_>, StoreError>>(),
        move |states| states.iter().flatten().for_each(|state| live.replace(state.clone(), today)),
    );
    read.await.map(drop)
}
