//! `callplan organizations`: the organizations of a database.

use std::io::Write;

use super::database::{self, Database};
use super::{Exit, Stop, clock, words};
use crate::count::count;
use callplan_service::calls::erase;
use callplan_service::kept_plans;
use callplan_service::store::{
    AuditKind, Audited, Belongings, Change, Conflict, Limit, Limited, OrganizationId, OwnRetention, StoreError,
};
use serde_json::json;

/// Makes and lists the organizations of a database
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan organizations create \"Riverside Dental\" --database callplan.db
  callplan organizations list --database callplan.db")]
pub struct OrganizationsCommand {
    #[command(subcommand)]
    action: OrganizationsAction,
}

#[derive(clap::Subcommand)]
enum OrganizationsAction {
    /// Makes an organization and prints its id; creates the database if it is missing
    #[command(after_help = "Example:\n  callplan organizations create \"Riverside Dental\" --database callplan.db")]
    Create {
        /// The name that people see; it need not be unique
        #[arg(value_parser = database::name)]
        name: String,
        #[command(flatten)]
        database: Database,
    },
    /// Deletes an organization with all that belongs to it; a running server follows within a second
    #[command(after_help = "\
Example:
  callplan organizations delete 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --yes --database callplan.db

Its config with all revisions, agents, phone numbers, keys, memberships and calls go with it. Without --yes it only says
what there is.")]
    Delete {
        /// The organization's id
        #[arg(value_parser = database::id::<OrganizationId>)]
        organization: OrganizationId,
        /// Deletes it: nothing brings it back but a backup
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        database: Database,
    },
    Limits(LimitsCommand),
    Retention(RetentionCommand),
    /// Lists organizations, the oldest first: id, time of creation, name
    #[command(after_help = "Example:\n  callplan organizations list --database callplan.db")]
    List {
        #[command(flatten)]
        database: Database,
    },
}

/// Sets limits of an organization, and prints all that it has of its own
///
/// A limit is a number, `none`, or `default` for that of the server.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan organizations limits 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --calls 200 --keys none --database callplan.db")]
struct LimitsCommand {
    /// The organization
    #[arg(value_name = "ID", value_parser = database::id::<OrganizationId>)]
    organization: OrganizationId,
    /// Calls in a second
    #[arg(long, value_name = "LIMIT", value_parser = own_limit)]
    calls: Option<OwnSetting>,
    /// Writes in a minute
    #[arg(long, value_name = "LIMIT", value_parser = own_limit)]
    writes: Option<OwnSetting>,
    /// Bytes of texts: the plans of all revisions, and descriptions, metadata and configs of agents
    #[arg(long, value_name = "LIMIT", value_parser = own_limit)]
    text_bytes: Option<OwnSetting>,
    /// Keys that are not revoked
    #[arg(long, value_name = "LIMIT", value_parser = own_limit)]
    keys: Option<OwnSetting>,
    /// Agents
    #[arg(long, value_name = "LIMIT", value_parser = own_limit)]
    agents: Option<OwnSetting>,
    /// Phone numbers
    #[arg(long, value_name = "LIMIT", value_parser = own_limit)]
    numbers: Option<OwnSetting>,
    #[command(flatten)]
    database: Database,
}

/// A limit of an organization: its own, or the server's default.
#[derive(Clone, Copy, Debug)]
enum OwnSetting {
    /// The default of the server.
    Default,
    /// Its own.
    Own(Limit),
}

fn own_limit(text: &str) -> Result<OwnSetting, String> {
    match text {
        "default" => Ok(OwnSetting::Default),
        text => limit(text).map(OwnSetting::Own).map_err(|_| "write a whole number, `none` or `default`".into()),
    }
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

/// Sets how long an organization's calls and revisions are kept, and prints it
///
/// `default` is what the server's options say. A running server follows within ten minutes.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan organizations retention 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --call-log-days 90 --keep-revisions 200 \
  --database callplan.db")]
struct RetentionCommand {
    /// The organization
    #[arg(value_name = "ID", value_parser = database::id::<OrganizationId>)]
    organization: OrganizationId,
    /// For how many days calls are kept
    #[arg(long, value_name = "DAYS", value_parser = or_default(count("days", 1..=3650_u32)))]
    call_log_days: Option<OwnOr<u32>>,
    /// How many of the newest revisions are kept in any case, or `all`; older ones are kept as long as
    /// calls that they may have decided
    #[arg(long, value_name = "COUNT", value_parser = or_default(kept_revisions))]
    keep_revisions: Option<OwnOr<KeptRevisions>>,
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

/// Something of an organization's own, or the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OwnOr<T> {
    /// The server's.
    Default,
    /// Its own.
    Own(T),
}

impl<T> OwnOr<T> {
    fn own(self) -> Option<T> {
        match self {
            Self::Default => None,
            Self::Own(own) => Some(own),
        }
    }
}

/// Reads `default`, or what `read` reads.
fn or_default<T, E: ToString>(
    read: impl Fn(&str) -> Result<T, E> + Clone + Send + Sync + 'static,
) -> impl Fn(&str) -> Result<OwnOr<T>, String> + Clone + Send + Sync + 'static {
    move |text| match text {
        "default" => Ok(OwnOr::Default),
        text => read(text).map(OwnOr::Own).map_err(|error| format!("{}, or write `default`", error.to_string())),
    }
}

