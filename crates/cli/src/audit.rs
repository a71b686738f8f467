//! `callplan audit`: the audit trail of a database.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::database::{self, Database};
use super::{Exit, Stop};
use callplan_service::store::{AuditEvent, OrganizationId};

/// Exports the audit trail of a database
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan audit export --since 2026-01-01T00:00:00Z --database callplan.db")]
pub struct AuditCommand {
    #[command(subcommand)]
    action: AuditAction,
}

#[derive(clap::Subcommand)]
enum AuditAction {
    Export(Export),
}

/// Writes events as JSON, one in a line, in the order in which they were recorded
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan audit export --organization 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --database callplan.db")]
struct Export {
    /// Only events of this organization; by default all, also those of the whole service
    #[arg(long, value_name = "ID", value_parser = database::id::<OrganizationId>)]
    organization: Option<OrganizationId>,
    /// Only events from this time on, such as 2027-01-01T00:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = database::instant)]
    since: Option<Timestamp>,
    /// Only events before this time
    #[arg(long, value_name = "RFC3339", value_parser = database::instant)]
    until: Option<Timestamp>,
    #[command(flatten)]
    database: Database,
}

/// An event, as a line of JSON. It has the fields of the API, and the organization.
#[derive(Serialize)]
struct Line {
    id: String,
    organization_id: Option<String>,
    at: String,
    kind: String,
    actor: ActorInLine,
    key_id: Option<String>,
    subject: String,
    from: Option<String>,
    count: u32,
    before: Option<Box<RawValue>>,
    after: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct ActorInLine {
    kind: &'static str,
    id: Option<String>,
}

impl From<AuditEvent> for Line {
    fn from(event: AuditEvent) -> Self {
        let raw = |json: Option<String>| json.and_then(|json| RawValue::from_string(json).ok());
        Self {
            id: event.id.to_string(),
            organization_id: event.organization.map(|id| id.to_string()),
            at: event.at.to_string(),
            kind: event.kind,
            actor: ActorInLine { kind: event.actor_kind, id: event.actor },
            key_id: event.key.map(|id| id.to_string()),
            subject: event.subject,
            from: event.from,
            count: event.count,
            before: raw(event.before),
            after: raw(event.after),
        }
    }
}

impl AuditCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let AuditAction::Export(Export { organization, since, until, database }) = self.action;
        let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
        let list = move |snapshot: &callplan_service::store::Snapshot<'_>, page: &callplan_service::store::Page| {
            snapshot.audit_trail(organization, (since, until), page)
        };
        database.open()?.each(list, |event| {
            // Text and numbers can always be serialized.
            let line = serde_json::to_string(&Line::from(event)).unwrap_or_default();
            Ok(writeln!(stdout, "{line}")?)
        })?;
        stdout.flush()?;
        Ok(Exit::Fine)
    }
}
