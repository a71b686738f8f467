//! `callplan calls`: what the service keeps of one caller, and erasing it.

use std::io::Write;

use super::database::{self, Database};
use super::{Exit, Stop, clock};
use callplan_service::calls::RecordedDecision;
use callplan_service::calls::erase::{self, Caller};
use callplan_service::calls::further::FurtherFields;
use callplan_service::store::{AuditSource, CallRecord, OrganizationId, StoreError};

/// Erases or exports the calls of one caller that the service has kept
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan calls export +14155550100 --database callplan.db > calls.jsonl
  callplan calls forget +14155550100 --database callplan.db")]
pub struct CallsCommand {
    #[command(subcommand)]
    action: CallsAction,
}

#[derive(clap::Subcommand)]
enum CallsAction {
    /// Erases a caller's calls, and prints how many there were; a server may be running
    #[command(after_help = "\
Example:
  callplan calls forget +14155550100 --database callplan.db

Within an hour nothing of them is in the file. Backups that were made before keep them. Calls with masked numbers cannot
be found.")]
    Forget(OneCaller),
    /// Prints what is kept of a caller's calls: a JSON object on each line
    #[command(after_help = "Example:\n  callplan calls export +14155550100 --database callplan.db")]
    Export(OneCaller),
}

#[derive(clap::Args)]
struct OneCaller {
    /// The caller's number, in whatever form
    #[arg(value_name = "NUMBER", value_parser = caller, allow_hyphen_values = true)]
    caller: Caller,
    /// Only calls to this organization
    #[arg(long, value_name = "ID", value_parser = database::id::<OrganizationId>)]
    organization: Option<OrganizationId>,
    #[command(flatten)]
    database: Database,
}

impl CallsCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let mut stdout = std::io::stdout().lock();
        match self.action {
            CallsAction::Forget(OneCaller { caller, organization, database }) => {
                let opened = database.open()?;
                let source = AuditSource::command_line(clock::now().timestamp);
                let erased = opened.with_store(|store| {
                    let erased = erase::forget(store, organization, &caller, &source)?;
                    erase::clean(store, || false)?;
                    Ok(erased)
                })?;
                writeln!(stdout, "{erased}")?;
            }
            CallsAction::Export(OneCaller { caller, organization, database }) => {
                let opened = database.open()?;
                let mut failed = None;
                opened.with_store(|store| {
                    erase::export(store, organization, &caller, |call| {
                        // A reader that has gone ends it.
                        failed = writeln!(stdout, "{}", line(&call)).err();
                        if failed.is_some() { Err(StoreError::Closed) } else { Ok(()) }
                    })
                    .or_else(|error| if failed.is_some() { Ok(()) } else { Err(error) })
                })?;
                failed.map_or(Ok(()), Err)?;
            }
        }
        stdout.flush()?;
        Ok(Exit::Fine)
    }
}

/// A call with all that is kept of it.
fn line(call: &CallRecord) -> serde_json::Value {
    let further = FurtherFields::read(call.further.as_deref());
    serde_json::json!({
        "id": call.id.to_string(),
        "organization_id": call.kind.organization_id.to_string(),
        "created_at": call.created_at().to_string(),
        "call": {
            "caller_number": call.caller_number,
            "called_number": call.called_number,
            "trunk_id": call.trunk_id,
            "caller_name": further.caller_name,
            "caller_asserted": further.caller_asserted,
            "diverted_from": further.diverted_from,
            "attestation": further.attestation,
            "attributes": further.attributes,
            "numbers_read": further.numbers_read,
            "timestamp": call.timestamp.to_string(),
        },
        "decision": RecordedDecision::of(call),
        "switches": serde_json::from_str::<serde_json::Value>(&call.switches).unwrap_or_default(),
        "release": call.kind.release,
    })
}

fn caller(text: &str) -> Result<Caller, String> {
    Caller::read(text).ok_or_else(|| "write the number of a caller, such as `+14155550100`".to_owned())
}
