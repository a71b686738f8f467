//! The store against a model that is simple enough to be right. The same random writes must have
//! the same answers and leave the same state, also when the file is closed and opened in between.

use std::collections::BTreeMap;

use callplan_service::store::{
    Actor, AgentId, Conflict, KeyId, LiveAgent, LiveNumber, LiveOrganization, NewRevision, OrganizationId, Page, Store,
    StoreError, Switch, Transaction, UserId,
};
use proptest::prelude::*;

use super::database::{agent, at, open, revision};

const SWITCHES: [&str; 3] = ["storm", "holiday", "strike"];
/// The last number is local: each organization may have it.
const NUMBERS: [&str; 3] = ["+14155550100", "+442071838750", "201"];
const ORGANIZATIONS: usize = 2;

/// A write to one of the organizations. Agents are numbered in the order in which they were made,
/// deleted or not.
#[derive(Clone, Debug)]
enum Write {
    Create {
        text: u8,
        fallback: Option<usize>,
    },
    Save {
        text: u8,
        fallback: Option<usize>,
        enabled: bool,
        declared: u8,
    },
    Delete,
    Set {
        switch: usize,
        on: bool,
        until: Option<i64>,
    },
    MakeAgent,
    Activate {
        agent: usize,
        active: bool,
    },
    DeleteAgent {
        agent: usize,
    },
    MakeVersion {
        agent: usize,
    },
    Publish {
        agent: usize,
        version: u32,
    },
    Register {
        number: usize,
    },
    GiveUp {
        number: usize,
    },
    Assign {
        number: usize,
        agent: usize,
        version: u32,
    },
    Unassign {
        number: usize,
        agent: usize,
    },
    /// A write that its caller then rolls back.
    RollBack,
    Reopen,
}

fn writes() -> impl Strategy<Value = Vec<(usize, Write)>> {
    use Write::*;
    let (agent, number, version) = (0..4_usize, 0..NUMBERS.len(), 1..4_u32);
    let fallback = || prop::option::of(0..4_usize);
    let write = prop_oneof![
        3 => (0..3_u8, fallback()).prop_map(|(text, fallback)| Create { text, fallback }),
        4 => (0..3_u8, fallback(), any::<bool>(), 0..8_u8)
            .prop_map(|(text, fallback, enabled, declared)| Save { text, fallback, enabled, declared }),
        1 => Just(Delete),
        4 => (0..SWITCHES.len(), any::<bool>(), prop::option::of(0..100_i64))
            .prop_map(|(switch, on, until)| Set { switch, on, until }),
        3 => Just(MakeAgent),
        2 => (agent.clone(), any::<bool>()).prop_map(|(agent, active)| Activate { agent, active }),
        2 => agent.clone().prop_map(|agent| DeleteAgent { agent }),
        4 => agent.clone().prop_map(|agent| MakeVersion { agent }),
        4 => (agent.clone(), version.clone()).prop_map(|(agent, version)| Publish { agent, version }),
        3 => number.clone().prop_map(|number| Register { number }),
        1 => number.clone().prop_map(|number| GiveUp { number }),
        4 => (number.clone(), agent.clone(), version)
            .prop_map(|(number, agent, version)| Assign { number, agent, version }),
        2 => (number, agent).prop_map(|(number, agent)| Unassign { number, agent }),
        1 => Just(RollBack),
        1 => Just(Reopen),
    ];
    prop::collection::vec((0..ORGANIZATIONS, write), 1..60)
}

/// An organization in the model.
#[derive(Default)]
struct Organization {
    revisions: Vec<NewRevision>,
    /// The number of the revision in force.
    config: Option<usize>,
    switches: BTreeMap<String, Switch>,
    agents: BTreeMap<AgentId, ModelAgent>,
    numbers: BTreeMap<String, Option<(AgentId, u32)>>,
}

struct ModelAgent {
    active: bool,
    /// Whether each version is published, from 1 on.
    versions: Vec<bool>,
}

/// What a write answers, as far as the model can predict it.
type Outcome = Result<u64, StoreError>;

