use api::types::Person;

use super::*;

const HERE: &str = "http://192.0.2.1:4000";
const THERE: &str = "http://192.0.2.2:4000";

fn guests() -> Guests {
    Guests::new(Vec::new(), Spent::default(), HERE.into(), Box::new(|_| {}))
}

/// The room after it went on at a place.
fn moved(before: &Guests, place: &str) -> Guests {
    let list = before.list();
    let kept = list.seats.iter().map(|seat| seat.kept.clone()).collect();
    Guests::new(kept, list.spent, place.into(), Box::new(|_| {}))
}

/// Lets somebody in, as the person of that name; gives what their cookie holds.
fn enter_again(guests: &Guests, name: &str, again: Option<&str>) -> Result<String, ApiError> {
    admit(guests, name, again).map(|admitted| admitted.session)
}

fn admit(guests: &Guests, name: &str, again: Option<&str>) -> Result<Admitted, ApiError> {
    let _coming = guests.come_in(name, again)?;
    let person = Person {
        id: name.to_lowercase(),
        name: name.to_owned(),
        ..Person::default()
    };
    guests.admit(&Joined { person, new: true }, name, again, Utc::now())
}

fn enter(guests: &Guests, name: &str) -> Result<String, ApiError> {
    enter_again(guests, name, None)
}

fn entered(guests: &Guests, session: &str) -> Entered {
    guests.entered(session, "doc").expect("a guest")
}

#[test]
fn a_full_room_pushes_nobody_out() {
    let guests = guests();
    let first = enter(&guests, "first").expect("a place");
    for at in 1..MOST {
        enter(&guests, &format!("guest {at}")).expect("a place");
    }
    let refused = enter(&guests, "one more").expect_err("the room is full");
    assert!(
        refused.message.contains("full"),
        "and says so: {}",
        refused.message
    );
    enter_again(&guests, "the first", Some(&entered(&guests, &first).id))
        .expect("whoever is in needs no other place");
    let gone = guests.shown()[MOST - 1].id.clone();
    guests.free(&gone).expect("they have nothing open");
    enter(&guests, "one more").expect("a place that is nobody's is given away");
    assert_eq!(guests.shown().len(), MOST, "nobody else had to go");
}

#[test]
fn a_full_room_remembers_who_only_reads_along() {
    let before = guests();
    let reader = enter(&before, "reader").expect("a place");
    before
        .set_right(&entered(&before, &reader).id, RoomRight::Viewer)
        .expect("a guest");
    for at in 1..MOST {
        enter(&before, &format!("guest {at}")).expect("a place");
    }
    let there = moved(&before, THERE);
    drop(
        there
            .come_in("somebody refused", None)
            .expect("there is room"),
    );
    assert_eq!(
        there.shown().len(),
        MOST,
        "whoever does not get in after all pushes nobody out"
    );
    let admitted = admit(&there, "one more", None).expect("a place that is nobody's");
    assert_eq!(
        admitted.left,
        [before.shown()[1].id.clone()],
        "it was of one who may write, and goes with what was voted there"
    );
    let again = enter(&there, "reader").expect("a name of before");
    assert_eq!(
        entered(&there, &again).guest.right,
        RoomRight::Viewer,
        "whoever read along reads along"
    );
}

#[test]
fn a_name_belongs_to_the_page_that_joined_under_it_until_it_is_freed() {
    let guests = guests();
    let session = enter(&guests, "Debby").expect("a place");
    let id = entered(&guests, &session).id;
    for name in ["Debby", "dEBBY", "D\u{435}bby"] {
        let refused =
            enter(&guests, name).expect_err("she has nothing open and is nonetheless Debby");
        assert!(
            refused.message.contains("from another device"),
            "{name}: {}",
            refused.message
        );
    }
    guests.count(&id, true);
    let refused = guests.free(&id).expect_err("she is connected");
    assert_eq!(refused.code, ErrorCode::Conflict, "so it is not for others");
    guests.count(&id, false);
    guests.set_right(&id, RoomRight::Viewer).expect("a guest");
    guests.free(&id).expect("now she has gone");
    assert!(
        guests.entered(&session, "doc").is_none(),
        "the phone that is gone comes in no more"
    );
    assert!(
        guests.shown()[0].free,
        "the facilitator sees that it is free"
    );
    let other = enter(&guests, "Debby").expect("another phone takes the place");
    let other = entered(&guests, &other);
    assert_ne!(
        other.id, id,
        "with nothing that was written silently before"
    );
    assert_eq!(
        other.guest.right,
        RoomRight::Viewer,
        "and with no greater right"
    );
    assert_eq!(guests.shown().len(), 1, "there is one Debby");
}

