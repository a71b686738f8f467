//! The server's memory over time, and whether it is flat.

use std::path::Path;
use std::time::Duration;

use crate::figures;

/// What the server holds: bytes, and open files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    /// Its memory: `VmRSS`.
    pub memory: usize,
    pub files: usize,
    pub database: usize,
    /// The size of the write-ahead log beside the database.
    pub log: usize,
}

impl Held {
    /// What this process holds with this database, from Linux.
    pub fn by(process: u32, database: &Path) -> Self {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
        let memory = memory.and_then(|number| number.trim().parse::<usize>().ok()).unwrap_or_default() * 1024;
        let files = std::fs::read_dir(format!("/proc/{process}/fd")).map_or(0, Iterator::count);
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len() as usize);
        Self { memory, files, database: size(database), log: size(&database.with_extension("db-wal")) }
    }
}

/// Maximum rise of the straight line through the memory of the last two thirds of the time, as a
/// part of the mean. The first third is for what a server needs once: threads, pages of the
/// database, plans.
const FLAT: f64 = 0.05;

/// Samples of the memory with their times.
#[derive(Default)]
pub struct Samples {
    samples: Vec<(Duration, usize)>,
}

/// The trend of the memory in the last two thirds of the time.
pub struct Trend {
    /// Means of its first and its last tenth.
    pub first: f64,
    pub last: f64,
    pub mean: f64,
    /// The rise of the line of least squares, in bytes.
    pub rise: f64,
    pub time: Duration,
}

impl Samples {
    pub fn add(&mut self, at: Duration, memory: usize) {
        self.samples.push((at, memory));
    }

    /// `None` if there are too few samples.
    pub fn trend(&self) -> Option<Trend> {
        let late = &self.samples[self.samples.len() / 3..];
        let points: Vec<(f64, f64)> = late.iter().map(|(at, memory)| (at.as_secs_f64(), *memory as f64)).collect();
        let (begin, end) = (points.first()?.0, points.last()?.0);
        let tenth = points.len() / 10;
        if tenth == 0 {
            return None;
        }
        let mean = |points: &[(f64, f64)], of: fn(&(f64, f64)) -> f64| {
            points.iter().map(of).sum::<f64>() / points.len() as f64
        };
        let (time, memory) = (mean(&points, |point| point.0), mean(&points, |point| point.1));
        let slope = points.iter().map(|(x, y)| (x - time) * (y - memory)).sum::<f64>()
            / points.iter().map(|(x, _)| (x - time).powi(2)).sum::<f64>();
        Some(Trend {
            first: mean(&points[..tenth], |point| point.1),
            last: mean(&points[points.len() - tenth..], |point| point.1),
            mean: memory,
            rise: slope * (end - begin),
            time: Duration::from_secs_f64(end - begin),
        })
    }
}

impl Trend {
    pub fn is_flat(&self) -> bool {
        self.rise <= FLAT * self.mean
    }

    /// The trend in words.
    pub fn in_words(&self) -> String {
        let Self { first, last, mean, rise, time } = self;
        let size = |bytes: f64| figures::bytes(bytes.abs() as usize);
        let sign = if *rise < 0.0 { "-" } else { "+" };
        format!(
            "memory is {}: over the last two thirds ({:.1} min) the line of least squares goes {sign}{} ({:+.1} % of the mean of {}; \
             flat is at most +{:.0} %); the mean of the first tenth of them is {}, of the last tenth {}",
            if self.is_flat() { "flat" } else { "NOT flat" },
            time.as_secs_f64() / 60.0,
            size(*rise),
            100.0 * rise / mean,
            size(*mean),
            100.0 * FLAT,
            size(*first),
            size(*last),
        )
    }
}
