//! `callplan serve --demo`: a database with everything that a call needs, and four commands to try.
//! In a file that is named, the demo is kept, and the next start continues it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::{Stop, words};
use callplan_server::api::HAS_CONSOLE;
use callplan_service::credentials::{SECRET_BYTES, Scope, Token, TokenKind};
use callplan_service::store::{
    Actor, AgentFields, AuditKind, AuditSource, Audited, Change, Fields, KeyId, Maker, NewKey, NewRevision,
    OrganizationId, Owner, Page, Store, StoreError, Transaction,
};

/// The plan, which declares a switch. It is a copy of `examples/storm_closure.callplan`, because a
/// crate is packaged without the folders around it; a test compares the two.
const PLAN: &str = include_str!("demo.callplan");
/// The organization that has the plan.
const ORGANIZATION: &str = "Mount Alder";
/// The numbers of the demo: the desk, and the ski patrol.
const NUMBERS: [&str; 2] = ["+18025550100", "+18025550119"];

/// The database of a demo.
pub struct Demo {
    database: PathBuf,
    /// The temporary folder of the database, which is removed at the end.
    folder: Option<PathBuf>,
}

/// A demo whose database is ready.
pub struct ReadyDemo {
    token: String,
    begun: Begun,
    /// The file that was named; `None` if the database is removed at the end.
    kept_in: Option<PathBuf>,
}

/// Whether the demo was there before.
#[derive(Clone, Copy)]
enum Begun {
    Now,
    Earlier,
}

impl Demo {
    /// A demo in this file, or in a temporary folder.
    pub fn new(database: Option<&Path>) -> Result<Self, Stop> {
        if let Some(database) = database {
            return Ok(Self { database: database.to_owned(), folder: None });
        }
        let folder = std::env::temp_dir().join(format!("callplan-demo-{}", KeyId::random()));
        let refused =
            |error| Stop::WrongUse(format!("`{}` cannot be created: {}", folder.display(), words::io(&error)));
        std::fs::create_dir(&folder).map_err(refused)?;
        Ok(Self { database: folder.join("callplan.db"), folder: Some(folder) })
    }

