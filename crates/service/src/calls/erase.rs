//! Finds and erases one caller's calls, and rewrites the log after something was deleted. All of it
//! is done in small steps, between which others write. It blocks: not for a task of a runtime.

use super::further::FurtherFields;
use crate::store::{
    AuditKind, AuditSource, Audited, CallId, CallRecord, Change, KindNumber, OrganizationId, Store, StoreError,
    StoredCaller,
};
use callplan::phone::{Number, first_address};

/// Maximum number of calls that one transaction reads, and that one rewrites.
const READ: usize = 2000;
const REWRITTEN: usize = 200;
/// Maximum number of pages that one transaction gives back to the disk.
const PAGES: u32 = 64;

/// A caller whose calls are to be found, in whatever form the number is written.
#[derive(Clone, Debug)]
pub struct Caller(String);

impl Caller {
    /// The caller with this number; `None` if it is no number of anybody.
    pub fn read(number: &str) -> Option<Self> {
        match Number::read(number) {
            Number::Withheld => None,
            read @ (Number::E164(_) | Number::Local(_)) => Some(Self(read.normal_form().into_owned())),
        }
    }

    fn is(&self, number: &str) -> bool {
        Number::read(number).normal_form() == self.0
    }

    /// Whether a call is the caller's: they called, or their carrier asserted their number, or they
    /// sent the call on.
    fn is_of(&self, stored: &StoredCaller) -> bool {
        let further = FurtherFields::read(stored.further.as_deref());
        let further = [further.caller_asserted, further.diverted_from].into_iter().flatten();
        stored.number.as_deref().is_some_and(|number| self.is(number))
            || further.into_iter().any(|text| self.is(first_address(&text)))
    }
}

/// Erases all calls of a caller, of one organization or of all, and says how many there were. Calls
/// whose numbers are masked cannot be found. What is left of them in the file goes with
/// [`clean`]. The audit trail tells that `source` did it, but not whose calls they were.
pub fn forget(
    store: &Store,
    organization: Option<OrganizationId>,
    caller: &Caller,
    source: &AuditSource,
) -> Result<u64, StoreError> {
    let mut erased = 0;
    each_call(store, organization, caller, |kind, ids| {
        let source = source.clone();
        let deleted = store.write(move |transaction| {
            let of = transaction.organization_of_calls(kind)?;
            let deleted = transaction.delete_calls(kind, &ids)?;
            transaction.audited(
                &source,
                of.filter(|_| deleted > 0)
                    .map_or_else(|| Audited::unchanged(deleted), |of| Audited::new(deleted, erasure(of, deleted))),
            )
        });
        erased += deleted.wait()? as u64;
        Ok(())
    })?;
    Ok(erased)
}

fn erasure(of: OrganizationId, deleted: usize) -> Change {
    let count = u32::try_from(deleted).unwrap_or(u32::MAX);
    Change::new(AuditKind::CallsErased, of).of(Some(of)).times(count)
}

/// Visits all calls of a caller that are kept, kind by kind.
pub fn export(
    store: &Store,
    organization: Option<OrganizationId>,
    caller: &Caller,
    mut visit: impl FnMut(CallRecord) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    each_call(store, organization, caller, |kind, ids| {
        for id in ids {
            let call = store.read(move |snapshot| snapshot.call_of_kind(kind, id)).wait()?;
            call.map_or(Ok(()), &mut visit)?;
        }
        Ok(())
    })
}

/// Deletes all calls of an organization.
pub fn delete_all(store: &Store, organization: OrganizationId) -> Result<u64, StoreError> {
    let mut deleted = 0;
    for kind in store.read(move |snapshot| snapshot.log_kinds(Some(organization))).wait()? {
        loop {
            let some = store.write(move |transaction| {
                let callers = transaction.callers(kind, None, REWRITTEN)?;
                transaction.delete_calls(kind, &callers.into_iter().map(|caller| caller.id).collect::<Vec<_>>())
            });
            match some.wait()? {
                0 => break,
                some => deleted += some as u64,
            }
        }
    }
    Ok(deleted)
}

/// Calls `found` with the caller's calls of each kind, at most [`READ`] at once.
fn each_call(
    store: &Store,
    organization: Option<OrganizationId>,
    caller: &Caller,
    mut found: impl FnMut(KindNumber, Vec<CallId>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut seen = Vec::new();
    // A kind that is rewritten meanwhile has another number, and is looked at again.
    loop {
        let kinds = store.read(move |snapshot| snapshot.log_kinds(organization)).wait()?;
        let new: Vec<_> = kinds.into_iter().filter(|kind| !seen.contains(kind)).collect();
        if new.is_empty() {
            return Ok(());
        }
        for kind in &new {
            each_call_of(store, *kind, caller, &mut found)?;
        }
        seen.extend(new);
    }
}

fn each_call_of(
    store: &Store,
    kind: KindNumber,
    caller: &Caller,
    found: &mut impl FnMut(KindNumber, Vec<CallId>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let callers = store.read(move |snapshot| snapshot.callers(kind, after, READ)).wait()?;
        let Some(last) = callers.last() else { return Ok(()) };
        after = Some(last.id);
        let ids: Vec<_> = callers.into_iter().filter(|stored| caller.is_of(stored)).map(|stored| stored.id).collect();
        if !ids.is_empty() {
            found(kind, ids)?;
        }
    }
}

/// Rewrites the log of calls, if calls were deleted since the last time, and gives free pages back
/// to the disk. Afterwards nothing of them is in the file, once its write-ahead log is emptied. It
/// ends early if `is_over` says so.
pub fn clean(store: &Store, is_over: impl Fn() -> bool) -> Result<(), StoreError> {
    let Some(erasures) = store.read(|snapshot| snapshot.must_rewrite()).wait()? else { return Ok(()) };
    for kind in store.read(|snapshot| snapshot.log_kinds(None)).wait()? {
        let mut to = None;
        loop {
            if is_over() {
                return Ok(());
            }
            to = store.log(move |transaction| transaction.rewrite_calls(kind, to, REWRITTEN)).wait()?;
            if to.is_none() {
                break;
            }
        }
    }
    store.log(move |transaction| transaction.has_rewritten(erasures)).wait()?;
    while !is_over() && store.log(|transaction| transaction.shrink(PAGES)).wait()? {}
    Ok(())
}
