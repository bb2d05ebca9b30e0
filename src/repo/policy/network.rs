//! From which addresses a policy may be used: networks in CIDR form
//! (<https://www.rfc-editor.org/rfc/rfc4632#section-3.1>, <https://www.rfc-editor.org/rfc/rfc4291#section-2.3>).

use std::net::IpAddr;

use serde_json::Value;

/// The rules of a policy, in order: the first that is about an address decides. An address that none is about may
/// come in, unless some other was let in by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<NetworkRule>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct NetworkRule {
    network: Option<Network>,
    allow: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Network {
    All,
    Of(IpAddr, u8),
}

impl Networks {
    /// Adds the rules of an AccessPolicy.
    pub fn add(&mut self, policy: &Value) {
        let rules = policy.get("ipAccessRule").and_then(Value::as_array).into_iter().flatten();
        self.0.extend(rules.map(|rule| NetworkRule {
            network: rule.get("value").and_then(Value::as_str).and_then(Network::parse),
            allow: rule.get("action").and_then(Value::as_str) == Some("allow"),
        }));
    }

    /// Whether somebody at this address may come in; one without an address may where nothing is said of any.
    pub fn admits(&self, address: Option<IpAddr>) -> bool {
        let Some(address) = address else { return self.0.is_empty() };
        for rule in &self.0 {
            match rule.network {
                Some(network) if network.holds(address) => return rule.allow,
                // What cannot be read may have been meant to keep him out.
                None if !rule.allow => return false,
                _ => {}
            }
        }
        !self.0.iter().any(|rule| rule.allow)
    }
}

impl Network {
    /// `*`, an address, or an address and the length of a prefix.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "*" {
            return Some(Self::All);
        }
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = match length {
            None => most,
            Some(text) => {
                let digits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
                text.parse::<u8>().ok().filter(|length| digits && *length <= most)?
            }
        };
        // An address of the old kind written in the new one is of the old kind.
        match (address, address.to_canonical()) {
            (IpAddr::V6(_), IpAddr::V4(old)) if length >= 96 => Some(Self::Of(IpAddr::V4(old), length - 96)),
            _ => Some(Self::Of(address, length)),
        }
    }

    fn holds(self, address: IpAddr) -> bool {
        let Self::Of(network, length) = self else { return true };
        match (network, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                same(network.to_bits().into(), address.to_bits().into(), 32, length)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                same(network.to_bits(), address.to_bits(), 128, length)
            }
            _ => false,
        }
    }
}

fn same(network: u128, address: u128, width: u32, length: u8) -> bool {
    (network ^ address).checked_shr(width - u32::from(length)).unwrap_or(0) == 0
}

/// Whether a rule names an address or a network.
pub(in crate::repo) fn is_network(text: &str) -> bool {
    Network::parse(text).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Networks;

    fn networks(rules: &[(&str, &str)]) -> Networks {
        let rules: Vec<_> =
            rules.iter().map(|(value, action)| json!({"value": value, "action": action})).collect();
        let mut networks = Networks::default();
        networks.add(&json!({"ipAccessRule": rules}));
        networks
    }

    fn admits(rules: &[(&str, &str)], address: &str) -> bool {
        networks(rules).admits(Some(address.parse().expect("an address")))
    }

    #[test]
    fn the_first_rule_about_an_address_decides() {
        let clinic = [("192.0.2.0/24", "allow"), ("*", "block")];
        assert!(admits(&clinic, "192.0.2.255"));
        assert!(admits(&clinic, "::ffff:192.0.2.7"));
        assert!(!admits(&clinic, "192.0.3.1"));
        assert!(!admits(&clinic, "2001:db8::1"));
        assert!(!admits(&[("192.0.2.1", "block"), ("192.0.2.0/24", "allow")], "192.0.2.1"));
        assert!(admits(&[("2001:db8::/33", "allow")], "2001:db8:7fff::1"));
        assert!(!admits(&[("2001:db8::/33", "allow")], "2001:db8:8000::1"));
        assert!(admits(&[("::/0", "allow"), ("*", "block")], "2001:db8::1"));
        assert!(admits(&[("::ffff:10.0.0.0/104", "allow")], "10.255.0.1"));
    }

    #[test]
    fn an_address_that_no_rule_is_about() {
        assert!(admits(&[], "192.0.2.1"));
        assert!(admits(&[("10.0.0.0/8", "block")], "192.0.2.1"));
        assert!(!admits(&[("10.0.0.0/8", "allow")], "192.0.2.1"));
        assert!(networks(&[]).admits(None));
        assert!(!networks(&[("*", "allow")]).admits(None));
    }

    #[test]
    fn a_rule_that_cannot_be_read_lets_nobody_in() {
        for wrong in ["10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/+8", "nowhere", ""] {
            assert!(!admits(&[(wrong, "block")], "192.0.2.1"), "{wrong}");
            assert!(!admits(&[(wrong, "allow")], "192.0.2.1"), "{wrong}");
        }
    }
}
