//! `callplan serve --demo`: a database with everything in it that a call needs, and four commands to try.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::{Stop, words};
use callplan_service::credentials::{Kind, SECRET_BYTES, Scope, Token};
use callplan_service::store::{Actor, AgentFields, Fields, KeyId, NewKey, NewRevision, Owner, Store, StoreError};

/// The plan: one with a switch.
const PLAN: &str = include_str!("../../../../examples/storm_closure.callplan");
/// Who has it.
const ORGANIZATION: &str = "Mount Alder";
/// What its callers dial: the desk, and the ski patrol.
const NUMBERS: [&str; 2] = ["+18025550100", "+18025550119"];

/// Where a demo keeps its database.
pub struct Demo {
    database: PathBuf,
    /// Made for it, and removed with it.
    folder: Option<PathBuf>,
}

/// What a demo has put into its database.
pub struct Filled {
    token: String,
}

impl Demo {
    /// At this file, which must not be there, or in a folder of its own.
    pub fn new(database: Option<&Path>) -> Result<Self, Stop> {
        if let Some(database) = database {
            if database.exists() {
                let name = database.display();
                return Err(Stop::WrongUse(format!("`{name}` is there already; a demo begins with a new database")));
            }
            return Ok(Self { database: database.to_owned(), folder: None });
        }
        let folder = std::env::temp_dir().join(format!("callplan-demo-{}", KeyId::random()));
        let refused = |error| Stop::WrongUse(format!("`{}` cannot be made: {}", folder.display(), words::io(&error)));
        std::fs::create_dir(&folder).map_err(refused)?;
        Ok(Self { database: folder.join("callplan.db"), folder: Some(folder) })
    }

    /// Its database.
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// Puts everything into its store.
    pub fn fill(&self, store: &Store) -> Result<Filled, Stop> {
        let mut secret = [0; SECRET_BYTES];
        getrandom::fill(&mut secret)
            .map_err(|error| Stop::WrongUse(format!("the system has no randomness: {error}")))?;
        let id = KeyId::random();
        let token = Token::new(Kind::Organization, id, secret);
        let hash = token.hash().to_bytes();
        let filled = store.write(move |transaction| fill(transaction, id, hash, Timestamp::now())).wait();
        filled.map_err(|error| Stop::WrongUse(format!("the demo cannot be made: {error}")))?;
        Ok(Filled { token: token.reveal() })
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // What cannot be removed is in a folder that the system empties.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn fill(
    transaction: &callplan_service::store::Transaction<'_>,
    key: KeyId,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = transaction.create_organization(ORGANIZATION, now)?.id;
    let scopes = Scope::ALL.iter().map(|scope| scope.name().to_owned()).collect();
    let owner = Owner::Organization(organization);
    transaction.create_key(NewKey { id: key, owner, name: "demo".into(), scopes, hash, expires_at: None }, now)?;
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

/// The names and ids of a plan's agents, as far as its lines say `agent name = "id"`.
fn agents(plan: &str) -> impl Iterator<Item = (&str, &str)> {
    plan.lines().filter_map(|line| {
        let (name, id) = line.strip_prefix("agent ")?.split_once('=')?;
        Some((name.trim(), id.trim().trim_matches('"')))
    })
}

impl Filled {
    /// Says what there is, and what to try.
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
        writeln!(out, "The console is at {base}/console: sign in with {}", self.token)?;
        writeln!(out, "The API is described at {base}/docs. In another terminal:")?;
        for (what, command) in commands {
            writeln!(out, "\n# {what}\n{command}")?;
        }
        Ok(())
    }
}
