//! `debrief serve` as a stranger, a browser and a Yjs client meet it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{self, Message};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Doc, GetString, ReadTxn, StateVector, Text, Transact, Update};

use crate::programs::{Group, Home, PATIENCE, program, signal, until};

/// A running server and what it printed.
pub struct Served {
    pub home: Home,
    pub process: Group,
    pub port: u16,
    pub token: String,
}

impl Served {
    pub fn start() -> Self {
        Self::start_in(Home::new())
    }

    fn start_in(home: Home) -> Self {
        Self::start_at(home, 0)
    }

    /// Ends the server as a crash would, and starts it where it was.
    pub fn restarted(self) -> Self {
        self.killed(|_| ())
    }

    /// As [`Self::restarted`], with a look at what it left.
    pub fn killed(mut self, look: impl FnOnce(&Self)) -> Self {
        signal("KILL", &format!("-{}", self.process.0.id()));
        self.process.0.wait().expect("a killed server ends");
        look(&self);
        let Self {
            home,
            process,
            port,
            ..
        } = self;
        drop(process);
        Self::start_at(home, port)
    }

    fn start_at(home: Home, port: u16) -> Self {
        let ui = home.path().join("ui");
        std::fs::create_dir_all(ui.join("assets")).expect("a folder for the screens");
        let index = "<!doctype html><style>body{margin:0}</style><script type=module src=assets/a.js></script>";
        std::fs::write(ui.join("index.html"), index).expect("a page");
        std::fs::write(ui.join("assets/a.js"), "export {};").expect("an asset");
        std::fs::write(ui.join(".secret"), "hidden").expect("a hidden file");
        std::fs::write(home.path().join("outside.txt"), "outside")
            .expect("a file beside the screens");
        if !ui.join("link.txt").is_symlink() {
            std::os::unix::fs::symlink(home.path().join("outside.txt"), ui.join("link.txt"))
                .expect("a link that leads out");
        }
        let mut command = home.command(program("debrief"));
        command
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--ui"])
            .arg(&ui)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut process = Group::start(&mut command);
        let output = process.0.stdout.take().expect("its output was piped");
        let line = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .next()
            .expect("one line when it is ready");
        let link = line
            .strip_prefix("Debrief is at http://127.0.0.1:")
            .expect("the line names the address");
        let (port, token) = link
            .split_once("/#token=")
            .expect("the link holds the token");
        let port = port.parse().expect("a port");
        Self {
            home,
            process,
            port,
            token: token.to_owned(),
        }
    }

    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Sends a request as it stands and gives the answer.
    fn raw(&self, head: &str, body: &[u8]) -> Answer {
        exchange(self.port, head, body)
    }

    pub fn get(&self, path: &str, headers: &str) -> Answer {
        self.raw(
            &format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{headers}", self.host()),
            b"",
        )
    }

    pub fn post(&self, path: &str, headers: &str, body: &[u8]) -> Answer {
        self.raw(
            &format!("POST {path} HTTP/1.1\r\nhost: {}\r\n{headers}", self.host()),
            body,
        )
    }

    pub fn bearer(&self) -> String {
        format!("authorization: Bearer {}\r\n", self.token)
    }

    /// A command's answer, with the token.
    pub fn rpc(&self, name: &str, request: &Value) -> Answer {
        let headers = format!("{}content-type: application/json\r\n", self.bearer());
        self.post(
            &format!("/rpc/{name}"),
            &headers,
            request.to_string().as_bytes(),
        )
    }

    pub fn ok(&self, name: &str, request: &Value) -> Value {
        let answer = self.rpc(name, request);
        assert_eq!(answer.status, 200, "{name} must succeed: {}", answer.text());
        serde_json::from_slice(&answer.body).expect("JSON")
    }

    /// Opens the document pipe.
    pub async fn pipe(&self, doc: &str) -> Pipe {
        let url = format!("ws://{}/d/{doc}/ws?token={}", self.host(), self.token);
        Pipe::open(url).await.expect("the pipe opens")
    }
}

