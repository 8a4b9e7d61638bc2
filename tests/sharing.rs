//! A review meeting shared with guests: what is open when, who gets in, and what a guest can and cannot see, through the
//! real server.

use std::collections::BTreeSet;
use std::net::TcpStream;
use std::process::Command;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{self, ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::harness::{App, Shell, key};
use crate::programs::{GLANCE, Home, PATIENCE, root, until};
use crate::server::{Answer, PNG, Pipe, Served, exchange, framed, number_into};

const JSON: &str = "content-type: application/json\r\n";
/// What no guest of the other postmortem may ever read.
const PRIVATE: &str = "Payroll went to the wrong bank";
const STRANGER: &str = "Xanthippe Quill";

/// A meeting that is shared.
struct Shared {
    served: Served,
    doc: String,
    /// Another postmortem of the same workspace.
    other: String,
    port: u16,
    secret: String,
    code: String,
}

impl Shared {
    /// The example's review, facilitated by Greg, shared in plain on this computer.
    fn start() -> Self {
        let served = Served::start();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        served.ok(
            "person_save",
            &json!({ "id": "", "name": STRANGER, "email": "quill@example.org" }),
        );
        let other = served.ok("postmortem_new", &json!({ "title": PRIVATE }));
        let doc = text(&served.ok("demo_new", &json!({}))["doc"]);
        let directory = served.ok("directory", &json!({}));
        let greg = directory["directory"]["people"]
            .as_array()
            .expect("people")
            .iter()
            .find(|person| text(&person["name"]).starts_with("Greg"))
            .expect("the example has a Greg")
            .clone();
        served.ok("set_me", &json!({ "person": greg["id"], "name": "" }));
        served.ok("meeting_open", &json!({ "doc": doc }));
        let mut shared = Self {
            other: text(&other["doc"]),
            doc,
            served,
            port: 0,
            secret: String::new(),
            code: String::new(),
        };
        shared.share();
        shared
    }

    /// Opens the port.
    fn share(&mut self) {
        let found = self.start_with("plain");
        let share = &found["share"];
        let link = share["link"].as_str().expect("a link");
        let (base, secret) = link
            .split_once("/#join=")
            .expect("the secret is in the fragment");
        self.port = u16::try_from(share["port"].as_u64().expect("a port")).expect("a port");
        assert_eq!(
            base,
            format!("http://127.0.0.1:{}", self.port),
            "the link names the address that was picked"
        );
        self.secret = secret.to_owned();
        self.code = share["code"].as_str().expect("a code").to_owned();
    }

    fn start_with(&self, encryption: &str) -> Value {
        self.served.ok(
            "share_start",
            &json!({ "doc": self.doc, "address": "127.0.0.1", "encryption": encryption }),
        )
    }

    fn get(&self, path: &str, headers: &str) -> Answer {
        exchange(
            self.port,
            &format!(
                "GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n{headers}",
                self.port
            ),
            b"",
        )
    }

    fn post(&self, path: &str, headers: &str, body: &[u8]) -> Answer {
        exchange(
            self.port,
            &format!(
                "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n{headers}",
                self.port
            ),
            body,
        )
    }

    fn ask_to_join(&self, request: &Value) -> Answer {
        self.post("/join", JSON, request.to_string().as_bytes())
    }

    /// Joins by the link.
    fn join(&self, name: &str) -> Guest {
        let answer = self.ask_to_join(&json!({ "secret": self.secret, "name": name }));
        assert_eq!(answer.status, 200, "{name} joins: {}", answer.text());
        Guest::of(&answer)
    }

    /// A page that is in the room asks for another name.
    fn join_again(&self, guest: &Guest, name: &str) -> Answer {
        let body = json!({ "secret": self.secret, "name": name }).to_string();
        let headers = format!("{}{JSON}", guest.header());
        self.post("/join", &headers, body.as_bytes())
    }

    /// The facilitator's line about a guest.
    fn guest(&self, name: &str) -> Value {
        let found = self.served.ok("share_state", &json!({}));
        found["share"]["guests"]
            .as_array()
            .expect("guests")
            .iter()
            .find(|guest| guest["name"] == name)
            .cloned()
            .unwrap_or_else(|| panic!("{name} is a guest: {found}"))
    }

    fn act(&self, act: Value) {
        self.served
            .ok("meeting_do", &json!({ "doc": self.doc, "act": act }));
    }

    fn rpc(&self, guest: &Guest, name: &str, request: &Value) -> Answer {
        self.post(
            &format!("/rpc/{name}"),
            &format!("{}{JSON}", guest.header()),
            request.to_string().as_bytes(),
        )
    }

    fn request_of(&self, guest: &Guest, doc: &str) -> tungstenite::handshake::client::Request {
        let url = format!("ws://127.0.0.1:{}/d/{doc}/ws", self.port);
        let mut request = url.into_client_request().expect("a request");
        request
            .headers_mut()
            .insert("cookie", guest.cookie.parse().expect("a cookie"));
        request
    }

    async fn pipe(&self, guest: &Guest) -> Pipe {
        Pipe::open(self.request_of(guest, &self.doc))
            .await
            .expect("the pipe opens")
    }

    /// Whether anybody listens on the port.
    fn is_open(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }
}

/// A guest's browser: its cookie.
struct Guest {
    cookie: String,
}

impl Guest {
    fn of(answer: &Answer) -> Self {
        let cookie = answer.header("set-cookie").expect("a cookie");
        for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(word), "the cookie is {word}: {cookie}");
        }
        Self {
            cookie: cookie.split(';').next().expect("a pair").to_owned(),
        }
    }

    fn header(&self) -> String {
        format!("cookie: {}\r\n", self.cookie)
    }
}

/// The code of the close frame, once the other side has closed.
async fn closed(pipe: &mut Pipe) -> Option<u16> {
    loop {
        let message = tokio::time::timeout(PATIENCE, pipe.socket.next())
            .await
            .expect("the server closes");
        match message {
            Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return None,
        }
    }
}

