//! A display of a test's own: no other test's window takes the focus from its windows, and a key that is pressed reaches them alone.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::programs::signal;

/// An X server without a screen, which ends with the test.
pub struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts a display that programs can open windows on.
    pub fn start() -> Self {
        // No key repeats, and it goes on when its last window closes: else it begins anew just then, and a window that opens at that
        // moment finds no display. The server picks a number that is free and writes it when it takes connections.
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1920x1200x24"])
            .args(["-r", "-noreset", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb (`make test` installs it)");
        let output = server.stdout.take().expect("its output was piped");
        let mut number = String::new();
        BufReader::new(output)
            .read_line(&mut number)
            .expect("Xvfb writes its number as text");
        let number = number.trim();
        assert!(!number.is_empty(), "Xvfb found no display that is free");
        Self {
            name: format!(":{number}"),
            server,
        }
    }

    /// What programs call it, as in `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs xdotool on it; gives what it printed. Windows come and go while it looks, so its complaints are no failures.
    fn xdotool(&self, arguments: &[&str]) -> String {
        let output = Command::new("xdotool")
            .args(arguments)
            .env("DISPLAY", &self.name)
            .stderr(Stdio::null())
            .output()
            .expect("xdotool (`make test` installs it)");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The window that is shown with this in its title, by its number.
    pub fn window(&self, title: &str) -> Option<u32> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", title]);
        found.lines().next_back()?.parse().ok()
    }

    /// Titles of every window that is shown, for a test that waits in vain.
    pub fn titles(&self) -> String {
        self.xdotool(&[
            "search",
            "--onlyvisible",
            "--name",
            ".",
            "getwindowname",
            "%@",
        ])
    }

    /// Presses a key in the window with this in its title, past the page: the menu hears it.
    ///
    /// A window that is still coming does not hear it, and one that just goes is not there. So what the key does is for the caller to
    /// see, who presses it again until that is there.
    pub fn press(&self, title: &str, key: &str) {
        if let Some(window) = self.window(title) {
            self.xdotool(&["windowfocus", &window.to_string(), "key", key]);
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // Not killed: it takes its lock and its socket away when it ends.
        signal("TERM", &self.server.id().to_string());
        // Ours to bury.
        let _ = self.server.wait();
    }
}
