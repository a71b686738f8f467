//! What the numbers of a call were read as by the plan that decided it.

use callplan::Call;
use callplan::fields::Party;
use callplan::phone::{E164, Number};
use callplan::plan::{ReadAs, Reader};

/// What each number of a call was read as, in the order of [`Party::ALL`]; `None` where the call has
/// no such number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumbersRead([Option<NumberRead>; Party::ALL.len()]);

/// What one number was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberRead {
    /// By which rule.
    pub read_as: ReadAs,
    /// The number, where digits without `+` were read at home.
    pub number: Option<E164>,
}

impl NumbersRead {
    /// As a plan reads them.
    pub fn of(reader: &Reader, call: &Call) -> Self {
        Self(Party::ALL.map(|party| {
            let reading = reader.reading(call, party)?;
            let read_as = reading.read_as();
            let number = match (read_as, reading.number) {
                (ReadAs::AtHome(_), Number::E164(number)) => Some(number),
                _ => None,
            };
            Some(NumberRead { read_as, number })
        }))
    }

    /// The numbers that the call has.
    pub fn all(&self) -> impl Iterator<Item = (Party, NumberRead)> + '_ {
        Party::ALL.into_iter().zip(&self.0).filter_map(|(party, read)| Some((party, (*read)?)))
    }

    /// Those that came as digits without `+`.
    pub fn without_plus(&self) -> impl Iterator<Item = (Party, NumberRead)> + '_ {
        self.all().filter(|(_, read)| matches!(read.read_as, ReadAs::AtHome(_) | ReadAs::Digits))
    }
}