fn read(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_is_open_from_start_to_stop_and_no_longer() {
    let served = Served::start();
    assert_eq!(
        served.process.listening().len(),
        1,
        "before anything is shared there is only the server's own port"
    );
    drop(served);
    let shared = Shared::start();
    assert_eq!(
        shared.served.process.listening().len(),
        2,
        "sharing opens one port"
    );
    let guest = shared.join("Debby");
    let mut pipe = shared.pipe(&guest).await;
    pipe.sync_until("the title", |pipe| !pipe.title().is_empty())
        .await;
    let found = shared.served.ok("share_stop", &json!({}));
    assert_eq!(found["share"], Value::Null, "nothing is shared any more");
    assert!(
        !shared.is_open(),
        "the port is closed when the answer is there"
    );
    assert_eq!(
        shared.served.process.listening().len(),
        1,
        "and nothing else was opened"
    );
    assert_eq!(
        closed(&mut pipe).await,
        Some(1001),
        "what guests have open is closed, with a word"
    );
    let mut again = shared;
    let (port, secret) = (again.port, again.secret.clone());
    again.share();
    assert_eq!(again.port, port, "the port stays the same");
    assert_ne!(again.secret, secret, "but the link of before is void");
    let answer = again.ask_to_join(&json!({ "secret": secret, "name": "Debby" }));
    assert_eq!(answer.status, 403, "nobody joins by it: {}", answer.text());
    assert_eq!(
        again.rpc(&guest, "session", &json!({})).status,
        401,
        "and a session of before opens nothing"
    );
}

#[test]
fn only_an_address_of_this_computer_can_be_picked() {
    let mut shared = Shared::start();
    shared.served.ok("share_stop", &json!({}));
    let interfaces = shared.served.ok("share_interfaces", &json!({}));
    let addresses: Vec<&str> = interfaces["interfaces"]
        .as_array()
        .expect("interfaces")
        .iter()
        .filter_map(|interface| interface["address"].as_str())
        .collect();
    let loopback = ["127.0.0.1", "::1"];
    assert!(
        addresses.contains(&loopback[0])
            && addresses
                .iter()
                .rev()
                .take(1)
                .all(|last| loopback.contains(last)),
        "what this computer alone reaches comes last: {addresses:?}"
    );
    for address in ["0.0.0.0", "::", "203.0.113.1", "localhost", ""] {
        let request = json!({ "doc": shared.doc, "address": address, "encryption": "plain" });
        let answer = shared.served.rpc("share_start", &request);
        assert_eq!(
            answer.status,
            422,
            "{address} is refused: {}",
            answer.text()
        );
        assert_eq!(
            read(&answer)["field"],
            "address",
            "with the field that is wrong"
        );
    }
    assert_eq!(
        shared.served.process.listening().len(),
        1,
        "no port was opened"
    );
    let request = json!({ "doc": shared.other, "address": "127.0.0.1", "encryption": "plain" });
    assert_eq!(
        shared.served.rpc("share_start", &request).status,
        422,
        "what has no meeting cannot be shared"
    );
    shared.share();
    shared.act(json!({ "type": "end" }));
    let answer = shared.ask_to_join(&json!({ "secret": shared.secret, "name": "Late Larry" }));
    assert_eq!(
        answer.status,
        403,
        "nobody joins a meeting that is over: {}",
        answer.text()
    );
    until("the port to close with the meeting", || {
        (!shared.is_open()).then_some(())
    });
    assert_eq!(
        shared.served.ok("share_state", &json!({}))["share"],
        Value::Null,
        "the sharing ends with the meeting"
    );
}

#[test]
fn a_stranger_gets_the_screens_and_nothing_else() {
    let shared = Shared::start();
    let doc = &shared.doc;
    let guarded = [
        ("GET", "/events".to_owned()),
        ("GET", format!("/d/{doc}/ws")),
        ("GET", format!("/blob/{}", "0".repeat(64))),
        ("POST", "/blob".to_owned()),
        ("POST", "/rpc/session".to_owned()),
        ("POST", format!("/rpc/postmortem_get?doc={doc}")),
        ("POST", "/rpc/no_such".to_owned()),
    ];
    let unknown = [
        ("POST", "/session"),
        ("GET", "/readyz"),
        ("GET", "/preview/x"),
        ("GET", "/download/x.md"),
        ("GET", "/../outside.txt"),
        ("GET", "/.secret"),
        ("GET", "/link.txt"),
    ];
    let bearer = shared.served.bearer();
    let forged = format!(
        "cookie: debrief_room_{}={}\r\n",
        shared.port,
        "0".repeat(64)
    );
    for headers in ["", &bearer, &forged] {
        for (method, path) in &guarded {
            let answer = match *method {
                "GET" => shared.get(path, headers),
                _ => shared.post(path, &format!("{headers}{JSON}"), b"{}"),
            };
            assert_eq!(
                answer.status,
                401,
                "{method} {path} is closed: {}",
                answer.text()
            );
        }
        for (method, path) in unknown {
            let answer = match method {
                "GET" => shared.get(path, headers),
                _ => shared.post(path, &format!("{headers}{JSON}"), b"{}"),
            };
            assert!(
                [404, 405].contains(&answer.status),
                "{method} {path} is not on this port: {} {}",
                answer.status,
                answer.text()
            );
        }
    }
    let page = shared.get("/", "");
    assert_eq!(page.status, 200, "the screens are for everybody");
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe"),
        "under a closed policy: {policy}"
    );
    assert!(
        policy.contains(&format!("ws://127.0.0.1:{}", shared.port)),
        "which lets the page open the document: {policy}"
    );
    assert_eq!(
        page.header("access-control-allow-origin"),
        None,
        "other sites' pages read nothing"
    );
    let guest = shared.join("Debby");
    for host in [
        "evil.example",
        "localhost",
        &format!("localhost:{}", shared.port),
        "0.0.0.0",
    ] {
        let answer = exchange(
            shared.port,
            &format!(
                "POST /rpc/session HTTP/1.1\r\nhost: {host}\r\n{}{JSON}",
                guest.header()
            ),
            b"{}",
        );
        assert_eq!(
            answer.status, 403,
            "the name {host} is refused (DNS rebinding)"
        );
    }
    for origin in [
        "http://evil.example".to_owned(),
        "null".to_owned(),
        format!("https://127.0.0.1:{}", shared.port),
        format!("http://127.0.0.1:{}", shared.served.port),
    ] {
        let headers = format!("{}{JSON}origin: {origin}\r\n", guest.header());
        assert_eq!(
            shared.post("/rpc/session", &headers, b"{}").status,
            403,
            "a page of {origin} is refused"
        );
        let headers = format!("{JSON}origin: {origin}\r\n");
        let body = json!({ "secret": shared.secret, "name": "Eve" }).to_string();
        assert_eq!(
            shared.post("/join", &headers, body.as_bytes()).status,
            403,
            "a page of {origin} joins nobody"
        );
    }
    assert_eq!(
        shared
            .served
            .get(&format!("/d/{doc}/ws"), &guest.header())
            .status,
        401,
        "a guest's cookie opens nothing at the server's own port"
    );
}

