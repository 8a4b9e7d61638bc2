//! Who has joined.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use api::error::{ApiError, ErrorCode};
use api::guest::Guest;
use api::handlers::{same, taken_name};
use api::types::{Person, RoomRight, ShareGuest};
use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::invitation;
use super::kept::KeptGuest;

/// Guests of one meeting.
const MOST: usize = 250;
/// A guest who has nothing open counts as here for so long: pages load, phones change networks.
const LINGERS: Duration = Duration::from_secs(30);

/// Writes down who is here; it is handed the way to ask.
pub type Keep = Box<dyn Fn(&dyn Fn() -> Vec<KeptGuest>) + Send + Sync>;

/// The guests of a room.
pub struct Guests {
    list: Mutex<List>,
    keep: Keep,
}

#[derive(Default)]
struct List {
    seats: Vec<Seat>,
    /// Names of those who are just coming in.
    coming: Vec<String>,
}

struct Seat {
    kept: KeptGuest,
    /// When they asked for something last; absent since the sharing began.
    seen: Option<Instant>,
    /// What they have open.
    open: usize,
    /// Closes what they have open: it speaks when their right changes, and is gone when they are.
    ends: watch::Sender<()>,
}

impl Seat {
    fn is_here(&self) -> bool {
        self.open > 0 || self.seen.is_some_and(|seen| seen.elapsed() < LINGERS)
    }
}

/// A guest who asks for something.
pub struct Entered {
    /// Names them for the facilitator.
    pub id: String,
    /// Who they are and what they may do.
    pub guest: Arc<Guest>,
    /// Speaks, or is gone, when what they have open is to be closed.
    pub ends: watch::Receiver<()>,
}

/// A name that nobody else can take while somebody comes in under it.
pub struct Coming<'a> {
    guests: &'a Guests,
    name: String,
}

impl Drop for Coming<'_> {
    fn drop(&mut self) {
        let mut list = self.guests.list();
        if let Some(at) = list.coming.iter().position(|name| *name == self.name) {
            list.coming.swap_remove(at);
        }
    }
}

impl Guests {
    /// The guests who were there before, and the way to write down who is.
    pub fn new(before: Vec<KeptGuest>, keep: Keep) -> Self {
        // They have not come back yet: their pages may do so by themselves, or they join under their name at a new address.
        let seats = before
            .into_iter()
            .take(MOST)
            .map(|kept| Seat {
                kept,
                seen: None,
                open: 0,
                ends: watch::Sender::new(()),
            })
            .collect();
        Self {
            list: Mutex::new(List {
                seats,
                coming: Vec::new(),
            }),
            keep,
        }
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down who is here.
    pub fn keep(&self) {
        (self.keep)(&|| {
            self.list()
                .seats
                .iter()
                .map(|seat| seat.kept.clone())
                .collect()
        });
    }

    /// The guest whose cookie holds this.
    pub fn entered(&self, session: &str, doc: &str) -> Option<Entered> {
        let hash = invitation::hash(session);
        let mut list = self.list();
        let seat = list
            .seats
            .iter_mut()
            .find(|seat| seat.kept.session == hash)?;
        seat.seen = Some(Instant::now());
        Some(Entered {
            id: seat.kept.id.clone(),
            ends: seat.ends.subscribe(),
            guest: Arc::new(Guest {
                person: seat.kept.person.clone(),
                seat: seat.kept.id.clone(),
                doc: doc.to_owned(),
                right: seat.kept.right,
            }),
        })
    }

    /// Takes a name for somebody who comes in. `again` is the guest that their page was before.
    ///
    /// Errors: `Invalid` when somebody who is here goes by it; `Refused` when the room is full.
    pub fn come_in(&self, name: &str, again: Option<&str>) -> Result<Coming<'_>, ApiError> {
        let mut list = self.list();
        let lower = name.to_lowercase();
        let taken = |seat: &Seat| {
            Some(seat.kept.id.as_str()) != again && seat.is_here() && same(&seat.kept.name, name)
        };
        if list.coming.contains(&lower) || list.seats.iter().any(taken) {
            return Err(taken_name());
        }
        if list.seats.len() + list.coming.len() >= MOST {
            // Whoever has been away the longest gives up the place; their page asks for the name again.
            let away = (0..list.seats.len())
                .filter(|at| list.seats.get(*at).is_some_and(|seat| !seat.is_here()))
                .min_by_key(|at| list.seats.get(*at).map(|seat| seat.seen));
            match away {
                Some(at) => drop(list.seats.remove(at)),
                None => {
                    return Err(ApiError::new(
                        ErrorCode::Refused,
                        "The room is full. Ask the facilitator to let somebody go.",
                    ));
                }
            }
        }
        list.coming.push(lower.clone());
        Ok(Coming {
            guests: self,
            name: lower,
        })
    }

    /// Whether a person is here already, somebody's own page before left aside.
    pub fn is_here(&self, person: &str, again: Option<&str>) -> bool {
        self.list().seats.iter().any(|seat| {
            seat.kept.person == person && Some(seat.kept.id.as_str()) != again && seat.is_here()
        })
    }

