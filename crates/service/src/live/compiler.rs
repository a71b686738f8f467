//! Compiles plans on threads of low priority. Plans that calls wait for come first, the smallest of
//! them before the others. One thread takes small plans alone, so that a few large ones do not hold
//! up everybody else's. One large plan is compiled at a time: they take memory in proportion.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::plan::Plan;
use crate::background::BackgroundPool;

/// Maximum size of a small plan, in bytes of its text: it is compiled within some milliseconds.
const SMALL: usize = 64 << 10;
/// Size of a large plan, in bytes of its text: it is larger.
const LARGE: usize = 512 << 10;

/// Compiles plans in the background.
#[derive(Debug)]
pub struct Compiler {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    pool: BackgroundPool,
    queue: Mutex<Queue>,
}

/// The plans that are not compiled yet.
#[derive(Debug)]
struct Queue {
    /// Those that somebody waits for, by size; a plan is in it once.
    awaited: BTreeMap<(usize, usize), Arc<Plan>>,
    /// All others, in the order in which they were given.
    others: VecDeque<Arc<Plan>>,
    /// How many threads may begin to take plans of any size.
    free: usize,
    /// Whether the thread for small plans may begin.
    is_small_free: bool,
    /// Whether a large plan may be taken: none is being compiled.
    is_large_free: bool,
}

/// Which plans a thread takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sizes {
    All,
    Small,
}

impl Compiler {
    /// A compiler with `threads` threads for plans of any size, and one for small plans.
    ///
    /// # Errors
    /// As [`BackgroundPool::new`].
    pub fn new(threads: usize) -> io::Result<Self> {
        let queue = Queue {
            awaited: BTreeMap::new(),
            others: VecDeque::new(),
            free: threads.max(1),
            is_small_free: true,
            is_large_free: true,
        };
        let pool = BackgroundPool::new(threads.max(1) + 1)?;
        Ok(Self { shared: Arc::new(Shared { pool, queue: Mutex::new(queue) }) })
    }

    /// Has plans compiled, in this order.
    pub fn add(&self, plans: impl IntoIterator<Item = Arc<Plan>>) {
        let mut queue = self.shared.lock();
        queue.others.extend(plans);
        self.shared.start_threads(&mut queue);
    }

    /// Waits until a plan is compiled, before the plans that nobody waits for.
    pub async fn compiled(&self, plan: &Arc<Plan>) {
        if !plan.is_settled() {
            let mut queue = self.shared.lock();
            queue.awaited.insert((plan.text().len(), Arc::as_ptr(plan).addr()), Arc::clone(plan));
            self.shared.start_threads(&mut queue);
        }
        plan.settled().await;
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a thread for each plan, as long as there are any that may begin.
    fn start_threads(self: &Arc<Self>, queue: &mut Queue) {
        for sizes in queue.begin() {
            let shared = Arc::clone(self);
            self.pool.run(move || shared.work(sizes));
        }
    }

    fn work(&self, sizes: Sizes) {
        loop {
            // The queue is not locked while a plan is compiled.
            let next = self.lock().next(sizes);
            let Some(plan) = next else { return };
            plan.compiled();
            if is_large(&plan) {
                // This thread goes on with the next: no other has to begin.
                self.lock().is_large_free = true;
            }
        }
    }
}

impl Queue {
    /// The threads that begin now.
    fn begin(&mut self) -> Vec<Sizes> {
        let plans = self.awaited.len() + self.others.len();
        let some = plans.min(self.free);
        self.free -= some;
        let mut begun = vec![Sizes::All; some];
        if self.is_small_free && plans > some && self.has_small() {
            self.is_small_free = false;
            begun.push(Sizes::Small);
        }
        begun
    }

    fn has_small(&self) -> bool {
        self.awaited.keys().next().is_some_and(|(size, _)| *size <= SMALL) || self.others.iter().any(is_small)
    }

    /// The next plan for a thread; without one, the thread ends.
    fn next(&mut self, sizes: Sizes) -> Option<Arc<Plan>> {
        loop {
            let Some(plan) = self.take(sizes) else {
                match sizes {
                    Sizes::All => self.free += 1,
                    Sizes::Small => self.is_small_free = true,
                }
                return None;
            };
            // A plan may have been in both lists.
            if plan.claim() {
                self.is_large_free &= !is_large(&plan);
                return Some(plan);
            }
        }
    }

    fn take(&mut self, sizes: Sizes) -> Option<Arc<Plan>> {
        match sizes {
            Sizes::All if self.is_large_free => {
                self.awaited.pop_first().map(|(_, plan)| plan).or_else(|| self.others.pop_front())
            }
            Sizes::All => self.take_of_at_most(LARGE),
            Sizes::Small => self.take_of_at_most(SMALL),
        }
    }

