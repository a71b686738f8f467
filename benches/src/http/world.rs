//! Databases for the benchmarks: organizations with agents, a plan of 20 rules and a key.

use std::fmt::Write as _;
use std::path::Path;

use callplan_service::credentials::{Scope, Token, TokenKind};
use callplan_service::store::{
    Actor, AgentFields, AgentId, Fields, KeyId, Maker, NewKey, NewRevision, OrganizationId, Owner, Store, StoreError,
    StoreOptions, Transaction,
};
use jiff::Timestamp;

/// A placeholder for the agent's id, which differs in each run.
pub const AGENT_ID: &str = "00000000-0000-4000-8000-000000000000";
/// The plan's context for the agent.
pub const CONTEXT: &str = "A call for the main office.";

/// A plan of 20 rules. The twelfth decides the call of the benchmark.
pub fn plan(agent: AgentId, at: usize) -> String {
    let mut plan = format!(
        "# Office {at}.\ntimezone America/New_York\nagent desk = \"{agent}\"\nnumbers unwanted = [+1900*, +1976*]\n\
         schedule office {{ mon-fri 09:00-17:30 }}\nrule \"Unwanted\" when caller in unwanted {{ reject }}\n"
    );
    for line in 0..18 {
        let condition = match line {
            11 => "dialed is +18005550100 and office is open".to_owned(),
            line => format!("dialed is +180055502{line:02} and office is open"),
        };
        let _ = writeln!(
            plan,
            "rule \"Line {line}\" when {condition} {{\n  context \"{CONTEXT}\"\n  metadata {{ site: \"main\", line: {line} }}\n  route to desk\n}}"
        );
    }
    plan + "rule \"Closed\" { route to desk }\n"
}

fn fails(error: impl ToString) -> String {
    error.to_string()
}

/// A database with one organization; gives its token.
pub fn one_organization(path: &Path) -> Result<String, String> {
    let store = Store::open(path, StoreOptions { create: true, ..StoreOptions::default() }).map_err(fails)?;
    let (id, secret) = (KeyId::random(), [7; 32]);
    let token = Token::new(TokenKind::Organization, id, secret);
    let hash = token.hash().to_bytes();
    let made = store.write(move |transaction| organization(transaction, 0, Some((id, hash))));
    made.wait().map_err(fails)?;
    Ok(token.reveal())
}

/// A database with some organizations; gives a token of each.
pub fn organizations_with_keys(path: &Path, count: usize) -> Result<Vec<String>, String> {
    let store = Store::open(path, StoreOptions { create: true, ..StoreOptions::default() }).map_err(fails)?;
    let mut tokens = Vec::new();
    for at in 0..count {
        let id = KeyId::random();
        let token = Token::new(TokenKind::Organization, id, [at as u8; 32]);
        let hash = token.hash().to_bytes();
        let made = store.write(move |transaction| organization(transaction, at, Some((id, hash))));
        made.wait().map_err(fails)?;
        tokens.push(token.reveal());
    }
    Ok(tokens)
}

/// Bytes of a plan that the second of two organizations has stored, as its second revision.
const LARGE: usize = 1 << 20;

/// A database with two organizations; gives a token of each, the second with all scopes.
pub fn two_organizations(path: &Path) -> Result<(String, String), String> {
    let first = one_organization(path)?;
    let store = Store::open(path, StoreOptions::default()).map_err(fails)?;
    let token = Token::new(TokenKind::Organization, KeyId::random(), [8; 32]);
    let (id, hash) = (token.id().parse().map_err(|_| "no id")?, token.hash().to_bytes());
    let made = store.write(move |transaction| {
        let organization = organization(transaction, 1, None)?;
        transaction.create_key(new_key((id, hash), organization, &Scope::ALL), Timestamp::now())?;
        let fields = Fields {
            workflow_definition: format!("{}\nfallback\n", "# a comment\n".repeat(LARGE / 12)),
            fallback_agent_id: None,
            fallback_agent_version: None,
            enabled: true,
            diagnostics: "[]".into(),
        };
        let new = NewRevision { fields, created_by: Actor::Key(id), restored_from: None };
        transaction.save_config(organization, new, &[], Timestamp::now()).map(drop)
    });
    let made: Result<(), StoreError> = made.wait();
    made.map_err(fails)?;
    Ok((first, token.reveal()))
}

