//! `callplan keys`: the keys of organizations and users.

use std::io::Write;
use std::time::Duration;

use ipnet::IpNet;
use jiff::{SignedDuration, Timestamp};

use super::database::{self, Database};
use super::deadline::duration;
use super::{Exit, Stop, clock, words};
use callplan_service::credentials::{SECRET_BYTES, Scope, Scopes, Token, TokenKind, UnknownScope};
use callplan_service::store::{Audited, Key, KeyId, Maker, NewKey, OrganizationId, Owner, Revoked, Rotation, UserId};

/// Makes, lists, rotates and revokes the keys of a database
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan keys create --organization 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 --scope inbound_calls:route --database callplan.db
  callplan keys list --database callplan.db
  callplan keys revoke ak_9b2d7c1e-3f4a-4d8b-8c6e-5a1f0e2d3c4b --database callplan.db")]
pub struct KeysCommand {
    #[command(subcommand)]
    action: KeysAction,
}

#[derive(clap::Subcommand)]
enum KeysAction {
    Create(Create),
    /// Lists keys, the oldest first: id, state, owner, scopes, name
    #[command(after_help = "Example:\n  callplan keys list --database callplan.db")]
    List {
        #[command(flatten)]
        database: Database,
    },
    Rotate(Rotate),
    /// Revokes a key and those made with it, and prints these; a running server refuses them within
    /// a second
    #[command(after_help = "\
Example:
  callplan keys revoke ak_9b2d7c1e-3f4a-4d8b-8c6e-5a1f0e2d3c4b --database callplan.db")]
    Revoke {
        /// The key, `ak_…` or `pat_…`, up to the dot
        #[arg(value_parser = key)]
        key: (TokenKind, KeyId),
        #[command(flatten)]
        database: Database,
    },
}

/// Makes a key and prints its token, which cannot be shown again
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan keys create --organization 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11 \\
    --scope inbound_calls:route --scope inbound_calls:read --database callplan.db")]
struct Create {
    #[command(flatten)]
    owner: OwnerArguments,
    /// A scope of the key; may be given several times
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = scope)]
    scopes: Vec<Scope>,
    /// When the key expires, such as 2027-01-01T00:00:00Z; by default never
    #[arg(long, value_name = "RFC3339", value_parser = database::instant)]
    expires_at: Option<Timestamp>,
    /// An address or a range in CIDR notation from which the key may be used; may be given several
    /// times; by default from everywhere
    #[arg(long = "address-range", value_name = "CIDR", value_parser = callplan_service::address_range::read)]
    address_ranges: Vec<IpNet>,
    /// The name that people see
    #[arg(long, value_parser = database::name, default_value = "command line")]
    name: String,
    #[command(flatten)]
    database: Database,
}

/// Gives a key a new token, and prints it; the token before stays valid for a while
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan keys rotate ak_9b2d7c1e-3f4a-4d8b-8c6e-5a1f0e2d3c4b --overlap 24h --database callplan.db")]
struct Rotate {
    /// The key, `ak_…` or `pat_…`, up to the dot
    #[arg(value_parser = key)]
    key: (TokenKind, KeyId),
    /// For how long the token before stays valid
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "24h")]
    overlap: Duration,
    #[command(flatten)]
    database: Database,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct OwnerArguments {
    /// The organization that owns the key; it is valid only there
    #[arg(long, value_name = "ID", value_parser = database::id::<OrganizationId>)]
    organization: Option<OrganizationId>,
    /// The user who owns the key; it is valid in the user's organizations
    #[arg(long, value_name = "ID", value_parser = database::id::<UserId>)]
    user: Option<UserId>,
}

impl KeysCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let mut stdout = std::io::stdout().lock();
        let now = clock::now().timestamp;
        match self.action {
            KeysAction::Create(create) => writeln!(stdout, "{}", create.make(now)?.reveal())?,
            KeysAction::List { database } => {
                for key in database.open()?.list(|reader, page| reader.keys(page))? {
                    writeln!(stdout, "{}", line(&key, now))?;
                }
            }
            KeysAction::Rotate(rotate) => writeln!(stdout, "{}", rotate.run(now)?.reveal())?,
            KeysAction::Revoke { key: (kind, id), database } => {
                let revoked = database.open()?.write(move |transaction| {
                    let is_there = transaction.key(id)?.is_some_and(|key| self::kind(key.owner) == kind);
                    let revoked = if is_there { transaction.revoke_key(id, now)? } else { None };
                    let changes: Vec<_> = revoked.iter().flat_map(Revoked::changes).collect();
                    Ok(Audited::unchanged(revoked).with(changes))
                })?;
                for key in revoked.ok_or_else(|| no_key(kind, id))?.descendants {
                    writeln!(stdout, "{}", shown(&key))?;
                }
            }
        }
        stdout.flush()?;
        Ok(Exit::Fine)
    }
}