    /// Lets somebody in and gives what their cookie is to hold. What they were before is gone.
    ///
    /// Errors: `Invalid` when that person has come in meanwhile.
    pub fn admit(
        &self,
        person: &Person,
        name: &str,
        again: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<String, ApiError> {
        let session = invitation::session();
        {
            let mut list = self.list();
            let theirs =
                |seat: &Seat| seat.kept.person == person.id || Some(seat.kept.id.as_str()) == again;
            let here = list.seats.iter().any(|seat| {
                seat.kept.person == person.id
                    && Some(seat.kept.id.as_str()) != again
                    && seat.is_here()
            });
            if here {
                return Err(taken_name());
            }
            let before = list.seats.iter().find(|seat| theirs(seat));
            let right = before.map_or(RoomRight::Editor, |seat| seat.kept.right);
            list.seats.retain(|seat| !theirs(seat));
            list.seats.push(Seat {
                kept: KeptGuest {
                    id: uuid::Uuid::now_v7().to_string(),
                    session: invitation::hash(&session),
                    person: person.id.clone(),
                    name: name.to_owned(),
                    right,
                    since: now,
                },
                seen: Some(Instant::now()),
                open: 0,
                ends: watch::Sender::new(()),
            });
        }
        self.keep();
        Ok(session)
    }

    /// Changes what a guest may do.
    pub fn set_right(&self, id: &str, right: RoomRight) -> Result<(), ApiError> {
        {
            let mut list = self.list();
            let seat = list
                .seats
                .iter_mut()
                .find(|seat| seat.kept.id == id)
                .ok_or_else(unknown)?;
            if seat.kept.right == right {
                return Ok(());
            }
            seat.kept.right = right;
            seat.ends.send_replace(());
        }
        self.keep();
        Ok(())
    }

    /// Forgets a guest.
    pub fn remove(&self, id: &str) -> Result<(), ApiError> {
        {
            let mut list = self.list();
            let before = list.seats.len();
            list.seats.retain(|seat| seat.kept.id != id);
            if list.seats.len() == before {
                return Err(unknown());
            }
        }
        self.keep();
        Ok(())
    }

    /// Counts what a guest has open, up or down. True when they have come or gone by that.
    pub fn count(&self, id: &str, more: bool) -> bool {
        let mut list = self.list();
        let Some(seat) = list.seats.iter_mut().find(|seat| seat.kept.id == id) else {
            return false;
        };
        let before = seat.open;
        seat.open = if more {
            before + 1
        } else {
            before.saturating_sub(1)
        };
        seat.seen = Some(Instant::now());
        (before == 0) != (seat.open == 0)
    }

    /// As the facilitator sees them.
    pub fn shown(&self) -> Vec<ShareGuest> {
        self.list()
            .seats
            .iter()
            .map(|seat| ShareGuest {
                id: seat.kept.id.clone(),
                person: seat.kept.person.clone(),
                name: seat.kept.name.clone(),
                right: seat.kept.right,
                connected: seat.open > 0,
                since: seat.kept.since,
            })
            .collect()
    }
}

fn unknown() -> ApiError {
    ApiError::not_found("This guest is no longer here.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guests() -> Guests {
        Guests::new(Vec::new(), Box::new(|_| {}))
    }

    fn person(id: &str) -> Person {
        Person {
            id: id.to_owned(),
            name: id.to_owned(),
            ..Person::default()
        }
    }

    /// Lets somebody in; gives what their cookie holds.
    fn enter(guests: &Guests, name: &str) -> Result<String, ApiError> {
        let _coming = guests.come_in(name, None)?;
        guests.admit(&person(name), name, None, Utc::now())
    }

    #[test]
    fn a_full_room_takes_somebody_in_for_whoever_has_gone() {
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
        let long_ago = Instant::now().checked_sub(2 * LINGERS);
        let long_ago = long_ago.expect("this computer has run for a minute");
        guests.list().seats[0].seen = Some(long_ago);
        enter(&guests, "one more").expect("whoever has been away gives up the place");
        assert!(
            guests.entered(&first, "doc").is_none(),
            "and is asked for the name again"
        );
        assert_eq!(guests.shown().len(), MOST, "nobody else had to go");
    }

    #[test]
    fn whoever_was_there_before_comes_in_under_the_same_name() {
        let before = guests();
        enter(&before, "Debby").expect("a place");
        let kept = vec![before.list().seats[0].kept.clone()];
        let after = Guests::new(kept, Box::new(|_| {}));
        let id = after.shown()[0].id.clone();
        enter(&after, "Debby").expect("nobody has come back under this name yet");
        assert_ne!(
            after.shown()[0].id,
            id,
            "the page of before is not this one"
        );
        assert_eq!(after.shown().len(), 1, "and there is one Debby");
        enter(&after, "Debby").expect_err("now she is here");
    }

    #[test]
    fn a_right_stays_with_the_person_and_speaks_to_what_is_open() {
        let guests = guests();
        let session = enter(&guests, "Debby").expect("a place");
        let entered = guests.entered(&session, "doc").expect("a guest");
        guests
            .set_right(&entered.id, RoomRight::Viewer)
            .expect("a guest");
        assert!(
            entered.ends.has_changed().expect("still a guest"),
            "what is open is told"
        );
        let again = {
            let _coming = guests
                .come_in("Debby", Some(&entered.id))
                .expect("their own name is free for them");
            guests.admit(&person("Debby"), "Debby", Some(&entered.id), Utc::now())
        };
        let again = guests
            .entered(&again.expect("the same person"), "doc")
            .expect("a guest");
        assert_eq!(
            again.guest.right,
            RoomRight::Viewer,
            "joining again gives nobody more"
        );
        assert!(
            entered.ends.has_changed().is_err(),
            "what was open before is over"
        );
        assert!(guests.remove(&again.id).is_ok(), "a guest can be sent away");
        assert!(
            again.ends.has_changed().is_err(),
            "and what they have open is over"
        );
    }
}