#[test]
fn a_guest_gets_one_postmortem_and_nothing_of_any_other() {
    let shared = Shared::start();
    let image = shared.served.post("/blob", &shared.served.bearer(), PNG);
    let hash = read(&image)["hash"].as_str().expect("a hash").to_owned();
    let guest = shared.join("Debby");
    let allowed = [
        "session",
        "directory",
        "time_read",
        "hints",
        "postmortem_get",
        "postmortem_derived",
        "row_history",
        "row_authors",
        "meeting",
        "meeting_do",
    ];
    let mut told = String::new();
    for command in api::COMMANDS {
        for doc in [&shared.doc, &shared.other] {
            let request = json!({ "doc": doc, "id": "x", "kind": "findings", "act": { "type": "arrive" }, "text": "16:05", "zone": "UTC", "query": "bank" });
            let answer = shared.rpc(&guest, command, &request);
            told += &answer.text();
            let free = ["session", "directory", "time_read", "hints"].contains(command);
            match (allowed.contains(command), free || *doc == shared.doc) {
                (false, _) => assert_eq!(
                    answer.status,
                    403,
                    "{command} is not for guests: {}",
                    answer.text()
                ),
                (true, false) => assert_eq!(
                    answer.status,
                    404,
                    "{command} knows one postmortem: {}",
                    answer.text()
                ),
                (true, true) => assert!(
                    [200, 404, 422].contains(&answer.status),
                    "{command} is for guests: {}",
                    answer.text()
                ),
            }
        }
    }
    for request in [
        json!({}),
        json!({ "doc": "directory" }),
        json!({ "doc": [shared.doc] }),
        json!("x"),
    ] {
        let answer = shared.rpc(&guest, "postmortem_get", &request);
        told += &answer.text();
        assert_eq!(
            answer.status, 404,
            "{request} names no postmortem of this room"
        );
    }
    let session = read(&shared.rpc(&guest, "session", &json!({})));
    assert_eq!(
        session["room"],
        json!(shared.doc),
        "a guest knows the one postmortem"
    );
    for word in [
        PRIVATE,
        STRANGER,
        "quill@example.org",
        "workspace.debrief",
        &shared.secret,
        &shared.code,
    ] {
        assert!(!told.contains(word), "no answer holds “{word}”");
    }
    let directory = read(&shared.rpc(&guest, "directory", &json!({})));
    let people = directory["directory"]["people"].as_array().expect("people");
    assert!(
        people
            .iter()
            .all(|person| person["email"] == "" && person["handle"] == ""),
        "of people a guest learns names and roles alone: {directory}"
    );
    assert_eq!(
        shared.get(&format!("/blob/{hash}"), &guest.header()).status,
        404,
        "an image of the workspace that this postmortem does not show is not there"
    );
    let answer = shared.post("/blob", &guest.header(), PNG);
    assert_eq!(
        answer.status,
        200,
        "whoever writes adds images: {}",
        answer.text()
    );
    for doc in [shared.other.as_str(), "directory", "no-such"] {
        let path = format!("/d/{doc}/ws");
        let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        let answer = exchange(
            shared.port,
            &format!(
                "GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n{}{upgrade}",
                shared.port,
                guest.header()
            ),
            b"",
        );
        assert!(
            [400, 404].contains(&answer.status),
            "{path} is no room of a guest's: {}",
            answer.status
        );
    }
    let answer = shared.rpc(&guest, "session", &json!({ "x": "y".repeat(100_000) }));
    assert_eq!(answer.status, 413, "a guest's requests are small");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_hears_of_this_meeting_alone() {
    let shared = Shared::start();
    let guest = shared.join("Debby");
    let mut stream = TcpStream::connect(("127.0.0.1", shared.port)).expect("it listens");
    stream
        .set_read_timeout(Some(PATIENCE))
        .expect("a socket has a timeout");
    let head = format!(
        "GET /events HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n{}\r\n",
        shared.port,
        guest.header()
    );
    std::io::Write::write_all(&mut stream, head.as_bytes()).expect("it reads");
    until("the facilitator to see the guest", || {
        (shared.guest("Debby")["connected"] == true).then_some(())
    });
    shared
        .served
        .ok("person_save", &json!({ "id": "", "name": "Somebody else" }));
    shared
        .served
        .ok("postmortem_new", &json!({ "title": "Another one" }));
    shared.act(json!({ "type": "go", "from": 0, "to": 1 }));
    let mut heard = Vec::new();
    let mut piece = [0; 4096];
    while !String::from_utf8_lossy(&heard).contains("meeting")
        || !String::from_utf8_lossy(&heard).contains("\"postmortem\"")
    {
        let some = std::io::Read::read(&mut stream, &mut piece).expect("something is told");
        assert!(
            some > 0,
            "the stream goes on: {}",
            String::from_utf8_lossy(&heard)
        );
        heard.extend_from_slice(&piece[..some]);
        if String::from_utf8_lossy(&heard).contains("meeting")
            && !String::from_utf8_lossy(&heard).contains("\"postmortem\"")
        {
            shared.served.ok("action_list", &json!({}));
            let mut pipe = shared.served.pipe(&shared.doc).await;
            pipe.sync_until("the title", |pipe| !pipe.title().is_empty())
                .await;
            pipe.type_title("!").await;
            pipe.sync_until("own words", |pipe| pipe.title().ends_with('!'))
                .await;
        }
    }
    let heard = String::from_utf8_lossy(&heard).into_owned();
    assert!(
        !heard.contains("directory"),
        "nothing is told of the directory: {heard}"
    );
    for line in heard.lines().filter(|line| line.starts_with("data:")) {
        assert!(
            line.contains(&shared.doc),
            "only this postmortem is told of: {line}"
        );
    }
    drop(stream);
    until("the facilitator to see that the guest has gone", || {
        (shared.guest("Debby")["connected"] == false).then_some(())
    });
}

#[test]
fn a_guest_is_the_person_of_that_name() {
    let shared = Shared::start();
    let me_of = |guest: &Guest| read(&shared.rpc(guest, "session", &json!({})))["me"].clone();
    let people = || {
        let view = shared.served.ok("directory", &json!({}));
        view["directory"]["people"]
            .as_array()
            .expect("people")
            .len()
    };
    let before = people();
    let postmortem = shared
        .served
        .ok("postmortem_get", &json!({ "doc": shared.doc }));
    let cathy = postmortem["participants"]
        .as_array()
        .expect("participants")
        .iter()
        .find(|one| {
            one["name"]
                .as_str()
                .is_some_and(|name| name.starts_with("Cathy"))
        })
        .expect("the example has a Cathy")
        .clone();
    let name = cathy["name"].as_str().expect("a name");
    let guest = shared.join(&format!("  {}  ", name.to_uppercase()));
    assert_eq!(
        me_of(&guest)["id"],
        cathy["person"],
        "a participant is known by name"
    );
    let stranger = shared.join(&STRANGER.to_lowercase());
    assert_eq!(
        me_of(&stranger)["name"],
        STRANGER,
        "a person of the directory is known by full name"
    );
    assert_eq!(people(), before, "nobody was added for them");
    let new = shared.join("Zoë Neumann");
    assert_eq!(
        me_of(&new)["name"],
        "Zoë Neumann",
        "everybody else is somebody new"
    );
    assert_eq!(people(), before + 1, "who is in the directory from now on");
    let postmortem = shared
        .served
        .ok("postmortem_get", &json!({ "doc": shared.doc }));
    let names: Vec<&str> = postmortem["participants"]
        .as_array()
        .expect("participants")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    for name in [STRANGER, "Zoë Neumann"] {
        assert_eq!(
            names.iter().filter(|one| **one == name).count(),
            1,
            "{name} takes part in the review: {names:?}"
        );
    }
    for taken in [
        "zoë  neumann",
        STRANGER,
        "Zoë Neum\u{430}nn",
        "Zoë Neu\u{200d}mann",
    ] {
        let answer = shared.ask_to_join(&json!({ "secret": shared.secret, "name": taken }));
        assert_eq!(answer.status, 422, "{taken} has joined already");
        assert!(
            answer.text().contains("from another device"),
            "and it is told what to do: {}",
            answer.text()
        );
    }
    let greg = postmortem["participants"]
        .as_array()
        .expect("participants")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .find(|name| name.starts_with("Greg"))
        .expect("the facilitator takes part");
    let answer = shared.ask_to_join(&json!({ "secret": shared.secret, "name": greg }));
    assert_eq!(answer.status, 422, "nobody is the host: {}", answer.text());
    for wrong in [
        "",
        "   ",
        "\u{200b}",
        "…",
        &"x".repeat(61),
        "Ev\u{202e}e",
        "Ev\u{2066}e",
        "E\u{ad}ve",
        "Eve\u{7}",
    ] {
        let answer = shared.ask_to_join(&json!({ "secret": shared.secret, "name": wrong }));
        assert_eq!(
            answer.status,
            422,
            "{wrong:?} is no name: {}",
            answer.text()
        );
        assert_eq!(
            read(&answer)["field"],
            "name",
            "and it is told which field is wrong"
        );
    }
}

#[test]
fn a_page_that_takes_another_name_stays_one_person() {
    let shared = Shared::start();
    let people = || {
        let view = shared.served.ok("directory", &json!({}));
        view["directory"]["people"]
            .as_array()
            .expect("people")
            .len()
    };
    let first = shared.join("Zoë Neumann");
    let person = shared.guest("Zoë Neumann")["person"].clone();
    let id = shared.guest("Zoë Neumann")["id"].clone();
    shared
        .served
        .ok("guest_right", &json!({ "guest": id, "right": "viewer" }));
    let before = people();
    let answer = shared.join_again(&first, "Zoë N.");
    assert_eq!(
        answer.status,
        200,
        "a page may take another name: {}",
        answer.text()
    );
    let second = Guest::of(&answer);
    assert_eq!(
        shared.rpc(&first, "session", &json!({})).status,
        401,
        "and the cookie of before opens nothing"
    );
    let shown = shared.guest("Zoë N.");
    assert_eq!(
        (&shown["person"], &shown["id"], &shown["right"]),
        (&person, &id, &json!("viewer")),
        "it is the same person in the same place, who reads along as before: {shown}"
    );
    assert_eq!(people(), before, "nobody was added for that");
    let postmortem = shared
        .served
        .ok("postmortem_get", &json!({ "doc": shared.doc }));
    let names: Vec<&str> = postmortem["participants"]
        .as_array()
        .expect("participants")
        .iter()
        .filter(|one| one["person"] == person)
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert_eq!(names, ["Zoë N."], "everybody sees the new name");
    let third = Guest::of(&shared.join_again(&second, "Cathy"));
    assert_eq!(
        shared.guest("Cathy")["right"],
        "viewer",
        "a name that others gave to somebody brings no right either"
    );
    let answer = shared.join_again(&third, "Somebody else");
    assert_eq!(
        answer.status,
        403,
        "nobody goes through name after name: {}",
        answer.text()
    );
    let answer = shared.ask_to_join(&json!({ "secret": shared.secret, "name": "Zoë N." }));
    assert_eq!(
        answer.status,
        422,
        "what a page was called stays its own: {}",
        answer.text()
    );
    assert_eq!(
        shared.join_again(&third, "Zoë N.").status,
        200,
        "it may go back to it"
    );
    assert_eq!(people(), before, "and all that has added nobody");
}

#[test]
fn a_guest_who_leads_comes_back_to_their_own_name_and_nobody_else_does() {
    let shared = Shared::start();
    let guest = shared.join("Cathy");
    let me = shared.guest("Cathy")["person"].clone();
    shared.rpc(
        &guest,
        "meeting_do",
        &json!({ "doc": shared.doc, "act": { "type": "arrive" } }),
    );
    shared.act(json!({ "type": "hand_over", "to": me }));
    let guest = Guest::of(&shared.join_again(&guest, "Robin"));
    let answer = shared.ask_to_join(&json!({ "secret": shared.secret, "name": "Cathy" }));
    assert_eq!(
        answer.status,
        422,
        "nobody takes the lead by a name: {}",
        answer.text()
    );
    let guest = Guest::of(&shared.join_again(&guest, "Cathy"));
    let found = read(&shared.rpc(&guest, "meeting", &json!({ "doc": shared.doc })));
    assert_eq!(
        found["meeting"]["right"], "facilitator",
        "whose page it was leads on: {found}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_its_pages_until_the_facilitator_frees_it() {
    let shared = Shared::start();
    let phone = shared.join("Debby");
    let before = shared.guest("Debby");
    let ask = || shared.ask_to_join(&json!({ "secret": shared.secret, "name": "Debby" }));
    let answer = ask();
    assert!(
        answer.status == 422 && answer.text().contains("let you in as Debby"),
        "she has nothing open and is nonetheless Debby: {}",
        answer.text()
    );
    let free = json!({ "guest": before["id"] });
    let pipe = shared.pipe(&phone).await;
    let answer = shared.served.rpc("guest_free", &free);
    assert_eq!(
        answer.status,
        409,
        "whoever is connected keeps the name: {}",
        answer.text()
    );
    drop(pipe);
    until("the facilitator to see that she has gone", || {
        (shared.guest("Debby")["connected"] == false).then_some(())
    });
    assert_eq!(
        shared.rpc(&phone, "guest_free", &free).status,
        403,
        "no guest frees a name"
    );
    let found = shared.served.ok("guest_free", &free);
    let link = found["share"]["link"].as_str().expect("a link");
    assert!(
        link.ends_with(&shared.secret) && found["share"]["code"] == json!(shared.code),
        "link and code are those of before: {found}"
    );
    assert_eq!(
        shared.guest("Debby")["free"],
        true,
        "the facilitator sees that the name is free"
    );
    assert_eq!(
        shared.rpc(&phone, "session", &json!({})).status,
        401,
        "the phone that is gone is a stranger"
    );
    let laptop = shared.join("Debby");
    let now = shared.guest("Debby");
    assert_eq!(
        now["person"], before["person"],
        "whoever comes in under it is the same person, with all they wrote"
    );
    assert_ne!(
        now["id"], before["id"],
        "in a place of their own: nothing that was written silently is theirs"
    );
    assert_eq!(ask().status, 422, "and the name is taken again");
    assert_eq!(
        shared.rpc(&laptop, "session", &json!({})).status,
        200,
        "by them"
    );
    assert_eq!(
        shared.served.rpc("guest_free", &free).status,
        404,
        "who is no more is not freed"
    );
    shared.join("Cathy");
}

#[test]
fn a_guests_images_are_few_and_wanted() {
    let shared = Shared::start();
    let (writer, reader) = (shared.join("Debby"), shared.join("Robin"));
    shared.served.ok(
        "guest_right",
        &json!({ "guest": shared.guest("Robin")["id"], "right": "viewer" }),
    );
    let mut stream = TcpStream::connect(("127.0.0.1", shared.port)).expect("it listens");
    stream
        .set_read_timeout(Some(PATIENCE))
        .expect("a socket has a timeout");
    let head = format!(
        "POST /blob HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n{}content-length: 9000000\r\n\r\n",
        shared.port,
        reader.header()
    );
    std::io::Write::write_all(&mut stream, head.as_bytes()).expect("it reads");
    let mut answer = [0; 12];
    std::io::Read::read_exact(&mut stream, &mut answer).expect("an answer");
    assert_eq!(
        &answer, b"HTTP/1.1 403",
        "a viewer is refused before the image is read"
    );
    let send = |bytes: &[u8]| shared.post("/blob", &writer.header(), bytes);
    for _ in 0..3 {
        assert_eq!(send(b"no image").status, 422, "what is none is not counted");
    }
    for at in 0..60 {
        assert_eq!(send(PNG).status, 200, "image {at} is taken");
    }
    let answer = send(PNG);
    assert!(
        answer.status == 403 && answer.text().contains("Ask the facilitator"),
        "a guest does not fill the disk: {}",
        answer.text()
    );
}

#[test]
fn one_guest_who_asks_much_at_once_waits_and_the_others_do_not() {
    let shared = Shared::start();
    let (busy, other) = (shared.join("Debby"), shared.join("Robin"));
    let request = json!({ "doc": shared.doc });
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..60)
            .map(|_| scope.spawn(|| shared.rpc(&busy, "row_authors", &request).status))
            .collect();
        for _ in 0..5 {
            assert_eq!(
                shared.rpc(&other, "meeting", &request).status,
                200,
                "others are answered meanwhile"
            );
        }
        asking
            .into_iter()
            .map(|one| one.join().expect("an answer"))
            .collect()
    });
    assert!(
        statuses.iter().all(|status| [200, 429].contains(status)) && statuses.contains(&200),
        "each is answered, or told to wait: {statuses:?}"
    );
    assert_eq!(
        shared.rpc(&busy, "row_authors", &request).status,
        200,
        "and then it goes on"
    );
}

