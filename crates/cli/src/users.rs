//! `callplan users`: the users of a database, and their organizations.

use std::io::Write;

use super::database::{self, Database};
use super::{Exit, Stop, clock, keys, words};
use callplan_service::store::{AuditKind, Audited, Change, Key, OrganizationId, UserId};

/// Makes and lists the users of a database, and makes them members of organizations
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan users create \"Ada Lovelace\" --database callplan.db
  callplan users join 7c9e6679-7425-40de-944b-e07fc1f90ae7 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --database callplan.db")]
pub struct UsersCommand {
    #[command(subcommand)]
    action: UsersAction,
}

#[derive(clap::Subcommand)]
enum UsersAction {
    /// Makes a user and prints the id
    #[command(after_help = "Example:\n  callplan users create \"Ada Lovelace\" --database callplan.db")]
    Create {
        /// The name that people see; it need not be unique
        #[arg(value_parser = database::name)]
        name: String,
        #[command(flatten)]
        database: Database,
    },
    /// Lists users, the oldest first: id, time of creation, name
    #[command(after_help = "Example:\n  callplan users list --database callplan.db")]
    List {
        #[command(flatten)]
        database: Database,
    },
    /// Deletes a user with their keys and memberships; a running server follows within a second
    #[command(after_help = "\
Example:
  callplan users delete 7c9e6679-7425-40de-944b-e07fc1f90ae7 --yes --database callplan.db

The keys that the user made for organizations are revoked. What the user wrote stays, and keeps the user's id.")]
    Delete {
        /// The user's id
        #[arg(value_parser = database::id::<UserId>)]
        user: UserId,
        /// Deletes the user: nothing brings them back but a backup
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        database: Database,
    },
    /// Makes a user a member of an organization, so that their keys work in it
    #[command(after_help = "\
Example:
  callplan users join 7c9e6679-7425-40de-944b-e07fc1f90ae7 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --database callplan.db")]
    Join(Membership),
    /// Ends a user's membership in an organization, revokes the keys that the user has made for it,
    /// and prints these
    #[command(after_help = "\
Example:
  callplan users leave 7c9e6679-7425-40de-944b-e07fc1f90ae7 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --database callplan.db")]
    Leave(Membership),
}

#[derive(clap::Args)]
struct Membership {
    /// The user's id
    #[arg(value_parser = database::id::<UserId>)]
    user: UserId,
    /// The organization's id
    #[arg(value_parser = database::id::<OrganizationId>)]
    organization: OrganizationId,
    #[command(flatten)]
    database: Database,
}

impl UsersCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let mut stdout = std::io::stdout().lock();
        match self.action {
            UsersAction::Create { name, database } => {
                let now = clock::now().timestamp;
                let made = database.open()?.write(move |transaction| {
                    let made = transaction.create_user(&name, now)?;
                    let change = Change::new(AuditKind::UserCreated, made.id);
                    Ok(Audited::new(made, change))
                })?;
                writeln!(stdout, "{}", made.id)?;
            }
            UsersAction::List { database } => {
                for user in database.open()?.list(|reader, page| reader.users(page))? {
                    writeln!(stdout, "{}  {:.0}  {}", user.id, user.created_at, words::clean(&user.name))?;
                }
            }
            UsersAction::Delete { yes: false, .. } => {
                return Err(Stop::WrongUse("the user's keys and memberships go, too; `--yes` deletes them".into()));
            }
            UsersAction::Delete { user, yes: true, database } => {
                let now = clock::now().timestamp;
                let ended = database.open()?.write(move |transaction| {
                    let ended = transaction.delete_user(user, now)?;
                    let along: Vec<_> = ended.iter().flat_map(|(of, keys)| membership_ended(user, *of, keys)).collect();
                    Ok(Audited::new(ended, Change::new(AuditKind::UserDeleted, user)).with(along))
                })?;
                for key in ended.iter().flat_map(|(_, revoked)| revoked) {
                    writeln!(stdout, "{}", keys::shown(key))?;
                }
            }
            UsersAction::Join(Membership { user, organization, database }) => {
                database.open()?.write(move |transaction| {
                    let change = Change::new(AuditKind::MembershipBegun, user).of(Some(organization));
                    Ok(match transaction.join(user, organization)? {
                        true => Audited::new((), change),
                        false => Audited::unchanged(()),
                    })
                })?;
            }
            UsersAction::Leave(Membership { user, organization, database }) => {
                let now = clock::now().timestamp;
                let left = database.open()?.write(move |transaction| {
                    let Some(revoked) = transaction.leave(user, organization, now)? else {
                        return Ok(Audited::unchanged(None));
                    };
                    let ended = membership_ended(user, organization, &revoked);
                    Ok(Audited::unchanged(Some(revoked)).with(ended))
                })?;
                let no_member =
                    || Stop::WrongUse(format!("the user is not a member of the organization `{organization}`"));
                for key in left.ok_or_else(no_member)? {
                    writeln!(stdout, "{}", keys::shown(&key))?;
                }
            }
        }
        stdout.flush()?;
        Ok(Exit::Fine)
    }
}

/// A membership ended, and with it the keys that the user had made for the organization.
fn membership_ended(user: UserId, organization: OrganizationId, revoked: &[Key]) -> Vec<Change> {
    let cause = user.to_string();
    let membership = Change::new(AuditKind::MembershipEnded, user).of(Some(organization));
    let keys = revoked.iter().map(|key| key.was_revoked(Some(&cause)));
    std::iter::once(membership).chain(keys).collect()
}
