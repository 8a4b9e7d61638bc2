//! A workspace that is served to a team: who comes in and how, and what each role may ask for, every cell of the table tried.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;
use std::sync::mpsc;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::programs::{Group, Home, PATIENCE, program, root, signal, until};
use crate::server::{Answer, PNG, Pipe, exchange};

const JSON: &str = "content-type: application/json\r\n";
/// The title of what only few may see.
const PRIVATE: &str = "Payroll went to the wrong bank";

/// What stands in its finding and its action item.
const LEDGER: &str = "Reconcile the ledger with the bank";

/// A running server of a team.
pub struct Team {
    pub home: Home,
    process: Group,
    pub port: u16,
    /// The first admin's session.
    pub admin: String,
}

impl Team {
    pub fn start() -> Self {
        Self::start_in(Home::new())
    }

    /// Serves the workspace of a home that nobody has an account in yet, and makes the first admin.
    pub fn start_in(home: Home) -> Self {
        let (process, port, invitation) = serve(&home, 0, &[]);
        let mut team = Self {
            home,
            process,
            port,
            admin: String::new(),
        };
        let invitation = invitation.expect("the first start prints an invitation for an admin");
        team.admin = team.accept(&invitation, "Ada Admin");
        team
    }

    /// Ends the server as a crash would, and starts it where it was.
    pub fn restarted(mut self) -> Self {
        self.down();
        self.up();
        self
    }

    /// Ends the server as a crash would.
    pub fn down(&mut self) {
        signal("KILL", &format!("-{}", self.process.0.id()));
        self.process.0.wait().expect("a killed server ends");
    }

    /// Starts it where it was.
    pub fn up(&mut self) {
        let (process, port, invitation) = serve(&self.home, self.port, &[]);
        assert_eq!(port, self.port, "it is where it was");
        assert_eq!(
            invitation, None,
            "a workspace that has an admin prints no invitation"
        );
        self.process = process;
    }

    fn head(&self, method: &str, path: &str) -> String {
        format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n",
            self.port
        )
    }

    /// Asks with the headers given.
    pub fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        exchange(
            self.port,
            &format!("{}{headers}", self.head(method, path)),
            body,
        )
    }

    /// Asks as somebody: with their session, or with nothing.
    pub fn by(&self, session: &str, method: &str, path: &str, body: &[u8]) -> Answer {
        self.ask(method, path, &format!("{}{JSON}", bearer(session)), body)
    }

    pub fn rpc(&self, session: &str, name: &str, request: &Value) -> Answer {
        self.by(
            session,
            "POST",
            &format!("/rpc/{name}"),
            request.to_string().as_bytes(),
        )
    }

    pub fn ok(&self, session: &str, name: &str, request: &Value) -> Value {
        let answer = self.rpc(session, name, request);
        assert_eq!(answer.status, 200, "{name} must succeed: {}", answer.text());
        serde_json::from_slice(&answer.body).expect("JSON")
    }

    /// Accepts an invitation and gives the session.
    pub fn accept(&self, secret: &str, name: &str) -> String {
        let answer = self.try_accept(secret, name);
        assert_eq!(answer.status, 200, "it is accepted: {}", answer.text());
        let answer: Value = serde_json::from_slice(&answer.body).expect("JSON");
        text(&answer["session"])
    }

    fn try_accept(&self, secret: &str, name: &str) -> Answer {
        let body = json!({ "secret": secret, "name": name, "device": "a test", "bearer": true });
        self.ask(
            "POST",
            "/invitation/accept",
            JSON,
            body.to_string().as_bytes(),
        )
    }

    /// Somebody new with a role: their session and their account.
    pub fn member(&self, name: &str, role: &str) -> (String, String) {
        let session = self.accept(&self.invite(&json!({ "role": role })), name);
        let account = text(&self.ok(&session, "session", &json!({}))["account"]["id"]);
        (session, account)
    }

    /// An invitation's secret.
    fn invite(&self, request: &Value) -> String {
        secret_of(&text(
            &self.ok(&self.admin, "account_invite", request)["link"],
        ))
    }

    /// Opens the document pipe.
    pub async fn pipe(&self, session: &str, doc: &str) -> Result<Pipe, tungstenite::Error> {
        let mut request = format!("ws://127.0.0.1:{}/d/{doc}/ws", self.port)
            .into_client_request()
            .expect("an address");
        request.headers_mut().insert(
            "authorization",
            format!("Bearer {session}").parse().expect("a header"),
        );
        Pipe::open(request).await
    }
}

