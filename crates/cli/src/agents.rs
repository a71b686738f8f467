//! The agents of an organization as a file lists them: plans are judged without a server.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;

use super::{Stop, input};
use callplan::check::{AgentState, Agents};

/// Maximum size of a file, in bytes: more than enough for every agent that a server keeps.
const MAX_BYTES: u64 = 64 << 20;

/// Agents, by the ids and keys that plans name them by.
pub struct AgentsFile(HashMap<String, AgentState>);

/// What `GET /core/agents` answers, or only its list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Listing {
    Answer { items: Vec<Listed>, next_cursor: Option<String> },
    List(Vec<Listed>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Listed {
    Name(String),
    Agent {
        id: String,
        key: Option<String>,
        #[serde(default = "is_active")]
        active: bool,
    },
}

fn is_active() -> bool {
    true
}

impl AgentsFile {
    /// Reads a file: the JSON of `GET /core/agents`, a JSON list of ids and keys, or a text with one
    /// on each line.
    pub fn read(path: &Path) -> Result<Self, Stop> {
        let mut bytes = Vec::new();
        let reader = input::open(path)?.reader;
        reader.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| input::unreadable(path, &error))?;
        let refused = |why: &str| Stop::WrongUse(format!("`{}` {why}", input::name(path)));
        if bytes.len() as u64 > MAX_BYTES {
            return Err(refused("is larger than 64 MiB, and a list of agents is not"));
        }
        let text = String::from_utf8(bytes).map_err(|_| refused("is not UTF-8 text"))?;
        let text = text.trim_start_matches('\u{feff}');
        let listed = match text.trim_start().starts_with(['{', '[']) {
            true => of_json(text),
            false => of_lines(text),
        };
        let agents = listed.map_err(|why| refused(&why))?;
        match agents.is_empty() {
            true => Err(refused("lists no agent: every agent of a plan would be unknown")),
            false => Ok(Self(agents)),
        }
    }
}

impl Agents for AgentsFile {
    fn find(&self, id: &str) -> Option<AgentState> {
        self.0.get(id).cloned()
    }

    fn knows_versions(&self) -> bool {
        false
    }
}

fn of_json(text: &str) -> Result<HashMap<String, AgentState>, String> {
    let listing = serde_json::from_str(text).map_err(|_| {
        "is neither the JSON of `GET /core/agents` nor a JSON list of ids; it may also be a text with an id on each line"
            .to_owned()
    })?;
    let items = match listing {
        Listing::Answer { next_cursor: Some(_), .. } => {
            return Err("is one page of the agents, and its `next_cursor` says that there are more; \
                        put the `items` of all pages into one list"
                .to_owned());
        }
        Listing::Answer { items, next_cursor: None } | Listing::List(items) => items,
    };
    let state = |active| AgentState { active, ..AgentState::default() };
    let named = items.into_iter().flat_map(|item| match item {
        Listed::Name(name) => vec![(name, state(true))],
        Listed::Agent { id, key, active } => key.into_iter().chain([id]).map(|name| (name, state(active))).collect(),
    });
    Ok(named.collect())
}

fn of_lines(text: &str) -> Result<HashMap<String, AgentState>, String> {
    let lines = text.lines().map(str::trim).enumerate();
    let written = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    written
        .map(|(at, line)| match line.contains(|c: char| c.is_whitespace() || c == '"' || c == ',') {
            true => Err(format!("has more than an id on line {}", at + 1)),
            false => Ok((line.to_owned(), AgentState { active: true, ..AgentState::default() })),
        })
        .collect()
}
