//! Who has joined, and what each may take.

use std::cmp::Reverse;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::error::{ApiError, ErrorCode};
use api::guest::Guest;
use api::handlers::{Before, Joined, joined_elsewhere};
use api::names::same;
use api::types::{RoomRight, ShareGuest};
use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::invitation;
use super::kept::{EarlierName, Images, KeptGuest, Spent};
use super::line::Line;

/// Guests of one meeting.
pub const MOST: usize = 250;
/// Names that one page may have, one after the other.
const NAMES: usize = 3;
/// How often one page may take another name, one that it had before included.
const RENAMES: u32 = 10;
/// Images of one guest.
const OF_ONE: Images = Images {
    count: 60,
    bytes: 100_000_000,
};
/// What all guests of one meeting together may add.
const OF_ALL: Spent = Spent {
    people: 300,
    images: Images {
        count: 600,
        bytes: 500_000_000,
    },
};

/// Writes down who is here and what they have used up; it is handed the way to ask.
pub type Keep = Box<dyn Fn(&dyn Fn() -> (Vec<KeptGuest>, Spent)) + Send + Sync>;

/// The guests of a room.
pub struct Guests {
    list: Mutex<List>,
    /// Where the room is: a cookie is good there and nowhere else.
    place: String,
    keep: Keep,
}

#[derive(Default)]
struct List {
    seats: Vec<Seat>,
    /// Names of those who are just coming in.
    coming: Vec<String>,
    spent: Spent,
}

struct Seat {
    kept: KeptGuest,
    /// What they have open.
    open: usize,
    /// Closes what they have open: it speaks when their right changes, and is gone when they are.
    ends: watch::Sender<()>,
    lines: Arc<Lines>,
}

impl Seat {
    fn new(kept: KeptGuest) -> Self {
        Self {
            kept,
            open: 0,
            ends: watch::Sender::new(()),
            lines: Arc::default(),
        }
    }

    /// Whether this page goes by a name, or has.
    fn goes_by(&self, name: &str) -> bool {
        same(&self.kept.name, name) || self.kept.earlier.iter().any(|one| same(&one.name, name))
    }

    /// Whether this page is a person, or was.
    fn is(&self, person: &str) -> bool {
        self.kept.person == person || self.kept.earlier.iter().any(|one| one.person == person)
    }

    /// Goes by another name from now on, and maybe as another person.
    fn become_known(&mut self, person: &str, name: &str) {
        let kept = &mut self.kept;
        if !same(&kept.name, name) {
            kept.renames = kept.renames.saturating_add(1);
            kept.earlier.retain(|one| !same(&one.name, name));
            kept.earlier.push(EarlierName {
                person: std::mem::take(&mut kept.person),
                name: std::mem::take(&mut kept.name),
            });
        }
        (kept.person, kept.name) = (person.to_owned(), name.to_owned());
    }
}

/// The lines in which a guest's requests wait.
pub struct Lines {
    /// Commands that cost little.
    pub usual: Line,
    /// [`api::guest::DEAR`] commands.
    pub dear: Line,
    /// Images on their way here.
    pub images: Line,
    /// Images on their way to them.
    pub views: Line,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            usual: Line::new(8, 64),
            dear: Line::new(2, 16),
            images: Line::new(2, 8),
            views: Line::new(4, 64),
        }
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
    /// Where their requests wait.
    pub lines: Arc<Lines>,
}

/// Somebody who was let in.
pub struct Admitted {
    /// What their cookie is to hold.
    pub session: String,
    /// Guests who are gone by that: places that were theirs before, or nobody's.
    pub left: Vec<String>,
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

impl List {
    fn seat(&mut self, id: &str) -> Result<&mut Seat, ApiError> {
        seat_of(&mut self.seats, id)
    }
}

fn seat_of<'a>(seats: &'a mut [Seat], id: &str) -> Result<&'a mut Seat, ApiError> {
    seats
        .iter_mut()
        .find(|seat| seat.kept.id == id)
        .ok_or_else(|| ApiError::not_found("This guest is no longer here."))
}

fn full() -> ApiError {
    ApiError::new(
        ErrorCode::Refused,
        "The room is full. Ask the facilitator to let somebody go.",
    )
}