impl RetentionCommand {
    fn run(self, stdout: &mut impl Write) -> Result<(), Stop> {
        let Self { organization, call_log_days, keep_revisions, database } = self;
        let own = database.open()?.write(move |transaction| {
            transaction.organization(organization)?.ok_or(Conflict::NoOrganization)?;
            let all = transaction.own_retentions()?;
            let before = all.into_iter().find(|(id, _)| *id == organization).map(|(_, own)| own).unwrap_or_default();
            let own = OwnRetention {
                call_log_days: call_log_days.map_or(before.call_log_days, OwnOr::own),
                revisions: keep_revisions
                    .map_or(before.revisions, |kept| kept.own().map(|kept| kept.0.unwrap_or(ALL_REVISIONS))),
            };
            transaction.set_retention(organization, own)?;
            let change = Change::new(AuditKind::OrganizationRetention, organization).of(Some(organization));
            let said = json!({"call_log_days": own.call_log_days, "keep_revisions": own.revisions});
            Ok(Audited::unchanged(own).with((own != before).then(|| change.after(said))))
        })?;
        let shown = |own: Option<u32>| match own {
            None => "default".to_owned(),
            Some(ALL_REVISIONS) => "all".to_owned(),
            Some(own) => own.to_string(),
        };
        writeln!(stdout, "call-log-days   {}", shown(own.call_log_days))?;
        writeln!(stdout, "keep-revisions  {}", shown(own.revisions))?;
        Ok(())
    }
}

impl LimitsCommand {
    fn run(self, stdout: &mut impl Write) -> Result<(), Stop> {
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
                match setting {
                    None => {}
                    Some(OwnSetting::Default) => transaction.set_limit(organization, limited, None)?,
                    Some(OwnSetting::Own(limit)) => transaction.set_limit(organization, limited, Some(limit))?,
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

impl OrganizationsCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let mut stdout = std::io::stdout().lock();
        match self.action {
            OrganizationsAction::Create { name, database } => {
                let now = clock::now().timestamp;
                let made = database.open_or_make()?.write(move |transaction| {
                    let made = transaction.create_organization(&name, now)?;
                    let change = Change::new(AuditKind::OrganizationCreated, made.id).of(Some(made.id));
                    Ok(Audited::new(made, change.after(json!({"name": name}))))
                })?;
                writeln!(stdout, "{}", made.id)?;
            }
            OrganizationsAction::Delete { organization, yes, database } => {
                let opened = database.open()?;
                if !yes {
                    return Err(unconfirmed(&opened, organization)?);
                }
                delete(&opened, organization)?;
            }
            OrganizationsAction::Limits(limits) => limits.run(&mut stdout)?,
            OrganizationsAction::Retention(retention) => retention.run(&mut stdout)?,
            OrganizationsAction::List { database } => {
                for organization in database.open()?.list(|reader, page| reader.organizations(page))? {
                    writeln!(
                        stdout,
                        "{}  {:.0}  {}",
                        organization.id,
                        organization.created_at,
                        words::clean(&organization.name)
                    )?;
                }
            }
        }
        stdout.flush()?;
        Ok(Exit::Fine)
    }
}

/// What the organization has, for who has not said `--yes`.
fn unconfirmed(opened: &database::Opened, organization: OrganizationId) -> Result<Stop, Stop> {
    let (name, belongings) = opened.with_store(|store| {
        store
            .read(move |snapshot| {
                let found = snapshot.organization(organization)?.ok_or(Conflict::NoOrganization)?;
                Ok::<_, StoreError>((found.name, snapshot.belongings(organization)?))
            })
            .wait()
    })?;
    let Belongings { revisions, agents, phone_numbers, keys, memberships, calls } = belongings;
    Ok(Stop::WrongUse(format!(
        "{} has revisions: {revisions}, agents: {agents}, phone numbers: {phone_numbers}, keys: {keys}, members: \
         {memberships}, calls: {calls}; `--yes` deletes all of it",
        words::quote(&name)
    )))
}

/// Deletes an organization: first, in one transaction, all that it works with, so that a server
/// stops to decide its calls; its calls before, as far as they are there already.
fn delete(opened: &database::Opened, organization: OrganizationId) -> Result<(), Stop> {
    opened.with_store(|store| erase::delete_all(store, organization))?;
    opened.write(move |transaction| {
        let name = transaction.organization(organization)?.map(|found| found.name);
        transaction.delete_organization(organization)?;
        let change = Change::new(AuditKind::OrganizationDeleted, organization).of(Some(organization));
        Ok(Audited::new((), change.before(json!({"name": name}))))
    })?;
    opened.with_store(|store| {
        // A server that runs writes the file again, without the plan that was deleted.
        kept_plans::remove(store.path()).map_err(|error| StoreError::Failed(error.to_string()))?;
        erase::clean(store, || false)
    })
}
