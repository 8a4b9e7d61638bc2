//! The addresses of this computer.

use std::net::IpAddr;

use api::error::{ApiError, ErrorCode};
use api::types::ShareInterface;

/// Every address that guests could reach, the likeliest first.
pub fn interfaces() -> Result<Vec<ShareInterface>, ApiError> {
    let found = if_addrs::get_if_addrs().map_err(|error| {
        ApiError::new(
            ErrorCode::Unavailable,
            format!("This computer does not tell its addresses: {error}."),
        )
    })?;
    let mut interfaces: Vec<(usize, ShareInterface)> = found
        .into_iter()
        .filter(|interface| can_be_linked_to(interface.ip()))
        .map(|interface| {
            let (rank, kind) = kind_of(&interface.name, interface.is_loopback());
            // Older addresses are shorter to read out and reach more devices.
            let rank = 2 * rank + usize::from(interface.ip().is_ipv6());
            let shown = ShareInterface {
                address: interface.ip().to_string(),
                name: interface.name,
                kind: kind.into(),
            };
            (rank, shown)
        })
        .collect();
    interfaces.sort_by(|(one, first), (other, second)| {
        (one, &first.name, &first.address).cmp(&(other, &second.name, &second.address))
    });
    Ok(interfaces.into_iter().map(|(_, shown)| shown).collect())
}

/// An address that somebody picked, when it is one of this computer's.
pub fn own_address(picked: &str) -> Result<IpAddr, ApiError> {
    let unknown = || {
        ApiError::invalid(
            "address",
            "This is no address of this computer now. Choose the network again.",
        )
    };
    let address: IpAddr = picked.parse().map_err(|_| unknown())?;
    let ours = interfaces()?
        .iter()
        .any(|interface| interface.address == address.to_string());
    if ours { Ok(address) } else { Err(unknown()) }
}

/// A link-local address of version 6 means something only together with the name of an interface, which no link holds.
fn can_be_linked_to(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !address.is_unspecified(),
        IpAddr::V6(address) => !address.is_unspecified() && !address.is_unicast_link_local(),
    }
}

/// What an interface is, and its place in the list.
fn kind_of(name: &str, loopback: bool) -> (usize, &'static str) {
    let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    if loopback {
        (4, "loopback")
    } else if begins(&["docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "lxc"]) {
        (3, "other")
    } else if begins(&["tun", "tap", "wg", "utun", "ppp", "tailscale", "zt"]) {
        (2, "tunnel")
    } else if begins(&["wl", "Wi-Fi", "WLAN"]) {
        (0, "wireless")
    } else if begins(&["en", "eth", "Ethernet"]) {
        (1, "wired")
    } else {
        (3, "other")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_stands_for_all_of_them() {
        for picked in [
            "0.0.0.0",
            "::",
            "",
            "localhost",
            "203.0.113.1",
            "127.0.0.1 ",
        ] {
            assert!(
                own_address(picked).is_err(),
                "{picked:?} is no address of this computer that one could pick"
            );
        }
        assert!(
            own_address("127.0.0.1").is_ok(),
            "a meeting may be tried out on this computer alone"
        );
    }

    #[test]
    fn what_guests_reach_comes_first() {
        let rank = |name, loopback| kind_of(name, loopback).0;
        assert!(
            rank("wlan0", false) < rank("eth0", false),
            "phones are on the wireless network"
        );
        assert!(
            rank("eth0", false) < rank("tun0", false),
            "a tunnel reaches few"
        );
        assert!(
            rank("tun0", false) < rank("docker0", false),
            "a bridge of this computer reaches nobody"
        );
        assert_eq!(kind_of("lo", true).1, "loopback", "this computer alone");
    }
}
