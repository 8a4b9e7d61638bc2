//! Where people find a workspace that is served to a team.

use std::fmt;

/// Scheme, host and port, as browsers write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    secure: bool,
    /// Host, and the port unless it is the scheme's own.
    host: String,
    port: u16,
}

impl Origin {
    /// Reads an address such as `https://debrief.example.org` or `http://192.0.2.7:7447`.
    ///
    /// Errors: a sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        let cannot = || {
            "name the address that people type, such as https://debrief.example.org, and nothing behind it".to_owned()
        };
        let (secure, rest) = if let Some(rest) = text.strip_prefix("https://") {
            (true, rest)
        } else if let Some(rest) = text.strip_prefix("http://") {
            (false, rest)
        } else {
            return Err(cannot());
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let own = if secure { 443 } else { 80 };
        // Within brackets stand colons of their own.
        let split = match rest.rfind(']') {
            Some(end) => rest
                .get(end + 1..)
                .and_then(|rest| rest.find(':'))
                .map(|at| end + 1 + at),
            None => rest.find(':'),
        };
        let (name, port) = match split {
            Some(at) => {
                let (name, port) = rest.split_at(at);
                let port = port.get(1..).unwrap_or_default();
                (
                    name,
                    port.parse::<u16>()
                        .ok()
                        .filter(|port| *port > 0)
                        .ok_or_else(cannot)?,
                )
            }
            None => (rest, own),
        };
        let inner = name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'));
        let is_name = !name.is_empty()
            && name.len() <= 253
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
        let name = match inner {
            // Browsers write an address in its shortest form.
            Some(address) => match address.parse::<std::net::Ipv6Addr>() {
                Ok(address) => format!("[{address}]"),
                Err(_) => return Err(cannot()),
            },
            None if is_name => name.to_ascii_lowercase(),
            None => return Err(cannot()),
        };
        Ok(Self {
            secure,
            host: if port == own {
                name
            } else {
                format!("{name}:{port}")
            },
            port,
        })
    }

    /// What travels to it is encrypted.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// `https://` or `http://`.
    pub fn scheme(&self) -> &'static str {
        if self.secure { "https://" } else { "http://" }
    }

    /// Host, and the port unless it is the scheme's own.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, also when it is not written.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.scheme(), self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_browsers_write_them() {
        for (given, read) in [
            ("https://debrief.example.org", "https://debrief.example.org"),
            (
                "https://Debrief.Example.org:443/",
                "https://debrief.example.org",
            ),
            ("http://192.0.2.7:7447", "http://192.0.2.7:7447"),
            ("http://[2001:db8::1]:80", "http://[2001:db8::1]"),
            (
                "https://[2001:0db8:0::1]:8443",
                "https://[2001:db8::1]:8443",
            ),
        ] {
            let origin = Origin::read(given).expect("an address");
            assert_eq!(
                origin.to_string(),
                read,
                "{given} is compared with what browsers send"
            );
        }
        for wrong in [
            "",
            "debrief.example.org",
            "ftp://x",
            "https://",
            "https://a/b",
            "https://a?b",
            "https://u@a",
            "https://a:0",
            "https://a:99999",
            "https://a b",
            "https://[::1",
            "https://a\nb",
        ] {
            assert!(Origin::read(wrong).is_err(), "{wrong:?} is no address");
        }
    }
}
