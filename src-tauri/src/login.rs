//! Starting at login.

#[cfg(target_os = "linux")]
pub use entry::{is_on, switch_off, switch_on};
#[cfg(not(target_os = "linux"))]
pub use native::{is_on, switch_off, switch_on};

/// Asks for a start without a window.
pub const BACKGROUND: &str = "--background";

/// An entry in the person's autostart folder, by the Desktop Application Autostart Specification 0.5.
#[cfg(target_os = "linux")]
mod entry {
    use std::io;
    use std::path::{Path, PathBuf};

    use tauri::{AppHandle, Manager, Runtime};

    use super::BACKGROUND;

    const FILE: &str = "debrief.desktop";

    fn file<R: Runtime>(app: &AppHandle<R>) -> Option<PathBuf> {
        Some(app.path().config_dir().ok()?.join("autostart").join(FILE))
    }

    /// Whether Debrief starts at login.
    pub fn is_on<R: Runtime>(app: &AppHandle<R>) -> bool {
        let text = file(app).and_then(|file| std::fs::read_to_string(file).ok());
        // Desktops' own settings switch an entry off without removing it.
        text.is_some_and(|text| {
            !text.lines().any(|line| {
                let line: String = line.split_whitespace().collect();
                line == "Hidden=true" || line == "X-GNOME-Autostart-enabled=false"
            })
        })
    }

    /// Starts Debrief at login from now on, from where it is now.
    pub fn switch_on<R: Runtime>(app: &AppHandle<R>) -> io::Result<()> {
        let file = file(app).ok_or_else(|| io::Error::other("there is no folder for settings"))?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, text(&std::env::current_exe()?)?)
    }

    /// Starts Debrief at login no longer.
    pub fn switch_off<R: Runtime>(app: &AppHandle<R>) -> io::Result<()> {
        match file(app).map(std::fs::remove_file) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn text(program: &Path) -> io::Result<String> {
        let program = program
            .to_str()
            .filter(|path| !path.contains(char::is_control))
            .ok_or_else(|| io::Error::other("Debrief’s own path cannot be written down"))?;
        Ok(format!(
            "[Desktop Entry]\nType=Application\nVersion=1.0\nName=Debrief\nComment=Reminds you of your action items\nIcon=debrief-app\n\
             Exec={} {BACKGROUND}\nTerminal=false\nStartupNotify=false\nX-GNOME-Autostart-enabled=true\n",
            quoted(program)
        ))
    }

    /// An argument between quotes, in a value of an entry: both have escapes of their own.
    fn quoted(argument: &str) -> String {
        let mut out = String::from("\"");
        for letter in argument.chars() {
            match letter {
                '"' | '`' | '$' => out.push_str("\\\\"),
                '\\' => out.push_str("\\\\\\"),
                '%' => out.push('%'),
                _ => {}
            }
            out.push(letter);
        }
        out.push('"');
        out
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_path_is_one_argument_whatever_is_in_it() {
            for (path, written) in [
                ("/usr/bin/debrief-app", r#""/usr/bin/debrief-app""#),
                ("/home/ada lovelace/x", r#""/home/ada lovelace/x""#),
                ("/a\"$b`/100%", r#""/a\\"\\$b\\`/100%%""#),
                ("/a\\b", r#""/a\\\\b""#),
            ] {
                assert_eq!(
                    quoted(path),
                    written,
                    "{path} by the specification of entries"
                );
            }
            assert!(
                text(Path::new("/a\nExec=/b")).is_err(),
                "a path cannot bring a line of its own"
            );
        }
    }
}

/// The system's own list of what starts at login.
#[cfg(not(target_os = "linux"))]
mod native {
    use std::io;

    use auto_launch::{AutoLaunch, AutoLaunchBuilder};
    use tauri::{AppHandle, Runtime};

    use super::BACKGROUND;

    fn entry() -> io::Result<AutoLaunch> {
        let program = std::env::current_exe()?;
        AutoLaunchBuilder::new()
            .set_app_name("Debrief")
            .set_app_path(&program.to_string_lossy())
            .set_args(&[BACKGROUND])
            .build()
            .map_err(io::Error::other)
    }

    /// Whether Debrief starts at login.
    pub fn is_on<R: Runtime>(_app: &AppHandle<R>) -> bool {
        entry()
            .and_then(|entry| entry.is_enabled().map_err(io::Error::other))
            .unwrap_or(false)
    }

    /// Starts Debrief at login from now on, from where it is now.
    pub fn switch_on<R: Runtime>(_app: &AppHandle<R>) -> io::Result<()> {
        entry()?.enable().map_err(io::Error::other)
    }

    /// Starts Debrief at login no longer.
    pub fn switch_off<R: Runtime>(_app: &AppHandle<R>) -> io::Result<()> {
        entry()?.disable().map_err(io::Error::other)
    }
}
