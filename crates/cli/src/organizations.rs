//! `callplan organizations`: whom the service works for.

use std::io::Write;

use super::database::{self, Database};
use super::{Exit, Stop, clock, words};

/// Makes and lists the organizations of a database
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan organizations create \"Riverside Dental\" --database callplan.db
  callplan organizations list --database callplan.db")]
pub struct Organizations {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Makes an organization and prints its id; a database that is missing is made, too
    #[command(after_help = "Example:\n  callplan organizations create \"Riverside Dental\" --database callplan.db")]
    Create {
        /// What people call it; others may be called the same
        #[arg(value_parser = database::name)]
        name: String,
        #[command(flatten)]
        database: Database,
    },
    /// Lists organizations, the oldest first: id, when it was made, name
    #[command(after_help = "Example:\n  callplan organizations list --database callplan.db")]
    List {
        #[command(flatten)]
        database: Database,
    },
}

impl Organizations {
    pub fn run(self) -> Result<Exit, Stop> {
        let mut stdout = std::io::stdout().lock();
        match self.action {
            Action::Create { name, database } => {
                let now = clock::now().timestamp;
                let made = database.open_or_make()?.write(move |it| it.create_organization(&name, now))?;
                writeln!(stdout, "{}", made.id)?;
            }
            Action::List { database } => {
                for it in database.open()?.list(|it, page| it.organizations(page))? {
                    writeln!(stdout, "{}  {:.0}  {}", it.id, it.created_at, words::clean(&it.name))?;
                }
            }
        }
        stdout.flush()?;
        Ok(Exit::Fine)
    }
}