    /// The path of the database.
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// Fills an empty store. In the store of an earlier demo, it only makes a new key, because the
    /// store has only a hash of the earlier one. Any other store is refused: the demo's key must
    /// not get into a real database.
    pub fn prepare(&self, store: &Store) -> Result<ReadyDemo, Stop> {
        let mut secret = [0; SECRET_BYTES];
        getrandom::fill(&mut secret)
            .map_err(|error| Stop::WrongUse(format!("the system has no randomness: {error}")))?;
        let id = KeyId::random();
        let token = Token::new(TokenKind::Organization, id, secret);
        let hash = token.hash().to_bytes();
        let prepared = store.write(move |transaction| prepare(transaction, id, hash, Timestamp::now())).wait();
        let prepared = prepared.map_err(|error| Stop::WrongUse(format!("the demo cannot be created: {error}")))?;
        let Some(begun) = prepared else {
            let name = self.database.display();
            return Err(Stop::WrongUse(format!(
                "`{name}` is the database of other organizations; name a new file, or leave out `--demo`"
            )));
        };
        let kept_in = self.folder.is_none().then(|| self.database.clone());
        Ok(ReadyDemo { token: token.reveal(), begun, kept_in })
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // A failure is ignored: the folder is one that the system cleans up.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Makes sure that a database has the demo and this key; `None` if it has other organizations.
fn prepare(
    transaction: &Transaction<'_>,
    key: KeyId,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<Begun>, StoreError> {
    let oldest = transaction.organizations(&Page::first(1))?.items.pop();
    let (organization, begun) = match oldest {
        None => {
            let id = transaction.create_organization(ORGANIZATION, now)?.id;
            let change = Change::new(AuditKind::OrganizationCreated, id).of(Some(id));
            transaction.audited(&AuditSource::command_line(now), Audited::new((), change))?;
            (id, Begun::Now)
        }
        Some(oldest) if oldest.name == ORGANIZATION => (oldest.id, Begun::Earlier),
        Some(_) => return Ok(None),
    };
    let scopes = Scope::ALL.iter().map(|scope| scope.name().to_owned()).collect();
    let owner = Owner::Organization(organization);
    let made = transaction.create_key(
        NewKey {
            id: key,
            owner,
            name: "demo".into(),
            scopes,
            hash,
            expires_at: None,
            created_by: Maker::CommandLine,
            address_ranges: Vec::new(),
        },
        now,
    )?;
    transaction.audited(&AuditSource::command_line(now), Audited::new((), made.was_created()))?;
    if let Begun::Now = begun {
        fill(transaction, organization, key, now)?;
    }
    Ok(Some(begun))
}

/// Makes the organization with the plan, its agents and its numbers.
fn fill(
    transaction: &Transaction<'_>,
    organization: OrganizationId,
    key: KeyId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut text = PLAN.to_owned();
    let mut first = None;
    for (name, id) in agents(PLAN) {
        let fields = AgentFields { name: name.into(), description: None, active: true, metadata: None };
        let agent = transaction.create_agent(organization, fields, now)?.id;
        transaction.create_version(organization, agent, None, now)?;
        transaction.publish(organization, agent, 1, now)?;
        text = text.replace(id, &agent.to_string());
        first = first.or(Some(agent));
    }
    for number in NUMBERS {
        transaction.register_number(organization, number, Some("main"), now)?;
        if let Some(agent) = first {
            transaction.assign_number(organization, number, agent, 1)?;
        }
    }
    let fields = Fields {
        workflow_definition: text,
        fallback_agent_id: first,
        fallback_agent_version: None,
        enabled: true,
        diagnostics: "[]".into(),
    };
    let new = NewRevision { fields, created_by: Actor::Key(key), restored_from: None };
    transaction.create_config(organization, new, now).map(drop)
}

/// The names and ids of a plan's agents, from its lines of the form `agent name = "id"`.
fn agents(plan: &str) -> impl Iterator<Item = (&str, &str)> {
    plan.lines().filter_map(|line| {
        let (name, id) = line.strip_prefix("agent ")?.split_once('=')?;
        Some((name.trim(), id.trim().trim_matches('"')))
    })
}

impl ReadyDemo {
    /// Prints what the demo has, how long it lasts, and what to try.
    pub fn introduce(&self, base: &str, out: &mut impl Write) -> io::Result<()> {
        let begin = format!("curl -s -w '\\n' -H 'Authorization: Bearer {}'", self.token);
        let with_body = format!("{begin} -H 'Content-Type: application/json'");
        let call = r#""caller_number": "+18025550142", "called_number": "+18025550100", "timestamp": "2027-01-12T08:30:00-05:00""#;
        let broken = r#"{"workflow_definition": "timezone America/New_York\nrule \"Lifts\" when lift is open {\n  route to snow_desk\n}\n"}"#;
        let commands = [
            ("Decide a call", format!("{with_body} {base}/core/inbound-calls -d '{{{call}}}'")),
            (
                "See how it is decided",
                format!("{with_body} {base}/core/inbound-routing-config/simulate -d '{{\"call\": {{{call}}}}}'"),
            ),
            (
                "Save a plan with mistakes, and read what is wrong with it",
                format!("{with_body} -X PUT {base}/core/inbound-routing-config -d '{broken}'"),
            ),
            (
                "Turn a switch on; the first command then has another answer",
                format!("{with_body} -X PUT {base}/core/inbound-routing-config/switches/storm -d '{{\"on\": true}}'"),
            ),
        ];
        writeln!(out, "\nThis is the organization {ORGANIZATION}, with the plan of examples/storm_closure.callplan.")?;
        self.say_what_is_kept(out)?;
        match HAS_CONSOLE {
            true => writeln!(out, "The console is at {base}/console: sign in with {}", self.token)?,
            false => writeln!(out, "This build has no console; {base}/console says how to get it.")?,
        }
        writeln!(out, "The API is described at {base}/docs. In another terminal:")?;
        for (what, command) in commands {
            writeln!(out, "\n# {what}\n{command}")?;
        }
        Ok(())
    }

    fn say_what_is_kept(&self, out: &mut impl Write) -> io::Result<()> {
        let Some(file) = self.kept_in.as_ref().map(|file| file.display()) else {
            return writeln!(
                out,
                "What is written here is gone when the server ends; with `--database FILE` it is kept."
            );
        };
        match self.begun {
            Begun::Now => writeln!(out, "What is written here is kept in {file}; the same command goes on with it."),
            Begun::Earlier => writeln!(out, "It goes on with {file}, as it was left, and with a new key."),
        }
    }
}