/// Starts the server; its port, and the secret of the invitation that it printed.
fn serve(home: &Home, port: u16, more: &[&str]) -> (Group, u16, Option<String>) {
    let mut command = home.command(program("debrief"));
    command
        .args([
            "serve",
            "--team",
            "--listen",
            &format!("127.0.0.1:{port}"),
            "--ui",
        ])
        .arg(root().join("ui/dist"))
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = Group::start(&mut command);
    // The log says when it serves; by then everything is printed.
    let errors = process.0.stderr.take().expect("its log was piped");
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(errors).lines().map_while(Result::ok) {
            let _ = tell.send(line);
        }
    });
    loop {
        let line = told.recv_timeout(PATIENCE).expect("the server starts");
        if line.contains("serving") {
            break;
        }
    }
    let output = process.0.stdout.take().expect("its output was piped");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let first = lines.next().expect("it says where it is");
    let port = first
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .unwrap_or_else(|| panic!("{first} names the port"));
    // The next line is there already, if there is one.
    let has_admin = home.debrief(&["--json", "accounts", "list"]).stdout;
    let known: Value = serde_json::from_slice(&has_admin).expect("JSON");
    let admin = known["accounts"]
        .as_array()
        .is_some_and(|accounts| accounts.iter().any(|one| one["role"] == "admin"));
    let invitation = match admin {
        true => None,
        false => lines.next().map(|line| secret_of(&line)),
    };
    (process, port, invitation)
}

fn secret_of(link: &str) -> String {
    let (_, secret) = link
        .split_once("#invitation=")
        .unwrap_or_else(|| panic!("{link} holds an invitation"));
    secret.split('&').next().unwrap_or_default().to_owned()
}

fn bearer(session: &str) -> String {
    match session {
        "" => String::new(),
        session => format!("authorization: Bearer {session}\r\n"),
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} must be text"))
        .to_owned()
}

/// What each role may ask for, written down apart from the program: v(iewer), m(ember), f(acilitator), a(dmin), or `-` for nobody.
const MATRIX: &[(&str, char)] = &[
    ("session", 'v'),
    ("set_me", '-'),
    ("postmortem_list", 'v'),
    ("postmortem_new", 'm'),
    ("postmortem_get", 'v'),
    ("postmortem_derived", 'v'),
    ("postmortem_open_actions", 'v'),
    ("postmortem_trash", 'f'),
    ("postmortem_restore", 'f'),
    ("postmortem_erase", 'a'),
    ("trash_empty", 'a'),
    ("demo_new", 'm'),
    ("action_list", 'v'),
    ("action_set", 'm'),
    ("row_history", 'v'),
    ("version_list", 'v'),
    ("version_name", 'm'),
    ("version_diff", 'v'),
    ("version_restore", 'm'),
    ("search", 'v'),
    ("directory", 'v'),
    ("person_save", 'm'),
    ("service_save", 'm'),
    ("service_remove", 'f'),
    ("settings_save", 'f'),
    ("template_list", 'v'),
    ("template_get", 'v'),
    ("template_check", 'v'),
    ("template_save", 'f'),
    ("template_remove", 'f'),
    ("export_templates", 'v'),
    ("export_template_try", 'f'),
    ("export_template_save", 'f'),
    ("export_template_restore", 'f'),
    ("row_authors", 'v'),
    ("tracker_save", 'f'),
    ("tracker_remove", 'f'),
    ("ticket_draft", 'v'),
    ("tickets_export", 'v'),
    ("tickets_match", 'v'),
    ("meetings_open", 'v'),
    ("meeting", 'v'),
    ("meeting_open", 'f'),
    ("meeting_do", 'v'),
    ("meeting_promises", 'v'),
    ("share_interfaces", 'f'),
    ("share_start", 'f'),
    ("share_stop", 'f'),
    ("share_state", 'f'),
    ("guest_right", 'f'),
    ("guest_free", 'f'),
    ("guest_remove", 'f'),
    ("summary", 'v'),
    ("summary_page", 'v'),
    ("summary_export", 'v'),
    ("summary_save", '-'),
    ("publish", 'f'),
    ("publish_anew", 'f'),
    ("published", 'v'),
    ("published_page", 'v'),
    ("published_difference", 'v'),
    ("published_export", 'v'),
    ("published_save", '-'),
    ("published_delete", 'f'),
    ("hints", 'v'),
    ("time_read", 'v'),
    ("customer_post", 'v'),
    ("customer_post_begin", 'm'),
    ("export", 'v'),
    ("export_save", '-'),
    ("import", 'm'),
    ("account_list", 'a'),
    ("account_invite", 'a'),
    ("account_device", 'v'),
    ("account_role", 'a'),
    ("account_end", 'a'),
    ("invitation_withdraw", 'a'),
    ("session_list", 'v'),
    ("session_end", 'v'),
    ("postmortem_access", 'v'),
    ("postmortem_access_set", 'f'),
    ("audit_list", 'a'),
    ("reminders", 'f'),
    ("reminders_clock_right", 'a'),
    ("calendar_feed", 'v'),
    ("calendar_feed_make", 'v'),
    ("calendar_feed_withdraw", 'v'),
    ("replica_documents", 'v'),
    ("replica_rows", 'v'),
    ("replica_hand_in", 'm'),
    ("replica_give_back", 'v'),
    ("replica_state", '-'),
    ("replica_read", '-'),
    ("replica_let_go", '-'),
    ("workspace_info", 'v'),
    ("workspace_backup", '-'),
    ("workspace_check", 'a'),
];

