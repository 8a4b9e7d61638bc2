//! Private calendar addresses and unsubscribe addresses, over HTTP, and the calendar in the eyes of another program.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use server::http::{Server, Whom, bind};
use server::remind::Addresses;

use crate::{Desk, python, runtime};

/// A served workspace, until it goes.
struct Served {
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Served {
    fn start(desk: &Desk, addresses: Option<Addresses>) -> Self {
        let runtime = runtime();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let api = desk.api.clone();
        let server = runtime.block_on(async {
            let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
            Server::new(api, listener, None, Whom::Me("token".into())).unwrap()
        });
        if let Some(addresses) = addresses {
            server.answer_for(addresses);
        }
        let address = server.address();
        runtime.spawn(async move {
            let _ = server
                .run(async move {
                    let _ = stopped.await;
                })
                .await;
        });
        Self {
            address,
            stop: Some(stop),
            runtime: Some(runtime),
        }
    }

    /// The whole answer.
    fn ask(&self, method: &str, path: &str, more: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let body = if method == "POST" {
            "List-Unsubscribe=One-Click"
        } else {
            ""
        };
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{more}content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(10));
        }
    }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap()
}

/// What python3-icalendar reads in a calendar.
fn parsed(calendar: &str) -> Value {
    let script = "
import json, sys
from icalendar import Calendar
calendar = Calendar.from_ical(sys.stdin.buffer.read())
events = [{
    'uid': str(event['UID']), 'start': event['DTSTART'].dt.isoformat(), 'end': event['DTEND'].dt.isoformat(),
    'kind': type(event['DTSTART'].dt).__name__, 'summary': str(event['SUMMARY']), 'sequence': int(event['SEQUENCE']),
    'modified': event['LAST-MODIFIED'].dt.isoformat(), 'stamp': event['DTSTAMP'].dt.isoformat(), 'text': str(event['DESCRIPTION']),
} for event in calendar.walk('VEVENT')]
print(json.dumps({'version': str(calendar['VERSION']), 'events': events}))
";
    let mut child = python()
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(calendar.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout)
        .expect("python3-icalendar reads it (scripts/install-packages test)")
}

#[test]
fn a_calendar_is_subscribed_to_by_its_secret_and_shows_the_right_days() {
    let desk = Desk::new();
    let item = &desk.owners(&["mei"], "2026-12-31")[0];
    desk.ok("set_me", json!({ "name": item["owner_name"] }));
    let served = Served::start(&desk, None);
    let path = desk.ok("calendar_feed_make", json!({}))["path"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = served.ask("GET", &path, "");
    assert_eq!(status(&answer), "200", "without a session: {answer}");
    assert!(
        answer.contains("content-type: text/calendar; charset=utf-8\r\n"),
        "it is a calendar"
    );
    assert!(
        answer.contains("cache-control: no-store\r\n"),
        "nobody on the way keeps it"
    );
    let calendar = answer.split_once("\r\n\r\n").unwrap().1;
    let first = &parsed(calendar)["events"];
    assert_eq!(first.as_array().unwrap().len(), 1, "one item is due");
    let event = &first[0];
    assert_eq!(
        (&event["start"], &event["end"], &event["kind"]),
        (&json!("2026-12-31"), &json!("2027-01-01"), &json!("date")),
        "a whole day, the same in every zone, over the end of the year"
    );
    assert_eq!(event["summary"], item["text"], "it says what is to be done");
    assert!(
        event["modified"].as_str().unwrap().ends_with("+00:00"),
        "when it was changed is UTC"
    );

    desk.due(item, "2027-03-28");
    let answer = served.ask("GET", &path, "");
    let second = &parsed(answer.split_once("\r\n\r\n").unwrap().1)["events"][0];
    assert_eq!(second["uid"], event["uid"], "the same entry moves");
    assert_eq!(
        second["start"], "2027-03-28",
        "to the day on which clocks change"
    );
    assert!(
        second["sequence"].as_i64() >= event["sequence"].as_i64(),
        "its sequence never runs back"
    );

    for other in [
        "/calendar/x.ics",
        "/calendar/.ics",
        &format!("/calendar/{}.ics", "0".repeat(64)),
        path.trim_end_matches(".ics"),
    ] {
        assert_eq!(
            status(&served.ask("GET", other, "")),
            "404",
            "{other} is not there"
        );
    }
    assert_eq!(
        status(&served.ask("POST", &path, "")),
        "405",
        "it is only read"
    );
    desk.ok("calendar_feed_withdraw", json!({}));
    assert_eq!(status(&served.ask("GET", &path, "")), "404", "withdrawn");
}

#[test]
fn a_mails_link_shows_a_page_and_its_button_changes_to_the_digest() {
    let desk = Desk::new();
    let item = &desk.owners(&["mei"], "2026-12-31")[0];
    let addresses = Addresses::new("http://debrief.example", &desk.data()).unwrap();
    let link = addresses.unsubscribe(item["owner"].as_str().unwrap());
    let path = link.strip_prefix("http://debrief.example").unwrap();
    let wish = || {
        let people = desk.directory()["people"].as_array().unwrap().clone();
        people
            .iter()
            .find(|person| person["id"] == item["owner"])
            .unwrap()["reminders"]
            .clone()
    };
    let served = Served::start(&desk, Some(addresses));
    let page = served.ask("GET", path, "");
    assert_eq!(status(&page), "200", "without a session: {page}");
    assert!(
        page.contains("form-action 'self'") && page.contains("<button>"),
        "a button that may be pressed: {page}"
    );
    assert_eq!(wish(), "all", "looking changes nothing");
    let wrong = format!(
        "{}0",
        path.trim_end_matches(|letter: char| letter.is_ascii_hexdigit())
    );
    for other in ["/unsubscribe/00/00", wrong.as_str()] {
        assert_eq!(
            status(&served.ask("POST", other, "")),
            "404",
            "{other} was not made here"
        );
    }
    let foreign = served.ask("POST", path, "origin: https://elsewhere.example\r\n");
    assert_eq!(
        status(&foreign),
        "403",
        "another site's page cannot press it"
    );
    assert_eq!(wish(), "all", "and nothing was changed");
    assert_eq!(
        status(&served.ask("POST", path, "")),
        "200",
        "a mail program asks by itself (RFC 8058)"
    );
    assert_eq!(wish(), "digest", "from now on one digest a week");
    let without = Served::start(&desk, None);
    assert_eq!(
        status(&without.ask("GET", path, "")),
        "404",
        "a server that sends no mail answers for none"
    );
}
