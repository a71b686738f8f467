//! The ranges of addresses that a key can be bound to. Pure.

use std::net::IpAddr;

use ipnet::IpNet;

/// Reads an address, or a range of addresses in CIDR notation. Bits of the address after the prefix
/// are cleared.
pub fn read(text: &str) -> Result<IpNet, String> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    let range = address.or_else(|_| text.parse::<IpNet>()).map(|range| range.trunc());
    let range = range.map_err(|_| "must be an address or a range in CIDR notation, such as 203.0.113.0/24")?;
    match range.network() {
        // Clients with such an address count as those of IPv4.
        IpAddr::V6(network) if network.to_ipv4_mapped().is_some() => {
            Err("must be written as an address of IPv4".into())
        }
        IpAddr::V4(_) | IpAddr::V6(_) => Ok(range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_kept_in_its_shortest_form() {
        for (text, kept) in [
            ("203.0.113.7", "203.0.113.7/32"),
            ("203.0.113.7/24", "203.0.113.0/24"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:DB8::1/32", "2001:db8::/32"),
            ("::1", "::1/128"),
        ] {
            assert_eq!(read(text).map(|range| range.to_string()), Ok(kept.to_owned()), "{text}");
        }
        for text in ["", "203.0.113", "203.0.113.0/33", "203.0.113.0/", "::/129", "localhost", "::ffff:203.0.113.7"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