/// Sends a request as it stands to a port of this computer and gives the answer.
pub fn exchange(port: u16, head: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream
        .set_read_timeout(Some(PATIENCE))
        .expect("a socket has a timeout");
    let head = format!(
        "{head}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("the server reads");
    // A server that refuses early may close before it has read everything.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let split = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("an HTTP answer");
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .expect("a status line");
    Answer {
        status,
        head,
        body: bytes[split + 4..].to_vec(),
    }
}

/// What a server answered.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    }
}

/// A small Yjs client.
pub struct Pipe {
    pub socket: tokio_tungstenite::WebSocketStream<
        tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>,
    >,
    doc: Doc,
    stored: u64,
}

impl Pipe {
    /// Opens a document pipe by a request.
    pub async fn open(
        request: impl tungstenite::client::IntoClientRequest + Unpin,
    ) -> Result<Self, tungstenite::Error> {
        let (socket, _) = tokio_tungstenite::connect_async(request).await?;
        Ok(Self {
            socket,
            doc: Doc::new(),
            stored: 0,
        })
    }

    pub async fn send(&mut self, frame: Vec<u8>) {
        self.socket
            .send(Message::Binary(frame.into()))
            .await
            .expect("the pipe takes frames");
    }

    /// Takes in one frame. Gives false when the server closed.
    pub async fn take(&mut self) -> bool {
        let message = tokio::time::timeout(PATIENCE, self.socket.next())
            .await
            .expect("the server says something");
        match message {
            Some(Ok(Message::Binary(frame))) => {
                self.read(&frame).await;
                true
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => true,
            _ => false,
        }
    }

    async fn read(&mut self, mut frame: &[u8]) {
        match number(&mut frame) {
            0 => match number(&mut frame) {
                0 => {
                    let vector = StateVector::decode_v1(bytes(&mut frame)).expect("a state vector");
                    let update = self.doc.transact().encode_state_as_update_v1(&vector);
                    self.send(framed(&[0, 1], &update)).await;
                }
                1 | 2 => {
                    let update = Update::decode_v1(bytes(&mut frame)).expect("an update");
                    self.doc
                        .transact_mut()
                        .apply_update(update)
                        .expect("an update that fits");
                }
                other => panic!("unknown sync message {other}"),
            },
            120 => self.stored = number(&mut frame),
            _ => {}
        }
    }

    /// Asks for everything and takes frames until the condition holds.
    pub async fn sync_until(&mut self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let vector = self.doc.transact().state_vector().encode_v1();
        self.send(framed(&[0, 0], &vector)).await;
        let started = Instant::now();
        while !holds(self) {
            assert!(started.elapsed() < PATIENCE, "waited in vain for {what}");
            assert!(
                self.take().await,
                "the pipe closed while waiting for {what}"
            );
        }
    }

    pub fn title(&self) -> String {
        let title = self.doc.get_or_insert_text("title");
        title.get_string(&self.doc.transact())
    }

    /// Types at the end of the title and sends the edit.
    pub async fn type_title(&mut self, words: &str) {
        let title = self.doc.get_or_insert_text("title");
        let update = {
            let mut edit = self.doc.transact_mut();
            let end = title.len(&edit);
            title.insert(&mut edit, end, words);
            edit.encode_update_v1()
        };
        self.send(framed(&[0, 2], &update)).await;
    }
}

fn number(frame: &mut &[u8]) -> u64 {
    let mut value = 0;
    for at in 0.. {
        let (byte, rest) = frame.split_first().expect("a whole frame");
        *frame = rest;
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}

fn bytes<'a>(frame: &mut &'a [u8]) -> &'a [u8] {
    let length = usize::try_from(number(frame)).expect("a length");
    let (bytes, rest) = frame.split_at(length);
    *frame = rest;
    bytes
}

pub fn number_into(frame: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        frame.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    frame.push(value as u8);
}

pub fn framed(head: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut frame = head.to_vec();
    number_into(&mut frame, bytes.len() as u64);
    frame.extend_from_slice(bytes);
    frame
}

pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n the rest does not matter here";

