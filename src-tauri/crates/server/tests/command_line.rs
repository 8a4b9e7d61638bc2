//! What the `debrief` command does around the edges of its commands, each in a folder of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_debrief"))
            .args(arguments)
            .current_dir(self.0.path())
            .env("DEBRIEF_DATA_DIR", self.path().join("data"))
            .env("DEBRIEF_WORKSPACE", self.path().join("w.debrief"))
            .output()
            .expect("debrief runs")
    }

    /// What a command that succeeds says on stdout and on stderr.
    fn ok(&self, arguments: &[&str]) -> (String, String) {
        let output = self.run(arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let told = text(&output.stderr);
        assert!(
            output.status.success(),
            "{arguments:?} must succeed: {told}"
        );
        (text(&output.stdout), told)
    }

    /// What a command that ends with this code says on stderr.
    fn fails(&self, arguments: &[&str], code: i32, says: &str) {
        let output = self.run(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        assert!(
            told.contains(says),
            "{arguments:?} must say {says:?}: {told}"
        );
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

#[test]
fn templates_are_there_before_a_workspace_is() {
    let desk = Desk::new();
    assert!(
        desk.ok(&["templates", "list"]).0.contains("short-review"),
        "the built-in ones need no file"
    );
    let (source, _) = desk.ok(&["templates", "show", "short-review"]);
    assert!(source.starts_with("---"), "nor do their sources: {source}");
    desk.fails(&["templates", "show", "no-such"], 1, "no template");
    assert!(
        !desk.path().join("w.debrief").exists(),
        "looking makes no workspace"
    );
    std::fs::write(desk.path().join("mine.md"), source).expect("a file");
    desk.fails(
        &["templates", "add", "mine.md"],
        1,
        "--replace short-review",
    );
    desk.ok(&["templates", "add", "mine.md", "--replace", "short-review"]);
}

#[test]
fn export_templates_are_changed_and_restored() {
    let desk = Desk::new();
    let (builtin, _) = desk.ok(&["templates", "export", "show", "postmortem"]);
    assert!(
        builtin.starts_with("<main>"),
        "the built-in ones need no workspace: {builtin}"
    );
    let (id, _) = desk.ok(&["demo"]);
    let id = id.trim();
    let changed = builtin.replace("<h1>{{ title }}</h1>", "<h1>Ours: {{ title }}</h1>");
    std::fs::write(desk.path().join("ours.html"), &changed).expect("a file");
    desk.ok(&["templates", "export", "set", "postmortem", "ours.html"]);
    assert!(
        desk.ok(&["templates", "export", "list"])
            .0
            .contains("changed here"),
        "the list tells which were changed"
    );
    assert_eq!(
        desk.ok(&["templates", "export", "show", "postmortem"]).0,
        changed,
        "what was set is shown"
    );
    assert_eq!(
        desk.ok(&["templates", "export", "show", "postmortem", "--builtin"])
            .0,
        builtin,
        "and what comes with Debrief"
    );
    let heading = "<h1>Ours: Login page outage</h1>";
    assert!(
        desk.ok(&["export", id, "--format", "html"])
            .0
            .contains(heading),
        "exports are made from it"
    );
    std::fs::write(
        desk.path().join("bad.html"),
        "<main>\n<p onclick=\"x\">y</p></main>",
    )
    .expect("a file");
    desk.fails(
        &["templates", "export", "set", "postmortem", "bad.html"],
        1,
        "bad.html: Line 2: The attribute “onclick” is not allowed",
    );
    desk.fails(
        &["templates", "export", "show", "no-such"],
        1,
        "no export template",
    );
    desk.ok(&["templates", "export", "restore", "postmortem"]);
    assert!(
        !desk
            .ok(&["export", id, "--format", "html"])
            .0
            .contains(heading),
        "restored, pages are as they came"
    );
    desk.fails(
        &["templates", "export", "restore", "postmortem"],
        1,
        "nothing to restore",
    );
}

#[test]
fn exports_go_where_they_were_asked_to() {
    let desk = Desk::new();
    let (id, _) = desk.ok(&["demo"]);
    let id = id.trim();
    let (text, _) = desk.ok(&["export", id]);
    assert_eq!(
        desk.ok(&["export", id, "-o", "-"]).0,
        text,
        "a dash is stdout"
    );
    assert!(!desk.path().join("-").exists(), "and no file");
    let (told, _) = desk.ok(&["--json", "export", id]);
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["text"], text, "--json tells the same in JSON");
    desk.fails(
        &["--json", "actions", "--format", "csv"],
        2,
        "choose one of them",
    );
}

#[test]
fn exports_have_roles_instead_of_names_where_asked() {
    let desk = Desk::new();
    let (id, _) = desk.ok(&["demo"]);
    let id = id.trim();
    let names = [
        "Cathy",
        "Lind",
        "Greg",
        "Amari",
        "@example.com",
        "cathy",
        "Mei",
        "Tanaka",
    ];
    for format in ["md", "html", "json"] {
        let (text, told) = desk.ok(&["export", id, "--format", format, "--anonymise"]);
        for name in names {
            assert!(!text.contains(name), "{name} is not in the {format}");
        }
        assert!(
            text.to_lowercase().contains("the first responder"),
            "a role stands there instead"
        );
        assert!(told.contains("Replaced "), "how many is told: {told}");
    }
    let (text, _) = desk.ok(&[
        "export",
        id,
        "--anonymise",
        "--keep-owners",
        "--report",
        "r.txt",
        "-o",
        "x.md",
    ]);
    assert!(text.contains("Wrote "), "a file is written: {text}");
    let text = std::fs::read_to_string(desk.path().join("x.md")).expect("the file is there");
    assert!(text.contains("Owner: Mei Tanaka"), "owners stay: {text}");
    assert!(!text.contains("Cathy asked"), "and texts have roles");
    let report = std::fs::read_to_string(desk.path().join("r.txt")).expect("the report is there");
    assert!(
        report.contains("How we responded: “Cathy” by “The first responder”"),
        "the report tells each place: {report}"
    );
    desk.ok(&["export", id, "--anonymise", "--report", "r.json"]);
    let report = std::fs::read_to_string(desk.path().join("r.json")).expect("the report is there");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert!(report["replacements"][0]["start"].is_u64(), "as JSON, too");
    desk.fails(&["export", id, "--keep-owners"], 2, "--anonymise");
}

#[test]
fn done_without_evidence_is_remarked() {
    let desk = Desk::new();
    desk.ok(&["demo"]);
    let (page, _) = desk.ok(&["actions", "--json"]);
    let page: serde_json::Value = serde_json::from_str(&page).expect("JSON");
    let id = page["rows"][0]["id"].as_str().expect("an id");
    let (_, told) = desk.ok(&["action", "set", id, "--status", "done"]);
    assert!(told.contains("--evidence"), "it says how: {told}");
    let (_, told) = desk.ok(&[
        "action",
        "set",
        id,
        "--status",
        "done",
        "--evidence",
        "OPS-1",
    ]);
    assert_eq!(told, "", "with evidence there is nothing to say");
}

#[test]
fn sizes_are_told_in_one_unit() {
    let desk = Desk::new();
    std::fs::write(desk.path().join("big.md"), "x".repeat(300_000)).expect("a file");
    desk.fails(
        &["templates", "check", "big.md"],
        1,
        "too large (293 kB): at most 256 kB",
    );
}

#[cfg(unix)]
#[test]
fn an_import_onto_a_full_disk_takes_nobody_in() {
    let desk = Desk::new();
    desk.ok(&["new", "--title", "There before"]);
    let file = serde_json::json!({
        "format": "debrief/1",
        "postmortem": { "title": "x", "sections": [{ "id": "s", "title": "S", "text": "word ".repeat(200_000) }] },
        "people": [{ "id": "ann-lee-0001", "name": "Ann Lee" }],
    });
    std::fs::write(desk.path().join("x.json"), file.to_string()).expect("a file");
    let output = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 600; exec \"$0\" import x.json",
        ])
        .arg(env!("CARGO_BIN_EXE_debrief"))
        .current_dir(desk.path())
        .env("DEBRIEF_DATA_DIR", desk.path().join("data"))
        .env("DEBRIEF_WORKSPACE", desk.path().join("w.debrief"))
        .output()
        .expect("debrief runs");
    assert_eq!(
        output.status.code(),
        Some(1),
        "a file that may not grow takes no import: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    desk.fails(
        &["actions", "--owner", "Ann Lee"],
        1,
        "There is nobody called",
    );
    let (list, _) = desk.ok(&["list", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    assert_eq!(list["total"], 1, "nothing of it is there");
}

/// A server that ends with the test.
struct Served(std::process::Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_session_is_opened_by_the_token_and_holds_another_value() {
    let desk = Desk::new();
    let child = Command::new(env!("CARGO_BIN_EXE_debrief"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("DEBRIEF_DATA_DIR", desk.path().join("data"))
        .env("DEBRIEF_WORKSPACE", desk.path().join("w.debrief"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("debrief runs");
    let mut served = Served(child);
    let mut line = String::new();
    let out = served.0.stdout.take().expect("a pipe");
    BufReader::new(out)
        .read_line(&mut line)
        .expect("it says where it is");
    let (address, token) = line
        .trim()
        .trim_start_matches("Debrief is at http://")
        .split_once("/#token=")
        .expect("a link with its token");
    let post = |path: &str, headers: &str, body: &str| {
        let mut stream = TcpStream::connect(address).expect("it listens");
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    };
    for body in ["", "{", "{}", "[1]"] {
        let answer = post("/session", "", body);
        assert!(
            answer.starts_with("HTTP/1.1 422") && answer.contains("\"code\":\"invalid\""),
            "{body:?} is answered like any other bad request: {answer}"
        );
    }
    let answer = post("/session", "", &format!("{{\"token\":\"{token}\"}}"));
    let cookie = answer
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .and_then(|cookie| cookie.split(';').next())
        .expect("the token buys a cookie");
    assert!(
        !cookie.contains(token),
        "other servers of this computer see the cookie, so it is not the token"
    );
    let asked = |cookie: &str| post("/rpc/session", &format!("cookie: {cookie}\r\n"), "{}");
    assert!(
        asked(cookie).starts_with("HTTP/1.1 200"),
        "the cookie opens commands"
    );
    let (name, value) = cookie.split_once('=').expect("a pair");
    assert!(
        asked(&format!("{name}={token}")).starts_with("HTTP/1.1 401"),
        "the token is no cookie"
    );
    let link = post(&format!("/rpc/session?token={value}"), "", "{}");
    assert!(
        link.starts_with("HTTP/1.1 401"),
        "nor is the cookie a token"
    );
}
