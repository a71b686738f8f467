//! `callplan numbers`: the phone numbers of a database, and whose they are.

use std::io::Write;

use callplan::phone::Number;

use super::database::{self, Database};
use super::{Exit, Stop, clock, words};
use callplan_service::store::{
    AuditKind, Audited, Change, Conflict, NumberFilter, OrganizationId, Page, Snapshot, StoreError,
};

/// Registers, moves, deletes and lists the phone numbers of a database
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan numbers register +14155550142 --organization 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --database callplan.db
  callplan numbers move +14155550142 --to 7d0c1f6e-1a53-4b0a-8a53-3f0a6f3f9f10 --database callplan.db")]
pub struct NumbersCommand {
    #[command(subcommand)]
    action: NumbersAction,
}

#[derive(clap::Subcommand)]
enum NumbersAction {
    /// Lists the numbers of an organization, in the order of registration: number, trunk
    #[command(after_help = "\
Example:
  callplan numbers list --organization 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --database callplan.db")]
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = database::id::<OrganizationId>)]
        organization: OrganizationId,
        #[command(flatten)]
        database: Database,
    },
    /// Registers a number for an organization; a running server follows within a second
    #[command(after_help = "\
Example:
  callplan numbers register +14155550142 --organization 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --database callplan.db")]
    Register {
        /// The number
        #[arg(value_parser = number)]
        number: String,
        /// The organization that gets it
        #[arg(long, value_name = "ID", value_parser = database::id::<OrganizationId>)]
        organization: OrganizationId,
        /// The trunk it comes in on
        #[arg(long)]
        trunk: Option<String>,
        #[command(flatten)]
        database: Database,
    },
    /// Moves a number to another organization, where it has no agent yet; a running server follows
    /// within a second
    #[command(after_help = "\
Example:
  callplan numbers move +14155550142 --to 7d0c1f6e-1a53-4b0a-8a53-3f0a6f3f9f10 --database callplan.db")]
    Move {
        /// The number
        #[arg(value_parser = number)]
        number: String,
        /// The organization that gets it
        #[arg(long, value_name = "ID", value_parser = database::id::<OrganizationId>)]
        to: OrganizationId,
        /// The organization that has it; needed for a local number that several have
        #[arg(long, value_name = "ID", value_parser = database::id::<OrganizationId>)]
        from: Option<OrganizationId>,
        #[command(flatten)]
        database: Database,
    },
    /// Deletes a number, which can be registered again; a running server follows within a second
    #[command(after_help = "\
Example:
  callplan numbers delete +14155550142 --database callplan.db")]
    Delete {
        /// The number
        #[arg(value_parser = number)]
        number: String,
        /// The organization that has it; needed for a local number that several have
        #[arg(long, value_name = "ID", value_parser = database::id::<OrganizationId>)]
        organization: Option<OrganizationId>,
        #[command(flatten)]
        database: Database,
    },
}

impl NumbersCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let mut stdout = std::io::stdout().lock();
        match self.action {
            NumbersAction::List { organization, database } => {
                let filter = NumberFilter::default();
                let list = move |reader: &Snapshot<'_>, page: &Page| reader.phone_numbers(organization, &filter, page);
                for number in database.open()?.list(list)? {
                    let trunk = number.trunk_id.as_deref().map(words::clean).unwrap_or_default();
                    writeln!(stdout, "{}  {trunk}", words::clean(&number.phone_number))?;
                }
            }
            NumbersAction::Register { number, organization, trunk, database } => {
                let now = clock::now().timestamp;
                database.open()?.write(move |transaction| {
                    transaction.register_number(organization, &number, trunk.as_deref(), now)?;
                    Ok(Audited::new((), Change::new(AuditKind::NumberRegistered, &number).of(Some(organization))))
                })?;
            }
            NumbersAction::Move { number, to, from, database } => database.open()?.write(move |transaction| {
                let from = owner(transaction, &number, from)?;
                transaction.move_number(&number, (from, to))?;
                let change = |organization| Change::new(AuditKind::NumberMoved, &number).of(Some(organization));
                Ok(Audited::new((), change(from)).with([change(to)]))
            })?,
            NumbersAction::Delete { number, organization, database } => database.open()?.write(move |transaction| {
                let owner = owner(transaction, &number, organization)?;
                transaction.delete_number(owner, &number)?;
                Ok(Audited::new((), Change::new(AuditKind::NumberDeleted, &number).of(Some(owner))))
            })?,
        }
        stdout.flush()?;
        Ok(Exit::Fine)
    }
}

/// The organization that has a number: the one that was named, or the only one.
fn owner(store: &Snapshot<'_>, number: &str, named: Option<OrganizationId>) -> Result<OrganizationId, StoreError> {
    match (named, store.owners_of_number(number)?.as_slice()) {
        (Some(named), _) => Ok(named),
        (None, [only]) => Ok(*only),
        (None, []) => Err(Conflict::NoNumber.into()),
        (None, _) => Err(Conflict::NumberOfSeveral.into()),
    }
}

/// Reads a number, in the form in which the service keeps it.
fn number(text: &str) -> Result<String, String> {
    match Number::read(text) {
        Number::Withheld => Err("a number is missing".into()),
        Number::Local(local) if local.starts_with('+') => {
            Err("is not a number: `+` must be followed by 1 to 15 digits, the first not 0".into())
        }
        number @ (Number::E164(_) | Number::Local(_)) => Ok(number.normal_form().into_owned()),
    }
}