#[test]
fn without_the_token_nothing_is_told() {
    let served = Served::start();
    let doc = served.ok("demo_new", &json!({}))["doc"]
        .as_str()
        .expect("an id")
        .to_owned();
    let json = "content-type: application/json\r\n";
    for path in [
        "/events",
        &format!("/d/{doc}/ws"),
        &format!("/blob/{}", "0".repeat(64)),
        &format!("/preview/{doc}"),
        &format!("/download/{doc}.md"),
    ] {
        let wrong = "authorization: Bearer 0123\r\ncookie: debrief=x\r\n";
        for (headers, who) in [("", "nobody"), (wrong, "a wrong token")] {
            let answer = served.get(path, headers);
            assert_eq!(
                answer.status,
                401,
                "{path} is closed to {who}: {}",
                answer.text()
            );
        }
        assert_eq!(
            served.get(&format!("{path}?token=x"), "").status,
            401,
            "{path} is closed to a wrong token in its query"
        );
    }
    for (path, body) in [
        ("/rpc/session", "{}"),
        ("/rpc/no_such", "{}"),
        ("/blob", "x"),
    ] {
        assert_eq!(
            served.post(path, json, body.as_bytes()).status,
            401,
            "{path} is closed to nobody"
        );
    }
    let wrong = served.post("/session", json, br#"{"token":"0123"}"#);
    assert_eq!(wrong.status, 401, "a wrong token buys no session");
    assert_eq!(
        served.get("/readyz", "").status,
        200,
        "whether it is ready is no secret"
    );
}

#[test]
fn a_page_goes_on_when_the_server_is_back() {
    let served = Served::start();
    let token = served.token.clone();
    let answer = served.post(
        "/session",
        "content-type: application/json\r\n",
        json!({ "token": token }).to_string().as_bytes(),
    );
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    let cookie = cookie.split(';').next().expect("a pair");
    let served = served.restarted();
    assert_eq!(
        served.token, token,
        "the link of before still opens, so a bookmark keeps its worth"
    );
    let headers = format!("cookie: {cookie}\r\ncontent-type: application/json\r\n");
    let answer = served.post("/rpc/session", &headers, b"{}");
    assert_eq!(
        answer.status,
        200,
        "a page that was open may hand in what waited: {}",
        answer.text()
    );
    let kept = served.home.path().join("data/serve-token");
    let kept = std::fs::metadata(&kept)
        .or_else(|_| std::fs::metadata(served.home.path().join("serve-token")))
        .expect("the secret is kept in the data folder");
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&kept.permissions()) & 0o777,
        0o600,
        "nobody else may read it"
    );
}

#[test]
fn the_link_buys_a_session_that_scripts_cannot_read() {
    let served = Served::start();
    let body = json!({ "token": served.token }).to_string();
    let answer = served.post(
        "/session",
        "content-type: application/json\r\n",
        body.as_bytes(),
    );
    assert_eq!(
        answer.status,
        204,
        "the token of the link opens a session: {}",
        answer.text()
    );
    let cookie = answer.header("set-cookie").expect("a cookie");
    for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(word), "the cookie is {word}: {cookie}");
    }
    let cookie = format!(
        "cookie: other=1; {}\r\n",
        cookie.split(';').next().expect("a pair")
    );
    let headers = format!(
        "{cookie}content-type: application/json\r\norigin: http://{}\r\n",
        served.host()
    );
    let answer = served.post("/rpc/session", &headers, b"{}");
    assert_eq!(
        answer.status,
        200,
        "the cookie opens commands: {}",
        answer.text()
    );
    let session: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(session["shell"], "browser", "it knows where it runs");
    assert_eq!(
        session["workspace"], "workspace.debrief",
        "a browser is not told where the file lies"
    );
}

#[test]
fn other_names_and_other_sites_are_refused() {
    let served = Served::start();
    for host in [
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "127.0.0.1",
        &format!("10.0.0.1:{}", served.port),
    ] {
        for path in ["/", "/readyz", "/rpc/session"] {
            let answer = served.raw(
                &format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{}", served.bearer()),
                b"",
            );
            assert_eq!(
                answer.status, 403,
                "{path} under the name {host} is refused (DNS rebinding)"
            );
        }
    }
    let named = served.raw(
        &format!(
            "GET /readyz HTTP/1.1\r\nhost: localhost:{}\r\n",
            served.port
        ),
        b"",
    );
    assert_eq!(named.status, 200, "localhost is this computer");
    for origin in [
        "http://evil.example",
        "null",
        "https://127.0.0.1",
        &format!("http://localhost:{}", served.port + 1),
    ] {
        let headers = format!(
            "{}content-type: application/json\r\norigin: {origin}\r\n",
            served.bearer()
        );
        let answer = served.post("/rpc/session", &headers, b"{}");
        assert_eq!(
            answer.status,
            403,
            "a page of {origin} is refused: {}",
            answer.text()
        );
    }
    let headers = format!("{}content-type: text/plain\r\n", served.bearer());
    assert_eq!(
        served.post("/rpc/session", &headers, b"{}").status,
        415,
        "a form's content type is refused"
    );
}

