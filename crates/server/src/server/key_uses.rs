//! Writes down when keys were last used, and sign-ins: uses from an address that is new for the key.
//! Requests note a use in memory; the store gets it at most once a minute for each key, in small
//! batches, so that the log of calls is not held up.

use std::sync::Arc;
use std::time::Duration;

use crate::api::App;
use callplan_service::live::key_use::UnwrittenUse;
use callplan_service::store::{
    Actor, AuditActor, AuditKind, AuditSource, Audited, Change, KeyId, OrganizationId, StoreError, Transaction, UserId,
};

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
        // The sign-ins of a user's key are those of the memberships.
        let owned = |(id, unwritten): &(KeyId, UnwrittenUse)| {
            Some(sign_in(Actor::Key(*id), keys.organization_of(*id)?, unwritten))
        };
        let sign_ins: Vec<AuditSource> = batch.iter().filter_map(owned).flatten().collect();
        let uses: Vec<_> = batch.iter().map(|(id, unwritten)| (*id, unwritten.last)).collect();
        let written = app.store.log(move |transaction| {
            transaction.note_uses(&uses)?;
            record(transaction, &sign_ins)
        });
        written.await?;
        keys.are_written(batch);
    }
    for batch in keys.unwritten_memberships().chunks(MAXIMUM_BATCH) {
        let of = |((user, organization), unwritten): &((UserId, OrganizationId), UnwrittenUse)| {
            sign_in(Actor::User(*user), *organization, unwritten)
        };
        let sign_ins: Vec<AuditSource> = batch.iter().filter_map(of).collect();
        app.store.log(move |transaction| record(transaction, &sign_ins)).await?;
        keys.memberships_are_written(batch);
    }
    Ok(())
}

fn sign_in(actor: Actor, organization: OrganizationId, unwritten: &UnwrittenUse) -> Option<AuditSource> {
    let from = unwritten.last.from.map(|from| from.to_string());
    let key = match actor {
        Actor::Key(id) => Some(id),
        Actor::User(_) => None,
    };
    let (actor, organization) = (AuditActor::Principal(actor), Some(organization));
    unwritten.is_sign_in.then_some(AuditSource { actor, key, organization, from, at: unwritten.last.at })
}

fn record(transaction: &Transaction<'_>, sign_ins: &[AuditSource]) -> Result<(), StoreError> {
    for source in sign_ins {
        let subject = match source.actor {
            AuditActor::Principal(Actor::Key(id)) => id.to_string(),
            AuditActor::Principal(Actor::User(id)) => id.to_string(),
            AuditActor::CommandLine(_) | AuditActor::Unknown => continue,
        };
        transaction.audited(source, Audited::new((), Change::new(AuditKind::SignIn, subject)))?;
    }
    Ok(())
}
