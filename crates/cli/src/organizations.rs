//! `callplan organizations`: the organizations of a database.

use std::io::Write;

use super::database::{self, Database};
use super::{Exit, Stop, clock, words};
use callplan_service::store::{AuditKind, Audited, Change};
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