fn new_key((id, hash): (KeyId, [u8; 32]), organization: OrganizationId, scopes: &[Scope]) -> NewKey {
    NewKey {
        id,
        owner: Owner::Organization(organization),
        name: "bench".into(),
        scopes: scopes.iter().map(|scope| scope.name().to_owned()).collect(),
        hash,
        expires_at: None,
        created_by: Maker::CommandLine,
        address_ranges: Vec::new(),
    }
}

/// Makes an organization with its agent, its plan and, if one is given, a key.
pub fn organization(
    transaction: &Transaction<'_>,
    at: usize,
    key: Option<(KeyId, [u8; 32])>,
) -> Result<OrganizationId, StoreError> {
    let now = Timestamp::now();
    let organization = transaction.create_organization(&format!("Office {at}"), now)?.id;
    let fields = AgentFields { name: "Desk".into(), description: None, active: true, metadata: None };
    let agent = transaction.create_agent(organization, fields, now)?.id;
    transaction.create_version(organization, agent, None, now)?;
    transaction.publish(organization, agent, 1, now)?;
    let created_by = Actor::Key(key.map_or(KeyId::random(), |(id, _)| id));
    if let Some((id, hash)) = key {
        transaction.create_key(new_key((id, hash), organization, &[Scope::RouteCalls, Scope::ManageConfigs]), now)?;
    }
    let fields = Fields {
        workflow_definition: plan(agent, at),
        fallback_agent_id: None,
        fallback_agent_version: None,
        enabled: true,
        diagnostics: "[]".into(),
    };
    transaction.create_config(organization, NewRevision { fields, created_by, restored_from: None }, now)?;
    Ok(organization)
}

/// A database with one organization, whose plan has so many rules.
pub fn one_large_plan(path: &Path, rules: usize) -> Result<(), String> {
    let store = Store::open(path, StoreOptions { create: true, ..StoreOptions::default() }).map_err(fails)?;
    let mut plan = format!("agent desk = \"{AGENT_ID}\"\n");
    for rule in 0..rules {
        let _ = writeln!(plan, "rule \"Rule {rule}\" when dialed is +1415{rule:07} {{ route to desk }}");
    }
    let made = store.write(move |transaction| {
        let now = Timestamp::now();
        let organization = transaction.create_organization("Large", now)?.id;
        let fields = Fields {
            workflow_definition: plan + "fallback\n",
            fallback_agent_id: None,
            fallback_agent_version: None,
            enabled: true,
            diagnostics: "[]".into(),
        };
        let new = NewRevision { fields, created_by: Actor::Key(KeyId::random()), restored_from: None };
        transaction.create_config(organization, new, now).map(drop)
    });
    made.wait().map_err(fails)
}

/// An answer without the parts that differ each time.
pub fn without_id(answer: &str) -> Option<serde_json::Value> {
    let mut answer: serde_json::Value = serde_json::from_str(answer).ok()?;
    let fields = answer.as_object_mut()?;
    fields.remove("id")?;
    fields.remove("agent_id")?;
    Some(answer)
}

/// Adds organizations; gives the bytes of their plans.
pub fn more_organizations(path: &Path, count: usize) -> Result<usize, String> {
    let store = Store::open(path, StoreOptions::default()).map_err(fails)?;
    let mut texts = 0;
    for at in (1..=count).step_by(500) {
        let batch = at..(at + 500).min(count + 1);
        let made = store.write(move |transaction| {
            batch.map(|at| organization(transaction, at, None).map(|_| plan(AgentId::random(), at).len())).sum()
        });
        let made: Result<usize, StoreError> = made.wait();
        texts += made.map_err(fails)?;
    }
    Ok(texts)
}
