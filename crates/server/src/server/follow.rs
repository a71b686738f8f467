//! Follows what the command line writes beside a running server: organizations, memberships and
//! keys take effect within a second.

use std::sync::Arc;
use std::time::Duration;

use super::today;
use crate::api::App;
use callplan_service::store::{Access, LiveOrganization, StoreError};

/// The pause between two looks. A look reads one row.
const PAUSE: Duration = Duration::from_millis(400);

/// Follows until the task is aborted.
pub async fn follow(app: Arc<App>) {
    let mut is_well = true;
    loop {
        tokio::time::sleep(PAUSE).await;
        let looked = look(&app).await;
        if let (true, Err(error)) = (is_well, &looked) {
            tracing::warn!(%error, "the database cannot be read; calls are decided as they were");
        } else if !is_well && looked.is_ok() {
            tracing::info!("the database can be read again");
        }
        is_well = looked.is_ok();
    }
}

/// Takes over what is new. Organizations come before the keys that lead to them.
async fn look(app: &App) -> Result<(), StoreError> {
    let seen = app.live.keys().stamp;
    let live = Arc::clone(&app.live);
    let new = app.store.read(move |snapshot| -> Result<Option<(Access, Vec<LiveOrganization>)>, StoreError> {
        if snapshot.access_stamp()? == seen {
            return Ok(None);
        }
        let access = snapshot.access()?;
        let unknown = access.organizations.iter().filter(|organization| live.organization(organization.id).is_none());
        let organizations: Result<Vec<_>, _> = unknown.map(|organization| snapshot.live(organization.id)).collect();
        Ok(Some((access, organizations?.into_iter().flatten().collect())))
    });
    if let Some((access, organizations)) = new.await? {
        organizations.into_iter().for_each(|organization| app.live.put(organization, None, today()));
        app.live.put_access(&access);
    }
    Ok(())
}
