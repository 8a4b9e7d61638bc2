//! Rooms with people in them, beside the two servers that Yjs clients are usually run against: the same clients, in turn,
//! each run with a fresh server. Ours has every edit on the disk; theirs keep documents in memory alone, as they come.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::programs::{Group, Home, program, root};
use crate::{Figure, median, say};

const ROUNDS: usize = 3;
/// Time before anything counts, and time that counts, in seconds.
const WARMUP: u32 = 2;
const SECONDS: u32 = 10;

/// A room, and how much larger ours may be than the better of the others.
struct Scenario {
    name: &'static str,
    receivers: u32,
    writers: u32,
    /// Edits of each writer in a second.
    rate: u32,
    /// Cursors move with the edits.
    awareness: bool,
    /// Bars of the middle latency, the 99th percentile and the peak of memory.
    bars: [f64; 3],
}

const SCENARIOS: [Scenario; 2] = [
    Scenario {
        name: "20 listen to 1",
        receivers: 20,
        writers: 1,
        rate: 20,
        awareness: false,
        bars: [0.8, 0.9, 0.3],
    },
    Scenario {
        name: "50 meet, 10 write",
        receivers: 40,
        writers: 10,
        rate: 5,
        awareness: true,
        bars: [0.8, 1.0, 0.5],
    },
];

/// A server that rooms are measured on.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub enum Host {
    Debrief,
    Hocuspocus,
    YWebsocket,
}

impl Host {
    const ALL: [Self; 3] = [Self::Debrief, Self::Hocuspocus, Self::YWebsocket];

    fn name(self) -> &'static str {
        match self {
            Self::Debrief => "Debrief",
            Self::Hocuspocus => "Hocuspocus",
            Self::YWebsocket => "y-websocket",
        }
    }

    /// Starts the server and gives it with a new document's place, as the clients want it.
    pub fn start(self, home: &Home) -> (Group, Value) {
        match self {
            Self::Debrief => {
                let mut command = home.command(program("debrief"));
                command.args(["serve", "--listen", "127.0.0.1:0"]);
                let (server, line) = ready(&mut command);
                let port = port(&server);
                let (_, token) = line
                    .split_once("/#token=")
                    .expect("the link holds the token");
                let token = token.trim();
                let doc = new_postmortem(port, token);
                let url = format!("ws://127.0.0.1:{port}/d/{doc}/ws");
                let place = json!({ "url": url, "token": token, "protocol": "y-websocket" });
                (server, place)
            }
            Self::Hocuspocus => {
                let (server, _) = ready(&mut node(home, "hocuspocus.mjs"));
                let url = format!("ws://127.0.0.1:{}", port(&server));
                let place = json!({ "url": url, "doc": "room", "protocol": "hocuspocus" });
                (server, place)
            }
            Self::YWebsocket => {
                let mut command = node(home, "node_modules/@y/websocket-server/src/server.js");
                command.env("HOST", "127.0.0.1").env("PORT", "0");
                let (server, _) = ready(&mut command);
                let url = format!("ws://127.0.0.1:{}/room", port(&server));
                let place = json!({ "url": url, "protocol": "y-websocket" });
                (server, place)
            }
        }
    }
}

/// What the clients of one server met: medians over the runs.
#[derive(Default)]
struct Measured {
    /// Milliseconds.
    middle: Vec<f64>,
    /// Milliseconds.
    tail: Vec<f64>,
    /// MiB.
    memory: Vec<f64>,
}

impl Measured {
    fn medians(self) -> [f64; 3] {
        [self.middle, self.tail, self.memory].map(median)
    }
}

/// From a keystroke to everybody else in the room, and the memory that the room takes.
pub fn rooms() -> Vec<Figure> {
    SCENARIOS.iter().flat_map(compare).collect()
}

