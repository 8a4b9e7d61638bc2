//! Real postmortems of other people import without losing a word. They are not part of the project.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ingest::{Imported, import_bytes};

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "md") {
            out.push(path);
        }
    }
}

/// Every text that an import holds.
fn words_of(got: &Imported) -> String {
    let p = &got.postmortem;
    let mut out = vec![p.title.clone()];
    out.extend(p.tags.iter().cloned());
    out.extend(
        p.sections
            .iter()
            .flat_map(|s| [s.title.clone(), s.text.clone()]),
    );
    for e in &p.timeline {
        out.push(e.text.clone());
        if let Some(model::postmortem::Actor::Role(role)) = &e.actor {
            out.push(role.clone());
        }
    }
    out.extend(p.findings.iter().map(|f| f.text.clone()));
    out.extend(
        p.actions
            .iter()
            .flat_map(|a| [a.text.clone(), a.ticket.clone()]),
    );
    out.extend(p.participants.iter().map(|row| row.name.clone()));
    out.extend(got.people.iter().map(|person| person.name.clone()));
    out.join("\n")
}

fn counts(text: &str) -> HashMap<String, usize> {
    let mut out = HashMap::new();
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.len() >= 3 && !w.bytes().all(|b| b.is_ascii_digit()))
    {
        *out.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    out
}

#[test]
#[allow(clippy::print_stderr)]
fn nothing_is_lost_from_postmortems_of_others() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/reference/corpus");
    let mut all = Vec::new();
    files(&folder, &mut all);
    if all.is_empty() {
        eprintln!("skipped: reference corpus not here");
        return;
    }
    // What became a time's zone, or a tag.
    let structure = ["utc", "cet", "cest", "pst", "tags"];
    let now = "2026-11-16T10:00:00Z".parse().expect("a constant");
    let (mut events, mut actions, mut findings) = (0, 0, 0);
    for path in &all {
        let bytes = std::fs::read(path).expect("the file is there");
        let source = String::from_utf8_lossy(&bytes).into_owned();
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let got = import_bytes(&name, &bytes, now)
            .unwrap_or_else(|error| panic!("{name} must import: {error}"));
        let kept = counts(&words_of(&got));
        // Headings and table heads may have become structure.
        let lines: Vec<&str> = source.lines().collect();
        let is_head = |i: usize| {
            lines[i].starts_with('#')
                || lines
                    .get(i + 1)
                    .is_some_and(|next| next.contains("--") && next.contains('|'))
        };
        let heads: Vec<&str> = (0..lines.len())
            .filter(|i| is_head(*i))
            .map(|i| lines[i])
            .collect();
        let heads = counts(&heads.join("\n"));
        for (word, n) in counts(&source) {
            let have =
                kept.get(&word).copied().unwrap_or(0) + heads.get(&word).copied().unwrap_or(0);
            assert!(
                have >= n || structure.contains(&word.as_str()),
                "{name}: “{word}” stands there {n} times and was kept {have} times"
            );
        }
        events += got.postmortem.timeline.len();
        actions += got.postmortem.actions.len();
        findings += got.postmortem.findings.len();
    }
    eprintln!(
        "{} files: {events} events, {actions} action items, {findings} findings",
        all.len()
    );
    assert!(
        events > 60 && actions > 40 && findings > 30,
        "most timelines and lists of real files have simple shapes"
    );
}