struct Model {
    organizations: Vec<Organization>,
    ids: Vec<OrganizationId>,
    /// All agents that were made, deleted or not.
    agents: Vec<AgentId>,
}

impl Model {
    fn agent(&self, place: usize) -> AgentId {
        self.agents.get(place).copied().unwrap_or(AgentId::from_bytes([0xee; 16]))
    }

    fn revision(&self, text: u8, fallback: Option<usize>, enabled: bool) -> NewRevision {
        let mut new = revision(&"reject\n".repeat(usize::from(text)));
        new.fields.fallback_agent_id = fallback.map(|place| self.agent(place));
        new.fields.enabled = enabled;
        new.created_by = Actor::User(UserId::from_bytes([3; 16]));
        new
    }

    /// The revision that a write makes, if it makes one.
    fn new_revision(&self, write: &Write) -> Option<NewRevision> {
        match *write {
            Write::Create { text, fallback } => Some(self.revision(text, fallback, true)),
            Write::Save { text, fallback, enabled, .. } => Some(self.revision(text, fallback, enabled)),
            _ => None,
        }
    }

    /// The id of the agent that a write is about; an unknown id if it is about none.
    fn agent_of(&self, write: &Write) -> AgentId {
        match *write {
            Write::Activate { agent, .. }
            | Write::DeleteAgent { agent }
            | Write::MakeVersion { agent }
            | Write::Publish { agent, .. }
            | Write::Assign { agent, .. }
            | Write::Unassign { agent, .. } => self.agent(agent),
            _ => self.agent(usize::MAX),
        }
    }

    /// Does the write to the model, and gives the expected answer.
    fn expect(&mut self, place: usize, write: &Write, made: Option<AgentId>) -> Outcome {
        let (new, agent_id) = (self.new_revision(write), self.agent_of(write));
        let taken = |number: usize| {
            let mut organizations = self.organizations.iter().enumerate();
            organizations.any(|(at, other)| {
                let shares = at == place || NUMBERS[number].starts_with('+');
                shares && other.numbers.contains_key(NUMBERS[number])
            })
        };
        let is_taken = matches!(*write, Write::Register { number } if taken(number));
        self.agents.extend(made);
        let ours = &mut self.organizations[place];
        match *write {
            Write::Create { .. } => ours.create(new.expect("a revision")),
            Write::Save { declared, .. } => ours.save(new.expect("a revision"), declared),
            Write::Delete => ours.delete(),
            Write::Set { switch, on, until } => ours.set(state(switch, on, until)),
            Write::MakeAgent => {
                let made = made.expect("its id");
                ours.agents.insert(made, ModelAgent { active: true, versions: Vec::new() });
                Ok(0)
            }
            Write::Activate { active, .. } => ours.agent(agent_id).map(|agent| agent.active = active).map(|()| 0),
            Write::DeleteAgent { .. } => ours.delete_agent(agent_id),
            Write::MakeVersion { .. } => {
                let agent = ours.agent(agent_id)?;
                agent.versions.push(false);
                Ok(agent.versions.len() as u64)
            }
            Write::Publish { version, .. } => ours.publish(agent_id, version),
            Write::Register { .. } if is_taken => Err(Conflict::NumberTaken.into()),
            Write::Register { number } => {
                ours.numbers.insert(NUMBERS[number].to_owned(), None);
                Ok(0)
            }
            Write::GiveUp { number } => {
                ours.numbers.remove(NUMBERS[number]).map(|_| 0).ok_or(Conflict::NoNumber.into())
            }
            Write::Assign { number, version, .. } => ours.assign(NUMBERS[number], agent_id, version),
            Write::Unassign { number, .. } => ours.unassign(NUMBERS[number], agent_id),
            Write::RollBack => Err(StoreError::Closed),
            Write::Reopen => Ok(0),
        }
    }
}

impl Organization {
    fn create(&mut self, new: NewRevision) -> Outcome {
        if self.config.is_some() {
            return Err(Conflict::ConfigExists.into());
        }
        self.put(new)
    }