fn compare(scenario: &Scenario) -> Vec<Figure> {
    let mut measured = Host::ALL.map(|host| (host, Measured::default()));
    for _ in 0..ROUNDS {
        for (host, measured) in &mut measured {
            run(scenario, *host, measured);
        }
    }
    let [ours, one, other] = measured.map(|(host, measured)| {
        let medians = measured.medians();
        let [middle, tail, memory] = medians;
        say(&format!(
            "  {:<17} {:<11} {middle:>6.2} ms, 99 of 100 within {tail:>6.2} ms, {memory:>5.1} MiB",
            scenario.name,
            host.name()
        ));
        medians
    });
    let whats = [
        ("half of the edits", "ms"),
        ("99 of 100 edits", "ms"),
        ("memory", "MiB"),
    ];
    whats
        .into_iter()
        .enumerate()
        .map(|(at, (what, unit))| Figure {
            what: format!("{}: {what} / better of two peers", scenario.name),
            ours: ours[at],
            bare: one[at].min(other[at]),
            unit,
            bar: Some(scenario.bars[at]),
        })
        .collect()
}

/// One run, with a fresh server that ends with it.
fn run(scenario: &Scenario, host: Host, measured: &mut Measured) {
    let home = Home::new();
    let (server, mut settings) = host.start(&home);
    settings["receivers"] = json!(scenario.receivers);
    settings["writers"] = json!(scenario.writers);
    settings["rate"] = json!(scenario.rate);
    settings["awareness"] = json!(scenario.awareness);
    settings["warmup"] = json!(WARMUP);
    settings["seconds"] = json!(SECONDS);
    let clients = node(&home, "client.mjs")
        .arg(settings.to_string())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .expect("the clients start");
    let name = host.name();
    assert!(clients.status.success(), "{name}: the room was cut short");
    let answer: Value =
        serde_json::from_slice(&clients.stdout).expect("the clients answer in JSON");
    assert_eq!(
        answer["arrived"], answer["expected"],
        "{name}: every edit reaches everybody else once"
    );
    assert_eq!(
        answer["converged"], true,
        "{name}: in the end everybody has the same text, and whoever comes late gets it"
    );
    measured
        .middle
        .push(answer["p50"].as_f64().expect("a time"));
    measured.tail.push(answer["p99"].as_f64().expect("a time"));
    measured.memory.push(peak(server.0.id()));
}

/// The most memory that a living process has had, in MiB.
fn peak(process: u32) -> f64 {
    memory(process, "VmHWM:")
}

/// The memory that a living process has now, in MiB.
pub fn resident(process: u32) -> f64 {
    memory(process, "VmRSS:")
}

fn memory(process: u32, figure: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))
        .expect("the server outlives its clients");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(figure))
        .expect("the kernel tells the figure");
    let kilobytes: f64 = line
        .trim_end_matches("kB")
        .trim()
        .parse()
        .expect("a number of kilobytes");
    kilobytes / 1024.0
}

/// A script or program of the peers' folder, in the Node that comes with them.
fn node(home: &Home, script: &str) -> Command {
    let peers: PathBuf = root().join("tests/bench/peers");
    let node = peers.join("node_modules/.bin/node");
    assert!(
        node.exists(),
        "{} is missing. `make bench` installs it.",
        node.display()
    );
    let mut command = home.command(node);
    command.arg(peers.join(script));
    command
}

/// Starts a server and waits for the line that it prints when it listens.
fn ready(command: &mut Command) -> (Group, String) {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut server = Group::start(command);
    let mut output = BufReader::new(server.0.stdout.take().expect("its output was piped"));
    let mut line = String::new();
    output
        .read_line(&mut line)
        .expect("a line when the server listens");
    assert!(!line.is_empty(), "the server ended at once");
    // What else it prints is kept from filling the pipe.
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    (server, line)
}

/// The port on which a server listens.
fn port(server: &Group) -> u16 {
    let addresses = server.listening();
    let port = addresses
        .first()
        .and_then(|address| address.rsplit_once(':'))
        .expect("the server listens");
    u16::from_str_radix(port.1, 16).expect("the kernel writes ports in base 16")
}

/// Makes a postmortem and gives its id.
fn new_postmortem(port: u16, token: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    write!(
        stream,
        "POST /rpc/postmortem_new HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}"
    )
    .expect("the server reads");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .expect("the server answers in UTF-8");
    let (_, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
    let made: Value = serde_json::from_str(body).expect("an answer in JSON");
    made["doc"].as_str().expect("an id").to_owned()
}
