//! `callplan organizations retention`: how long an organization's calls and revisions are kept.

use std::io::Write;

use super::own_or_default::{OwnOrDefault, or_default};
use crate::Stop;
use crate::count::count;
use crate::database::{self, Database};
use callplan_service::store::{AuditKind, Audited, Change, Conflict, OrganizationId, OwnRetention};
use serde_json::json;

/// Sets how long an organization's calls and revisions are kept, and prints it
///
/// `default` is what the server's options say. A running server follows within ten minutes.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan organizations retention 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --call-log-days 90 --keep-revisions 200 \
  --database callplan.db")]
pub struct RetentionCommand {
    /// The organization
    #[arg(value_name = "ID", value_parser = database::id::<OrganizationId>)]
    organization: OrganizationId,
    /// For how many days calls are kept
    #[arg(long, value_name = "DAYS", value_parser = or_default(count("days", 1..=3650_u32)))]
    call_log_days: Option<OwnOrDefault<u32>>,
    /// How many of the newest revisions are kept in any case, or `all`; older ones are kept as long as
    /// calls that they may have decided
    #[arg(long, value_name = "COUNT", value_parser = or_default(kept_revisions))]
    keep_revisions: Option<OwnOrDefault<KeptRevisions>>,
    #[command(flatten)]
    database: Database,
}

/// How many of the newest revisions are kept in any case; without a number, all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptRevisions(pub Option<u32>);

/// Reads how many revisions are kept.
pub fn kept_revisions(text: &str) -> Result<KeptRevisions, String> {
    match text {
        "all" => Ok(KeptRevisions(None)),
        text => {
            let kept = text.parse().ok().filter(|kept| (1..ALL_REVISIONS).contains(kept));
            kept.map(|kept| KeptRevisions(Some(kept))).ok_or_else(|| "write a whole number from 1, or `all`".into())
        }
    }
}

/// As many revisions as there can be: what the database has of an organization that keeps all of
/// them where the server does not.
const ALL_REVISIONS: u32 = u32::MAX;

impl RetentionCommand {
    /// Sets what was given, and prints all.
    pub fn run(self, stdout: &mut impl Write) -> Result<(), Stop> {
        let Self { organization, call_log_days, keep_revisions, database } = self;
        let own = database.open()?.write(move |transaction| {
            transaction.organization(organization)?.ok_or(Conflict::NoOrganization)?;
            let all = transaction.own_retentions()?;
            let before = all.into_iter().find(|(id, _)| *id == organization).map(|(_, own)| own).unwrap_or_default();
            let own = OwnRetention {
                call_log_days: call_log_days.map_or(before.call_log_days, OwnOrDefault::own),
                revisions: keep_revisions
                    .map_or(before.revisions, |kept| kept.own().map(|kept| kept.0.unwrap_or(ALL_REVISIONS))),
            };
            transaction.set_retention(organization, own)?;
            let change = Change::new(AuditKind::OrganizationRetention, organization).of(Some(organization));
            let said = json!({"call_log_days": shown(own.call_log_days), "keep_revisions": shown(own.revisions)});
            Ok(Audited::unchanged(own).with((own != before).then(|| change.after(said))))
        })?;
        writeln!(stdout, "call-log-days   {}", shown(own.call_log_days))?;
        writeln!(stdout, "keep-revisions  {}", shown(own.revisions))?;
        Ok(())
    }
}

/// A setting, as the command line writes it.
fn shown(own: Option<u32>) -> String {
    match own {
        None => "default".to_owned(),
        Some(ALL_REVISIONS) => "all".to_owned(),
        Some(own) => own.to_string(),
    }
}
