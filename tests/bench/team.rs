//! A workspace that is served to a team: five hundred people who are signed in and have their list of action items open, and how
//! soon one's tick is on everybody's screen; and what somebody who only looks costs the server, beside a bare room of
//! y-websocket's.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::Api;
use api::types::{AccountInvite, AccountRole};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::programs::{Group, Home, program};
use crate::rooms::{Host, resident};
use crate::{Figure, data, say};

/// People who are signed in.
const PEOPLE: usize = 500;
/// Ticks that count, and those before.
const TICKS: usize = 60;
const WARMUP: usize = 5;
/// Milliseconds within which 99 of 100 ticks are to be everywhere.
const BAR: f64 = 250.0;

/// The longest way of a tick to a screen, and memory.
pub fn team() -> Vec<Figure> {
    let home = data::workspace_of(1_000, 4, 3, 10);
    let api = data::open(&home);
    let sessions = accounts(&api);
    let items = items(&api);
    api.close();
    let (server, port) = serve(&home);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let before = resident(server.0.id());
    let (ways, idle) = runtime.block_on(async {
        let (tell, mut told) = mpsc::unbounded_channel();
        for session in &sessions {
            let (session, tell) = (session.clone(), tell.clone());
            tokio::spawn(async move { follow(port, &session, &tell).await });
        }
        for _ in 0..PEOPLE {
            told.recv().await.expect("everybody hears the first word");
        }
        // What was needed to let them in is given back by now, or never.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let idle = resident(server.0.id());
        let mut owner = Line::open(port, &sessions[0]).await;
        let mut ways = Vec::new();
        for tick in 0..WARMUP + TICKS {
            let item = &items[tick % items.len()];
            let status = if (tick / items.len()).is_multiple_of(2) {
                "done"
            } else {
                "open"
            };
            let started = Instant::now();
            owner
                .rpc(
                    "action_set",
                    &json!({ "doc": item.0, "id": item.1, "status": status }),
                )
                .await;
            for _ in 0..PEOPLE {
                told.recv().await.expect("everybody sees the tick");
            }
            if tick >= WARMUP {
                ways.push(started.elapsed().as_secs_f64() * 1000.0);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        (ways, idle)
    });
    drop(server);
    let (mut sorted, count) = (ways.clone(), ways.len());
    sorted.sort_by(f64::total_cmp);
    let tail = sorted[(count * 99).div_ceil(100) - 1];
    say(&format!(
        "  a tick is on all {PEOPLE} screens in {:.1} ms (middle), {tail:.1} ms (99 of 100)",
        sorted[count / 2]
    ));
    let each = (idle - before) * 1024.0 / PEOPLE as f64;
    vec![
        Figure {
            what: format!("a tick on {PEOPLE} live lists, 99 of 100 / {BAR} ms"),
            ours: tail,
            bare: BAR,
            unit: "ms",
            bar: Some(1.0),
        },
        Figure {
            what: "memory of somebody who looks on / y-websocket".into(),
            ours: each,
            bare: bare_room(&runtime),
            unit: "KiB",
            bar: None,
        },
    ]
}

/// Accounts that are signed in, each with the secret of its session.
fn accounts(api: &Api) -> Vec<String> {
    api::handlers::serve_at(api, "http://127.0.0.1", None).expect("the address is kept");
    (0..PEOPLE)
        .map(|number| {
            let invited = api::handlers::account_invite(
                api,
                AccountInvite {
                    role: if number == 0 {
                        AccountRole::Admin
                    } else {
                        AccountRole::Member
                    },
                    ..AccountInvite::default()
                },
            )
            .expect("an invitation");
            let (_, secret) = invited.link.split_once("#invitation=").expect("its secret");
            let name = format!("Person {number}");
            api::handlers::accept_invitation(api, secret, &name, "bench", "")
                .expect("it is accepted")
        })
        .collect()
}

/// Some open action items: their postmortems and ids.
fn items(api: &Api) -> Vec<(String, String)> {
    let request = json!({ "statuses": ["open"], "limit": 40 });
    let page = api
        .call("action_list", request)
        .expect("there are action items");
    let rows = page["rows"].as_array().expect("rows").clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    rows.iter()
        .map(|row| (text(&row["doc"]), text(&row["id"])))
        .collect()
}

fn serve(home: &Home) -> (Group, u16) {
    let mut command = home.command(program("debrief"));
    command
        .args(["serve", "--team", "--listen", "127.0.0.1:0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut server = Group::start(&mut command);
    let output = server.0.stdout.take().expect("its output was piped");
    let mut line = String::new();
    BufReader::new(output)
        .read_line(&mut line)
        .expect("a line when the server listens");
    let port = line
        .trim()
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("the line names the port");
    (server, port)
}

/// One page with its list open: it hears of changes and asks for the rows of what changed, as the screen does.
async fn follow(port: u16, session: &str, tell: &mpsc::UnboundedSender<()>) {
    let mut asks = Line::open(port, session).await;
    asks.rpc("action_list", &json!({ "limit": 50 })).await;
    let mut hears = Line::open(port, session).await;
    hears.send("GET", "/events", "").await;
    let mut line = String::new();
    // The head of the answer says that the stream is open.
    loop {
        line.clear();
        hears.read_line(&mut line).await;
        if line.trim().is_empty() {
            break;
        }
    }
    let _ = tell.send(());
    loop {
        line.clear();
        if !hears.read_line(&mut line).await {
            return;
        }
        let Some(event) = line.trim().strip_prefix("data:") else {
            continue;
        };
        let event: Value = serde_json::from_str(event.trim()).expect("an event is JSON");
        if event["type"] == "postmortem" {
            let answer = asks
                .rpc("action_list", &json!({ "doc": event["doc"] }))
                .await;
            assert!(!answer.is_empty(), "the rows of what changed");
            let _ = tell.send(());
        }
    }
}

/// A connection that is used again and again.
struct Line {
    stream: tokio::io::BufReader<TcpStream>,
    port: u16,
    session: Arc<str>,
}

impl Line {
    async fn open(port: u16, session: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port))
            .await
            .expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream: tokio::io::BufReader::with_capacity(4096, stream),
            port,
            session: session.into(),
        }
    }

    async fn send(&mut self, method: &str, path: &str, body: &str) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.port,
            self.session,
            body.len()
        );
        self.stream
            .write_all(request.as_bytes())
            .await
            .expect("the server reads");
    }

    async fn read_line(&mut self, line: &mut String) -> bool {
        self.stream.read_line(line).await.is_ok_and(|read| read > 0)
    }

    async fn rpc(&mut self, name: &str, request: &Value) -> Vec<u8> {
        self.send("POST", &format!("/rpc/{name}"), &request.to_string())
            .await;
        let (mut line, mut length, mut first) = (String::new(), 0, true);
        loop {
            line.clear();
            assert!(self.read_line(&mut line).await, "the server answers");
            if first {
                assert!(line.contains(" 200 "), "{name} succeeds: {line}");
                first = false;
            }
            let head = line.trim().to_ascii_lowercase();
            if let Some(value) = head.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if head.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream
            .read_exact(&mut body)
            .await
            .expect("the whole answer");
        body
    }
}

/// KiB that one idle connection costs y-websocket's server.
fn bare_room(runtime: &tokio::runtime::Runtime) -> f64 {
    let home = Home::new();
    let (server, place) = Host::YWebsocket.start(&home);
    let url = place["url"].as_str().expect("an address").to_owned();
    let before = resident(server.0.id());
    let grown = runtime.block_on(async {
        let mut open = Vec::new();
        for _ in 0..PEOPLE {
            let (mut socket, _) = tokio_tungstenite::connect_async(&url)
                .await
                .expect("the room opens");
            let first = socket.next().await.expect("its first word");
            first.expect("a frame");
            open.push(socket);
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        let grown = resident(server.0.id()) - before;
        drop(open);
        grown
    });
    grown * 1024.0 / PEOPLE as f64
}