#[test]
fn one_name_at_once_lets_one_in() {
    let shared = Shared::start();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let joining: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    shared
                        .ask_to_join(&json!({ "secret": shared.secret, "name": "Robin" }))
                        .status
                })
            })
            .collect();
        joining
            .into_iter()
            .map(|one| one.join().expect("an answer"))
            .collect()
    });
    assert_eq!(
        answers.iter().filter(|status| **status == 200).count(),
        1,
        "one Robin comes in, the others are asked for an initial: {answers:?}"
    );
    let view = shared.served.ok("directory", &json!({}));
    let robins = view["directory"]["people"]
        .as_array()
        .expect("people")
        .iter()
        .filter(|person| person["name"] == "Robin")
        .count();
    assert_eq!(robins, 1, "and one person was added");
}

#[test]
fn a_typed_code_lets_in_and_guessing_is_slowed() {
    let shared = Shared::start();
    let typed = shared.code.to_lowercase().replace(' ', "-");
    let answer = shared.ask_to_join(&json!({ "code": typed, "name": "Debby" }));
    assert_eq!(
        answer.status,
        200,
        "the code lets in, however it is typed: {}",
        answer.text()
    );
    let wrong = if shared.code == "CCC 222" {
        "DDD 333"
    } else {
        "CCC 222"
    };
    for _ in 0..5 {
        let answer = shared.ask_to_join(&json!({ "code": wrong, "name": "Eve" }));
        assert_eq!(
            answer.status,
            422,
            "a wrong code lets nobody in: {}",
            answer.text()
        );
        assert_eq!(
            read(&answer)["field"],
            "code",
            "and it is told what is wrong"
        );
    }
    for code in [wrong, &shared.code] {
        let answer = shared.ask_to_join(&json!({ "code": code, "name": "Eve" }));
        assert_eq!(
            answer.status,
            429,
            "whoever guesses has to wait: {}",
            answer.text()
        );
        let wait: u64 = answer
            .header("retry-after")
            .and_then(|seconds| seconds.parse().ok())
            .expect("it is told how long");
        assert!((1..=61).contains(&wait), "a minute at first: {wait}");
    }
    shared.join("Gary by link");
    let answer = shared.ask_to_join(&json!({ "secret": "0".repeat(32), "name": "Eve" }));
    assert_eq!(
        answer.status,
        403,
        "a wrong link is told apart: {}",
        answer.text()
    );
    for body in ["", "[", "{\"name\":1}", "null"] {
        assert_eq!(
            shared.post("/join", JSON, body.as_bytes()).status,
            422,
            "{body:?} is no way to join"
        );
    }
}

