//! Reminders against a real mail server (aiosmtpd) and an HTTP server of the tests, both on loopback.
#![allow(missing_docs, clippy::unwrap_used, clippy::new_without_default)]

mod feed;
mod trouble;
mod year;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::{Api, Config, Shell};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use server::remind::{Addresses, Round, Settings, round};

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A workspace with the example in it, whose action items are due never, until a test says so.
pub struct Desk {
    pub api: Api,
    pub folder: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Self {
            api: open(folder.path().join("data")),
            folder,
        };
        desk.ok("demo_new", json!({}));
        for row in desk.items() {
            desk.ok(
                "action_set",
                json!({ "doc": row["doc"], "id": row["id"], "due": "" }),
            );
        }
        let mut settings = desk.directory()["settings"].clone();
        settings["timezone"] = json!("UTC");
        settings["reminders"] = json!({ "digest": "never" });
        desk.ok("settings_save", json!({ "settings": settings }));
        desk
    }

    pub fn ok(&self, name: &str, request: Value) -> Value {
        self.api
            .call(name, request.clone())
            .unwrap_or_else(|error| panic!("{name} {request}: {error:?}"))
    }

    pub fn directory(&self) -> Value {
        self.ok("directory", json!({}))["directory"].clone()
    }

    /// Open action items that have an owner.
    pub fn items(&self) -> Vec<Value> {
        let page = self.ok(
            "action_list",
            json!({ "statuses": ["open", "in_progress"] }),
        );
        let rows = page["rows"].as_array().unwrap().clone();
        rows.into_iter()
            .filter(|row| row["owner"].is_string())
            .collect()
    }

    pub fn due(&self, item: &Value, day: &str) {
        self.ok(
            "action_set",
            json!({ "doc": item["doc"], "id": item["id"], "due": day }),
        );
    }

    /// Changes the person of an id.
    pub fn person(&self, id: &Value, change: impl Fn(&mut Value)) {
        let people = self.directory()["people"].as_array().unwrap().clone();
        let mut person = people
            .into_iter()
            .find(|person| person["id"] == *id)
            .unwrap();
        change(&mut person);
        self.ok("person_save", person);
    }

    /// The items of as many different owners, each of them with an address of this name, due on a day.
    pub fn owners(&self, names: &[&str], day: &str) -> Vec<Value> {
        let mut taken: Vec<Value> = Vec::new();
        for item in self.items() {
            if taken.len() < names.len()
                && taken
                    .iter()
                    .all(|known: &Value| known["owner"] != item["owner"])
            {
                let name = names[taken.len()];
                self.person(&item["owner"], |person| {
                    person["email"] = json!(format!("{name}@example.com"))
                });
                self.due(&item, day);
                taken.push(item);
            }
        }
        assert_eq!(taken.len(), names.len(), "the example has so many owners");
        taken
    }

    pub fn messages(&self) -> Vec<Value> {
        self.ok("reminders", json!({}))["messages"]
            .as_array()
            .unwrap()
            .clone()
    }

    pub fn settings(&self, text: &str) -> Settings {
        Settings::read(&self.settings_file(text)).unwrap()
    }

    pub fn settings_file(&self, text: &str) -> PathBuf {
        let file = self.folder.path().join("reminders.yaml");
        std::fs::write(&file, text).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .unwrap();
        file
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Looks and sends at an instant.
    pub fn round(&self, settings: &Settings, now: DateTime<Utc>) -> Round {
        let addresses = Addresses::new(&settings.address, &self.data()).unwrap();
        runtime()
            .block_on(round(&self.api, settings, &addresses, now))
            .unwrap()
    }

    /// Ends the process, as far as the workspace can tell, and begins another one.
    pub fn restart(&mut self) {
        self.api.close();
        self.api = open(self.data());
    }
}

fn open(data: PathBuf) -> Api {
    Api::open(Config::new(
        data.join("workspace.debrief"),
        data,
        Shell::CommandLine,
    ))
    .unwrap()
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

/// A real mail server.
pub struct Sink {
    child: Child,
    pub port: u16,
    file: tempfile::NamedTempFile,
}

impl Sink {
    pub fn start() -> Self {
        Self::with(&[])
    }

    pub fn with(more: &[&str]) -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reminders/smtp_sink.py");
        let mut child = python()
            .arg(script)
            .arg(file.path())
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port = line.trim().parse().expect("the mail server starts: python3-aiosmtpd must be installed (scripts/install-packages test)");
        Self { child, port, file }
    }

    pub fn settings(&self) -> String {
        format!(
            "address: https://debrief.example\nmail:\n  server: 127.0.0.1\n  port: {}\n  encryption: none\n  from: Debrief <debrief@example.org>\n  timeout_seconds: 1\n",
            self.port
        )
    }

    /// The mails that it took, in their order.
    pub fn mails(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.file.path()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    pub fn recipients(&self) -> Vec<String> {
        let name = |mail: &Value| {
            mail["to"][0]
                .as_str()
                .unwrap()
                .split('@')
                .next()
                .unwrap()
                .to_owned()
        };
        let mut all: Vec<String> = self.mails().iter().map(name).collect();
        all.sort();
        all
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The system's Python, which has Debian's packages.
pub fn python() -> Command {
    let system = PathBuf::from("/usr/bin/python3");
    Command::new(if system.exists() {
        system
    } else {
        "python3".into()
    })
}

/// An HTTP server that gives the answers it was told to, one after the other, and keeps what it was sent.
pub struct Hook {
    pub address: SocketAddr,
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Hook {
    /// Each answer is a whole response; an empty one ends the connection instead.
    pub fn start(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
        std::thread::spawn(move || {
            for answer in answers {
                let Ok((mut stream, _)) = listener.accept() else {
                    return;
                };
                let request = read_request(&mut stream);
                kept.lock().unwrap().push(request);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { address, asked }
    }

    pub fn settings(&self) -> String {
        format!(
            "address: https://debrief.example\nchat:\n  webhook: http://{}/hook?key=1\n  timeout_seconds: 1\n",
            self.address
        )
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    format!("{head}\n{}", String::from_utf8(body).unwrap())
}

/// Waits until something is so, and fails when it does not come.
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    for _ in 0..500 {
        if so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("in ten seconds it did not happen that {what}");
}
