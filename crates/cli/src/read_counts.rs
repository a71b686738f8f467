//! Counts what the numbers of calls were read as: a wrong home country is seen here first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::words;
use callplan::fields::Party;
use callplan::plan::{ReadAs, Reader};
use callplan::{Call, CheckedPlan};
use serde::Serialize;

/// The counts so far.
#[derive(Debug, Default)]
pub struct ReadCounts {
    counts: BTreeMap<(Party, ReadAs), u64>,
}

/// One count, for output.
#[derive(Debug, Serialize)]
pub struct ReadCount {
    party: &'static str,
    r#as: &'static str,
    calls: u64,
}

impl ReadCounts {
    pub fn add(&mut self, plan: &CheckedPlan, call: &Call) {
        let reader: &Reader = plan.reader();
        for party in Party::ALL {
            if let Some(reading) = reader.reading(call, party) {
                *self.counts.entry((party, reading.read_as())).or_default() += 1;
            }
        }
    }

    /// For JSON, by party.
    pub fn all(&self) -> Vec<ReadCount> {
        let count = |(&(party, read_as), &calls): (&(Party, ReadAs), &u64)| ReadCount {
            party: party.label(),
            r#as: read_as.name(),
            calls,
        };
        self.counts.iter().map(count).collect()
    }

    /// For people, where digits without `+` came: what each party's numbers were read as.
    pub fn rows(&self) -> Vec<(String, u64)> {
        let without_plus = |read_as: &ReadAs| matches!(read_as, ReadAs::AtHome(_) | ReadAs::Digits);
        let has_some = |party: Party| self.counts.keys().any(|(of, read_as)| *of == party && without_plus(read_as));
        let of_interest = self.counts.iter().filter(|((party, _), _)| has_some(*party));
        of_interest
            .map(|((party, read_as), calls)| (format!("{}: {}", party.label(), read_as.words()), *calls))
            .collect()
    }

    /// Writes a line for each, below a title; nothing where no digits without `+` came.
    pub fn write(&self, out: &mut impl Write, title: &str) -> io::Result<()> {
        let rows = self.rows();
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(out, "{title}")?;
        for (name, calls) in rows {
            writeln!(out, "  {name}  {}", words::count(calls as usize, "call"))?;
        }
        Ok(())
    }
}