#[test]
fn a_locked_room_lets_nobody_in() {
    let shared = Shared::start();
    let inside = shared.join("Debby");
    shared.act(json!({ "type": "lock", "on": true }));
    for request in [
        json!({ "secret": shared.secret, "name": "Late Larry" }),
        json!({ "code": shared.code, "name": "Late Larry" }),
    ] {
        let answer = shared.ask_to_join(&request);
        assert_eq!(answer.status, 403, "the door is closed: {}", answer.text());
    }
    assert_eq!(
        shared.rpc(&inside, "session", &json!({})).status,
        200,
        "whoever is in stays in"
    );
    shared.act(json!({ "type": "lock", "on": false }));
    shared.join("Late Larry");
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_follow_at_once_and_a_viewers_edits_are_dropped() {
    let shared = Shared::start();
    let guest = shared.join("Debby");
    let id = shared.guest("Debby")["id"].clone();
    let mut host = shared.served.pipe(&shared.doc).await;
    host.sync_until("the title", |pipe| !pipe.title().is_empty())
        .await;
    let before = host.title();
    let mut pipe = shared.pipe(&guest).await;
    pipe.sync_until("the title", |pipe| pipe.title() == before)
        .await;
    let right = json!({ "guest": id, "right": "viewer" });
    let found = shared.served.ok("guest_right", &right);
    assert_eq!(
        found["share"]["guests"][0]["right"], "viewer",
        "the facilitator sees it: {found}"
    );
    assert_eq!(
        closed(&mut pipe).await,
        Some(1013),
        "what is open is closed, to be opened again"
    );
    let mut pipe = shared.pipe(&guest).await;
    pipe.sync_until("the title", |pipe| pipe.title() == before)
        .await;
    pipe.type_title(" by a viewer").await;
    host.type_title("!").await;
    let expected = format!("{before}!");
    host.sync_until("own words", |pipe| pipe.title() == expected)
        .await;
    // The viewer's frame went first on its own line; the answer to this one comes after it.
    pipe.sync_until("an answer", |pipe| pipe.title().contains('!'))
        .await;
    assert_eq!(
        shared
            .served
            .ok("postmortem_get", &json!({ "doc": shared.doc }))["title"],
        json!(expected),
        "what a viewer types is dropped"
    );
    assert_eq!(
        shared.post("/blob", &guest.header(), PNG).status,
        403,
        "nor does a viewer add images"
    );
    let draft = json!({ "doc": shared.doc, "act": { "type": "ready", "on": true } });
    assert_eq!(
        shared.rpc(&guest, "meeting_do", &draft).status,
        403,
        "nor take part in votes and marks"
    );
    shared
        .served
        .ok("guest_right", &json!({ "guest": id, "right": "editor" }));
    assert_eq!(
        closed(&mut pipe).await,
        Some(1013),
        "the way back is the same"
    );
    let mut pipe = shared.pipe(&guest).await;
    pipe.sync_until("the title", |pipe| pipe.title() == expected)
        .await;
    pipe.type_title("?").await;
    let expected = format!("{expected}?");
    host.sync_until("the guest's words", |pipe| pipe.title() == expected)
        .await;
    let answer = shared.served.rpc(
        "guest_right",
        &json!({ "guest": id, "right": "facilitator" }),
    );
    assert_eq!(
        answer.status,
        422,
        "leading is handed over, not given: {}",
        answer.text()
    );
    shared.served.ok("guest_remove", &json!({ "guest": id }));
    assert!(
        closed(&mut pipe).await.is_some(),
        "what a removed guest has open is closed"
    );
    for path in ["/events", &format!("/d/{}/ws", shared.doc)] {
        assert_eq!(
            shared.get(path, &guest.header()).status,
            401,
            "{path} is closed to them"
        );
    }
    assert_eq!(
        shared
            .rpc(&guest, "postmortem_get", &json!({ "doc": shared.doc }))
            .status,
        401,
        "a removed guest is a stranger"
    );
    let answer = shared.served.rpc("guest_remove", &json!({ "guest": id }));
    assert_eq!(answer.status, 404, "nobody is sent away twice");
    let answer = shared.ask_to_join(&json!({ "secret": shared.secret, "name": "Debby again" }));
    assert_eq!(
        answer.status, 403,
        "the link that they have lets nobody in any more"
    );
    let now = shared.served.ok("share_state", &json!({}))["share"].clone();
    assert!(
        now["code"] != json!(shared.code)
            && now["link"]
                .as_str()
                .is_some_and(|link| !link.contains(&shared.secret)),
        "there is a new link and a new code: {now}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_go_on_when_the_server_is_back() {
    let mut shared = Shared::start();
    let guest = shared.join("Debby");
    shared.served.ok(
        "guest_right",
        &json!({ "guest": shared.guest("Debby")["id"], "right": "viewer" }),
    );
    let (port, secret, code) = (shared.port, shared.secret.clone(), shared.code.clone());
    let kept = shared.served.home.data().join("share.json");
    let facts = std::fs::metadata(&kept).expect("what is needed for it is kept");
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&facts.permissions()) & 0o777,
        0o600,
        "for nobody else to read"
    );
    let text = std::fs::read_to_string(&kept).expect("it is text");
    let session = guest.cookie.split_once('=').expect("a pair").1;
    assert!(!text.contains(session), "sessions are kept as hashes alone");
    shared.served = shared.served.restarted();
    assert_eq!(
        shared.served.process.listening().len(),
        1,
        "no port opens by itself"
    );
    shared.share();
    assert_eq!(
        (shared.port, &shared.secret, &shared.code),
        (port, &secret, &code),
        "link and code are those of before"
    );
    assert_eq!(
        shared.rpc(&guest, "session", &json!({})).status,
        200,
        "and who had joined goes on"
    );
    assert_eq!(
        shared.guest("Debby")["right"],
        "viewer",
        "with the right they had"
    );
}