/// The roles from least to most, and the letter of each.
const ROLES: [(&str, char); 4] = [
    ("viewer", 'v'),
    ("member", 'm'),
    ("facilitator", 'f'),
    ("admin", 'a'),
];

/// Whether a role reaches what needs at least another.
fn reaches(role: char, least: char) -> bool {
    let rank = |letter| ROLES.iter().position(|(_, known)| *known == letter);
    rank(least).is_some_and(|least| rank(role) >= Some(least))
}

/// A request that names a postmortem wherever a command could take one, and changes nothing of another.
fn naming(doc: &str) -> Value {
    json!({
        "doc": doc, "id": "no such id", "docs": [doc], "name": "x", "query": "", "text": "", "zone": "", "kind": "finding",
        "role": "viewer", "act": { "act": "ready" }, "from": 1, "to": 1, "seq": 1, "format": "md", "source": "",
        "what": { "kind": "summary", "doc": doc, "anonymise": false, "keep_owners": false },
        "scope": { "from": "2020-01-01", "to": "2030-01-01", "audience": "company", "chosen": [doc] },
    })
}

fn commands() -> Vec<String> {
    let listed = std::fs::read_to_string(root().join("src-tauri/crates/api/src/commands.rs"))
        .expect("the list of commands");
    listed
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.trim().split_once(": ")?;
            let named = name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            (named && rest.contains(" => ")).then(|| name.to_owned())
        })
        .collect()
}

