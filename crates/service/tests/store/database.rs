//! A database in its own folder, and short ways to put something into it.

use std::path::PathBuf;

use callplan_service::store::{
    Actor, AgentFields, AgentId, Fields, KeyId, NewRevision, OrganizationId, Store, StoreError, StoreOptions,
    Transaction,
};
use jiff::Timestamp;
use tempfile::TempDir;

pub struct TestStore {
    folder: TempDir,
    pub store: Store,
}

impl TestStore {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = open(folder.path().join("callplan.db"));
        Self { folder, store }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("callplan.db")
    }

    /// Writes, and asserts that it succeeds.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write(work).wait().expect("it is written")
    }

    pub fn organization(&self) -> OrganizationId {
        self.write(|transaction| transaction.create_organization("Riverside Dental", at(0))).id
    }

    pub fn agent(&self, organization: OrganizationId) -> AgentId {
        self.write(move |transaction| transaction.create_agent(organization, agent("Front desk"), at(0))).id
    }
}

/// Opens the file, and creates it if it is missing.
pub fn open(path: PathBuf) -> Store {
    Store::open(&path, StoreOptions { create: true, ..StoreOptions::default() }).expect("it opens")
}

/// The first of March 2026, plus this number of seconds.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_772_323_200 + seconds).expect("an instant")
}

/// An author; always the same key.
pub fn actor() -> Actor {
    Actor::Key(KeyId::from_bytes([7; 16]))
}

/// A revision with this text and nothing else.
pub fn revision(text: &str) -> NewRevision {
    let fields = Fields {
        workflow_definition: text.to_owned(),
        fallback_agent_id: None,
        fallback_agent_version: None,
        enabled: true,
        diagnostics: "[]".to_owned(),
    };
    NewRevision { fields, created_by: actor(), restored_from: None }
}

pub fn agent(name: &str) -> AgentFields {
    AgentFields { name: name.to_owned(), description: None, active: true, metadata: None }
}