#[test]
fn a_stock_client_joins_and_both_write() {
    let shared = Shared::start();
    let guest = shared.join("Stock");
    let url = format!("ws://127.0.0.1:{}/d/{}/ws", shared.port, shared.doc);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let child = Command::new("node")
        .arg(root().join("tests/interop/guest.mjs"))
        .args([&url, &guest.cookie, " (stock)", " (host)"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("node starts");
    runtime.block_on(async {
        let mut host = shared.served.pipe(&shared.doc).await;
        host.sync_until("the guest's words", |pipe| {
            pipe.title().contains(" (stock)")
        })
        .await;
        host.type_title(" (host)").await;
        host.sync_until("both", |pipe| pipe.title().ends_with(" (host)"))
            .await;
    });
    let output = child.wait_with_output().expect("node ends");
    let title = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        title.contains(" (stock)") && title.contains(" (host)"),
        "both see both: {title}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_guest_harms_nobody() {
    let shared = Shared::start();
    let good = shared.join("Good");
    let bad = shared.join("Bad");
    let mut witness = shared.pipe(&good).await;
    witness
        .sync_until("the title", |pipe| !pipe.title().is_empty())
        .await;
    let title = witness.title();
    // Bytes that mean nothing, of many lengths, from a fixed seed.
    let mut seed: u32 = 7;
    for length in 0..60 {
        let Ok(mut pipe) = Pipe::open(shared.request_of(&bad, &shared.doc)).await else {
            panic!("the room goes on after {length} bytes of garbage");
        };
        let garbage: Vec<u8> = (0..length * 7)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            })
            .collect();
        // The server may have closed already.
        let _ = pipe.socket.send(Message::Binary(garbage.into())).await;
        let _ = pipe.socket.send(Message::Text("hello".into())).await;
    }
    let mut pipe = shared.pipe(&bad).await;
    let huge = Message::Binary(vec![0; 100 * 1024 * 1024].into());
    let _ = tokio::time::timeout(PATIENCE, pipe.socket.send(huge))
        .await
        .expect("it is not waited for");
    closed(&mut pipe).await;
    let mut pipe = shared.pipe(&bad).await;
    for client in 1..=10_000_u64 {
        let state = b"{\"user\":{\"name\":\"Crowd\"}}";
        let mut update = vec![1];
        number_into(&mut update, client);
        number_into(&mut update, 1);
        number_into(&mut update, state.len() as u64);
        update.extend_from_slice(state);
        if pipe
            .socket
            .send(Message::Binary(framed(&[1], &update).into()))
            .await
            .is_err()
        {
            break;
        }
    }
    drop(pipe);
    for doc in [shared.other.as_str(), "directory"] {
        match Pipe::open(shared.request_of(&bad, doc)).await {
            Err(tungstenite::Error::Http(answer)) => {
                assert_eq!(answer.status(), 404, "updates for {doc} have no way in")
            }
            _ => panic!("{doc} must be closed to a guest"),
        }
    }
    witness.sync_until("the room to answer", |_| true).await;
    witness.type_title("!").await;
    let expected = format!("{title}!");
    let mut host = shared.served.pipe(&shared.doc).await;
    host.sync_until("what the good one wrote", |pipe| pipe.title() == expected)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_guests_come_at_once() {
    let shared = Arc::new(Shared::start());
    let mut coming = tokio::task::JoinSet::new();
    for at in 0..200 {
        let shared = Arc::clone(&shared);
        coming.spawn(async move {
            let room = Arc::clone(&shared);
            let guest = tokio::task::spawn_blocking(move || room.join(&format!("Guest {at}")))
                .await
                .expect("each comes in");
            let mut pipe = shared.pipe(&guest).await;
            pipe.sync_until("the title", |pipe| !pipe.title().is_empty())
                .await;
            pipe
        });
    }
    let mut pipes = coming.join_all().await;
    let found = shared.served.ok("share_state", &json!({}));
    let guests = found["share"]["guests"].as_array().expect("guests");
    assert!(
        guests.len() == 200 && guests.iter().all(|guest| guest["connected"] == true),
        "the facilitator sees them all"
    );
    let people: BTreeSet<&str> = guests
        .iter()
        .filter_map(|guest| guest["person"].as_str())
        .collect();
    assert_eq!(people.len(), 200, "each is somebody");
    let started = std::time::Instant::now();
    pipes[0].type_title(" by the first").await;
    let last = pipes.len() - 1;
    while !pipes[last].title().ends_with(" by the first") {
        assert!(pipes[last].take().await, "the last one hears the first");
    }
    assert!(
        started.elapsed() < PATIENCE,
        "soon: {:?} (looked at every {GLANCE:?})",
        started.elapsed()
    );
}

#[test]
fn a_guest_who_facilitates_ends_the_meeting_and_the_sharing_with_it() {
    let shared = Shared::start();
    let guest = shared.join("Debby");
    let act = |act: Value| {
        let request = json!({ "doc": shared.doc, "act": act });
        shared.rpc(&guest, "meeting_do", &request)
    };
    let answer = act(json!({ "type": "end" }));
    assert_eq!(
        answer.status,
        403,
        "a guest leads only once it is handed over: {}",
        answer.text()
    );
    let me = shared.guest("Debby")["person"].clone();
    shared.rpc(
        &guest,
        "meeting_do",
        &json!({ "doc": shared.doc, "act": { "type": "arrive" } }),
    );
    shared.act(json!({ "type": "hand_over", "to": me }));
    let answer = act(json!({ "type": "lock", "on": true }));
    assert_eq!(
        read(&answer)["meeting"]["right"],
        "facilitator",
        "then they lead: {}",
        answer.text()
    );
    for command in [
        "share_state",
        "share_stop",
        "guest_remove",
        "guest_right",
        "guest_free",
    ] {
        let request = json!({ "guest": shared.guest("Debby")["id"], "right": "editor" });
        assert_eq!(
            shared.rpc(&guest, command, &request).status,
            403,
            "the port stays the host's: {command}"
        );
    }
    let answer = act(json!({ "type": "end" }));
    assert_eq!(
        answer.status,
        200,
        "the page that ends it is answered: {}",
        answer.text()
    );
    until("the port to close with the meeting", || {
        (!shared.is_open()).then_some(())
    });
}

#[test]
fn votes_and_answers_of_a_place_that_is_nobodys_count_no_more() {
    let shared = Shared::start();
    shared.act(json!({ "type": "begin_voting", "each": 2 }));
    shared.act(json!({ "type": "ask" }));
    for command in ["guest_free", "guest_remove"] {
        // The link is a new one once somebody was sent away.
        let found = shared.served.ok("share_state", &json!({}));
        let code = found["share"]["code"].clone();
        let answer = shared.ask_to_join(&json!({ "code": code, "name": "Debby" }));
        let guest = Guest::of(&answer);
        for act in [
            json!({ "type": "vote", "row": "f1", "on": true }),
            json!({ "type": "answer", "yes": true }),
        ] {
            let request = json!({ "doc": shared.doc, "act": act });
            let answer = shared.rpc(&guest, "meeting_do", &request);
            assert_eq!(answer.status, 200, "a guest may: {}", answer.text());
        }
        let counts = || {
            let found = shared.served.ok("meeting", &json!({ "doc": shared.doc }));
            let meeting = &found["meeting"];
            (
                meeting["voting"]["voters"].as_u64(),
                meeting["question"]["answered"].as_u64(),
            )
        };
        assert_eq!(counts(), (Some(1), Some(1)), "she is counted once");
        let id = shared.guest("Debby")["id"].clone();
        shared.served.ok(command, &json!({ "guest": id }));
        assert_eq!(
            counts(),
            (Some(0), Some(0)),
            "{command}: whoever comes next votes and answers for themselves"
        );
    }
}

#[test]
fn the_link_of_a_review_that_ended_leads_into_no_later_one() {
    let shared = Shared::start();
    let guest = shared.join("Debby");
    shared.act(json!({ "type": "end" }));
    shared
        .served
        .ok("meeting_open", &json!({ "doc": shared.doc }));
    let answer = shared.ask_to_join(&json!({ "secret": shared.secret, "name": "Late Larry" }));
    assert_eq!(
        answer.status,
        403,
        "another review goes on, to which nobody was invited: {}",
        answer.text()
    );
    until("the port to close with the review that ended", || {
        (!shared.is_open()).then_some(())
    });
    drop(guest);
}

#[test]
fn trashing_the_postmortem_ends_the_sharing() {
    let shared = Shared::start();
    let guest = shared.join("Debby");
    shared
        .served
        .ok("postmortem_trash", &json!({ "doc": shared.doc }));
    let answer = shared.ask_to_join(&json!({ "secret": shared.secret, "name": "Late Larry" }));
    assert_eq!(
        answer.status,
        403,
        "nobody joins any more: {}",
        answer.text()
    );
    until("the port to close", || (!shared.is_open()).then_some(()));
    drop(guest);
    let shown = shared.served.ok("share_state", &json!({}));
    assert_eq!(shown["share"], Value::Null, "nothing is shared any more");
}

/// Takes every certificate and remembers it, as a guest does who compares its fingerprint.
#[derive(Debug)]
struct Seen {
    provider: CryptoProvider,
    certificate: Mutex<Vec<u8>>,
}

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.certificate.lock().expect("nobody panics here") = certificate.to_vec();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_meeting_is_the_computer_that_the_link_names() {
    let shared = Shared::start();
    let plain_port = shared.port;
    let found = shared.start_with("own");
    let share = &found["share"];
    let port = u16::try_from(share["port"].as_u64().expect("a port")).expect("a port");
    assert_eq!(port, plain_port, "the port stays the same");
    let fingerprint = share["fingerprint"].as_str().expect("a fingerprint");
    let link = share["link"].as_str().expect("a link");
    assert!(
        link.starts_with(&format!("https://127.0.0.1:{port}/#join="))
            && link.ends_with(&format!("&fp={fingerprint}")),
        "the link names the certificate: {link}"
    );
    let seen = Arc::new(Seen {
        provider: ring::default_provider(),
        certificate: Mutex::default(),
    });
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the usual versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&seen) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    let connect = || async {
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .expect("it listens");
        let name = ServerName::try_from("127.0.0.1").expect("an address is a name");
        connector
            .connect(name, stream)
            .await
            .expect("both agree on the encryption")
    };
    let mut stream = connect().await;
    let secret = link
        .split_once("#join=")
        .and_then(|(_, rest)| rest.split('&').next())
        .expect("the secret is in the fragment");
    let body = json!({ "secret": secret, "name": "Debby" }).to_string();
    let head = format!(
        "POST /join HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\norigin: https://127.0.0.1:{port}\r\n{JSON}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream
        .write_all(format!("{head}{body}").as_bytes())
        .await
        .expect("it reads");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(
        answer.starts_with("HTTP/1.1 200"),
        "a guest joins: {answer}"
    );
    let cookie = answer
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .expect("a cookie");
    assert!(
        cookie.starts_with("__Host-") && cookie.contains("Secure"),
        "the cookie never travels in plain, and nothing in plain replaces it: {cookie}"
    );
    let certificate = seen.certificate.lock().expect("nobody panics here").clone();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&certificate);
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digits, fingerprint, "the fingerprint is the certificate's");
    let url = format!("wss://127.0.0.1:{port}/d/{}/ws", shared.doc);
    let mut request = url.into_client_request().expect("a request");
    let pair = cookie.split(';').next().expect("a pair");
    request
        .headers_mut()
        .insert("cookie", pair.parse().expect("a cookie"));
    let (mut socket, _) = tokio_tungstenite::client_async(request, connect().await)
        .await
        .expect("the pipe opens");
    socket
        .send(Message::Binary(vec![0, 0, 1, 0].into()))
        .await
        .expect("it takes frames");
    let word = tokio::time::timeout(PATIENCE, socket.next())
        .await
        .expect("the room answers");
    assert!(
        matches!(word, Some(Ok(Message::Binary(_)))),
        "documents travel encrypted, too: {word:?}"
    );
    let mut plain = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    plain
        .set_read_timeout(Some(PATIENCE))
        .expect("a socket has a timeout");
    let head = format!("GET / HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n");
    std::io::Write::write_all(&mut plain, head.as_bytes()).expect("it reads");
    let mut bytes = Vec::new();
    let _ = std::io::Read::read_to_end(&mut plain, &mut bytes);
    assert!(
        !String::from_utf8_lossy(&bytes).contains("HTTP/1.1"),
        "nothing is answered in plain"
    );
}

