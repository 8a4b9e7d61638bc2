//! The workspace file beside other programs: what is open must never be let go of, and what was moved away is noticed.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use model::postmortem::Postmortem;
use store::{Open, OpenError, Store, StoreError};

use crate::{AT, Home, add, add_example, raw};

/// Names the workspace for [`the_app`], which is another process's part.
const WORKSPACE: &str = "DEBRIEF_TEST_WORKSPACE";

/// The app: it has a workspace open, opens the same file again, and then commits.
#[test]
fn the_app() {
    let Some(path) = std::env::var_os(WORKSPACE).map(std::path::PathBuf::from) else {
        return;
    };
    let first = Store::open(&path, Open::Existing).unwrap();
    drop(Store::open(&path, Open::ReadOnly).unwrap());
    assert!(first.backup(&path).is_err(), "it is the workspace itself");
    // "Open another workspace" with the same file: the new one is opened before the old one is let go of.
    let store = Store::open(&path, Open::Existing).unwrap();
    drop(first);
    let mut out = std::io::stdout();
    let mut lines = std::io::stdin().lines();
    writeln!(out, "\nopen").unwrap();
    lines.next();
    add(&store, "mine", &Postmortem::default(), AT);
    writeln!(out, "\nsaved").unwrap();
    lines.next();
}

#[test]
fn a_file_that_is_opened_again_stays_locked() {
    let home = Home::new();
    let path = home.path();
    let Home { folder, store } = home;
    drop(store);
    let mut app = Command::new(std::env::current_exe().unwrap())
        .args(["beside::the_app", "--exact", "--nocapture"])
        .env(WORKSPACE, &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut says = BufReader::new(app.stdout.take().unwrap()).lines();
    let mut until = |word: &str| {
        assert!(
            says.any(|line| line.unwrap() == word),
            "the app must get as far as “{word}”"
        );
    };
    until("open");
    #[cfg(target_os = "linux")]
    {
        // SQLite since 3.51 looks twice before it removes a log; other programs bring older ones.
        use std::os::unix::fs::MetadataExt;
        let inode = fs::metadata(&path).unwrap().ino();
        let locks = fs::read_to_string("/proc/locks").unwrap();
        let (pid, inode) = (format!(" {} ", app.id()), format!(":{inode} "));
        assert!(
            locks
                .lines()
                .any(|lock| lock.contains(&pid) && lock.contains(&inode)),
            "the app still has its lock"
        );
    }
    // As `debrief list` does.
    let list = Store::open(&path, Open::Existing).unwrap();
    list.documents().unwrap();
    drop(list);
    writeln!(app.stdin.as_mut().unwrap(), "go on").unwrap();
    until("saved");
    app.kill().unwrap();
    app.wait().unwrap();
    let store = Store::open(&path, Open::Existing).unwrap();
    assert!(
        store.document("mine").unwrap().is_some(),
        "what was committed is there, whoever else looked at the file"
    );
    drop(folder);
}

#[test]
fn files_in_use_are_known_by_any_name() {
    let home = Home::new();
    let folder = home.folder.path().to_owned();
    let link = folder.join("link");
    fs::hard_link(home.path(), &link).unwrap();
    for name in [
        "workspace.debrief",
        "workspace.debrief-wal",
        "workspace.debrief-shm",
        "link",
    ] {
        assert!(store::in_use(&folder.join(name)), "{name} is in use");
    }
    fs::write(folder.join("other"), "x").unwrap();
    assert!(!store::in_use(&folder.join("other")), "another file is not");
    assert!(!store::in_use(&folder.join("none")), "nor is none");
    // SQLite would keep another log beside the other name.
    let again = Store::open(&link, Open::Existing).map(drop);
    assert!(
        matches!(again, Err(OpenError::Io { .. })),
        "the same file under another name is refused while it is open: {again:?}"
    );
    let path = home.path();
    let second = Store::open(&path, Open::Existing).unwrap();
    drop(home.store);
    assert!(store::in_use(&path), "the second has it open still");
    drop(second);
    assert!(!store::in_use(&path), "nobody has it open any more");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_no_longer_there_takes_nothing() {
    let home = Home::new();
    let id = add_example(&home.store);
    let (path, away) = (home.path(), home.folder.path().join("away"));
    let moved = |why: &str| {
        let said = home.store.trash(&id, AT);
        assert_eq!(said, Err(StoreError::Moved), "{why} is noticed");
        assert!(
            home.store
                .document(&id)
                .unwrap()
                .unwrap()
                .trashed_at
                .is_none(),
            "and nothing was written"
        );
    };
    fs::rename(&path, &away).unwrap();
    moved("a file that was moved");
    fs::write(&path, b"something else").unwrap();
    moved("a file that was replaced");
    fs::rename(&away, &path).unwrap();
    let log = home.folder.path().join("workspace.debrief-wal");
    fs::rename(&log, &away).unwrap();
    moved("a log that was moved");
    fs::rename(&away, &log).unwrap();
    home.store
        .trash(&id, AT)
        .expect("what was put back takes everything again");
}

#[test]
fn a_backup_replaces_nothing_but_a_backup() {
    let home = Home::new();
    let id = add_example(&home.store);
    let file = |name: &str| home.folder.path().join(name);
    let refused = |name: &str, says: &str| match home.store.backup(file(name)) {
        Err(StoreError::Refused(sentence)) => {
            assert!(sentence.contains(says), "{name} says {says:?}: {sentence}");
        }
        other => panic!("{name} must be refused: {other:?}"),
    };

    // Somebody opened the backup and was killed.
    home.store.backup(file("old")).unwrap();
    let open = Store::open(file("old"), Open::Existing).unwrap();
    add(&open, "later", &Postmortem::default(), AT);
    fs::copy(file("old"), file("killed")).unwrap();
    fs::copy(file("old-wal"), file("killed-wal")).unwrap();
    refused("killed", "killed-wal");
    fs::remove_file(file("killed")).unwrap();
    refused("killed", "killed-wal");
    refused("old", "in use");
    drop(open);
    refused("old", "workspace");
    let old = Store::open(file("old"), Open::Existing).unwrap();
    assert!(
        old.document("later").unwrap().is_some(),
        "what was refused is as it was"
    );

    for suffix in ["-wal", "-shm", "-journal"] {
        fs::write(file(&format!("new{suffix}")), b"").unwrap();
        refused("new", suffix);
        fs::remove_file(file(&format!("new{suffix}"))).unwrap();
    }
    home.store.backup(file("new")).unwrap();
    home.store.trash(&id, AT).unwrap();
    home.store
        .backup(file("new"))
        .expect("a backup is replaced");
    let new = Store::open(file("new"), Open::ReadOnly).unwrap();
    assert!(
        new.document(&id).unwrap().unwrap().trashed_at.is_some(),
        "by the newer one"
    );
}

#[cfg(unix)]
#[test]
fn an_empty_file_becomes_a_private_workspace() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("w.debrief");
    fs::write(&path, b"").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let store = Store::open(&path, Open::Create).unwrap();
    for name in ["w.debrief", "w.debrief-wal", "w.debrief-shm"] {
        let mode = fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name} is for its owner alone");
    }
    drop(store);
}