impl Create {
    fn make(self, now: Timestamp) -> Result<Token, Stop> {
        if self.expires_at.is_some_and(|expiry| expiry <= now) {
            return Err(Stop::WrongUse("`--expires-at` is in the past: the key would never be valid".into()));
        }
        let owner = match (self.owner.organization, self.owner.user) {
            (Some(organization), _) => Owner::Organization(organization),
            (None, Some(user)) => Owner::User(user),
            (None, None) => return Err(Stop::WrongUse("name an `--organization` or a `--user`".into())),
        };
        let id = KeyId::random();
        let token = token(kind(owner), id)?;
        let scopes = self.scopes.into_iter().collect::<Scopes>().names();
        let hash = token.hash().to_bytes();
        let new = NewKey {
            id,
            owner,
            name: self.name,
            scopes,
            hash,
            expires_at: self.expires_at,
            created_by: Maker::CommandLine,
            address_ranges: self.address_ranges,
        };
        self.database.open()?.write(move |transaction| {
            let key = transaction.create_key(new, now)?;
            Ok(Audited::new((), key.was_created()))
        })?;
        Ok(token)
    }
}

impl Rotate {
    fn run(self, now: Timestamp) -> Result<Token, Stop> {
        let Self { key: (kind, id), overlap, database } = self;
        let overlap = SignedDuration::try_from(overlap).unwrap_or(SignedDuration::MAX);
        let previous_until = now.checked_add(overlap).unwrap_or(Timestamp::MAX);
        let token = token(kind, id)?;
        let hash = token.hash().to_bytes();
        let rotated = database.open()?.write(move |transaction| {
            let is_there =
                transaction.key(id)?.is_some_and(|key| self::kind(key.owner) == kind && key.is_in_force(now));
            let rotation = Rotation { hash, previous_until, rotated_by: Some(Maker::CommandLine) };
            let key = if is_there { transaction.rotate_key(id, rotation)? } else { None };
            let changes: Vec<_> = key.iter().map(Key::was_rotated).collect();
            Ok(Audited::unchanged(key).with(changes))
        });
        rotated?.map(|_| token).ok_or_else(|| no_key(kind, id))
    }
}

/// A new token of a key.
fn token(kind: TokenKind, id: KeyId) -> Result<Token, Stop> {
    let mut randomness = [0; SECRET_BYTES];
    getrandom::fill(&mut randomness)
        .map_err(|error| Stop::WrongUse(format!("the system has no randomness: {error}")))?;
    Ok(Token::new(kind, id, randomness))
}

fn no_key(kind: TokenKind, id: KeyId) -> Stop {
    Stop::WrongUse(format!("there is no key `{}{id}`", kind.prefix()))
}

/// A key as people name it: its token up to the dot.
pub fn shown(key: &Key) -> String {
    format!("{}{}", kind(key.owner).prefix(), key.id)
}

fn kind(owner: Owner) -> TokenKind {
    match owner {
        Owner::Organization(_) => TokenKind::Organization,
        Owner::User(_) => TokenKind::User,
    }
}

fn line(key: &Key, now: Timestamp) -> String {
    let state = match (key.revoked_at, key.expires_at) {
        (Some(at), _) => format!("revoked {at:.0}"),
        (None, Some(at)) if at <= now => format!("expired {at:.0}"),
        (None, Some(at)) => format!("until {at:.0}"),
        (None, None) => "holds".to_owned(),
    };
    let owner = match key.owner {
        Owner::Organization(id) => format!("organization {id}"),
        Owner::User(id) => format!("user {id}"),
    };
    let (scopes, name) = (key.scopes.join(","), words::clean(&key.name));
    format!("{}  {state}  {owner}  {scopes}  {name}", shown(key))
}

/// Reads a scope; the error lists all scopes.
fn scope(name: &str) -> Result<Scope, String> {
    name.parse().map_err(|UnknownScope { nearest }| {
        let hint = nearest.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
        let all = Scope::ALL.map(|scope| format!("  {scope}\n")).concat();
        format!("there is no such scope; {hint}the scopes are\n{}", all.trim_end())
    })
}

/// Reads `ak_<id>` or `pat_<id>`. What follows a dot is the secret of a token, and is ignored, so
/// that a leaked token can be pasted.
fn key(text: &str) -> Result<(TokenKind, KeyId), String> {
    let read = TokenKind::ALL.iter().find_map(|kind| {
        let rest = text.strip_prefix(kind.prefix())?;
        Some((*kind, rest.split('.').next()?.parse().ok()?))
    });
    read.ok_or_else(|| "write a key as `ak_` or `pat_` and its id, as `callplan keys list` shows it".into())
}