impl Guests {
    /// The guests who were there before and what they used up, the place where the room is now, and the way to write down who
    /// is in it.
    pub fn new(before: Vec<KeptGuest>, spent: Spent, place: String, keep: Keep) -> Self {
        Self {
            list: Mutex::new(List {
                seats: before.into_iter().take(MOST).map(Seat::new).collect(),
                coming: Vec::new(),
                spent,
            }),
            place,
            keep,
        }
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a seat is nobody's: freed, or left behind at another address, from where no cookie comes along.
    fn is_free(&self, seat: &Seat) -> bool {
        seat.kept.place != self.place
    }

    /// Whether a seat belongs to another page than `again`.
    fn is_of_another(&self, seat: &Seat, again: Option<&str>) -> bool {
        !self.is_free(seat) && Some(seat.kept.id.as_str()) != again
    }

    /// Writes down who is here.
    pub fn keep(&self) {
        (self.keep)(&|| {
            let list = self.list();
            let guests = list.seats.iter().map(|seat| seat.kept.clone()).collect();
            (guests, list.spent)
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
        // Where a cookie came along after all, the seat is its bearer's, after a restart too.
        let back = seat.kept.place != self.place;
        if back {
            seat.kept.place.clone_from(&self.place);
        }
        let entered = Entered {
            id: seat.kept.id.clone(),
            ends: seat.ends.subscribe(),
            lines: Arc::clone(&seat.lines),
            guest: Arc::new(Guest {
                person: seat.kept.person.clone(),
                seat: seat.kept.id.clone(),
                doc: doc.to_owned(),
                right: seat.kept.right,
            }),
        };
        drop(list);
        if back {
            self.keep();
        }
        Some(entered)
    }

    /// Takes a name for somebody who comes in. `again` is the guest that their page is already.
    ///
    /// Errors: `Invalid` when another page has joined under it; `Refused` when the room is full, or the page has had too many
    /// names.
    pub fn come_in(&self, name: &str, again: Option<&str>) -> Result<Coming<'_>, ApiError> {
        let mut list = self.list();
        let taken = |seat: &Seat| self.is_of_another(seat, again) && seat.goes_by(name);
        if list.coming.iter().any(|coming| same(coming, name)) || list.seats.iter().any(taken) {
            return Err(joined_elsewhere(name));
        }
        match again {
            Some(id) => {
                let seat = list.seat(id)?;
                if seat.kept.earlier.len() + 1 >= NAMES && !seat.goes_by(name) {
                    return Err(ApiError::new(
                        ErrorCode::Refused,
                        format!(
                            "You have had {NAMES} names in this room. Go on as {}, or ask the facilitator.",
                            seat.kept.name
                        ),
                    ));
                }
                // Each is written into the directory and into the postmortem.
                if seat.kept.renames >= RENAMES && !same(&seat.kept.name, name) {
                    return Err(ApiError::new(
                        ErrorCode::Refused,
                        format!(
                            "You have changed your name {RENAMES} times in this room. Go on as {}.",
                            seat.kept.name
                        ),
                    ));
                }
            }
            // A seat that is nobody's makes room, once it is known who comes in.
            None => {
                let held = list.seats.iter().filter(|seat| !self.is_free(seat)).count();
                if held + list.coming.len() >= MOST {
                    return Err(full());
                }
            }
        }
        list.coming.push(name.to_owned());
        Ok(Coming {
            guests: self,
            name: name.to_owned(),
        })
    }

    /// Whether a person belongs to another page than `again`.
    pub fn is_taken(&self, person: &str, again: Option<&str>) -> bool {
        self.list()
            .seats
            .iter()
            .any(|seat| seat.is(person) && self.is_of_another(seat, again))
    }

    /// Who a guest is, for when their page joins once more.
    pub fn before(&self, id: &str) -> Option<Before> {
        self.list().seat(id).ok().map(|seat| Before {
            person: seat.kept.person.clone(),
            earlier: seat
                .kept
                .earlier
                .iter()
                .map(|one| one.person.clone())
                .collect(),
            new: seat.kept.new,
        })
    }

    /// Counts a person whom a guest adds to the directory.
    ///
    /// Errors: `Refused` when they have added many.
    pub fn add_person(&self) -> Result<(), ApiError> {
        let mut list = self.list();
        if list.spent.people >= OF_ALL.people {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "Too many new people have joined this review. Join under a name that takes part in it already, or ask the \
                 facilitator to add yours.",
            ));
        }
        list.spent.people += 1;
        Ok(())
    }

