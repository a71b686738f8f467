//! The last use of a key as it is stored, with the client's address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use jiff::Timestamp;

/// The addresses that one client may have, in one word: an address of IPv4, or a /64 of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(u64);

/// What stands before an address of IPv4. As the first half of one of IPv6 it is in a range that
/// nobody gets (`::/8`).
const IPV4: u64 = 1 << 32;

impl ClientAddress {
    /// The address as one word, which has no meaning elsewhere.
    pub fn to_word(self) -> u64 {
        self.0
    }

    /// The address of a word.
    pub fn from_word(word: u64) -> Self {
        Self(word)
    }
}

impl From<IpAddr> for ClientAddress {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(IPV4 | u64::from(address.to_bits())),
            IpAddr::V6(address) => Self((address.to_bits() >> 64) as u64),
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            // The only address in `::/64` that a client can have.
            0 => Ipv6Addr::LOCALHOST.fmt(f),
            word if word >> 32 == IPV4 >> 32 => Ipv4Addr::from_bits(word as u32).fmt(f),
            word => write!(f, "{}/64", Ipv6Addr::from_bits(u128::from(word) << 64)),
        }
    }
}

/// The text is not a client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAddress;

impl FromStr for ClientAddress {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let address: IpAddr = text.strip_suffix("/64").unwrap_or(text).parse().map_err(|_| NotAnAddress)?;
        Ok(address.into())
    }
}

/// The last use of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastUse {
    /// When, to the second.
    pub at: Timestamp,
    /// From where, if that is known.
    pub from: Option<ClientAddress>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        for (address, shown) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("0.0.0.0", "0.0.0.0"),
            ("255.255.255.255", "255.255.255.255"),
            ("::1", "::1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("fe80::1", "fe80::/64"),
        ] {
            let client = ClientAddress::from(address.parse::<IpAddr>().expect("an address"));
            assert_eq!(client.to_string(), shown);
            assert_eq!(shown.parse(), Ok(client), "{shown}");
        }
        assert_eq!("here".parse::<ClientAddress>(), Err(NotAnAddress));
    }
}