#[test]
fn every_role_reaches_what_it_may_and_nothing_else() {
    let listed = commands();
    let known: Vec<&str> = MATRIX.iter().map(|(name, _)| *name).collect();
    for name in &listed {
        assert!(
            known.contains(&name.as_str()),
            "{name} stands in the matrix: whoever adds a command says who may use it"
        );
    }
    assert_eq!(listed.len(), known.len(), "nothing in the matrix is gone");

    let team = Team::start();
    let open = text(&team.ok(&team.admin, "demo_new", &json!({}))["doc"]);
    let hidden = private(&team);
    team.ok(
        &team.admin,
        "postmortem_access_set",
        &json!({ "doc": hidden, "restricted": true, "accounts": [] }),
    );
    let mut sessions = Vec::new();
    for (role, letter) in ROLES {
        let (outsider, _) = team.member(&format!("Out {role}"), role);
        let (insider, account) = team.member(&format!("In {role}"), role);
        let admitted = team.ok(&team.admin, "postmortem_access", &json!({ "doc": hidden }));
        let mut accounts: Vec<Value> = admitted["people"]
            .as_array()
            .expect("people")
            .iter()
            .filter(|one| one["admitted"] == true)
            .map(|one| one["account"].clone())
            .collect();
        accounts.push(account.into());
        team.ok(
            &team.admin,
            "postmortem_access_set",
            &json!({ "doc": hidden, "restricted": true, "accounts": accounts }),
        );
        sessions.push((letter, false, outsider));
        sessions.push((letter, true, insider));
    }
    for (name, least) in MATRIX {
        // Nobody without a session reaches anything.
        for nobody in ["", "0123", &"0".repeat(64)] {
            assert_eq!(
                team.rpc(nobody, name, &naming(&open)).status,
                401,
                "{name} is closed to whoever is not signed in"
            );
        }
        for (role, inside, session) in &sessions {
            let may = reaches(*role, *least);
            let who = format!(
                "{name} by {role} who {} see what is restricted",
                if *inside { "may" } else { "may not" }
            );
            // What would work is left out: it is the gate that is tried here, and what goes through it elsewhere.
            let harmless = json!({ "doc": "no such postmortem", "id": "no such id", "docs": [] });
            let refused = |answer: &Answer| {
                answer.status == 403
                    && (answer.text().contains("Your account has the role")
                        || answer.text().contains("on the machine that serves"))
            };
            let keeps = ["demo_new", "postmortem_new", "account_device"].contains(name);
            if !keeps || !may {
                let answer = team.rpc(session, name, &harmless);
                assert_eq!(
                    refused(&answer),
                    !may,
                    "{who}, of a postmortem that is not there: {} {}",
                    answer.status,
                    answer.text()
                );
            }
            let reads = [
                "postmortem_get",
                "postmortem_derived",
                "postmortem_open_actions",
                "version_list",
                "row_authors",
                "meeting",
                "customer_post",
                "postmortem_access",
                "export",
            ];
            if *inside && may && !reads.contains(name) {
                continue;
            }
            let answer = team.rpc(session, name, &naming(&hidden));
            if !may {
                assert!(refused(&answer), "{who}: {}", answer.text());
            } else if !inside {
                assert_eq!(
                    answer.status,
                    404,
                    "{who} is told that it is not there: {}",
                    answer.text()
                );
            } else {
                assert_eq!(answer.status, 200, "{who} finds it: {}", answer.text());
            }
        }
    }
    // What one may not see is in no answer, whatever is asked that needs no name of a postmortem.
    team.ok(&team.admin, "meeting_open", &json!({ "doc": hidden }));
    team.ok(
        &team.admin,
        "share_start",
        &json!({ "doc": hidden, "address": "127.0.0.1", "encryption": "plain" }),
    );
    let copy =
        json!({ "kind": "summary", "doc": hidden, "anonymise": false, "keep_owners": false });
    team.ok(&team.admin, "publish", &json!({ "what": copy }));
    let whole =
        json!({ "scope": { "from": "2020-01-01", "to": "2030-01-01", "audience": "company" } });
    let asked = [
        ("share_state", json!({})),
        ("postmortem_open_actions", json!({ "doc": open })),
        ("meeting_promises", json!({ "doc": open })),
        (
            "summary_export",
            json!({ "request": whole, "format": "md" }),
        ),
        (
            "summary_export",
            json!({ "request": whole, "format": "json" }),
        ),
        ("summary_page", whole.clone()),
        ("session_list", json!({})),
        ("calendar_feed", json!({})),
        ("search", json!({ "query": "ledger", "limit": 20 })),
        ("postmortem_list", json!({})),
        ("postmortem_list", json!({ "trashed": true })),
        ("action_list", json!({})),
        ("search", json!({ "query": "payroll", "limit": 20 })),
        ("summary", whole.clone()),
        ("meetings_open", json!({})),
        ("published", json!({})),
        ("directory", json!({})),
        ("workspace_info", json!({})),
        ("session", json!({})),
        ("replica_documents", json!({})),
        ("replica_rows", json!({ "after": 0 })),
    ];
    for (role, inside, session) in &sessions {
        let mut seen = 0;
        for (name, request) in &asked {
            let answer = team.rpc(session, name, request);
            assert!(
                [200, 403, 404].contains(&answer.status),
                "{name} is asked as it should be: {}",
                answer.text()
            );
            let answer = answer.text();
            seen += usize::from(answer.contains(PRIVATE) || answer.contains(LEDGER));
            for word in [PRIVATE, LEDGER, &hidden] {
                assert!(
                    *inside || !answer.contains(word),
                    "{name} tells {role} nothing of what is restricted: {answer}"
                );
            }
        }
        assert!(
            seen >= 4 || !inside,
            "{role} who may see it finds it in lists and by search, not {seen} times"
        );
        if !inside && reaches(*role, 'f') {
            let guest = json!({ "guest": "x", "right": "viewer" });
            assert_eq!(
                team.rpc(session, "guest_right", &guest).status,
                404,
                "nothing is shared that {role} may see"
            );
            team.ok(session, "share_stop", &json!({}));
            assert!(
                !team.ok(&team.admin, "share_state", &json!({}))["share"].is_null(),
                "nor is it theirs to stop"
            );
        }
    }
    // Nor is it in what was published, once the postmortem itself is gone.
    team.ok(&team.admin, "postmortem_trash", &json!({ "doc": hidden }));
    team.ok(&team.admin, "postmortem_erase", &json!({ "doc": hidden }));
    for (role, inside, session) in &sessions {
        let copies = team.ok(session, "published", &json!({})).to_string();
        assert_eq!(
            copies.contains(PRIVATE),
            *inside,
            "a copy of what was restricted stays for those who saw it, not for {role}: {copies}"
        );
    }
}

