//! The same over real sockets, with the server that people use.

use std::net::SocketAddr;
use std::sync::Arc;

use api::replica::ReplicaLink;
use api::{Api, ErrorCode, Shell, handlers};
use replica::link::Link;
use replica::wire::Wire;
use replica::{Following, Host, HostError};
use serde_json::json;
use server::http::{self, Origin, Server, Team, Whom};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::edges::eventually;
use crate::{Away, Desk, monday, text};

/// A workspace that is served on a loopback address until this is dropped.
struct Serving {
    link: String,
    desk: Desk,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Serving {
    /// For whoever has the token.
    fn start(folder: &Arc<TempDir>, address: &str, token: &str) -> Self {
        let token = token.to_owned();
        Self::run(folder, address, move |_, address| {
            let link = format!("http://{address}/#token={token}");
            (Whom::Me(token), link)
        })
    }

    /// For those with an account.
    fn team(folder: &Arc<TempDir>) -> Self {
        Self::team_at(folder, "127.0.0.1:0")
    }

    fn team_at(folder: &Arc<TempDir>, address: &str) -> Self {
        Self::run(folder, address, |api, address| {
            let address = format!("http://{address}");
            handlers::serve_at(api, &address, None).unwrap();
            let team = Team {
                origin: Origin::read(&address).unwrap(),
                acceptor: None,
                proxies: Arc::default(),
            };
            (Whom::Team(team), address)
        })
    }

    fn run(
        folder: &Arc<TempDir>,
        address: &str,
        whom: impl FnOnce(&Api, SocketAddr) -> (Whom, String) + Send + 'static,
    ) -> Self {
        let desk = Desk::open_as(folder, monday, Shell::Browser);
        let (stop, stopped) = oneshot::channel::<()>();
        let (told, link) = std::sync::mpsc::channel();
        let (api, address) = (desk.api.clone(), address.parse().unwrap());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async move {
                let listener = http::bind(address).await.unwrap();
                let (whom, link) = whom(&api, listener.local_addr().unwrap());
                let server = Server::new(api, listener, None, whom).unwrap();
                told.send(link).unwrap();
                let stopped = async {
                    let _ = stopped.await;
                };
                server.run(stopped).await.unwrap();
            });
        });
        Self {
            link: link.recv().unwrap(),
            desk,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Signs in by a link.
    fn wire(link: &str, name: &str) -> Arc<Wire> {
        let link = Link::read(link, false).unwrap();
        let bearer = Wire::sign_in(&link, name, "a test").unwrap();
        Arc::new(Wire::new(link.address, &bearer).unwrap())
    }

    fn invite(&self, role: &str) -> String {
        let invited = self.desk.ok(
            "account_invite",
            json!({ "role": role, "name": "", "days": 7, "person": null, "account": null }),
        );
        text(&invited["link"])
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A replica of what a wire leads to.
fn follow(folder: &Arc<TempDir>, wire: &Arc<Wire>) -> Away {
    replica::make(
        &folder.path().join("team.debrief"),
        &**wire,
        "http://127.0.0.1",
        None,
        false,
    )
    .unwrap();
    let desk = Desk::open(folder, monday);
    let following = Following::new(desk.api.clone(), wire.clone());
    Away { desk, following }
}

#[test]
fn a_replica_follows_a_running_server_through_its_restarts() {
    let folder = Arc::new(TempDir::new().unwrap());
    let serving = Serving::start(&folder, "127.0.0.1:0", "5ecret5ecret");
    let doc = text(&serving.desk.ok("demo_new", json!({}))["doc"]);
    serving.desk.ok("set_me", json!({ "name": "Debby" }));
    let wire = Serving::wire(&serving.link, "");
    let Away { desk, following } = follow(&Arc::new(TempDir::new().unwrap()), &wire);
    let running = following.start().unwrap();
    let ear = Arc::clone(&following);
    let _listening = wire.listen(move |changed| ear.heard(changed.as_ref()));
    eventually("the example comes over the network", || {
        let all = desk.everything();
        all.iter().any(|one| one.actions.len() > 3)
    });
    let due = |desk: &Desk| {
        let due = desk.api.snapshot(&doc).unwrap().actions[0].due;
        due.map(|due| due.to_string()).unwrap_or_default()
    };
    let set = |desk: &Desk, due: &str| {
        let id = desk.api.snapshot(&doc).unwrap().actions[0].id.clone();
        desk.ok("action_set", json!({ "doc": doc, "id": id, "due": due }));
    };
    set(&desk, "2026-12-24");
    eventually("what is written here is there at once", || {
        due(&serving.desk) == "2026-12-24"
    });
    set(&serving.desk, "2026-12-25");
    eventually("what is written there is told here at once", || {
        due(&desk) == "2026-12-25"
    });

    let address = serving.link.trim_start_matches("http://");
    let address = address.split('/').next().unwrap().to_owned();
    drop(serving);
    eventually(
        "it is seen at once that nobody answers, before anything is written",
        || text(&desk.ok("replica_state", json!({}))["state"]["link"]) == "away",
    );
    set(&desk, "2026-12-26");
    eventually("what is written then waits", || {
        let state = &desk.ok("replica_state", json!({}))["state"];
        text(&state["link"]) == "away" && state["waiting"] == 1
    });
    let serving = Serving::start(&folder, &address, "5ecret5ecret");
    eventually("it is handed in once the server is back", || {
        due(&serving.desk) == "2026-12-26"
    });
    eventually("and nothing waits", || {
        desk.ok("replica_state", json!({}))["state"]["waiting"] == 0
    });

    drop(serving);
    let _serving = Serving::start(&folder, &address, "an0ther");
    set(&desk, "2026-12-27");
    eventually("a secret that is good no longer ends it", || {
        let (link, _) = api::replica::Upstream::link(&*following);
        link == ReplicaLink::Ended
    });
    drop(running);
}

#[test]
fn whoever_is_no_debrief_gets_no_answer_out_of_it() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = vec![0; 4096];
        let _ = stream.read(&mut asked);
        let _ = stream.write_all(
            b"HTTP/1.1 302 Found\r\nlocation: http://192.0.2.1/\r\ncontent-length: 0\r\n\r\n",
        );
    });
    let link = Link::read(&format!("http://127.0.0.1:{port}/#token=0a1b"), false).unwrap();
    let wire = Wire::new(link.address.clone(), "0a1b").unwrap();
    match wire.call("session", json!({})) {
        Err(HostError::Away(sentence)) => {
            assert!(sentence.contains("302"), "it is told: {sentence}");
        }
        other => panic!("nobody is followed elsewhere: {other:?}"),
    }
    thread.join().unwrap();
    match wire.call("session", json!({})) {
        Err(HostError::Away(sentence)) => {
            assert!(
                sentence.contains("does not answer"),
                "it is told: {sentence}"
            );
        }
        other => panic!("nobody is at home: {other:?}"),
    }
}

