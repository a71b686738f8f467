//! What few calls bring beside their numbers, their trunk and their time, as the call log keeps it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::numbers_read::{NumberRead, NumbersRead};
use callplan::Call;
use callplan::fields::Party;

/// The fields that few calls have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FurtherFields {
    /// The name that the caller shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_name: Option<String>,
    /// The number that the caller's carrier asserts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_asserted: Option<String>,
    /// Who sent the call on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diverted_from: Option<String>,
    /// How far the caller's number is vouched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<String>,
    /// What else the call brings, by name.
    #[serde(default, skip_serializing_if = "CallAttributes::is_empty")]
    pub attributes: CallAttributes,
    /// What digits without `+` were read as, by whose number they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers_read: BTreeMap<String, LoggedReading>,
}

/// What digits without `+` were read as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedReading {
    /// By which rule, or that they stayed local.
    pub r#as: String,
    /// The number, unless they stayed local.
    pub number: Option<String>,
}

/// The attributes of a call, in the order in which it has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallAttributes(pub Vec<(String, String)>);

impl FurtherFields {
    /// Those of a call whose numbers were read so.
    pub fn of(call: &Call, numbers: &NumbersRead) -> Self {
        let reading = |(party, read): (Party, NumberRead)| {
            let number = read.number.map(|number| number.to_string());
            (party.label().to_owned(), LoggedReading { r#as: read.read_as.name().to_owned(), number })
        };
        Self {
            caller_name: call.caller_name.clone(),
            caller_asserted: call.caller_asserted.clone(),
            diverted_from: call.diverted_from.clone(),
            attestation: call.attestation.clone(),
            attributes: CallAttributes(call.attributes.clone()),
            numbers_read: numbers.without_plus().map(reading).collect(),
        }
    }

    /// Reads what [`FurtherFields::json`] wrote.
    pub fn read(json: Option<&str>) -> Self {
        // Only this module writes them, so reading them cannot fail.
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    /// As JSON; `None` for a call that has none of them.
    pub fn json(&self) -> Option<String> {
        // Texts and maps of them can always be serialized.
        (*self != Self::default()).then(|| serde_json::to_string(self).unwrap_or_default())
    }

    /// Gives them to a call.
    pub fn put_into(self, call: &mut Call) {
        call.caller_name = self.caller_name;
        call.caller_asserted = self.caller_asserted;
        call.diverted_from = self.diverted_from;
        call.attestation = self.attestation;
        call.attributes = self.attributes.0;
    }

    /// With the name and the numbers masked by `mask`, and what attributes say by `mask_text`.
    pub fn masked(self, mask: impl Fn(&str) -> String, mask_text: impl Fn(&str) -> String) -> Self {
        let mask = |text: Option<String>| text.map(|text| mask(&text));
        let hidden = |read: LoggedReading| LoggedReading { number: mask(read.number), ..read };
        let numbers_read = self.numbers_read.into_iter().map(|(party, read)| (party, hidden(read))).collect();
        let attributes = self.attributes.0.into_iter().map(|(name, value)| (name, mask_text(&value)));
        Self {
            caller_name: mask(self.caller_name),
            caller_asserted: mask(self.caller_asserted),
            diverted_from: mask(self.diverted_from),
            attestation: self.attestation,
            attributes: CallAttributes(attributes.collect()),
            numbers_read,
        }
    }
}

impl CallAttributes {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for CallAttributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for CallAttributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = CallAttributes;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CallAttributes, A::Error> {
                let mut pairs = Vec::new();
                while let Some((name, value)) = map.next_entry::<Cow<str>, Cow<str>>()? {
                    pairs.push((name.into_owned(), value.into_owned()));
                }
                Ok(CallAttributes(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_call_brings_is_read_as_it_was_written() {
        let at = "2026-03-01T17:00:00Z".parse().expect("an instant");
        let plain = Call::new("+18005550100", at);
        assert_eq!(FurtherFields::of(&plain, &NumbersRead::default()).json(), None);
        assert_eq!(FurtherFields::read(None), FurtherFields::default());
        let call = plain.clone().with_caller_name("Anna \"A\"").with_attribute("X-B", "ü").with_attribute("X-A", "");
        let all = Call { diverted_from: Some("+1".into()), attestation: Some("A".into()), ..call.clone() };
        let all = Call { caller_asserted: Some("+2".into()), ..all };
        let mut read = plain.clone();
        FurtherFields::read(FurtherFields::of(&all, &NumbersRead::default()).json().as_deref()).put_into(&mut read);
        assert_eq!(read, all);
        let json = FurtherFields::of(&call, &NumbersRead::default()).json();
        assert_eq!(json.as_deref(), Some(r#"{"caller_name":"Anna \"A\"","attributes":{"X-B":"ü","X-A":""}}"#));
        let mut read = plain;
        FurtherFields::read(json.as_deref()).put_into(&mut read);
        assert_eq!(read, call);
    }
}