#[test]
fn a_file_that_another_program_is_making_is_left_to_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("w.debrief");
    let other = raw(&path);
    other
        .execute_batch("BEGIN EXCLUSIVE; CREATE TABLE t (x)")
        .unwrap();
    let opened = Store::open(&path, Open::Create).map(drop);
    assert!(
        matches!(opened, Err(OpenError::Locked { .. })),
        "somebody else has it: {opened:?}"
    );
    other.execute_batch("COMMIT").unwrap();
    drop(other);
    assert!(
        fs::metadata(&path).is_ok_and(|meta| meta.len() > 0),
        "what the other one made is there"
    );
}

#[test]
fn a_workspace_that_is_closed_is_one_file() {
    let home = Home::new();
    let id = add_example(&home.store);
    home.store.document(&id).unwrap();
    home.store.data_version().unwrap();
    let Home { folder, store } = home;
    drop(store);
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["workspace.debrief"], "it can be copied and moved");
}

#[cfg(unix)]
#[test]
fn a_workspace_that_others_may_read_is_closed_to_them() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("w.debrief");
    drop(Store::open(&path, Open::Create).unwrap());
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    drop(Store::open(&path, Open::ReadOnly).unwrap());
    assert_eq!(mode(), 0o644, "whoever only reads changes nothing");
    drop(Store::open(&path, Open::Existing).unwrap());
    assert_eq!(mode(), 0o600, "a workspace is for its owner alone");
}