#[test]
fn whoever_was_there_before_comes_back_by_cookie_and_elsewhere_by_name() {
    let before = guests();
    let session = enter(&before, "Debby").expect("a place");
    let here = moved(&before, HERE);
    enter(&here, "Debby").expect_err("at the same address her cookie is still good");
    assert!(
        here.entered(&session, "doc").is_some(),
        "she comes back by herself"
    );
    let there = moved(&before, THERE);
    let admitted =
        admit(&there, "Debby", None).expect("browsers take no cookie to another address");
    assert_eq!(
        admitted.left,
        [before.shown()[0].id.clone()],
        "the place at the old address is gone, and with it what was voted there"
    );
    enter(&there, "Debby").expect_err("now she is here");
    assert_eq!(there.shown().len(), 1, "and there is one Debby");
    let there = moved(&before, THERE);
    assert!(
        there.entered(&session, "doc").is_some(),
        "another Debrief takes its cookie along"
    );
    enter(&there, "Debby").expect_err("then the name is hers at once");
}

#[test]
fn a_seat_that_came_back_elsewhere_is_written_down() {
    let before = guests();
    let session = enter(&before, "Debby").expect("a place");
    let kept: Arc<Mutex<Vec<KeptGuest>>> = Arc::default();
    let keep: Keep = Box::new({
        let kept = Arc::clone(&kept);
        move |ask| *kept.lock().expect("a list") = ask().0
    });
    let seats = before
        .list()
        .seats
        .iter()
        .map(|seat| seat.kept.clone())
        .collect();
    let there = Guests::new(seats, Spent::default(), THERE.into(), keep);
    entered(&there, &session);
    let kept = kept.lock().expect("a list").clone();
    let restarted = Guests::new(kept, Spent::default(), THERE.into(), Box::new(|_| {}));
    assert_eq!(restarted.shown().len(), 1, "she was written down");
    enter(&restarted, "Debby").expect_err("the name is hers after a restart too");
}

#[test]
fn a_page_that_joins_once_more_stays_in_its_place_with_its_right() {
    let guests = guests();
    let session = enter(&guests, "Debby").expect("a place");
    let first = entered(&guests, &session);
    guests
        .set_right(&first.id, RoomRight::Viewer)
        .expect("a guest");
    assert!(
        first.ends.has_changed().expect("still a guest"),
        "what is open is told"
    );
    for name in ["Debby", "Deborah", "debORAH", "D. Hill"] {
        let again = enter_again(&guests, name, Some(&first.id)).expect("her own place");
        let again = entered(&guests, &again);
        assert_eq!(again.id, first.id, "{name} votes once");
        assert_eq!(
            again.guest.right,
            RoomRight::Viewer,
            "joining again gives nobody more"
        );
    }
    assert!(
        first.ends.has_changed().is_err(),
        "what was open before is over"
    );
    assert!(
        guests.entered(&session, "doc").is_none(),
        "and so is the session of before"
    );
    let refused = enter_again(&guests, "Greg", Some(&first.id)).expect_err("a fourth name");
    assert!(
        refused.message.contains("names in this room"),
        "nobody goes through name after name: {}",
        refused.message
    );
    enter_again(&guests, "D. Hill", Some(&first.id)).expect("the last one stays good");
    enter_again(&guests, "Debby", Some(&first.id)).expect("and those of before");
    enter(&guests, "Deborah").expect_err("which are no others' meanwhile");
    assert!(guests.remove(&first.id).is_ok(), "a guest can be sent away");
}

#[test]
fn a_page_goes_to_and_fro_between_its_names_so_often_and_no_more() {
    let guests = guests();
    let session = enter(&guests, "Robin").expect("a place");
    let id = entered(&guests, &session).id;
    for name in ["Cathy", "Robin"]
        .into_iter()
        .cycle()
        .take(RENAMES as usize)
    {
        enter_again(&guests, name, Some(&id)).expect("one of its names");
    }
    let refused = enter_again(&guests, "Cathy", Some(&id)).expect_err("each time is written down");
    assert!(
        refused.message.contains("Go on as Robin"),
        "and it is said how to go on: {}",
        refused.message
    );
    enter_again(&guests, "Robin", Some(&id)).expect("coming in as before changes no name");
}

#[test]
fn guests_add_so_many_people_and_images_and_no_more() {
    let guests = guests();
    for _ in 0..OF_ALL.people {
        guests.add_person().expect("there is room");
    }
    guests
        .add_person()
        .expect_err("the directory is not filled");
    let ids: Vec<String> = ["One", "Two"]
        .iter()
        .map(|name| {
            let session = enter(&guests, name).expect("a place");
            entered(&guests, &session).id
        })
        .collect();
    for _ in 0..OF_ONE.count {
        guests.charge_image(&ids[0], 1).expect("there is room");
    }
    guests
        .charge_image(&ids[0], 1)
        .expect_err("one guest does not fill the disk");
    guests.refund_image(&ids[0], 1);
    guests
        .charge_image(&ids[0], 1)
        .expect("what did not arrive is not counted");
    guests
        .charge_image(&ids[1], OF_ONE.bytes + 1)
        .expect_err("neither with few that are large");
    guests
        .charge_image(&ids[1], OF_ONE.bytes)
        .expect("another guest has as much");
    let after = moved(&guests, HERE);
    after
        .charge_image(&ids[0], 1)
        .expect_err("a restart gives nobody more");
    after.add_person().expect_err("of people, neither");
    after.list().spent.images.count = OF_ALL.images.count;
    after
        .charge_image(&ids[1], 0)
        .expect_err("nor is it filled by all together");
}