/// Opens the example's review in an app and shares it on this computer; gives its postmortem, the link and the port.
async fn share_in(app: &App) -> (String, String, u16) {
    let list = app.home.debrief_ok(&["list", "--json"]);
    let list: Value = serde_json::from_str(&list).expect("JSON");
    let doc = list["rows"][0]["id"]
        .as_str()
        .expect("the example")
        .to_owned();
    app.rpc("set_me", json!({ "person": null, "name": "Hanna Host" }))
        .await;
    app.rpc("meeting_open", json!({ "doc": doc })).await;
    let found = app
        .rpc(
            "share_start",
            json!({ "doc": doc, "address": "127.0.0.1", "encryption": "plain" }),
        )
        .await;
    let share = &found["share"];
    let port = share["port"].as_u64().expect("a port");
    (
        doc,
        share["link"].as_str().expect("a link").to_owned(),
        u16::try_from(port).expect("a port"),
    )
}

#[tokio::test]
async fn a_guest_joins_on_a_phone() {
    let home = Home::new();
    home.debrief_ok(&["demo"]);
    let app = App::open(Shell::Browser, home).await;
    let (doc, link, _) = share_in(&app).await;
    app.resize(390, 844).await;
    app.js("location.href = arguments[0]", vec![json!(link)])
        .await;
    app.see("heading", "Join the review").await;
    app.see_focus("textbox", "Your name").await;
    assert_eq!(app.accessibility().await, [""; 0], "anybody can join");
    app.press(&[key::ENTER]).await;
    app.see_text("Say your name, so that the others know who writes.")
        .await;
    app.type_text("Debby Guest").await;
    app.press(&[key::ENTER]).await;
    app.see_text("Connected to").await;
    let hash = app.js("return location.hash", vec![]).await;
    let hash = hash.as_str().expect("an address").to_owned();
    assert!(
        hash.contains(&doc) && hash.ends_with("/review"),
        "a guest is in the review, and the secret is gone from the address: {hash}"
    );
    let shown = app.home.debrief_ok(&["show", &doc, "--json"]);
    assert!(
        shown.contains("Debby Guest"),
        "who joins takes part in the review"
    );
    app.go("#/settings").await;
    app.until_js(
        "the page to go back to the review",
        "return location.hash === arguments[0]",
        vec![json!(hash)],
    )
    .await;
    app.js("location.href = location.origin + '/?again'", vec![])
        .await;
    app.see_text("Connected to").await;
}

