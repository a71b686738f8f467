//! `callplan organizations limits`: what an organization may send and keep.

use std::io::Write;

use super::own_or_default::{OwnOrDefault, or_default};
use crate::Stop;
use crate::database::{self, Database};
use callplan_service::store::{AuditKind, Audited, Change, Conflict, Limit, Limited, OrganizationId};
use serde_json::json;

/// Sets limits of an organization, and prints all that it has of its own
///
/// A limit is a number, `none`, or `default` for that of the server.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan organizations limits 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --calls 200 --keys none --database callplan.db")]
pub struct LimitsCommand {
    /// The organization
    #[arg(value_name = "ID", value_parser = database::id::<OrganizationId>)]
    organization: OrganizationId,
    /// Calls in a second
    #[arg(long, value_name = "LIMIT", value_parser = or_default(limit))]
    calls: Option<OwnOrDefault<Limit>>,
    /// Writes in a minute
    #[arg(long, value_name = "LIMIT", value_parser = or_default(limit))]
    writes: Option<OwnOrDefault<Limit>>,
    /// Bytes of texts: the plans of all revisions, and descriptions, metadata and configs of agents
    #[arg(long, value_name = "LIMIT", value_parser = or_default(limit))]
    text_bytes: Option<OwnOrDefault<Limit>>,
    /// Keys that are not revoked
    #[arg(long, value_name = "LIMIT", value_parser = or_default(limit))]
    keys: Option<OwnOrDefault<Limit>>,
    /// Agents
    #[arg(long, value_name = "LIMIT", value_parser = or_default(limit))]
    agents: Option<OwnOrDefault<Limit>>,
    /// Phone numbers
    #[arg(long, value_name = "LIMIT", value_parser = or_default(limit))]
    numbers: Option<OwnOrDefault<Limit>>,
    #[command(flatten)]
    database: Database,
}

/// Maximum of a limit: the database has no larger numbers.
const MAXIMUM_LIMIT: u64 = i64::MAX.unsigned_abs();

/// Reads a limit: a number, or `none`.
pub fn limit(text: &str) -> Result<Limit, String> {
    match text {
        "none" => Ok(None),
        text => {
            let limit = text.parse().ok().filter(|limit| *limit <= MAXIMUM_LIMIT);
            limit.map(Some).ok_or_else(|| "write a whole number or `none`".into())
        }
    }
}

impl LimitsCommand {
    /// Sets the limits that were given, and prints all.
    pub fn run(self, stdout: &mut impl Write) -> Result<(), Stop> {
        let Self { organization, calls, writes, text_bytes, keys, agents, numbers, database } = self;
        let settings = [
            (Limited::Calls, calls),
            (Limited::Writes, writes),
            (Limited::TextBytes, text_bytes),
            (Limited::Keys, keys),
            (Limited::Agents, agents),
            (Limited::Numbers, numbers),
        ];
        let own = database.open()?.write(move |transaction| {
            transaction.organization(organization)?.ok_or(Conflict::NoOrganization)?;
            for (limited, setting) in settings {
                if let Some(setting) = setting {
                    transaction.set_limit(organization, limited, setting.own())?;
                }
            }
            let own = transaction.own_limits()?.into_iter().filter(|own| own.organization == organization);
            let own: Vec<_> = own.collect();
            let are_set = settings.iter().any(|(_, setting)| setting.is_some());
            let limits: serde_json::Map<_, _> =
                own.iter().map(|own| (own.limited.name().to_owned(), json!(own.limit))).collect();
            let change = Change::new(AuditKind::OrganizationLimited, organization).of(Some(organization));
            let changes = are_set.then(|| change.after(limits.into()));
            Ok(Audited::unchanged(own).with(changes))
        })?;
        for limited in Limited::ALL {
            let own = own.iter().find(|own| own.limited == limited);
            let shown =
                own.map_or("default".to_owned(), |own| own.limit.map_or("none".into(), |limit| limit.to_string()));
            writeln!(stdout, "{limited}  {shown}")?;
        }
        Ok(())
    }
}
