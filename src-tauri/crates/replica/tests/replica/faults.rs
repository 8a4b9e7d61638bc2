//! An exchange that fails in an unforeseen way, or takes its time.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use replica::{Following, Host, HostError};
use serde_json::{Value, json};

use crate::edges::eventually;
use crate::{Away, Served, assert_equal, example, monday, text};

/// A served workspace that is not what one expects.
struct Odd {
    served: Arc<Served>,
    /// So many questions meet a fault of our own.
    faults: AtomicUsize,
    /// Rows of the log are not told while this is closed.
    open: Mutex<bool>,
    opened: Condvar,
    /// Somebody stands at the closed gate.
    waits: AtomicBool,
}

impl Odd {
    fn new(served: &Arc<Served>, faults: usize, open: bool) -> Arc<Self> {
        Arc::new(Self {
            served: Arc::clone(served),
            faults: AtomicUsize::new(faults),
            open: Mutex::new(open),
            opened: Condvar::new(),
            waits: AtomicBool::default(),
        })
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }

    fn close(&self) {
        *self.open.lock().unwrap() = false;
    }
}

impl Host for Odd {
    fn call(&self, command: &str, request: Value) -> Result<Value, HostError> {
        let left = |left: usize| left.checked_sub(1);
        let fault = self
            .faults
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left);
        assert!(fault.is_err(), "a fault that this test makes");
        if command == "replica_rows" {
            let mut open = self.open.lock().unwrap();
            while !*open {
                self.waits.store(true, Ordering::SeqCst);
                open = self.opened.wait(open).unwrap();
            }
        }
        self.served.call(command, request)
    }

    fn image(&self, hash: &str) -> Result<Option<Vec<u8>>, HostError> {
        self.served.image(hash)
    }

    fn put_image(&self, image: Vec<u8>) -> Result<(), HostError> {
        self.served.put_image(image)
    }
}

#[test]
fn a_fault_in_one_exchange_is_told_and_the_next_one_goes_on() {
    let (served, ..) = example();
    let away = Away::new(&served, monday);
    let odd = Odd::new(&served, 2, true);
    let following = Following::new(away.desk.api.clone(), odd);
    let reason = following.turn().unwrap_err();
    assert!(reason.contains("failed"), "it is told: {reason}");
    let state = &away.desk.ok("replica_state", json!({}))["state"];
    assert!(
        text(&state["reason"]).contains("failed"),
        "also to whoever looks: {state}"
    );
    let _running = following.start().unwrap();
    eventually("it is tried again by itself, with everything", || {
        served.with(|desk| desk.everything()) == away.desk.everything()
            && text(&away.desk.ok("replica_state", json!({}))["state"]["link"]) == "connected"
    });
    assert_equal(&served, &away, "nothing is lost by it");
}

#[test]
fn what_is_asked_there_does_not_wait_for_a_first_exchange() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    let odd = Odd::new(&served, 0, false);
    let following = Following::new(away.desk.api.clone(), odd.clone());
    let _running = following.start().unwrap();
    eventually("the first exchange is under way", || {
        odd.waits.load(Ordering::SeqCst)
    });
    // It would wait for ever if it waited for the log, which is told only after this.
    away.desk.ok("postmortem_trash", json!({ "doc": doc }));
    assert!(
        served.with(|desk| {
            let row = desk.api.store().document(&doc).unwrap().unwrap();
            row.trashed_at.is_some()
        }),
        "it is done there"
    );
    odd.open();
    eventually("and here once the exchange has gone on", || {
        let row = away.desk.api.store().document(&doc).unwrap();
        row.is_some_and(|row| row.trashed_at.is_some())
    });
}

#[test]
fn a_command_waits_for_no_exchange_that_takes_long_not_even_for_its_own() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    let odd = Odd::new(&served, 0, true);
    let following = Following::new(away.desk.api.clone(), odd.clone());
    let _running = following.start().unwrap();
    eventually("both are in step", || {
        text(&away.desk.ok("replica_state", json!({}))["state"]["link"]) == "connected"
    });
    odd.close();
    let (told, answer) = std::sync::mpsc::channel();
    let (api, asked) = (away.desk.api.clone(), json!({ "doc": doc }));
    std::thread::spawn(move || told.send(api.call("postmortem_trash", asked)));
    let answer = answer.recv_timeout(Duration::from_secs(20));
    assert!(
        matches!(answer, Ok(Ok(_))),
        "it is answered while the exchanges before and after it are held up: {answer:?}"
    );
    odd.open();
    eventually("what it changed is here once they are not", || {
        let row = away.desk.api.store().document(&doc).unwrap();
        row.is_some_and(|row| row.trashed_at.is_some())
    });
}