    /// Lets somebody in; what `again` held opens nothing any more. Nobody may do more
    /// by joining once more than before.
    ///
    /// Errors: `Invalid` when another page has joined as that person meanwhile.
    pub fn admit(
        &self,
        joined: &Joined,
        name: &str,
        again: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Admitted, ApiError> {
        let session = invitation::session();
        let mut left: Vec<String>;
        {
            let mut list = self.list();
            let is_them = |seat: &Seat| seat.is(&joined.person.id);
            if list
                .seats
                .iter()
                .any(|seat| is_them(seat) && self.is_of_another(seat, again))
            {
                return Err(joined_elsewhere(name));
            }
            let is_again = |seat: &Seat| Some(seat.kept.id.as_str()) == again;
            let known = |seat: &&Seat| is_them(seat) || is_again(seat);
            let rights = list.seats.iter().filter(known).map(|seat| seat.kept.right);
            let right = rights.min().unwrap_or(RoomRight::Editor);
            // What is left of them elsewhere.
            let gone = |seat: &mut Seat| is_them(seat) && !is_again(seat);
            left = list
                .seats
                .extract_if(.., gone)
                .map(|seat| seat.kept.id)
                .collect();
            let (person, hash) = (&joined.person.id, invitation::hash(&session));
            match list.seats.iter_mut().find(|seat| is_again(seat)) {
                Some(seat) => {
                    seat.become_known(person, name);
                    let kept = &mut seat.kept;
                    (kept.session, kept.right, kept.new) = (hash, right, joined.new);
                    kept.place.clone_from(&self.place);
                    // What they have open was opened as who they were.
                    seat.ends = watch::Sender::new(());
                }
                None => {
                    if list.seats.len() >= MOST {
                        // That somebody only reads along is remembered for as long as can be.
                        let free = list.seats.iter().enumerate();
                        let free = free.filter(|(_, seat)| self.is_free(seat));
                        let (at, _) = free
                            .min_by_key(|(_, seat)| Reverse(seat.kept.right))
                            .ok_or_else(full)?;
                        left.push(list.seats.remove(at).kept.id);
                    }
                    list.seats.push(Seat::new(KeptGuest {
                        id: uuid::Uuid::now_v7().to_string(),
                        session: hash,
                        person: person.clone(),
                        name: name.to_owned(),
                        right,
                        since: now,
                        place: self.place.clone(),
                        new: joined.new,
                        earlier: Vec::new(),
                        renames: 0,
                        images: Images::default(),
                    }));
                }
            }
        }
        self.keep();
        Ok(Admitted { session, left })
    }

    /// Changes what a guest may do.
    pub fn set_right(&self, id: &str, right: RoomRight) -> Result<(), ApiError> {
        {
            let mut list = self.list();
            let seat = list.seat(id)?;
            if seat.kept.right == right {
                return Ok(());
            }
            seat.kept.right = right;
            seat.ends.send_replace(());
        }
        self.keep();
        Ok(())
    }

    /// Lets another page join as a guest, who is not connected.
    ///
    /// Errors: `NotFound`; `Conflict` for somebody who is connected.
    pub fn free(&self, id: &str) -> Result<(), ApiError> {
        {
            let mut list = self.list();
            let seat = list.seat(id)?;
            if seat.open > 0 {
                return Err(ApiError::new(
                    ErrorCode::Conflict,
                    format!("{} is connected. Send them away instead.", seat.kept.name),
                ));
            }
            seat.kept.session.clear();
            seat.kept.place.clear();
            seat.ends = watch::Sender::new(());
        }
        self.keep();
        Ok(())
    }

    /// Forgets a guest.
    pub fn remove(&self, id: &str) -> Result<(), ApiError> {
        {
            let mut list = self.list();
            list.seat(id)?;
            list.seats.retain(|seat| seat.kept.id != id);
        }
        self.keep();
        Ok(())
    }

    /// Counts what a guest has open, up or down. True when they have come or gone by that.
    pub fn count(&self, id: &str, more: bool) -> bool {
        let mut list = self.list();
        let Ok(seat) = list.seat(id) else {
            return false;
        };
        let before = seat.open;
        seat.open = if more {
            before + 1
        } else {
            before.saturating_sub(1)
        };
        (before == 0) != (seat.open == 0)
    }

    /// Counts an image of so many bytes that a guest is about to send.
    ///
    /// Errors: `Refused` when they, or all together, have sent too much.
    pub fn charge_image(&self, id: &str, bytes: u64) -> Result<(), ApiError> {
        let mut list = self.list();
        let List { seats, spent, .. } = &mut *list;
        let (one, all) = (&mut seat_of(seats, id)?.kept.images, &mut spent.images);
        let fits = |sent: &Images, most: Images| {
            sent.count < most.count && sent.bytes + bytes <= most.bytes
        };
        if !fits(one, OF_ONE) || !fits(all, OF_ALL.images) {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "No more images are taken from you in this meeting. Ask the facilitator to add this one.",
            ));
        }
        for sent in [one, all] {
            sent.count += 1;
            sent.bytes += bytes;
        }
        Ok(())
    }

    /// Takes back the count of an image that did not arrive.
    pub fn refund_image(&self, id: &str, bytes: u64) {
        let back = |sent: &mut Images| {
            sent.count = sent.count.saturating_sub(1);
            sent.bytes = sent.bytes.saturating_sub(bytes);
        };
        let mut list = self.list();
        back(&mut list.spent.images);
        if let Ok(seat) = list.seat(id) {
            back(&mut seat.kept.images);
        }
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
                free: self.is_free(seat),
                since: seat.kept.since,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