#[test]
fn screens_come_with_a_closed_policy_and_nothing_else_is_served() {
    let served = Served::start();
    let (one, two) = (served.get("/", ""), served.get("/", ""));
    let policy = one.header("content-security-policy").expect("a policy");
    let nonce = policy
        .split("'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .expect("a nonce");
    assert!(
        one.text().contains(&format!("<style nonce=\"{nonce}\"")),
        "the page's own style carries the nonce"
    );
    assert!(
        !two.text().contains(nonce),
        "the nonce is new in every answer"
    );
    for word in [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(word), "the policy says {word}: {policy}");
    }
    assert!(
        !policy.contains("unsafe"),
        "nothing unsafe is allowed: {policy}"
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(one.header(name).as_deref(), Some(value), "{name} is set");
    }
    let asset = served.get("/assets/a.js", "");
    assert_eq!(asset.status, 200, "an asset is served");
    assert_eq!(
        asset.header("content-type").as_deref(),
        Some("text/javascript; charset=utf-8"),
        "as what it is"
    );
    for path in [
        "/../outside.txt",
        "/assets/../../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/..\\outside.txt",
        "/.secret",
        "/link.txt",
        "//etc/passwd",
        "/assets",
        "/nowhere.txt",
    ] {
        let answer = served.get(path, "");
        assert_eq!(
            answer.status,
            404,
            "{path} is not served: {}",
            answer.text()
        );
    }
}

#[test]
fn bodies_are_bounded_and_images_are_images() {
    let served = Served::start();
    let bearer = served.bearer();
    let large = vec![b' '; 5 * 1024 * 1024];
    let answer = served.post(
        "/rpc/session",
        &format!("{bearer}content-type: application/json\r\n"),
        &large,
    );
    assert_eq!(answer.status, 413, "a huge request is refused");
    let answer = served.post("/blob", &bearer, &vec![0; 10 * 1024 * 1024 + 1]);
    assert_eq!(answer.status, 413, "a huge image is refused");
    let answer = served.post("/blob", &bearer, b"<svg onload=alert(1)>");
    assert_eq!(
        answer.status,
        422,
        "what is no image is refused, whatever it claims to be: {}",
        answer.text()
    );
    let answer = served.post("/blob", &bearer, PNG);
    assert_eq!(answer.status, 200, "an image is kept: {}", answer.text());
    let hash: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let image = served.get(
        &format!("/blob/{}", hash["hash"].as_str().expect("a hash")),
        &bearer,
    );
    assert_eq!(
        (image.status, image.body.as_slice()),
        (200, PNG),
        "and given back as it was"
    );
    assert_eq!(
        image.header("content-type").as_deref(),
        Some("image/png"),
        "as the image that it is"
    );
    assert!(
        image
            .header("content-security-policy")
            .is_some_and(|policy| policy.contains("sandbox")),
        "it can run nothing"
    );
    for path in [
        "/blob/..%2f..%2fetc%2fpasswd",
        "/blob/xyz",
        &format!("/blob/{}", "0".repeat(64)),
    ] {
        assert_eq!(
            served.get(path, &bearer).status,
            404,
            "{path} is no image here"
        );
    }
}

