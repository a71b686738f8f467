//! The engines: callplan's two, Rust written by hand, and the peers if they are compiled in.

mod by_hand;
mod callplan;
mod peers;

pub use callplan::{checked, compile, reference_decisions};

use crate::engine::Contender;
use crate::mistakes::Reader;

/// The engine with this name.
pub fn named(name: &str) -> Option<&'static Contender> {
    all().into_iter().find(|contender| contender.name == name)
}

/// All engines, in the order of the table.
pub fn all() -> Vec<&'static Contender> {
    OURS.iter().chain(peers::ALL).collect()
}

/// The engines whose rules are a text that is read when someone saves it.
pub fn readers() -> Vec<&'static Reader> {
    [&callplan::READER].into_iter().chain(peers::READERS).collect()
}

/// All engines without the peers whose names do not start so.
pub fn only(start: &str) -> Vec<&'static Contender> {
    all().into_iter().filter(|contender| is_ours(contender) || contender.name.starts_with(start)).collect()
}

/// Whether the engine is not a peer.
pub fn is_ours(contender: &Contender) -> bool {
    OURS.iter().any(|ours| ours.name == contender.name)
}

const OURS: [Contender; 5] = [
    Contender { name: "callplan", prepare: callplan::compiled },
    Contender { name: "reference", prepare: callplan::reference },
    Contender { name: "hand-written", prepare: by_hand::plain },
    Contender { name: "hand-written, std's hash", prepare: by_hand::std_hash },
    Contender { name: "hand-written, hours ahead", prepare: by_hand::hours_ahead },
];
