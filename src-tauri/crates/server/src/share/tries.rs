//! How often a code may be guessed.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// The stretch in which wrong codes are counted.
const MINUTE: Duration = Duration::from_secs(60);
/// Wrong codes from one address within a minute.
const OF_ONE: usize = 5;
/// Wrong codes of everybody together within a minute. With 2 million codes, an hour of guessing finds one in 1,165 times.
const OF_ALL: usize = 30;
/// An address that goes on guessing waits at most so long.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Addresses that are remembered.
const ADDRESSES: usize = 2_000;

/// Wrong codes of late.
#[derive(Default)]
pub struct Tries {
    all: VecDeque<Instant>,
    by_address: HashMap<IpAddr, Wrong>,
}

#[derive(Default)]
struct Wrong {
    at: VecDeque<Instant>,
    /// How often this address has had to wait; each time is twice as long as the one before.
    waits: u32,
    until: Option<Instant>,
}

impl Tries {
    /// Whether somebody may try a code now; else how long they have to wait.
    pub fn may(&mut self, from: IpAddr, now: Instant) -> Result<(), Duration> {
        let until = self.by_address.get(&from).and_then(|wrong| wrong.until);
        if let Some(until) = until.filter(|until| *until > now) {
            return Err(until - now);
        }
        forget(&mut self.all, now);
        match self.all.front() {
            Some(first) if self.all.len() >= OF_ALL => Err(MINUTE - (now - *first)),
            _ => Ok(()),
        }
    }

    /// Remembers a wrong code.
    pub fn wrong(&mut self, from: IpAddr, now: Instant) {
        self.all.push_back(now);
        if self.by_address.len() >= ADDRESSES {
            self.by_address
                .retain(|_, wrong| wrong.until.is_some_and(|until| until > now));
        }
        let wrong = self.by_address.entry(from).or_default();
        forget(&mut wrong.at, now);
        wrong.at.push_back(now);
        if wrong.at.len() >= OF_ONE {
            wrong.at.clear();
            let wait = MINUTE.saturating_mul(1 << wrong.waits.min(8)).min(LONGEST);
            wrong.until = Some(now + wait);
            wrong.waits += 1;
        }
    }
}

fn forget(at: &mut VecDeque<Instant>, now: Instant) {
    while at.front().is_some_and(|first| now - *first >= MINUTE) {
        at.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn whoever_guesses_waits_longer_each_time() {
        let (mut tries, mut now) = (Tries::default(), Instant::now());
        for minutes in [1, 2, 4, 8, 15, 15] {
            for _ in 0..OF_ONE {
                assert!(
                    tries.may(address(1), now).is_ok(),
                    "a few mistakes are human"
                );
                tries.wrong(address(1), now);
            }
            assert_eq!(
                tries.may(address(1), now),
                Err(MINUTE * minutes),
                "after five wrong codes an address waits"
            );
            assert!(
                tries.may(address(2), now).is_ok(),
                "others do not wait for it"
            );
            now += MINUTE * minutes;
        }
    }

    #[test]
    fn many_addresses_guess_no_faster() {
        let (mut tries, now) = (Tries::default(), Instant::now());
        for at in 0..OF_ALL {
            let from = address(u8::try_from(at).expect("a few"));
            assert!(tries.may(from, now).is_ok(), "each has its first try");
            tries.wrong(from, now);
        }
        assert_eq!(
            tries.may(address(200), now),
            Err(MINUTE),
            "all together have thirty wrong codes a minute"
        );
        assert!(
            tries.may(address(200), now + MINUTE).is_ok(),
            "a minute later it goes on"
        );
    }

    #[test]
    fn no_more_addresses_are_remembered_than_fit() {
        let (mut tries, now) = (Tries::default(), Instant::now());
        for at in 0..20_000_u32 {
            tries.wrong(IpAddr::V4(at.into()), now);
        }
        assert!(
            tries.by_address.len() <= ADDRESSES,
            "guessing must not fill the memory"
        );
    }
}