#[test]
fn commands_previews_and_downloads() {
    let served = Served::start();
    let doc = served.ok("demo_new", &json!({}))["doc"]
        .as_str()
        .expect("an id")
        .to_owned();
    let unknown = served.rpc("no_such_command", &json!({}));
    assert_eq!(unknown.status, 404, "an unknown command is not found");
    let error: Value = serde_json::from_slice(&unknown.body).expect("an error is JSON");
    assert_eq!(
        error["code"], "not_found",
        "with a code for the page: {error}"
    );
    let invalid = served.rpc("postmortem_new", &json!({ "timezone": "Mars/Olympus" }));
    let error: Value = serde_json::from_slice(&invalid.body).expect("an error is JSON");
    assert_eq!(
        (invalid.status, &error["field"]),
        (422, &json!("timezone")),
        "an error names its field: {error}"
    );
    for command in ["export_save", "workspace_backup"] {
        let request = json!({ "doc": doc, "format": "md", "path": served.home.path().join("x").to_string_lossy() });
        let refused = served.rpc(command, &request);
        assert_eq!(
            refused.status,
            403,
            "a browser writes no files here: {command} {}",
            refused.text()
        );
    }
    let preview = served.get(&format!("/preview/{doc}"), &served.bearer());
    let policy = preview.header("content-security-policy").expect("a policy");
    assert_eq!(preview.status, 200, "the preview is a page");
    assert!(
        policy.contains("sandbox") && !policy.contains("script-src"),
        "which can run nothing: {policy}"
    );
    assert!(
        policy.contains("frame-ancestors 'self'"),
        "and is framed by our page alone: {policy}"
    );
    let download = served.get(&format!("/download/{doc}.md"), &served.bearer());
    let disposition = download.header("content-disposition").expect("a file name");
    assert!(
        disposition.starts_with("attachment; filename=\"2026-11-10-"),
        "a download has a name: {disposition}"
    );
    assert!(
        download.text().starts_with("---") || download.text().starts_with('#'),
        "and is the Markdown export"
    );
    assert_eq!(
        served.get("/download/nothing", &served.bearer()).status,
        404,
        "other names are not found"
    );
}

#[test]
fn only_this_computer_is_listened_to() {
    let home = Home::new();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let output = home.debrief(&["serve", "--listen", address]);
        assert_eq!(output.status.code(), Some(2), "{address} is refused");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            told.contains("this computer alone"),
            "with the reason: {told}"
        );
    }
}

#[tokio::test]
async fn two_clients_write_together_and_stored_is_told() {
    let served = Served::start();
    let doc = served.ok("postmortem_new", &json!({ "title": "Mail" }))["doc"]
        .as_str()
        .expect("an id")
        .to_owned();
    let (mut one, mut two) = (served.pipe(&doc).await, served.pipe(&doc).await);
    one.send(vec![120]).await;
    one.sync_until("the title", |pipe| pipe.title() == "Mail")
        .await;
    two.sync_until("the title", |pipe| pipe.title() == "Mail")
        .await;
    let before = one.stored;
    one.type_title(" queue").await;
    two.sync_until("the other's words", |pipe| pipe.title() == "Mail queue")
        .await;
    while one.stored <= before {
        assert!(one.take().await, "the pipe stays open");
    }
    let got = served.ok("postmortem_get", &json!({ "doc": doc }));
    assert_eq!(got["title"], "Mail queue", "commands see what was typed");
    let wrong = format!(
        "ws://{}/d/no-such-document/ws?token={}",
        served.host(),
        served.token
    );
    match tokio_tungstenite::connect_async(wrong).await {
        Err(tungstenite::Error::Http(answer)) => {
            assert_eq!(answer.status(), 404, "an unknown document is not found")
        }
        other => panic!("an unknown document must be refused before there is a socket: {other:?}"),
    }
    one.send(vec![0, 2, 200]).await;
    while one.take().await {}
    two.type_title("!").await;
    two.sync_until("own words", |pipe| pipe.title() == "Mail queue!")
        .await;
}

