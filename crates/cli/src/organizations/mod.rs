//! `callplan organizations`: the organizations of a database.

mod limits;
mod own_or_default;
mod retention;

use std::io::Write;

use super::database::{self, Database};
use super::{Exit, Stop, clock, words};
use callplan_service::calls::erase;
use callplan_service::kept_plans;
use callplan_service::store::{AuditKind, Audited, Belongings, Change, Conflict, OrganizationId, StoreError};
use limits::LimitsCommand;
use retention::RetentionCommand;
use serde_json::json;

pub use limits::limit;
pub use retention::{KeptRevisions, kept_revisions};

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