#[test]
fn an_account_follows_what_it_may_see_and_hands_in_what_it_may_write() {
    let serving = Serving::team(&Arc::new(TempDir::new().unwrap()));
    let doc = text(&serving.desk.ok("demo_new", json!({}))["doc"]);
    let other = text(
        &serving
            .desk
            .ok("postmortem_new", json!({ "title": "For a few" }))["doc"],
    );
    let _admin = Serving::wire(&serving.invite("admin"), "Ada Keys");
    let link = serving.invite("member");
    let member = follow(
        &Arc::new(TempDir::new().unwrap()),
        &Serving::wire(&link, "Ines Train"),
    );
    member.turn();
    assert_eq!(member.desk.everything().len(), 2, "a member sees both");
    let session = member.desk.ok("session", json!({}));
    assert_eq!(
        text(&session["me"]["name"]),
        "Ines Train",
        "whoever accepted the invitation sits there"
    );
    let again = Link::read(&link, false).unwrap();
    assert!(
        Wire::sign_in(&again, "Ines Train", "a test").is_err(),
        "an invitation lets in once"
    );

    let item = member.desk.api.snapshot(&doc).unwrap().actions[0]
        .id
        .clone();
    member.desk.ok(
        "action_set",
        json!({ "doc": doc, "id": item, "due": "2026-12-24" }),
    );
    member.desk.ok("person_save", json!({ "id": "", "name": "Somebody New", "short_name": "", "handle": "", "email": "", "role_title": "", "left": false }));
    member.turn();
    assert_eq!(member.waiting(), 0, "a member’s edits are taken");
    let history = serving.desk.history(&doc, &item);
    assert!(
        history[0].0 == "Ines Train" && history[0].1.contains("24 Dec"),
        "under the account’s person: {history:?}"
    );
    let refused = member
        .desk
        .api
        .call("postmortem_trash", json!({ "doc": doc }));
    assert!(
        refused.unwrap_err().message.contains("facilitator"),
        "what a role may not do is refused where it is served"
    );
    member
        .desk
        .api
        .rooms()
        .edit_directory("", |directory| -> Result<(), collab::RoomError> {
            directory.settings.due_days.sev1 = 99;
            Ok(())
        })
        .unwrap();
    member.turn();
    assert_ne!(
        serving.desk.api.directory().settings.due_days.sev1,
        99,
        "nobody changes the shared settings past their role"
    );

    let viewer = follow(
        &Arc::new(TempDir::new().unwrap()),
        &Serving::wire(&serving.invite("viewer"), "Vic Reader"),
    );
    viewer.turn();
    assert!(
        !viewer.desk.api.may_write(),
        "a viewer’s pages are read-only"
    );
    let refused = viewer.desk.api.call(
        "action_set",
        json!({ "doc": doc, "id": item, "due": "2026-12-25" }),
    );
    assert!(
        refused.is_err(),
        "a viewer is told at once, before something waits for ever"
    );

    let accounts = serving.desk.ok("account_list", json!({}));
    let of = |role: &str| {
        let all = accounts["accounts"].as_array().unwrap();
        let found = all.iter().find(|one| one["role"] == role).unwrap();
        text(&found["id"])
    };
    serving.desk.ok(
        "postmortem_access_set",
        json!({ "doc": other, "restricted": true, "accounts": [of("viewer")] }),
    );
    member.turn();
    assert!(
        member
            .desk
            .api
            .store()
            .document(&other)
            .unwrap()
            .is_some_and(|row| row.trashed_at.is_some()),
        "what is restricted to others goes from the replica's lists into its trash"
    );
    let state = &member.desk.ok("replica_state", json!({}))["state"];
    assert_eq!(
        text(&state["withdrawn"][0]["title"]),
        "For a few",
        "and its owner is told: {state}"
    );
    member.desk.ok("replica_read", json!({ "doc": other }));
    serving.desk.ok(
        "postmortem_access_set",
        json!({ "doc": other, "restricted": false, "accounts": [] }),
    );
    member.turn();
    assert_eq!(
        member.desk.api.snapshot(&other).unwrap().title,
        "For a few",
        "and comes back whole when it is open to all again"
    );

    serving
        .desk
        .ok("account_end", json!({ "id": of("member") }));
    assert!(
        member.following.turn().is_err(),
        "an account that was ended"
    );
    let state = &member.desk.ok("replica_state", json!({}))["state"];
    assert_eq!(text(&state["link"]), "ended", "is told so: {state}");
    assert_eq!(
        member.desk.everything().len(),
        2,
        "and what was here can still be read and exported"
    );
}

