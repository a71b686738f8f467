//! Watches the disk with the server's file, by writing to it. While the disk stands still, the
//! server may refuse a write because it has waited too long.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Pause between two writes.
const PAUSE: Duration = Duration::from_millis(100);
/// A disk that takes longer for a page stands still.
const STILL: Duration = Duration::from_secs(1);

/// The watcher of a disk.
#[derive(Clone)]
pub struct Disk {
    tries: Arc<Mutex<Tries>>,
}

#[derive(Default)]
struct Tries {
    /// When the current write began.
    since: Option<Instant>,
    /// When the disk stood still: beginnings and ends.
    stood: Vec<(Instant, Instant)>,
    longest: Duration,
}

impl Disk {
    /// Watches the disk of a folder, for as long as this program runs.
    pub fn watch(folder: &Path) -> std::io::Result<Self> {
        let file = File::create(folder.join("page"))?;
        let disk = Self { tries: Arc::default() };
        let own = disk.clone();
        std::thread::spawn(move || {
            loop {
                let begun = Instant::now();
                own.tries.lock().expect("nobody panicked").since = Some(begun);
                let tried = file.write_all_at(&[0; 4096], 0).and_then(|()| file.sync_all());
                own.has_tried(begun, begun.elapsed());
                if tried.is_err() {
                    return;
                }
                std::thread::sleep(PAUSE);
            }
        });
        Ok(disk)
    }

    fn has_tried(&self, begun: Instant, took: Duration) {
        let mut tries = self.tries.lock().expect("nobody panicked");
        tries.since = None;
        tries.longest = tries.longest.max(took);
        if took >= STILL {
            tries.stood.push((begun, begun + took));
        }
    }

    /// Whether the disk stood still at some time since `then`.
    pub fn stood_still_since(&self, then: Instant) -> bool {
        let tries = self.tries.lock().expect("nobody panicked");
        tries.stood.iter().any(|(_, end)| *end >= then) || tries.since.is_some_and(|since| since.elapsed() >= STILL)
    }

    /// The longest write of a page, and the number of writes that took longer than a second.
    pub fn figures(&self) -> (Duration, usize) {
        let tries = self.tries.lock().expect("nobody panicked");
        (tries.longest, tries.stood.len())
    }
}