/// A postmortem with a finding and an action item whose words stand nowhere else.
fn private(team: &Team) -> String {
    let example = text(&team.ok(&team.admin, "demo_new", &json!({}))["doc"]);
    let exported = team.by(
        &team.admin,
        "GET",
        &format!("/download/{example}.json"),
        b"",
    );
    let mut file: Value = serde_json::from_slice(&exported.body).expect("JSON");
    let postmortem = &mut file["postmortem"];
    postmortem["title"] = PRIVATE.into();
    postmortem["findings"][0]["text"] = LEDGER.into();
    postmortem["actions"][0]["text"] = LEDGER.into();
    let file = json!({ "file_name": "private.json", "text": file.to_string() });
    text(&team.ok(&team.admin, "import", &file)["doc"])
}

#[test]
fn a_share_ends_with_the_rights_of_whoever_shared() {
    let team = Team::start();
    let doc = text(&team.ok(&team.admin, "demo_new", &json!({}))["doc"]);
    let (fay, account) = team.member("Fay Facilitator", "facilitator");
    team.ok(&fay, "meeting_open", &json!({ "doc": doc }));
    let share = json!({ "doc": doc, "address": "127.0.0.1", "encryption": "plain" });
    team.ok(&fay, "share_start", &share);
    team.ok(&team.admin, "account_end", &json!({ "id": account }));
    until("the share to end", || {
        team.ok(&team.admin, "share_state", &json!({}))["share"]
            .is_null()
            .then_some(())
    });
}

#[tokio::test]
async fn a_request_is_judged_when_it_has_arrived() {
    let team = Team::start();
    let (ann, account) = team.member("Ann Admin", "admin");
    let body = json!({ "role": "admin", "name": "Mallory" }).to_string();
    let head = format!(
        "{}{}{JSON}content-length: {}\r\nconnection: close\r\n\r\n",
        team.head("POST", "/rpc/account_invite"),
        bearer(&ann),
        body.len()
    );
    let mut held = std::net::TcpStream::connect(("127.0.0.1", team.port)).expect("it listens");
    held.write_all(head.as_bytes()).expect("the head");
    held.write_all(&body.as_bytes()[..body.len() - 1])
        .expect("nearly all");
    // A second request of theirs is answered: the first one is being read by then.
    team.ok(&ann, "session", &json!({}));
    team.ok(&team.admin, "account_end", &json!({ "id": account }));
    held.write_all(&body.as_bytes()[body.len() - 1..])
        .expect("the rest");
    let mut answer = String::new();
    held.read_to_string(&mut answer).expect("an answer");
    assert!(
        answer.starts_with("HTTP/1.1 401"),
        "whoever was ended meanwhile does nothing any more: {answer}"
    );
}

#[tokio::test]
async fn changes_of_what_is_hidden_are_told_to_nobody_else() {
    let team = Team::start();
    let open = text(&team.ok(&team.admin, "demo_new", &json!({}))["doc"]);
    let hidden = text(&team.ok(&team.admin, "postmortem_new", &json!({ "title": PRIVATE }))["doc"]);
    team.ok(
        &team.admin,
        "postmortem_access_set",
        &json!({ "doc": hidden, "restricted": true }),
    );
    let (max, _) = team.member("Max Member", "member");
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", team.port)).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    let head = format!("{}{}\r\n", team.head("GET", "/events"), bearer(&max));
    stream.write_all(head.as_bytes()).expect("the request");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    for line in lines.by_ref() {
        if line.is_empty() {
            break;
        }
    }
    for doc in [&hidden, &open] {
        let mut pipe = team.pipe(&team.admin, doc).await.expect("the pipe opens");
        pipe.sync_until("the document", |pipe| !pipe.title().is_empty())
            .await;
        pipe.type_title(" more").await;
        until("the edit to be stored", || {
            let row = team.ok(&team.admin, "postmortem_get", &json!({ "doc": doc }));
            text(&row["title"]).contains(" more").then_some(())
        });
    }
    let mut told = String::new();
    for line in lines {
        told.push_str(&line);
        if line.contains(&open) {
            break;
        }
    }
    assert!(
        told.contains(&open),
        "changes of what they see are told: {told}"
    );
    assert!(
        !told.contains(&hidden),
        "those of what they may not see are not: {told}"
    );
}