#[tokio::test]
async fn what_a_guest_could_not_send_comes_along_to_the_new_address() {
    let home = Home::new();
    home.debrief_ok(&["demo"]);
    let app = App::open(Shell::Browser, home).await;
    let interfaces = app.rpc("share_interfaces", json!({})).await;
    let other = interfaces["interfaces"]
        .as_array()
        .expect("interfaces")
        .iter()
        .filter_map(|interface| interface["address"].as_str())
        .find(|address| *address != "127.0.0.1")
        .expect("every computer has two addresses, ::1 at least")
        .to_owned();
    let (doc, link, _) = share_in(&app).await;
    let guest = App::guest(&link, true).await;
    guest.see_focus("textbox", "Your name").await;
    guest.type_text("Debby Guest").await;
    guest.press(&[key::ENTER]).await;
    guest.see_text("Connected to").await;
    let found = app
        .rpc(
            "share_start",
            json!({ "doc": doc, "address": other, "encryption": "plain" }),
        )
        .await;
    let link = found["share"]["link"].as_str().expect("a link").to_owned();
    guest.focus("textbox", "Your parked item").await;
    guest.type_text("Written while out of reach").await;
    guest.press(&[key::ENTER]).await;
    guest.see("textbox", "The new link").await;
    assert_eq!(
        guest.accessibility().await,
        [""; 0],
        "the way out is for all"
    );
    guest.focus("textbox", "The new link").await;
    guest.type_text(&link).await;
    guest.press(&[key::ENTER]).await;
    guest
        .see_text("What you wrote at the old address comes along.")
        .await;
    guest.see_focus("textbox", "Your name").await;
    guest.type_text("Debby Guest").await;
    guest.press(&[key::ENTER]).await;
    guest.see_text("Connected to").await;
    until("the host to have it", || {
        let shown = app.home.debrief_ok(&["show", &doc, "--json"]);
        shown.contains("Written while out of reach").then_some(())
    });
}

#[tokio::test]
async fn the_desktop_app_shares_the_screens_that_it_shows() {
    let home = Home::new();
    home.debrief_ok(&["demo"]);
    let app = App::open(Shell::Window, home).await;
    let (_, link, port) = share_in(&app).await;
    let get = |path: &str| {
        exchange(
            port,
            &format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n"),
            b"",
        )
    };
    let page = get("/");
    assert!(
        page.status == 200 && page.text().contains("<meta name=\"debrief-guest\">"),
        "guests get the page, which knows whom it is for: {}",
        page.text()
    );
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.contains("script-src 'self'") && !policy.contains("unsafe"),
        "under a closed policy: {policy}"
    );
    let text = page.text();
    let script = text
        .split("src=\"./")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("the page has a script");
    let script = get(&format!("/{script}"));
    assert!(
        script.status == 200 && script.body.len() > 10_000,
        "and its code: {}",
        script.status
    );
    let secret = link
        .split_once("#join=")
        .expect("the secret is in the fragment")
        .1;
    let body = json!({ "secret": secret, "name": "Debby" }).to_string();
    let joined = exchange(
        port,
        &format!("POST /join HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n{JSON}"),
        body.as_bytes(),
    );
    assert_eq!(joined.status, 200, "a guest joins: {}", joined.text());
    app.rpc("share_stop", json!({})).await;
    let is_open = || TcpStream::connect(("127.0.0.1", port)).is_ok();
    assert!(!is_open(), "the port is closed when the answer is there");
    let (_, _, port) = share_in(&app).await;
    let is_open = || TcpStream::connect(("127.0.0.1", port)).is_ok();
    assert!(is_open(), "it opens again");
    app.close().await;
    assert!(!is_open(), "and closes with the window");
}
