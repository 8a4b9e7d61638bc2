//! What is opened and what is refused, each with its own error and the file left as it was.

use std::fs;
use std::path::Path;

use store::{NewUpdate, Open, OpenError, SCHEMA, Store, StoreError};

use crate::{AT, Home, add_example, raw};

fn refuse(path: &Path, open: Open) -> OpenError {
    let before = fs::read(path).ok();
    let Err(error) = Store::open(path, open) else {
        panic!("{} must be refused", path.display());
    };
    assert_eq!(
        fs::read(path).ok(),
        before,
        "a refused file must be left as it was ({error})"
    );
    let sentence = error.to_string();
    assert!(
        sentence.ends_with('.') && !sentence.contains('\n'),
        "an error is one line of sentences: {sentence:?}"
    );
    error
}

#[test]
fn each_bad_file_has_its_own_refusal() {
    let home = Home::new();
    add_example(&home.store);
    let folder = home.folder.path().to_owned();
    let good = folder.join("good.debrief");
    home.store.backup(&good).unwrap();
    let bytes = fs::read(&good).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };

    let missing = refuse(&folder.join("nowhere.debrief"), Open::Existing);
    assert!(
        matches!(missing, OpenError::Missing { .. }),
        "a file that is not there is missing: {missing}"
    );

    let garbage = refuse(&file("garbage", &[0xa5; 5000]), Open::Create);
    assert!(
        matches!(garbage, OpenError::Foreign { .. }),
        "garbage is no workspace: {garbage}"
    );
    let short = refuse(&file("short", b"SQLite format 3\0"), Open::Create);
    assert!(
        matches!(short, OpenError::Foreign { .. }),
        "sixteen bytes are no database: {short}"
    );
    let empty = refuse(&file("empty", b""), Open::Existing);
    assert!(
        matches!(empty, OpenError::Empty { .. }),
        "an empty file is no workspace yet: {empty}"
    );
    let text = refuse(
        &file("notes.md", b"# Notes\n".repeat(50).as_slice()),
        Open::Create,
    );
    assert!(
        matches!(text, OpenError::Foreign { .. }),
        "a text is no workspace: {text}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = || fs::metadata("/dev/null").unwrap().permissions().mode();
        let before = mode();
        let device = refuse(std::path::Path::new("/dev/null"), Open::Create);
        assert!(
            device.to_string().contains("it is not a file"),
            "a device is no workspace: {device}"
        );
        assert_eq!(mode(), before, "and is left as it was");
    }
    let a_folder = refuse(&folder, Open::Create);
    assert!(
        matches!(a_folder, OpenError::Foreign { .. }),
        "a folder is no workspace: {a_folder}"
    );

    let other = folder.join("other.sqlite");
    raw(&other)
        .execute_batch("CREATE TABLE t (x); PRAGMA application_id = 7;")
        .unwrap();
    let other = refuse(&other, Open::Create);
    assert!(
        matches!(other, OpenError::Foreign { .. }),
        "another program's database is refused: {other}"
    );

    let cut = refuse(&file("cut", &bytes[..bytes.len() / 2]), Open::Existing);
    assert!(
        matches!(cut, OpenError::Damaged { .. }),
        "a file that was cut short is damaged: {cut}"
    );
    let mut holed = bytes.clone();
    holed[100..4096].fill(0xff);
    let holed = refuse(&file("holed", &holed), Open::Existing);
    assert!(
        matches!(holed, OpenError::Damaged { .. }),
        "a file with a broken first page is damaged: {holed}"
    );

    let newer = file("newer", &bytes);
    raw(&newer)
        .pragma_update(None, "user_version", SCHEMA + 1)
        .unwrap();
    match refuse(&newer, Open::Existing) {
        OpenError::Newer { found, known, .. } => assert_eq!(
            (found, known),
            (SCHEMA + 1, SCHEMA),
            "both versions are named"
        ),
        error => panic!("a file of a newer version must be refused as that, not as: {error}"),
    }

    Store::open(&good, Open::Existing).expect("an untouched copy must open");
}

#[test]
fn a_newer_version_in_the_write_ahead_log_is_seen() {
    let home = Home::new();
    let other = home.raw();
    other
        .pragma_update(None, "user_version", SCHEMA + 1)
        .unwrap();
    let error = refuse(&home.path(), Open::Existing);
    assert!(
        matches!(error, OpenError::Newer { .. }),
        "the version counts wherever it stands: {error}"
    );
}

#[test]
fn a_file_that_another_program_has_for_itself_is_locked() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("w.debrief");
    drop(Store::open(&path, Open::Create).unwrap());
    let other = raw(&path);
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO notice (doc_id, what, at_ms) VALUES ('', '', 0);").unwrap();
    let Err(error) = Store::open(&path, Open::Existing) else {
        panic!("a locked file must be refused")
    };
    assert!(
        matches!(error, OpenError::Locked { .. }),
        "locked is neither damaged nor read-only: {error}"
    );
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    Store::open(&path, Open::Existing).expect("the file opens once it is let go");
}

