//! Keeps the compiled plans in force for the next start: a thread of low priority writes them to
//! their [file](crate::kept_plans) whenever they are others than those in it. Calls and saves do not
//! wait for it. A plan that is no longer in force is gone from the file within five minutes.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::Live;
use super::plan::Plan;
use crate::kept_plans::{KeptAs, KeptForms, KeptPlans, NewForm, TextHash};
use crate::own_thread::{End, OwnThread};
use crate::store::{FilePlace, Found};

/// Minimum time between two writes, so that those who save all the time do not have all plans
/// written all the time.
const PAUSE: Duration = Duration::from_secs(300);
/// How often it looks whether all plans are compiled, after the start.
const LOOK: Duration = Duration::from_secs(1);
/// Maximum time of the write at the end: whoever ends the server waits for it.
const LAST_WRITE: Duration = Duration::from_secs(5);

/// The thread. Dropping it ends it.
#[derive(Debug)]
pub struct PlanKeeper {
    thread: OwnThread,
}

impl PlanKeeper {
    /// Starts the thread. `found` are the plans that the file had at the start.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn start(live: Arc<Live>, file: KeptPlans, found: Option<&KeptForms>) -> io::Result<Self> {
        let mut keeping = Keeping::new(live, file, found);
        let thread = OwnThread::start("plan-keeper", move |end| keeping.until(&end))?;
        Ok(Self { thread })
    }

    /// Writes the plans in force if they are others than those in the file, and ends the thread.
    pub fn end(&self) {
        self.thread.end();
    }
}

#[derive(Debug)]
struct Keeping {
    live: Arc<Live>,
    file: KeptPlans,
    /// What is in the file, and which file that is; `None` while that is not known.
    written: Option<Written>,
    /// Whether every plan in force has been compiled since the start. Before that, the file may have
    /// plans that nobody has asked for yet.
    has_started: bool,
    is_well: bool,
}

#[derive(Debug)]
struct Written {
    plans: HashMap<TextHash, KeptAs>,
    file: Option<FilePlace>,
}

impl Written {
    fn is_there(&self, file: &KeptPlans) -> bool {
        match &self.file {
            Some(place) => place.look() == Found::Same,
            None => file.place().is_none(),
        }
    }
}

impl Keeping {
    fn new(live: Arc<Live>, file: KeptPlans, found: Option<&KeptForms>) -> Self {
        let written = found.map(|found| Written { plans: found.iter().collect(), file: file.place() });
        Self { live, file, written, has_started: false, is_well: true }
    }

    fn until(&mut self, end: &End) {
        while !end.is_asked() {
            self.keep(|| !end.is_asked());
            let (from, pause) = (Instant::now(), if self.has_started { PAUSE } else { LOOK });
            // A thread that is parked may wake without a reason.
            while !end.is_asked() && from.elapsed() < pause {
                thread::park_timeout(pause.saturating_sub(from.elapsed()));
            }
        }
        let from = Instant::now();
        self.keep(|| from.elapsed() < LAST_WRITE);
    }

    /// Writes the plans in force, if they are others than those in the file.
    fn keep(&mut self, goes_on: impl Fn() -> bool) {
        let (plans, is_all) = self.live.plans_to_keep();
        self.has_started |= is_all;
        let kept_as = |(text, plan): (&TextHash, &Arc<Plan>)| Some((*text, plan.kept_as()?));
        let wanted: HashMap<TextHash, KeptAs> = plans.iter().filter_map(kept_as).collect();
        let is_written = |written: &Written| written.plans == wanted && written.is_there(&self.file);
        let is_ours = self.file.is_beside_its_database();
        if !self.has_started || !is_ours || self.written.as_ref().is_some_and(is_written) {
            return;
        }
        match self.write(plans, goes_on) {
            Ok(()) => self.written = Some(Written { plans: wanted, file: self.file.place() }),
            Err(error) => self.give_up(&error, &wanted),
        }
    }

    fn write(&mut self, plans: HashMap<TextHash, Arc<Plan>>, goes_on: impl Fn() -> bool) -> io::Result<()> {
        if plans.is_empty() {
            return self.file.remove();
        }
        let form =
            |(text, plan): (TextHash, Arc<Plan>)| Some(NewForm { text, kept_as: plan.kept_as()?, form: plan.form()? });
        self.file.write(plans.into_iter().filter_map(form), goes_on)?;
        if !self.is_well {
            tracing::info!("compiled plans can be kept again");
        }
        self.is_well = true;
        Ok(())
    }