#[tokio::test]
async fn a_stranger_site_opens_no_pipe() {
    let served = Served::start();
    let doc = served.ok("postmortem_new", &json!({}))["doc"]
        .as_str()
        .expect("an id")
        .to_owned();
    let url = format!("ws://{}/d/{doc}/ws?token={}", served.host(), served.token);
    let mut request =
        tungstenite::client::IntoClientRequest::into_client_request(url).expect("a request");
    request
        .headers_mut()
        .insert("origin", "http://evil.example".parse().expect("a header"));
    match tokio_tungstenite::connect_async(request).await {
        Err(tungstenite::Error::Http(answer)) => {
            assert_eq!(answer.status(), 403, "another site's page is refused")
        }
        other => panic!("another site's page must be refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_polite_end_loses_nothing() {
    let mut served = Served::start();
    let doc = served.ok("postmortem_new", &json!({}))["doc"]
        .as_str()
        .expect("an id")
        .to_owned();
    let mut pipe = served.pipe(&doc).await;
    pipe.sync_until("an answer", |_| true).await;
    pipe.type_title("Last words").await;
    // The frame is on its way; the server has it once it tells others.
    let mut other = served.pipe(&doc).await;
    other
        .sync_until("the words", |pipe| pipe.title() == "Last words")
        .await;
    signal("TERM", &served.process.0.id().to_string());
    let ended = until("the server to end", || {
        served.process.0.try_wait().expect("it can be waited for")
    });
    assert!(ended.success(), "it ends well: {ended}");
    let shown = served.home.debrief_ok(&["show", &doc, "--json"]);
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(
        shown["postmortem"]["title"], "Last words",
        "what was taken is on the disk"
    );
}

#[test]
fn changes_are_told_also_those_of_the_command_line() {
    let served = Served::start();
    let mut stream = TcpStream::connect(("127.0.0.1", served.port)).expect("the server listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a socket has a timeout");
    let head = format!(
        "GET /events?token={} HTTP/1.1\r\nhost: {}\r\n\r\n",
        served.token,
        served.host()
    );
    stream.write_all(head.as_bytes()).expect("the server reads");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    assert!(
        lines.any(|line| line.contains("text/event-stream")),
        "events are a stream"
    );
    let doc = served
        .home
        .debrief_ok(&["new", "--title", "From a script"])
        .trim()
        .to_owned();
    let told = lines.any(|line| line.starts_with("data:") && line.contains(&doc));
    assert!(told, "what another process writes is told");
    let listed = served.ok("postmortem_list", &json!({}));
    assert_eq!(listed["rows"][0]["title"], "From a script", "and listed");
}

#[test]
fn a_server_that_was_killed_lets_go_of_nothing_stored() {
    let served = Served::start();
    let doc = served.ok("postmortem_new", &json!({ "title": "Kept" }))["doc"]
        .as_str()
        .expect("an id")
        .to_owned();
    let Served { home, process, .. } = served;
    drop(process);
    let shown = home.debrief_ok(&["show", &doc, "--json"]);
    assert!(
        shown.contains("\"Kept\""),
        "what a command answered is on the disk: {shown}"
    );
    assert!(
        home.debrief_ok(&["check"]).starts_with("All is well"),
        "and the file is whole"
    );
}

#[tokio::test]
async fn who_does_not_listen_is_let_go_and_holds_nobody_up() {
    let served = Served::start();
    let doc = served.ok("postmortem_new", &json!({ "title": "Mail" }))["doc"]
        .as_str()
        .expect("an id")
        .to_owned();
    let mut deaf = served.pipe(&doc).await;
    let (mut writer, mut reader) = (served.pipe(&doc).await, served.pipe(&doc).await);
    for pipe in [&mut writer, &mut reader] {
        pipe.sync_until("the title", |pipe| pipe.title() == "Mail")
            .await;
    }
    // More than the queue and the system's buffers of one connection hold.
    let frames: u64 = 6_000;
    let state = format!("\"{}\"", "x".repeat(4_000));
    // Whoever listens is given the time for it, however busy the machine: only the deaf one falls behind.
    let listened = std::cell::Cell::new(0);
    let chatter = async {
        for clock in 1..=frames {
            while clock > listened.get() + 100 {
                tokio::task::yield_now().await;
            }
            let mut update = vec![1, 77];
            number_into(&mut update, clock);
            number_into(&mut update, state.len() as u64);
            update.extend_from_slice(state.as_bytes());
            writer.send(framed(&[1], &update)).await;
        }
        writer.type_title(" queue").await;
    };
    let listening = async {
        while reader.title() != "Mail queue" {
            assert!(reader.take().await, "whoever listens stays");
            listened.set(listened.get() + 1);
        }
    };
    tokio::join!(chatter, listening);
    let mut heard = 0;
    while deaf.take().await {
        heard += 1;
    }
    assert!(heard < frames, "the queue is bounded: {heard} frames came");
    let mut back = served.pipe(&doc).await;
    back.sync_until("all that was missed", |pipe| pipe.title() == "Mail queue")
        .await;
}
