//! How many files the process may open, of which each connection is one.

use super::listener::MAXIMUM_REFUSALS;

/// Number of files that are not connections: the database and its readers, the log, the runtime.
const OTHERS: u64 = 32;

/// Room for connections, and for answers to those that are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Maximum number of connections.
    pub connections: u32,
    /// Maximum number of clients that are told at the same time that there is no place.
    pub refusals: usize,
}

/// The room for as many connections as are wanted, or fewer, where the system allows fewer files.
/// Raises the limit of the process as far as that is needed and allowed.
pub fn room(wanted: u32) -> Room {
    let room = within(wanted, raised(u64::from(wanted) + MAXIMUM_REFUSALS as u64 + OTHERS));
    if room.connections < wanted {
        tracing::warn!(connections = room.connections, wanted, "the limit of open files allows fewer connections");
    }
    room
}

/// Raises the limit of open files to this number, if the system allows it. Gives the limit.
fn raised(files: u64) -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let Some(current) = limit.current.filter(|current| *current < files) else { return u64::MAX };
    let higher = limit.maximum.map_or(files, |maximum| maximum.min(files));
    match setrlimit(Resource::Nofile, Rlimit { current: Some(higher), maximum: limit.maximum }) {
        Ok(()) => higher,
        Err(_) => current,
    }
}

fn within(wanted: u32, files: u64) -> Room {
    let spare = files.saturating_sub(OTHERS).max(2);
    let refusals = usize::try_from(spare / 4).unwrap_or(usize::MAX).clamp(1, MAXIMUM_REFUSALS);
    let connections = u32::try_from(spare - refusals as u64).unwrap_or(u32::MAX);
    Room { connections: connections.min(wanted), refusals }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_and_refusals_fit_into_the_limit_of_open_files() {
        assert_eq!(within(4096, u64::MAX), Room { connections: 4096, refusals: MAXIMUM_REFUSALS });
        assert_eq!(within(4096, 64), Room { connections: 24, refusals: 8 });
        assert_eq!(within(4096, 1024), Room { connections: 928, refusals: 64 });
        for files in [0, 16, OTHERS + 3] {
            let room = within(4096, files);
            assert!(room.connections >= 1 && room.refusals >= 1, "{files}: {room:?}");
        }
    }
}