    /// The old file stays where it has only plans in force: most of them, after a save. It goes where
    /// it has others, which may be of an organization that was deleted.
    fn give_up(&mut self, error: &io::Error, wanted: &HashMap<TextHash, KeptAs>) {
        let is_stopped = error.kind() == io::ErrorKind::TimedOut;
        if self.is_well && !is_stopped {
            tracing::warn!(%error, "compiled plans cannot be kept; the next start may have to compile them");
            self.is_well = false;
        }
        let is_in_force = |written: &Written| written.plans.keys().all(|text| wanted.contains_key(text));
        if !self.written.as_ref().is_some_and(is_in_force) {
            // What cannot be written may be impossible to remove; the next attempt tries again.
            let _ = self.file.remove();
            self.written = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::PathBuf;

    use crate::kept_plans::{Build, hash};
    use crate::live::compiler::Compiler;
    use crate::store::{Access, Config, ConfigId, Fields, LiveOrganization, Organization, OrganizationId};
    use jiff::Timestamp;
    use jiff::civil::Date;
    use tempfile::TempDir;

    const TEXTS: [&str; 2] = ["rule \"Ours\" { reject }\n", "rule \"Theirs\" { reject }\n"];
    const DAY: Date = Date::constant(2026, 11, 30);

    fn organization(number: u8, stamp: i64, text: &str) -> LiveOrganization {
        let id = OrganizationId::from_bytes([number; 16]);
        let fields = Fields {
            workflow_definition: text.to_owned(),
            fallback_agent_id: None,
            fallback_agent_version: None,
            enabled: true,
            diagnostics: "[]".to_owned(),
        };
        let (created_at, updated_at) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        let config = Config {
            id: ConfigId::from_bytes([number; 16]),
            organization_id: id,
            revision: 1,
            fields,
            created_at,
            updated_at,
        };
        LiveOrganization { id, stamp, config: Some(config), switches: vec![], agents: vec![], numbers: vec![] }
    }

    fn access(organizations: &[u8]) -> Access {
        let organization = |number: &u8| Organization {
            id: OrganizationId::from_bytes([*number; 16]),
            name: "Ours".to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
        };
        let organizations = organizations.iter().map(organization).collect();
        Access {
            stamp: 1,
            clock: None,
            organizations,
            users: vec![],
            memberships: vec![],
            keys: vec![],
            limits: vec![],
        }
    }

    struct World {
        folder: TempDir,
        file: KeptPlans,
        live: Arc<Live>,
        keeping: Keeping,
    }

    impl World {
        /// Two organizations whose plans are not compiled yet.
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let database = folder.path().join("callplan.db");
            fs::write(&database, "").expect("it is written");
            let build = Build::of_this_program().expect("it can be read");
            let file = KeptPlans::beside(&database, build).expect("the database is there");
            let both = vec![organization(1, 1, TEXTS[0]), organization(2, 1, TEXTS[1])];
            let live = Arc::new(Live::new(both, &access(&[1, 2]), DAY));
            let keeping = Keeping::new(Arc::clone(&live), file.clone(), None);
            Self { folder, file, live, keeping }
        }

        /// The same, with both plans in the file.
        fn kept() -> Self {
            let mut world = Self::new();
            world.compile();
            world.keeping.keep(|| true);
            assert_eq!(world.texts(), Some([true, true]));
            world
        }

        fn compile(&self) {
            for slot in self.live.all() {
                slot.load().plan().expect("it has one").compiled();
            }
        }

        /// Which of the texts have a compiled plan in the file; `None` without a file.
        fn texts(&self) -> Option<[bool; 2]> {
            self.file.open().map(|found| TEXTS.map(|text| found.read(&hash(text)).is_some()))
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join("callplan.db-plans")
        }
    }

    #[test]
    fn nothing_is_written_before_every_plan_has_been_compiled_once() {
        let mut world = World::new();
        let first = world.live.all().swap_remove(0);
        first.load().plan().expect("it has one").compiled();
        world.keeping.keep(|| true);
        assert_eq!(world.texts(), None);
        world.compile();
        world.keeping.keep(|| true);
        assert_eq!(world.texts(), Some([true, true]));
        // Later, a plan that is not compiled yet holds up nothing.
        world.live.put(organization(1, 2, "reject\n"), None, DAY);
        world.keeping.keep(|| true);
        assert_eq!(world.texts(), Some([false, true]));
    }

    #[test]
    fn a_plan_that_was_deleted_is_gone_even_where_nothing_can_be_written() {
        let mut world = World::kept();
        world.live.replace_access(&access(&[2]));
        world.keeping.keep(|| true);
        assert_eq!(world.texts(), Some([false, true]));
        // The last one leaves no file.
        world.live.replace_access(&access(&[]));
        world.keeping.keep(|| true);
        assert!(!world.path().exists());
        let mut world = World::kept();
        world.live.put(organization(3, 1, "reject\n"), None, DAY);
        world.compile();
        world.keeping.keep(|| false);
        assert_eq!(world.texts(), Some([true, true]), "what is there is of use");
        world.live.replace_access(&access(&[2, 3]));
        world.keeping.keep(|| false);
        assert!(!world.path().exists());
        world.keeping.keep(|| true);
        assert_eq!(world.texts(), Some([false, true]));
    }

    #[test]
    fn it_writes_only_what_is_new_and_what_is_lost() {
        let mut world = World::kept();
        let place = world.file.place().expect("it is there");
        world.keeping.keep(|| panic!("there is nothing to write"));
        let mut next = Keeping::new(Arc::clone(&world.live), world.file.clone(), world.file.open().as_ref());
        next.keep(|| panic!("there is nothing to write"));
        assert_eq!(place.look(), Found::Same);
        fs::remove_file(world.path()).expect("it is there");
        world.keeping.keep(|| true);
        assert_eq!(world.texts(), Some([true, true]));
        fs::write(world.path(), "damaged").expect("it is written");
        Keeping::new(Arc::clone(&world.live), world.file.clone(), world.file.open().as_ref()).keep(|| true);
        assert_eq!(world.texts(), Some([true, true]));
    }

    #[test]
    fn a_plan_of_an_earlier_day_decides_until_it_is_compiled_for_today() {
        let mut world = World::kept();
        let found = world.file.open().map(Arc::new);
        let both = vec![organization(1, 1, TEXTS[0]), organization(2, 1, TEXTS[1])];
        let today = DAY.tomorrow().expect("a day");
        world.live = Arc::new(Live::with_kept(both, &access(&[1, 2]), found.as_ref(), today));
        let (compiler, last_calls) = (Compiler::new(1).expect("a compiler"), HashMap::default());
        let waiting = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let days = |live: &Live| {
            live.all().iter().map(|slot| slot.load().plan().expect("it has one").first_day()).collect::<Vec<_>>()
        };
        waiting.block_on(world.live.compile_all(&compiler, &last_calls));
        assert_eq!((days(&world.live), world.live.plans_to_keep().1), (vec![DAY; 2], true));
        assert!(world.live.has_uncompiled(today));
        waiting.block_on(world.live.renew_all(&compiler, &last_calls, today));
        assert_eq!((days(&world.live), world.live.has_uncompiled(today)), (vec![today; 2], false));
        let mut keeping = Keeping::new(Arc::clone(&world.live), world.file.clone(), found.as_deref());
        keeping.keep(|| true);
        let days = world.file.open().map(|found| found.iter().map(|(_, kept_as)| kept_as.first_day).collect());
        assert_eq!(days, Some(vec![today; 2]));
    }

    #[test]
    fn the_file_beside_another_database_is_left_alone() {
        let mut world = World::kept();
        let (other, database) = (world.folder.path().join("other.db"), world.folder.path().join("callplan.db"));
        fs::write(&other, "").expect("it is written");
        fs::rename(other, database).expect("it is renamed");
        fs::write(world.path(), "theirs").expect("it is written");
        world.live.replace_access(&access(&[2]));
        world.keeping.keep(|| true);
        assert_eq!(fs::read(world.path()).expect("it is there"), b"theirs");
    }
}