#[cfg(unix)]
#[test]
fn a_workspace_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    add_example(&home.store);
    home.store.backup(home.folder.path().join("copy")).unwrap();
    let mut seen = 0;
    for entry in fs::read_dir(home.folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(
            mode,
            0o600,
            "{} must be readable by its owner alone",
            entry.path().display()
        );
        seen += 1;
    }
    assert_eq!(
        seen, 4,
        "the workspace, its log, the log's index and the copy were looked at"
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_told_and_can_be_read() {
    use std::process::Command;
    let home = tempfile::TempDir::new().unwrap();
    let disk = home.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = |args: &[&str]| {
        Command::new("mount")
            .args(args)
            .arg(&disk)
            .output()
            .is_ok_and(|out| out.status.success())
    };
    if !mount(&["-t", "tmpfs", "-o", "size=8m", "tmpfs"]) {
        // Without the right to mount, permissions do it, unless this is root, whom they do not bind.
        return by_permissions(&disk);
    }
    let path = disk.join("w.debrief");
    let store = Store::open(&path, Open::Create).unwrap();
    add_example(&store);
    drop(store);
    let again = Command::new("mount")
        .args(["-o", "remount,ro"])
        .arg(&disk)
        .output()
        .unwrap();
    let outcome = std::panic::catch_unwind(|| {
        assert!(
            again.status.success(),
            "the disk must become read-only for this test"
        );
        read_only(&path);
        let fresh = refuse(&disk.join("new.debrief"), Open::Create);
        assert!(
            matches!(fresh, OpenError::ReadOnly { .. }),
            "nothing new can be made there: {fresh}"
        );
    });
    Command::new("umount").arg(&disk).output().unwrap();
    outcome.unwrap();
}

#[cfg(unix)]
fn by_permissions(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("w.debrief");
    drop(Store::open(&path, Open::Create).unwrap());
    fs::set_permissions(folder, fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(folder.join("probe"), b"").is_err() {
        read_only(&path);
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
}

#[cfg(unix)]
fn read_only(path: &Path) {
    for open in [Open::Create, Open::Existing] {
        let error = refuse(path, open);
        assert!(
            matches!(error, OpenError::ReadOnly { .. }),
            "a workspace that cannot be written to says so: {error}"
        );
    }
    let store = Store::open(path, Open::ReadOnly).expect("reading must still be possible");
    store.info().expect("lists can be read");
    assert_eq!(
        store.trash("x", AT),
        Err(StoreError::ReadOnly),
        "writing is refused"
    );
}

#[test]
fn two_that_make_the_same_workspace_at_once_get_one() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("sub").join("w.debrief");
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| Store::open(&path, Open::Create).map(drop)))
            .collect();
        for thread in threads {
            thread
                .join()
                .unwrap()
                .expect("whoever comes second finds the work done");
        }
    });
    let store = Store::open(&path, Open::Existing).unwrap();
    assert_eq!(
        store.documents().unwrap().len(),
        1,
        "there is one directory document"
    );
}

#[test]
fn the_order_is_that_of_the_log_when_the_clock_is_set_back() {
    let home = Home::new();
    let id = add_example(&home.store);
    crate::change(&home.store, &id, AT - 5_000_000, "", |p| {
        p.title = "First".into()
    });
    crate::change(&home.store, &id, AT - 9_000_000, "", |p| {
        p.title = "Second".into()
    });
    let log = home.store.log(&id).unwrap();
    assert!(
        log.windows(2).all(|pair| pair[0].seq < pair[1].seq),
        "rows come in the order in which they were appended"
    );
    let row = home.store.postmortem_row(&id).unwrap().unwrap();
    assert_eq!(
        row.title, "Second",
        "what was written last counts, whatever the clock said"
    );
    assert_eq!(
        home.store.check(false).unwrap().problems,
        Vec::<String>::new(),
        "a clock set back is no damage"
    );
}

#[test]
fn a_backup_is_whole_and_never_the_workspace_itself() {
    let home = Home::new();
    let id = add_example(&home.store);
    let target = home.folder.path().join("backup.debrief");
    home.store.backup(&target).unwrap();
    home.store
        .backup(&target)
        .expect("an older backup of that name is replaced");
    let copy = Store::open(&target, Open::Existing).unwrap();
    assert_eq!(
        copy.check(false).unwrap().problems,
        Vec::<String>::new(),
        "a backup is consistent"
    );
    assert_eq!(
        copy.log(&id).unwrap(),
        home.store.log(&id).unwrap(),
        "a backup has the whole log"
    );

    let link = home.folder.path().join("link");
    fs::hard_link(home.path(), &link).unwrap();
    let precious = home.folder.path().join("precious.txt");
    fs::write(&precious, "mine").unwrap();
    for bad in [
        home.path(),
        link,
        precious.clone(),
        home.folder.path().to_owned(),
    ] {
        let refused = home.store.backup(&bad);
        assert!(
            matches!(refused, Err(StoreError::Refused(_))),
            "{} must not be overwritten: {refused:?}",
            bad.display()
        );
    }
    assert_eq!(
        fs::read(&precious).unwrap(),
        b"mine",
        "another file is left as it was"
    );
    let nowhere = home
        .store
        .backup(home.folder.path().join("no").join("such").join("folder"));
    assert!(nowhere.is_err(), "a folder that is not there is an error");
    let parts = fs::read_dir(home.folder.path()).unwrap().filter(|e| {
        e.as_ref()
            .unwrap()
            .path()
            .to_string_lossy()
            .contains("part")
    });
    assert_eq!(parts.count(), 0, "nothing half-written stays behind");
}

#[test]
fn a_write_that_fails_has_written_nothing() {
    let home = Home::new();
    let id = add_example(&home.store);
    let before = home.store.log(&id).unwrap();
    let failed: Result<(), StoreError> = home.store.write(|w| {
        w.append(
            &id,
            &NewUpdate {
                at_ms: AT,
                actor: "",
                client: None,
                bytes: b"x",
            },
        )?;
        Err(StoreError::Refused("no".into()))
    });
    assert!(failed.is_err(), "the error comes back");
    assert_eq!(home.store.log(&id).unwrap(), before, "the log is as before");
}