#[test]
fn what_is_refused_is_told_kept_and_let_go_by_its_owner_alone() {
    let serving = Serving::team(&Arc::new(TempDir::new().unwrap()));
    let doc = text(&serving.desk.ok("demo_new", json!({}))["doc"]);
    let _admin = Serving::wire(&serving.invite("admin"), "Ada Keys");
    let member = follow(
        &Arc::new(TempDir::new().unwrap()),
        &Serving::wire(&serving.invite("member"), "Ines Train"),
    );
    member.turn();
    let accounts = serving.desk.ok("account_list", json!({}));
    let all = accounts["accounts"].as_array().unwrap();
    let id = text(&all.iter().find(|one| one["role"] == "member").unwrap()["id"]);
    let role = |role: &str| {
        serving
            .desk
            .ok("account_role", json!({ "id": id, "role": role }));
    };
    let item = member.desk.api.snapshot(&doc).unwrap().actions[0]
        .id
        .clone();
    let due = |desk: &Desk| desk.api.snapshot(&doc).unwrap().actions[0].due;
    let before = due(&serving.desk);
    let state = || member.desk.ok("replica_state", json!({}))["state"].clone();

    member.desk.ok(
        "action_set",
        json!({ "doc": doc, "id": item, "due": "2026-12-24" }),
    );
    role("viewer");
    member.turn();
    let refused = &state()["refused"][0];
    assert!(
        text(&refused["reason"]).contains("viewer") && refused["edits"] == 1,
        "it says what is not taken and why: {refused}"
    );
    assert_eq!(
        state()["waiting"],
        0,
        "what is refused is counted apart from what waits"
    );
    assert_eq!(due(&serving.desk), before, "nothing was taken there");
    role("member");
    member.turn();
    assert_eq!(
        state()["refused"],
        json!([]),
        "once the role suffices it is taken"
    );
    assert_ne!(due(&serving.desk), before, "and is there");

    let before = due(&serving.desk);
    member.desk.ok(
        "action_set",
        json!({ "doc": doc, "id": item, "due": "2026-12-30" }),
    );
    serving.desk.ok("postmortem_trash", json!({ "doc": doc }));
    member.turn();
    assert!(
        text(&state()["refused"][0]["reason"]).contains("trash"),
        "what lies in the trash there takes nothing: {}",
        state()
    );
    serving.desk.ok("postmortem_restore", json!({ "doc": doc }));
    role("viewer");
    member.turn();
    member.desk.ok("replica_let_go", json!({ "doc": doc }));
    assert_eq!(
        due(&member.desk),
        before,
        "what was let go gives way to what is there"
    );
    assert_eq!(state()["refused"], json!([]), "and nothing is refused");
    member.turn();
    role("member");
    member.turn();
    member.desk.ok(
        "action_set",
        json!({ "doc": doc, "id": item, "due": "2026-12-31" }),
    );
    member.turn();
    assert_eq!(
        due(&serving.desk),
        due(&member.desk),
        "and what is written after that is taken"
    );
    member.desk.is_well();

    member
        .desk
        .api
        .rooms()
        .edit_directory("", |directory| -> Result<(), collab::RoomError> {
            directory.settings.due_days.sev1 = 99;
            Ok(())
        })
        .unwrap();
    member.turn();
    assert_eq!(
        text(&state()["refused"][0]["doc"]),
        "directory",
        "shared settings past a role are refused"
    );
    member
        .desk
        .ok("replica_let_go", json!({ "doc": "directory" }));
    assert_eq!(
        *member.desk.api.directory(),
        *serving.desk.api.directory(),
        "and let go, too"
    );
    let audit = serving.desk.ok("audit_list", json!({}));
    let lines = audit["rows"].as_array().unwrap().iter();
    let handed = lines.filter(|line| text(&line["what"]).contains("handed in"));
    assert_eq!(
        handed.count(),
        1,
        "what an account hands in is in the audit log, once in a while for each postmortem: {audit}"
    );
}