    fn save(&mut self, new: NewRevision, declared: u8) -> Outcome {
        self.config.ok_or(Conflict::NoConfig)?;
        let declared = declared_by(declared);
        self.switches.retain(|name, _| declared.contains(name));
        self.put(new)
    }

    fn put(&mut self, new: NewRevision) -> Outcome {
        self.revisions.push(new);
        self.config = Some(self.revisions.len());
        Ok(self.revisions.len() as u64)
    }

    fn delete(&mut self) -> Outcome {
        self.switches.clear();
        self.config.take().map(|_| 0).ok_or(Conflict::NoConfig.into())
    }

    fn set(&mut self, switch: Switch) -> Outcome {
        self.config.ok_or(Conflict::NoConfig)?;
        self.switches.insert(switch.name.clone(), switch);
        Ok(0)
    }

    fn agent(&mut self, id: AgentId) -> Result<&mut ModelAgent, StoreError> {
        self.agents.get_mut(&id).ok_or(Conflict::NoAgent.into())
    }

    fn delete_agent(&mut self, id: AgentId) -> Outcome {
        let fallback = self.config.and_then(|number| self.revisions[number - 1].fields.fallback_agent_id);
        let is_assigned = self.numbers.values().flatten().any(|(agent, _)| *agent == id);
        if fallback == Some(id) || is_assigned {
            return Err(Conflict::AgentInUse.into());
        }
        self.agents.remove(&id).map(|_| 0).ok_or(Conflict::NoAgent.into())
    }

    fn version(&mut self, id: AgentId, version: u32) -> Result<&mut bool, StoreError> {
        let agent = self.agents.get_mut(&id);
        agent.and_then(|agent| agent.versions.get_mut(version as usize - 1)).ok_or(Conflict::NoVersion.into())
    }

    fn publish(&mut self, id: AgentId, version: u32) -> Outcome {
        *self.version(id, version)? = true;
        Ok(u64::from(version))
    }

    fn assign(&mut self, number: &str, id: AgentId, version: u32) -> Outcome {
        self.version(id, version)?;
        *self.numbers.get_mut(number).ok_or(Conflict::NoNumber)? = Some((id, version));
        Ok(0)
    }

    fn unassign(&mut self, number: &str, id: AgentId) -> Outcome {
        let assigned = self.numbers.get_mut(number).ok_or(Conflict::NoNumber)?;
        if assigned.is_some_and(|(agent, _)| agent == id) {
            *assigned = None;
        }
        Ok(0)
    }

    /// The state that calls read.
    fn live(&self) -> (Vec<Switch>, Vec<LiveAgent>, Vec<LiveNumber>) {
        let numbered = |agent: &ModelAgent, published: bool| {
            let versions = agent.versions.iter().zip(1..);
            versions.filter(|(is_published, _)| **is_published == published).map(|(_, number)| number).collect()
        };
        let agents = self.agents.iter().map(|(id, agent)| LiveAgent {
            id: *id,
            active: agent.active,
            published: numbered(agent, true),
            drafts: numbered(agent, false),
        });
        let numbers = self
            .numbers
            .iter()
            .map(|(number, assigned)| LiveNumber { phone_number: number.clone(), assigned: *assigned });
        (self.switches.values().cloned().collect(), agents.collect(), numbers.collect())
    }
}

fn declared_by(bits: u8) -> Vec<String> {
    let names = SWITCHES.iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1);
    names.map(|(_, name)| (*name).to_owned()).collect()
}

fn state(switch: usize, on: bool, until: Option<i64>) -> Switch {
    let set_by = Actor::Key(KeyId::from_bytes([5; 16]));
    Switch { name: SWITCHES[switch].to_owned(), on, until: until.map(at), set_at: at(7), set_by }
}

