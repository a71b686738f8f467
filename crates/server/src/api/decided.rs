//! A call that was decided, on its way to the log.

use jiff::Timestamp;

use callplan::Call;
use callplan_service::store::{CallId, OrganizationId};

/// See the module. How the call was decided is in the answer.
///
/// All texts are in one piece of memory. What one thread allocates and another frees is, for the allocator, the most
/// expensive there is; and a call on which a phone waits pays for it.
#[derive(Debug)]
pub struct Decided {
    /// The id that it was answered with.
    pub id: CallId,
    /// Whose call it was.
    pub organization: OrganizationId,
    /// When it came.
    pub timestamp: Timestamp,
    /// The switches that were on.
    pub switches: Vec<String>,
    /// Whether all calls that are decided alike get this answer, but for the id, the revision and the version.
    pub is_shared: bool,
    /// The dialed number, the caller's and the trunk, if they are known, and the answer.
    texts: Box<[u8]>,
    /// Where each of them ends that is there, but for the last.
    called_end: usize,
    caller_end: Option<usize>,
    trunk_end: Option<usize>,
}

impl Decided {
    /// A call with its answer, as it was sent.
    pub fn new(id: CallId, organization: OrganizationId, call: Call, answer: &[u8], is_shared: bool) -> Self {
        let Call { caller_number, called_number, trunk_id, timestamp, switches, .. } = call;
        let [caller, trunk] = [&caller_number, &trunk_id].map(|text| text.as_deref().map(str::as_bytes));
        let texts = [called_number.as_bytes(), caller.unwrap_or_default(), trunk.unwrap_or_default(), answer].concat();
        let called_end = called_number.len();
        let caller_end = caller.map(|caller| called_end + caller.len());
        let trunk_end = trunk.map(|trunk| caller_end.unwrap_or(called_end) + trunk.len());
        let texts = texts.into_boxed_slice();
        Self { id, organization, timestamp, switches, is_shared, texts, called_end, caller_end, trunk_end }
    }

    /// Which number was dialed.
    pub fn called_number(&self) -> &str {
        self.text(0, Some(self.called_end))
    }

    /// Who called.
    pub fn caller_number(&self) -> Option<&str> {
        self.caller_end.map(|end| self.text(self.called_end, Some(end)))
    }

    /// On which trunk.
    pub fn trunk_id(&self) -> Option<&str> {
        self.trunk_end.map(|end| self.text(self.caller_end.unwrap_or(self.called_end), Some(end)))
    }

    /// The answer, as it was sent.
    pub fn answer(&self) -> &str {
        self.text(self.trunk_end.or(self.caller_end).unwrap_or(self.called_end), None)
    }

    fn text(&self, start: usize, end: Option<usize>) -> &str {
        // All of it was text before.
        std::str::from_utf8(&self.texts[start..end.unwrap_or(self.texts.len())]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_together_is_told_apart() {
        let timestamp: Timestamp = "2026-03-01T17:00:00Z".parse().expect("an instant");
        for caller in [None, Some(""), Some("+14155550100")] {
            for trunk in [None, Some(""), Some("tr\u{fc}nk")] {
                let call = Call {
                    caller_number: caller.map(str::to_owned),
                    trunk_id: trunk.map(str::to_owned),
                    switches: vec!["storm".to_owned()],
                    ..Call::new("+18005550100", timestamp)
                };
                let organization = OrganizationId::from_bytes([1; 16]);
                let decided = Decided::new(CallId::at(timestamp), organization, call, b"{}", true);
                let texts = (decided.caller_number(), decided.called_number(), decided.trunk_id(), decided.answer());
                assert_eq!(texts, (caller, "+18005550100", trunk, "{}"));
                assert_eq!((decided.timestamp, &decided.switches[..]), (timestamp, &["storm".to_owned()][..]));
            }
        }
    }
}