#[tokio::test]
async fn every_route_and_message_is_guarded() {
    let team = Team::start();
    let open = text(&team.ok(&team.admin, "demo_new", &json!({}))["doc"]);
    let hidden = text(&team.ok(&team.admin, "postmortem_new", &json!({ "title": PRIVATE }))["doc"]);
    team.ok(
        &team.admin,
        "postmortem_access_set",
        &json!({ "doc": hidden, "restricted": true }),
    );
    let image = team.by(&team.admin, "POST", "/blob", PNG);
    assert_eq!(
        image.status,
        200,
        "an admin keeps an image: {}",
        image.text()
    );
    let image: Value = serde_json::from_slice(&image.body).expect("JSON");
    let image = text(&image["hash"]);
    for (role, letter) in ROLES {
        let (session, _) = team.member(&format!("Route {role}"), role);
        for (method, path, of_open, of_hidden) in [
            ("GET", "/preview/{}", 200, 404),
            ("GET", "/download/{}.md", 200, 404),
            ("GET", "/download/{}.json", 200, 404),
            ("GET", "/download/{}.roles.html", 200, 404),
        ] {
            for (doc, expected) in [(&open, of_open), (&hidden, of_hidden)] {
                let path = path.replace("{}", doc);
                assert_eq!(
                    team.by("", method, &path, b"").status,
                    401,
                    "{path} is closed to whoever is not signed in"
                );
                let answer = team.by(&session, method, &path, b"");
                assert_eq!(
                    answer.status,
                    expected,
                    "{method} {path} by {role}: {}",
                    answer.text()
                );
            }
        }
        let kept = team.by(&session, "POST", "/blob", PNG).status;
        assert_eq!(
            kept,
            if reaches(letter, 'm') { 200 } else { 403 },
            "an image is kept for those who write, not for {role}"
        );
        assert_eq!(
            team.by(&session, "GET", &format!("/blob/{image}"), b"")
                .status,
            200,
            "{role} sees an image that belongs to nothing restricted"
        );
        let refused = team.pipe(&session, &hidden).await;
        assert!(
            refused.is_err(),
            "{role} does not come into what is restricted"
        );
        let mut pipe = team.pipe(&session, &open).await.expect("the pipe opens");
        pipe.sync_until("the document", |pipe| !pipe.title().is_empty())
            .await;
        let before = pipe.title();
        let words = format!(" by {role}");
        pipe.type_title(&words).await;
        if reaches(letter, 'm') {
            until("the edit to be stored", || {
                let row = team.ok(&team.admin, "postmortem_get", &json!({ "doc": open }));
                text(&row["title"]).contains(&words).then_some(())
            });
        } else {
            // Frames are taken in their order: with this answer the edit has had its turn.
            let mut asked = false;
            pipe.sync_until("an answer", |_| std::mem::replace(&mut asked, true))
                .await;
            let row = team.ok(&team.admin, "postmortem_get", &json!({ "doc": open }));
            assert_eq!(
                text(&row["title"]),
                before,
                "what {role} writes reaches nobody"
            );
        }
    }
    for path in ["/events", "/sign-out"] {
        let method = if path == "/events" { "GET" } else { "POST" };
        assert_eq!(
            team.by("", method, path, b"").status,
            401,
            "{path} is closed"
        );
    }
    assert_eq!(team.ask("GET", "/healthz", "", b"").status, 200, "alive");
    assert_eq!(team.ask("GET", "/readyz", "", b"").status, 200, "ready");
    let strange = exchange(
        team.port,
        "GET /healthz HTTP/1.1\r\nhost: 10.0.0.9\r\n",
        b"",
    );
    assert_eq!(strange.status, 200, "whatever watches asks by any name");
    let strange = exchange(
        team.port,
        "POST /rpc/session HTTP/1.1\r\nhost: evil.example\r\n",
        b"",
    );
    assert_eq!(strange.status, 403, "and nobody else does");
}