/// Does the write to the store. Gives its answer, and the agent that it made.
fn done(
    transaction: &Transaction<'_>,
    org: OrganizationId,
    write: Write,
    revision: Option<NewRevision>,
    id: AgentId,
) -> Result<(u64, Option<AgentId>), StoreError> {
    let plain = |()| (0, None);
    let revision = || revision.clone().expect("a revision");
    match write {
        Write::Create { .. } => transaction.create_config(org, revision(), at(1)).map(|config| (config.revision, None)),
        Write::Save { declared, .. } => transaction
            .save_config(org, revision(), &declared_by(declared), at(2))
            .map(|config| (config.revision, None)),
        Write::Delete => transaction.delete_config(org).map(plain),
        Write::Set { switch, on, until } => transaction.set_switch(org, state(switch, on, until)).map(drop).map(plain),
        Write::MakeAgent => transaction.create_agent(org, agent("Desk"), at(3)).map(|agent| (0, Some(agent.id))),
        Write::Activate { active, .. } => {
            let mut fields = agent("Desk");
            fields.active = active;
            transaction.save_agent(org, id, fields, at(4)).map(drop).map(plain)
        }
        Write::DeleteAgent { .. } => transaction.delete_agent(org, id).map(plain),
        Write::MakeVersion { .. } => {
            transaction.create_version(org, id, None, at(5)).map(|version| (version.version.into(), None))
        }
        Write::Publish { version, .. } => {
            transaction.publish(org, id, version, at(6)).map(|version| (version.version.into(), None))
        }
        Write::Register { number } => {
            transaction.register_number(org, NUMBERS[number], None, at(7)).map(drop).map(plain)
        }
        Write::GiveUp { number } => transaction.delete_number(org, NUMBERS[number]).map(plain),
        Write::Assign { number, version, .. } => {
            transaction.assign_number(org, NUMBERS[number], id, version).map(drop).map(plain)
        }
        Write::Unassign { number, .. } => transaction.unassign_number(org, NUMBERS[number], id).map(drop).map(plain),
        Write::RollBack => {
            transaction.create_agent(org, agent("Nobody"), at(8))?;
            let _ = transaction.delete_config(org);
            let _ = transaction.delete_number(org, NUMBERS[0]);
            Err(StoreError::Closed)
        }
        Write::Reopen => Ok((0, None)),
    }
}

fn check(store: &Store, model: &Model) {
    for (id, expected) in model.ids.iter().copied().zip(&model.organizations) {
        let live = store.read(move |snapshot| snapshot.live(id)).wait().expect("it is read").expect("it is there");
        let LiveOrganization { config, switches, agents, numbers, .. } = live;
        assert_eq!((switches, agents, numbers), expected.live());
        assert_eq!(config.as_ref().map(|config| config.revision as usize), expected.config);
        let fields = expected.config.map(|number| &expected.revisions[number - 1].fields);
        assert_eq!(config.as_ref().map(|config| &config.fields), fields);
        let count = expected.revisions.len() as u64;
        let kept = store.read(move |snapshot| {
            assert_eq!(snapshot.revisions(id, &Page::first(100))?.items.len() as u64, count);
            (1..=count).map(|number| snapshot.revision(id, number)).collect::<Result<Option<Vec<_>>, StoreError>>()
        });
        let kept = kept.wait().expect("they are read").expect("they are all there");
        assert!(kept.iter().zip(&expected.revisions).all(|(kept, made)| kept.fields == made.fields));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_store_is_as_its_model(writes in writes()) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("callplan.db");
        let mut store = open(path.clone());
        let make = |_| store.write(|transaction| transaction.create_organization("Acme", at(0))).wait().expect("it is made").id;
        let ids: Vec<_> = (0..ORGANIZATIONS).map(make).collect();
        let organizations = ids.iter().map(|_| Organization::default()).collect();
        let mut model = Model { organizations, ids, agents: Vec::new() };
        for (place, write) in writes {
            if matches!(write, Write::Reopen) {
                drop(store);
                store = open(path.clone());
                check(&store, &model);
            }
            let (id, new, agent) = (model.ids[place], model.new_revision(&write), model.agent_of(&write));
            let copy = write.clone();
            let answer = store.write(move |transaction| done(transaction, id, copy, new, agent)).wait();
            let made = answer.as_ref().ok().and_then(|(_, made)| *made);
            let expected = model.expect(place, &write, made);
            prop_assert_eq!(answer.map(|(number, _)| number), expected, "{:?}", write);
        }
        check(&store, &model);
    }
}
