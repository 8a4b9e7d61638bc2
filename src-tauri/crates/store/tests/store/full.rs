//! A full disk: a clear error, and nothing half-written.

use std::process::Command;

use store::{NewUpdate, Open, OpenError, Store, StoreError};

use crate::{AT, Home, add_example};

fn fill(store: &Store, id: &str) -> StoreError {
    let bytes = vec![7_u8; 200_000];
    for _ in 0..1000 {
        let append = |w: &store::Writing<'_>| {
            w.append(
                id,
                &NewUpdate {
                    at_ms: AT,
                    actor: "",
                    client: None,
                    bytes: &bytes,
                },
            )
        };
        if let Err(error) = store.write(append) {
            return error;
        }
    }
    panic!("the disk never got full");
}

#[test]
fn a_limit_of_pages_is_a_full_disk() {
    let home = Home::new();
    let id = add_example(&home.store);
    home.store.limit_pages(600).unwrap();
    assert_eq!(
        fill(&home.store, &id),
        StoreError::Full,
        "a full disk is named as that"
    );
    let before = home.store.log(&id).unwrap().len();
    let again = home.store.write(|w| {
        w.append(
            &id,
            &NewUpdate {
                at_ms: AT,
                actor: "",
                client: None,
                bytes: &[0; 200_000],
            },
        )
    });
    assert_eq!(again, Err(StoreError::Full), "it stays full");
    assert_eq!(
        home.store.log(&id).unwrap().len(),
        before,
        "nothing half-written"
    );
    home.store.limit_pages(100_000).unwrap();
    home.store
        .write(|w| {
            w.append(
                &id,
                &NewUpdate {
                    at_ms: AT,
                    actor: "",
                    client: None,
                    bytes: b"x",
                },
            )
        })
        .expect("with room again, writing goes on");
}

#[cfg(target_os = "linux")]
#[test]
fn a_really_full_disk() {
    let home = tempfile::TempDir::new().unwrap();
    let disk = home.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
        .arg(&disk)
        .output();
    if !mounted.is_ok_and(|out| out.status.success()) {
        // Mounting needs root; the limit of pages above stands for it elsewhere.
        return;
    }
    let outcome = std::panic::catch_unwind(|| {
        let path = disk.join("w.debrief");
        let store = Store::open(&path, Open::Create).unwrap();
        let id = add_example(&store);
        assert_eq!(
            fill(&store, &id),
            StoreError::Full,
            "a full disk is named as that"
        );
        let log = store.log(&id).unwrap();
        let backup = store.backup(disk.join("copy"));
        assert_eq!(
            backup,
            Err(StoreError::Full),
            "a backup to a full disk says so"
        );
        drop(store);
        let store = Store::open(&path, Open::ReadOnly).unwrap();
        assert_eq!(
            store.log(&id).unwrap(),
            log,
            "what was committed is there after opening again"
        );

        std::fs::write(disk.join("filler"), vec![0_u8; 3 << 20]).unwrap_err();
        let fresh = Store::open(disk.join("new.debrief"), Open::Create);
        assert!(
            matches!(fresh, Err(OpenError::Full { .. })),
            "a new workspace does not fit: {:?}",
            fresh.err()
        );
        assert!(
            !disk.join("new.debrief").exists(),
            "nothing half-made stays behind"
        );
    });
    Command::new("umount").arg(&disk).output().unwrap();
    outcome.unwrap();
}