#[test]
fn an_invitation_is_used_once_and_no_name_is_taken_from_anybody() {
    let team = Team::start();
    let secret = team.invite(&json!({ "role": "member", "name": "Mia" }));
    let look = |secret: &str| {
        team.ask(
            "POST",
            "/invitation/look",
            JSON,
            json!({ "secret": secret }).to_string().as_bytes(),
        )
    };
    let seen: Value = serde_json::from_slice(&look(&secret).body).expect("JSON");
    assert_eq!(seen["role"], "member", "it says what it gives: {seen}");
    assert_eq!(seen["name"], "Mia", "and for whom it is");
    let taken = team.try_accept(&secret, "ada  ADMIN");
    assert_eq!(
        taken.status,
        422,
        "nobody becomes somebody else by typing their name: {}",
        taken.text()
    );
    let mia = team.accept(&secret, "Mia");
    let again = team.try_accept(&secret, "Mallory");
    assert_eq!(again.status, 403, "it opens once: {}", again.text());
    assert!(
        again.text().contains("was used"),
        "and says so: {}",
        again.text()
    );
    assert_eq!(look(&secret).status, 403, "it is worth nothing any more");
    assert_eq!(look("").status, 403, "nor is none");
    let withdrawn = team.invite(&json!({ "role": "viewer" }));
    let open = team.ok(&team.admin, "account_list", &json!({}));
    let id = text(&open["invitations"][0]["id"]);
    team.ok(&team.admin, "invitation_withdraw", &json!({ "id": id }));
    assert_eq!(
        team.try_accept(&withdrawn, "Vera").status,
        403,
        "a withdrawn one opens nothing"
    );
    // The same account on another device.
    let device = text(&team.ok(&mia, "account_device", &json!({}))["link"]);
    let second = team.accept(&secret_of(&device), "");
    let (one, other) = (
        team.ok(&mia, "session", &json!({})),
        team.ok(&second, "session", &json!({})),
    );
    assert_eq!(one["account"], other["account"], "it is the same account");
    assert_eq!(one["me"], other["me"], "and the same person");
    let devices = team.ok(&mia, "session_list", &json!({}));
    assert_eq!(devices.as_array().map(Vec::len), Some(2), "on two devices");
    // One's own other device can be signed out, somebody else's not.
    let theirs = team.ok(&team.admin, "session_list", &json!({}));
    let theirs = text(&theirs[0]["id"]);
    assert_eq!(
        team.rpc(&mia, "session_end", &json!({ "id": theirs }))
            .status,
        404,
        "another person's session is not theirs to end"
    );
    let this = devices
        .as_array()
        .and_then(|all| all.iter().find(|one| one["this"] == false))
        .expect("the other device");
    team.ok(&mia, "session_end", &json!({ "id": this["id"] }));
    assert_eq!(
        team.rpc(&second, "session", &json!({})).status,
        401,
        "a session that was ended opens nothing"
    );
    assert_eq!(
        team.rpc(&mia, "session", &json!({})).status,
        200,
        "the other one goes on"
    );
    // What is kept of secrets opens nothing.
    let file = std::fs::read(team.home.workspace()).expect("the workspace");
    let log = std::fs::read(team.home.data().join("workspace.debrief-wal")).unwrap_or_default();
    for secret in [&mia, &secret, &team.admin] {
        for bytes in [&file, &log] {
            assert!(
                !bytes
                    .windows(secret.len())
                    .any(|part| part == secret.as_bytes()),
                "no secret stands in the file"
            );
        }
    }
    let audit = team.ok(&team.admin, "audit_list", &json!({})).to_string();
    for deed in [
        "signed in",
        "invited somebody",
        "withdrew an invitation",
        "ended a session",
    ] {
        assert!(audit.contains(deed), "the audit log has “{deed}”: {audit}");
    }
    let ended = team.ok(&team.admin, "audit_list", &json!({ "query": "ended" }));
    let detail = text(&ended["rows"][0]["detail"]);
    assert!(
        detail.starts_with("Mia on "),
        "it says whose session, by name: {detail}"
    );
    let team = team.restarted();
    assert_eq!(
        team.rpc(&mia, "session", &json!({})).status,
        200,
        "a session outlives the server"
    );
}