#[test]
fn a_server_that_was_put_back_keeps_what_was_restricted_since_from_others() {
    let folder = Arc::new(TempDir::new().unwrap());
    let serving = Serving::team(&folder);
    serving.desk.ok("demo_new", json!({}));
    let _admin = Serving::wire(&serving.invite("admin"), "Ada Keys");
    let address = serving.link.trim_start_matches("http://").to_owned();
    let viewer = Serving::wire(&serving.invite("viewer"), "Vic Reader");
    let viewer = follow(&Arc::new(TempDir::new().unwrap()), &viewer);
    let member = Serving::wire(&serving.invite("member"), "Ines Train");
    let member = follow(&Arc::new(TempDir::new().unwrap()), &member);
    let old = folder.path().join("old.debrief");
    serving.desk.api.store().backup(&old).unwrap();

    let secret = text(
        &serving
            .desk
            .ok("postmortem_new", json!({ "title": "For one alone" }))["doc"],
    );
    let accounts = serving.desk.ok("account_list", json!({}));
    let all = accounts["accounts"].as_array().unwrap();
    let reader = text(&all.iter().find(|one| one["role"] == "viewer").unwrap()["id"]);
    serving.desk.ok(
        "postmortem_access_set",
        json!({ "doc": secret, "restricted": true, "accounts": [reader] }),
    );
    viewer.turn();
    member.turn();
    drop(serving);
    let folder = Arc::new(TempDir::new().unwrap());
    std::fs::copy(old, folder.path().join("team.debrief")).unwrap();
    let serving = Serving::team_at(&folder, &address);
    member.turn();
    viewer.turn();
    assert!(
        serving
            .desk
            .everything()
            .iter()
            .any(|one| one.id == secret && one.title == "For one alone"),
        "a viewer gives back what was made since, under its seals"
    );
    member.turn();
    assert!(
        member.desk.everything().iter().all(|one| one.id != secret),
        "and it is shown to nobody who did not see it before"
    );
}

