//! The product's own programs: where they were built, a home of their own for each test, and an end for everything
//! that a test started.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::display::Display;

/// How long anything that should happen may take before a test gives up. Generous: a test machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How often a condition is looked at.
pub const GLANCE: Duration = Duration::from_millis(25);

/// A program of the workspace, built beside the tests. `DEBRIEF_BIN_DIR` names another folder, such as `/usr/bin`.
pub fn program(name: &str) -> PathBuf {
    let folder = match std::env::var_os("DEBRIEF_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let me = std::env::current_exe().expect("a running test knows its own file");
            // target/<profile>/deps/all-… and target/<profile>/examples/bench
            me.ancestors()
                .nth(2)
                .expect("tests lie two folders below what was built")
                .to_path_buf()
        }
    };
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is not built. `make test` builds everything that the tests start.",
        path.display()
    );
    path
}

/// The checkout's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the workspace")
}

/// A temporary home: workspace, data folder and settings of one test. Nothing is written outside of it.
pub struct Home {
    folder: tempfile::TempDir,
    /// The session bus of its programs.
    bus: Box<str>,
    /// Where its windows are shown, once it has any.
    display: OnceLock<Box<Display>>,
}

impl Home {
    /// A home with one short review of this title in it.
    pub fn with_review(title: &str) -> Self {
        let home = Self::new();
        home.debrief_ok(&["new", "--template", "short-review", "--title", title]);
        home
    }

    /// An empty home, where nobody has said who they are.
    pub fn new() -> Self {
        let home = Self {
            folder: tempfile::Builder::new()
                .prefix("debrief-")
                .tempdir()
                .expect("a temporary folder"),
            // No bus: one that GTK starts by itself outlives the test.
            bus: "disabled:".into(),
            display: OnceLock::new(),
        };
        for folder in [home.data(), home.picked(), home.path().join("gtk-3.0")] {
            std::fs::create_dir_all(folder).expect("a temporary folder takes folders");
        }
        // No animations: GTK's setting reaches the page as prefers-reduced-motion.
        std::fs::write(
            home.path().join("gtk-3.0/settings.ini"),
            "[Settings]\ngtk-enable-animations=0\n",
        )
        .expect("a temporary folder takes files");
        home
    }

    /// The same home, whose programs find this session bus from now on.
    pub fn on_bus(mut self, address: &str) -> Self {
        self.bus = address.into();
        self
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// `DEBRIEF_DATA_DIR`.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// The default workspace.
    pub fn workspace(&self) -> PathBuf {
        self.data().join("workspace.debrief")
    }

    /// Where file dialogs save to and open from.
    pub fn picked(&self) -> PathBuf {
        self.path().join("picked")
    }

    /// A command with this home and nothing of the person who runs the tests.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env("HOME", self.path())
            .env("XDG_CONFIG_HOME", self.path())
            .env("XDG_CACHE_HOME", self.path().join("cache"))
            .env("XDG_DATA_HOME", self.path().join("share"))
            .env("DEBRIEF_DATA_DIR", self.data())
            .env("DEBRIEF_PICK", self.picked())
            .env("DBUS_SESSION_BUS_ADDRESS", &*self.bus)
            .env("TZ", "Europe/Berlin")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DEBRIEF_WORKSPACE")
            .env_remove("DEBRIEF_UI");
        command
    }

    /// Where its windows are shown.
    pub fn display(&self) -> &Display {
        self.display.get_or_init(|| Box::new(Display::start()))
    }

    /// A command with this home that can open windows.
    pub fn windowed(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = self.command(program);
        command
            .env("DISPLAY", self.display().name())
            .env("GDK_BACKEND", "x11")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env_remove("GTK_THEME");
        command
    }

    /// Runs the command line and waits for it.
    pub fn debrief(&self, arguments: &[&str]) -> Output {
        self.command(program("debrief"))
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("the command line starts")
    }

    /// Runs the command line, which must succeed; gives what it printed.
    pub fn debrief_ok(&self, arguments: &[&str]) -> String {
        let output = self.debrief(arguments);
        assert!(
            output.status.success(),
            "debrief {arguments:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("the command line prints UTF-8")
    }
}

/// A program and everything that it started: they end together.
pub struct Group(pub Child);

impl Group {
    /// Starts a program as the head of a group of its own.
    pub fn start(command: &mut Command) -> Self {
        let child = command.process_group(0).spawn();
        Self(child.unwrap_or_else(|problem| {
            panic!(
                "{} does not start: {problem}. `make test` installs what the tests need.",
                command.get_program().to_string_lossy()
            )
        }))
    }

    /// Ids of every living process of the group.
    pub fn processes(&self) -> Vec<u32> {
        let group = self.0.id();
        std::fs::read_dir("/proc")
            .expect("a Linux system")
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|process| {
                stat(*process).is_some_and(|(state, _, its)| its == group && state != 'Z')
            })
            .collect()
    }

    /// Addresses on which the group takes connections, as the kernel writes them.
    pub fn listening(&self) -> Vec<String> {
        let sockets: Vec<String> = self
            .processes()
            .into_iter()
            .filter_map(|process| std::fs::read_dir(format!("/proc/{process}/fd")).ok())
            .flat_map(|open| {
                open.flatten()
                    .filter_map(|file| std::fs::read_link(file.path()).ok())
            })
            .filter_map(|target| {
                Some(
                    target
                        .to_str()?
                        .strip_prefix("socket:[")?
                        .strip_suffix(']')?
                        .to_owned(),
                )
            })
            .collect();
        ["/proc/net/tcp", "/proc/net/tcp6"]
            .map(|table| std::fs::read_to_string(table).unwrap_or_default())
            .iter()
            .flat_map(|table| table.lines().skip(1))
            .filter_map(|line| {
                let fields: Vec<_> = line.split_whitespace().collect();
                // 0A is LISTEN; the tenth field is the socket's inode.
                let inode = fields.get(9)?;
                let ours =
                    fields.get(3) == Some(&"0A") && sockets.iter().any(|socket| socket == inode);
                ours.then(|| fields[1].to_owned())
            })
            .collect()
    }

    /// The living process of the group that runs this program.
    pub fn process(&self, program: &Path) -> Option<u32> {
        self.processes().into_iter().find(|process| {
            std::fs::read_link(format!("/proc/{process}/exe")).is_ok_and(|exe| exe == program)
        })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        signal("KILL", &format!("-{}", self.0.id()));
        // The head is ours to bury; the others are init's.
        let _ = self.0.wait();
    }
}

/// State, parent and group of a process.
fn stat(process: u32) -> Option<(char, u32, u32)> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in parentheses may hold anything, spaces included.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    Some((
        fields.next()?.chars().next()?,
        fields.next()?.parse().ok()?,
        fields.next()?.parse().ok()?,
    ))
}

/// The parent of a living process.
pub fn parent(process: u32) -> Option<u32> {
    Some(stat(process)?.1)
}

/// Sends a signal to a process, or to a group when the number is negative.
pub fn signal(name: &str, to: &str) {
    // That the process is gone already is what was wanted.
    let _ = Command::new("kill")
        .args([&format!("-{name}"), "--", to])
        .stderr(Stdio::null())
        .status();
}

/// Looks until a condition gives something, and says what was waited for when it never does.
pub fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    until_or(|| what.to_owned(), look)
}

/// The same, where what was waited for is only known when it never came.
pub fn until_or<T>(what: impl Fn() -> String, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "waited in vain for {}",
            what()
        );
        std::thread::sleep(GLANCE);
    }
}