#[tokio::test]
async fn what_somebody_has_open_closes_when_they_may_no_longer() {
    let team = Team::start();
    let doc = text(&team.ok(&team.admin, "demo_new", &json!({}))["doc"]);
    let (max, account) = team.member("Max Member", "member");
    let mut pipe = team.pipe(&max, &doc).await.expect("the pipe opens");
    pipe.sync_until("the document", |pipe| !pipe.title().is_empty())
        .await;
    team.ok(
        &team.admin,
        "account_role",
        &json!({ "id": account, "role": "viewer" }),
    );
    while pipe.take().await {}
    let mut pipe = team.pipe(&max, &doc).await.expect("a viewer comes back");
    pipe.sync_until("the document", |pipe| !pipe.title().is_empty())
        .await;
    team.ok(
        &team.admin,
        "postmortem_access_set",
        &json!({ "doc": doc, "restricted": true }),
    );
    while pipe.take().await {}
    assert!(
        team.pipe(&max, &doc).await.is_err(),
        "what was withdrawn does not open again"
    );
    team.ok(
        &team.admin,
        "postmortem_access_set",
        &json!({ "doc": doc, "restricted": false }),
    );
    let mut pipe = team
        .pipe(&max, &doc)
        .await
        .expect("it is open to all again");
    // From the machine itself, in another process.
    team.home.debrief_ok(&["accounts", "end", "Max Member"]);
    while pipe.take().await {}
    assert_eq!(
        team.rpc(&max, "session", &json!({})).status,
        401,
        "an ended account is out"
    );
    let audit = team.ok(&team.admin, "audit_list", &json!({ "query": "ended" }));
    let ended = &audit["rows"][0];
    assert_eq!(
        (ended["name"].as_str(), ended["detail"].as_str()),
        (Some("At the server"), Some("Max Member")),
        "what is done on the server is noted, too, by names: {audit}"
    );
    let last = team.rpc(
        &team.admin,
        "account_end",
        &json!({ "id": team.ok(&team.admin, "session", &json!({}))["account"]["id"] }),
    );
    assert_eq!(last.status, 403, "the last admin stays: {}", last.text());
}

#[test]
fn people_are_renamed_by_themselves_and_by_facilitators() {
    let team = Team::start();
    let (mia, _) = team.member("Mia Member", "member");
    let (fay, _) = team.member("Fay Facilitator", "facilitator");
    let of = |session: &str| team.ok(session, "session", &json!({}))["me"].clone();
    let rename = |by: &str, mut person: Value, name: &str| {
        person["name"] = name.into();
        team.rpc(by, "person_save", &person)
    };
    let refused = rename(&mia, of(&fay), "Somebody Else");
    assert_eq!(
        refused.status,
        403,
        "a name says who wrote what: {}",
        refused.text()
    );
    assert_eq!(
        rename(&mia, of(&mia), "Mia Memory").status,
        200,
        "one's own is one's own"
    );
    assert_eq!(
        rename(&fay, of(&mia), "Mia Again").status,
        200,
        "a facilitator looks after the directory"
    );
    assert_eq!(
        text(&of(&mia)["name"]),
        "Mia Again",
        "an account goes by the name in the directory"
    );
    let added = json!({ "id": "", "name": "Nora New" });
    assert_eq!(
        team.rpc(&mia, "person_save", &added).status,
        200,
        "a member adds people"
    );
}

#[test]
fn a_team_is_not_served_by_accident() {
    let home = Home::new();
    for (arguments, says) in [
        (&["serve", "--listen", "0.0.0.0:0"][..], "--team"),
        (&["serve", "--team", "--listen", "0.0.0.0:0"], "encrypted"),
        (
            &["serve", "--team", "--listen", "0.0.0.0:0", "--plain"],
            "--address",
        ),
        (&["serve", "--team", "--proxy", "127.0.0.1"], "--address"),
        (
            &[
                "serve",
                "--team",
                "--plain",
                "--address",
                "https://debrief.example.org",
            ],
            "http://",
        ),
        (
            &["serve", "--address", "https://debrief.example.org"],
            "--team",
        ),
        (
            &["serve", "--team", "--address", "debrief.example.org/x"],
            "https://debrief.example.org",
        ),
    ] {
        let output = home.debrief(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?} is refused");
        let sentence = String::from_utf8_lossy(&output.stderr);
        assert!(sentence.contains(says), "{arguments:?}: {sentence}");
    }
    let output = home.debrief(&["accounts", "invite"]);
    let sentence = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success(),
        "there is no workspace yet: {sentence}"
    );
}