#[test]
fn nobody_goes_on_as_somebody_else_or_elsewhere_without_being_asked() {
    let serving = Serving::team(&Arc::new(TempDir::new().unwrap()));
    serving.desk.ok("demo_new", json!({}));
    let _admin = Serving::wire(&serving.invite("admin"), "Ada Keys");
    let folder = Arc::new(TempDir::new().unwrap());
    let ines = Serving::wire(&serving.invite("member"), "Ines Train");
    let away = follow(&folder, &ines);
    away.turn();
    let kept = || away.desk.api.store().replica().unwrap().unwrap();
    let file = folder.path().join("team.debrief");
    let vic = Serving::wire(&serving.invite("member"), "Vic Reader");
    let refused = replica::make(&file, &*vic, "http://127.0.0.1", None, false).unwrap_err();
    assert!(
        refused.code == ErrorCode::Refused && refused.message.contains("somebody else"),
        "what waits of one person is not handed in by another: {refused:?}"
    );
    let asked = replica::make(&file, &*ines, "http://192.0.2.9", None, false).unwrap_err();
    assert_eq!(
        asked.field.as_deref(),
        Some("moved"),
        "another address is asked about first: {asked:?}"
    );
    let pin = Some("00".repeat(32));
    let asked = replica::make(&file, &*ines, "http://127.0.0.1", pin, false).unwrap_err();
    assert_eq!(
        asked.field.as_deref(),
        Some("moved"),
        "and another certificate"
    );
    assert_eq!(
        kept().address,
        "http://127.0.0.1",
        "until then nothing has changed"
    );

    // The older session ends, somebody signs in anew, and only then the older one hears of it.
    let before = kept();
    replica::make(&file, &*ines, "http://192.0.2.9", None, true).unwrap();
    away.desk
        .api
        .store()
        .end_following(&before, "The older session is over.")
        .unwrap();
    assert!(
        kept().ended.is_none() && kept().address == "http://192.0.2.9",
        "what becomes of an older session says nothing of the newer one"
    );
    assert_eq!(
        kept().upto,
        before.upto,
        "and how far was read stays as it is"
    );
}
