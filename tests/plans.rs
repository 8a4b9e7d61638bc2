//! A room full of people on a bad network, whose host dies again and again: in the end everybody has the same, and
//! everything that was acknowledged is there. A failing plan is kept in `target/plans`; `DEBRIEF_SEED` plays it again.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use model::document;
use serde_json::{Value, json};
use yrs::{ReadTxn, Transact};

use crate::convergence::{assert_same, seed};
use crate::programs::{Group, root};
use crate::server::Served;

/// Plans of one run; each has its own room, its own seed, and a host that dies about twice.
const PLANS: u64 = 200;
/// Steps of a plan.
const STEPS: u32 = 60;

/// Twelve of the window's own documents and connections, in a process of their own.
struct People {
    _process: Group,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl People {
    fn start() -> Self {
        let mut command = Command::new("node");
        command
            .arg(root().join("tests/interop/plans.mjs"))
            .current_dir(root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = Group::start(&mut command);
        let requests = process.0.stdin.take().expect("its input was piped");
        let answers = BufReader::new(process.0.stdout.take().expect("its output was piped"));
        Self {
            _process: process,
            requests,
            answers,
        }
    }

    fn ask(&mut self, request: &Value) -> Result<Value, String> {
        writeln!(self.requests, "{request}").expect("the people listen");
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .expect("the people answer");
        let answer: Value =
            serde_json::from_str(&line).map_err(|_| format!("no answer to {request}"))?;
        if answer.get("failed").is_some() {
            return Err(answer.to_string());
        }
        Ok(answer)
    }
}

/// Where a room is, for the people.
fn place(served: &Served, doc: &str) -> Value {
    json!({ "url": format!("ws://{}/d/{doc}/ws", served.host()), "token": served.token })
}

/// What is missing in the workspace of what was acknowledged before the host died.
fn lost(served: &Served, doc: &str, acknowledged: &Value) -> Vec<String> {
    let store = store::Store::open(served.home.workspace(), store::Open::ReadOnly)
        .expect("the workspace opens after its host was killed");
    let kept = document::new_doc();
    for row in store.log(doc).expect("the log reads") {
        document::apply(&kept, &row.bytes).expect("the log holds what the guard takes");
    }
    let vector = kept.transact().state_vector();
    acknowledged
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let (client, clock) = (entry[0].as_u64()?, entry[1].as_u64()?);
            let there = vector
                .iter()
                .find(|(known, _)| known.get() == client)
                .map_or(0, |(_, clock)| *clock);
            (u64::from(there) < clock)
                .then(|| format!("client {client}: {clock} acknowledged, {there} there"))
        })
        .collect()
}

fn play(mut served: Served, people: &mut People, seed: u64) -> Result<Served, String> {
    let doc = served.ok("demo_new", &json!({}))["doc"]
        .as_str()
        .expect("an id")
        .to_owned();
    let mut begin = place(&served, &doc);
    begin["do"] = json!("begin");
    begin["seed"] = json!(seed % (1 << 32));
    begin["length"] = json!(STEPS);
    people.ask(&begin)?;
    loop {
        let answer = people.ask(&json!({ "do": "go" }))?;
        if answer["next"] != "kill" {
            break;
        }
        served = served.killed(|dead| {
            let lost = lost(dead, &doc, &answer["acknowledged"]);
            assert!(
                lost.is_empty(),
                "seed {seed}: what was acknowledged survives the host: {lost:?}"
            );
        });
        let mut up = place(&served, &doc);
        up["do"] = json!("up");
        people.ask(&up)?;
    }
    let end = people.ask(&json!({ "do": "end" }))?;
    if end["differing"] != json!(-1) {
        let problem = format!("person {} sees another document: {end}", end["differing"]);
        return Err(problem);
    }
    if end["lost"] != json!([]) {
        let problem = format!("what was written in closed tabs never arrived: {end}");
        return Err(problem);
    }
    let mut ours = served.ok("postmortem_get", &json!({ "doc": doc }));
    if let Some(fields) = ours.as_object_mut() {
        fields.remove("id");
        fields.remove("schema");
    }
    assert_same(
        &ours,
        &end["document"],
        &format!("seed {seed}, the host and the people"),
    );
    Ok(served)
}

#[test]
fn whatever_happens_in_a_room_everybody_ends_up_with_the_same_and_nothing_acknowledged_is_lost() {
    let given = std::env::var_os("DEBRIEF_SEED").is_some();
    let first = seed();
    println!("DEBRIEF_SEED={first}");
    let mut people = People::start();
    let mut served = Served::start();
    for plan in 0..if given { 1 } else { PLANS } {
        let seed = first.wrapping_add(plan);
        served = match play(served, &mut people, seed) {
            Ok(served) => served,
            Err(problem) => {
                let folder = root().join("target/plans");
                std::fs::create_dir_all(&folder).expect("a folder for failing plans");
                let file = folder.join(format!("{seed}.json"));
                std::fs::write(&file, &problem).expect("a failing plan is kept");
                panic!(
                    "DEBRIEF_SEED={seed} fails ({}): {}",
                    file.display(),
                    problem.chars().take(600).collect::<String>()
                );
            }
        };
    }
}