    /// The next plan of at most this size, in bytes of its text.
    fn take_of_at_most(&mut self, size: usize) -> Option<Arc<Plan>> {
        let first = self.awaited.first_entry().filter(|entry| entry.key().0 <= size);
        first.map(|entry| entry.remove()).or_else(|| {
            let at = self.others.iter().position(|plan| plan.text().len() <= size)?;
            self.others.remove(at)
        })
    }
}

fn is_small(plan: &Arc<Plan>) -> bool {
    plan.text().len() <= SMALL
}

fn is_large(plan: &Plan) -> bool {
    plan.text().len() > LARGE
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;

    fn plan(text: &str) -> Arc<Plan> {
        Arc::new(Plan::stored(text, Date::constant(2026, 11, 30)))
    }

    fn large(name: &str) -> Arc<Plan> {
        plan(&format!("# {name}\n#{}\nreject\n", " ".repeat(SMALL)))
    }

    /// A queue of which no thread takes plans.
    fn queue(awaited: &[&Arc<Plan>], others: &[&Arc<Plan>]) -> Queue {
        let awaited = awaited.iter().map(|plan| ((plan.text().len(), Arc::as_ptr(plan).addr()), Arc::clone(plan)));
        let others = others.iter().map(|plan| Arc::clone(plan)).collect();
        Queue { awaited: awaited.collect(), others, free: 0, is_small_free: false, is_large_free: true }
    }

    #[test]
    fn plans_that_calls_wait_for_come_first_and_small_ones_before_large_ones() {
        let (first, second, third, last) = (plan("reject\n"), large("awaited"), large("other"), plan("fallback\n"));
        let mut queue = queue(&[&second, &first], &[&third, &first, &last]);
        for expected in [&first, &second, &third, &last] {
            let next = queue.next(Sizes::All).expect("there is one");
            assert!(Arc::ptr_eq(&next, expected), "{} comes next", next.text().trim_end());
        }
        assert!(queue.next(Sizes::All).is_none());
        assert_eq!(queue.free, 1, "the thread has ended");
    }

    #[test]
    fn one_thread_takes_small_plans_alone() {
        let (small, awaited, other) = (plan("reject\n"), large("awaited"), large("other"));
        let mut queue = queue(&[&awaited], &[&other, &small]);
        assert!(queue.next(Sizes::Small).is_some_and(|next| Arc::ptr_eq(&next, &small)));
        assert!(queue.next(Sizes::Small).is_none());
        assert!(queue.is_small_free);
        // It begins where all other threads have work.
        queue.others.push_back(plan("fallback\n"));
        assert_eq!(queue.begin(), [Sizes::Small]);
        queue.free = 8;
        assert_eq!(queue.begin(), [Sizes::All; 3]);
    }

    #[test]
    fn one_large_plan_is_compiled_at_a_time_and_does_not_hold_up_others() {
        let huge = |name: &str| plan(&format!("# {name}\n#{}\nreject\n", " ".repeat(LARGE)));
        let (first, second, other) = (huge("first"), huge("second"), plan("reject\n"));
        let mut queue = queue(&[], &[&first, &second, &other]);
        assert!(queue.next(Sizes::All).is_some_and(|next| Arc::ptr_eq(&next, &first)));
        assert!(queue.next(Sizes::All).is_some_and(|next| Arc::ptr_eq(&next, &other)));
        assert!(queue.next(Sizes::All).is_none(), "another thread compiles a large one");
        let compiler = Compiler::new(2).expect("a compiler");
        let waiting = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let all: Vec<_> = ["1", "2", "3"].map(huge).into();
        compiler.add(all.iter().map(Arc::clone));
        waiting.block_on(async {
            for plan in &all {
                compiler.compiled(plan).await;
            }
        });
        assert!(all.iter().all(|plan| !plan.is_broken()));
    }

    #[test]
    fn whoever_waits_goes_on_when_the_plan_is_compiled_or_cannot_be() {
        let compiler = Compiler::new(1).expect("a compiler");
        let (good, broken) = (plan("reject\n"), plan("no plan"));
        let waiting = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        waiting.block_on(async {
            tokio::join!(compiler.compiled(&broken), compiler.compiled(&good), compiler.compiled(&good));
            compiler.compiled(&good).await;
        });
        assert!(good.is_settled() && !good.is_broken());
        assert!(broken.is_settled() && broken.is_broken());
        // Plans that nobody waits for are compiled, too.
        let other = plan("fallback\n");
        compiler.add([Arc::clone(&other)]);
        waiting.block_on(other.settled());
        assert!(!other.is_broken());
    }
}
