//! What travels between a served workspace and the replicas of it.

use model::account::PostmortemAccess;
use model::directory::{DIRECTORY_ID, Directory};
use model::list::Changed;
use model::{directory_document, document};
use store::{DocumentKind, StoreError, Withdrawn};

use super::Rooms;
use crate::error::RoomError;
use crate::room::{TellUpdate, Told};

impl Rooms {
    /// Takes in what a replica hands in of a document, the directory too; see [`crate::Room`]. A postmortem that was made
    /// there is made here under its id (`new`), unless it is here already.
    ///
    /// Errors: `NotFound`, also for one that was erased here; `Unreadable`, `Gap`, `Trashed`, `NotSaved`.
    pub fn hand_in(
        &self,
        doc: &str,
        person: &str,
        new: bool,
        updates: &[Vec<u8>],
    ) -> Result<(), RoomError> {
        if new {
            self.make(doc)?;
        }
        self.shared.room(doc)?.hand_in(person, updates)
    }

    /// Makes a postmortem without content that a replica gives back, at the time at which it was made once, for these accounts alone
    /// where it was restricted, and in the trash where it lay there; see [`store::Store::make_given_back`]. False when it is here already.
    ///
    /// Errors: `Erased` when it was erased here: nobody's copy brings it back; `Refused` of the store when one of the accounts was
    /// ended.
    pub fn make_given_back(
        &self,
        doc: &str,
        created_at: i64,
        access: Option<&PostmortemAccess>,
        trashed: bool,
    ) -> Result<bool, RoomError> {
        if self.store().is_erased(doc)? {
            return Err(RoomError::Erased);
        }
        let now = self.shared.now();
        let made = self
            .store()
            .make_given_back(doc, created_at.min(now), access, trashed, now)?;
        if made && access.is_some() {
            self.shared.tell(Changed::Accounts { account: None });
        }
        Ok(made)
    }

    fn make(&self, doc: &str) -> Result<(), RoomError> {
        if self.store().document(doc)?.is_some() {
            return Ok(());
        }
        if self.store().is_erased(doc)? {
            return Err(RoomError::Erased);
        }
        let at_ms = self.shared.now();
        let made = self
            .store()
            .write(|w| w.add_document(doc, DocumentKind::Postmortem, at_ms));
        match made {
            // Another hand of the same replica was quicker.
            Ok(()) | Err(StoreError::Refused(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes back entries of a document's log that this workspace has told before; see [`crate::Room`].
    ///
    /// Errors: as [`Self::hand_in`], but for the trash.
    pub fn take_back(&self, doc: &str, updates: &[TellUpdate]) -> Result<(), RoomError> {
        self.shared.room(doc)?.take_back(updates)
    }

    /// Drops what this replica has of a document, edits that wait included, and takes in its place what the served workspace has.
    /// Whoever has it open is told that it is gone. Whoever called notes that it is here again (see [`store::Store::let_go`]): until then
    /// the next exchange takes it whole, should this one not come to its end.
    ///
    /// Errors: as [`Self::take_told`].
    pub fn take_anew(&self, doc: &str, told: &Told) -> Result<(), RoomError> {
        self.shared.room(doc)?.settle()?;
        self.store().let_go(doc)?;
        self.shared.forget(doc);
        self.shared.room(doc)?.take_told(told)
    }

    /// Takes in what the served workspace tells this replica of a document that is here.
    ///
    /// Errors: as [`Self::hand_in`].
    pub fn take_told(&self, doc: &str, told: &Told) -> Result<(), RoomError> {
        self.shared.room(doc)?.take_told(told)
    }

    /// The whole state of a document, the directory too, as one update.
    pub fn whole(&self, doc: &str) -> Result<Vec<u8>, RoomError> {
        Ok(self.shared.room(doc)?.whole())
    }

    /// What the directory would be with these updates.
    ///
    /// Errors: `Unreadable`; `Gap` when they build on something that is not here.
    pub fn directory_with(&self, updates: &[Vec<u8>]) -> Result<Directory, RoomError> {
        let copy = document::new_doc();
        let whole = self.whole(DIRECTORY_ID)?;
        for update in std::iter::once(&whole).chain(updates) {
            let applied = document::apply(&copy, update)
                .map_err(|error| RoomError::Unreadable(error.to_string()))?;
            // What would be taken of them is not what was looked at.
            if applied.gap {
                return Err(RoomError::Gap);
            }
        }
        Ok(directory_document::read(&copy))
    }

    /// Lets a postmortem lie in the trash, or not, as it does in the served workspace.
    pub fn trash_as_told(&self, doc: &str, trashed: bool) -> Result<(), RoomError> {
        if trashed {
            self.trash(doc)
        } else {
            self.restore(doc)
        }
    }

    /// The served workspace shows a postmortem to this replica no more, whatever the reason: it lies in the trash from now on. It is
    /// never erased for that, because a server that was put back from an older copy does not show what is newest; `kept` says
    /// that it has edits which were not handed in.
    pub fn withdraw(&self, doc: &str) -> Result<Withdrawn, RoomError> {
        let room = self.room(doc)?;
        room.settle()?;
        let kept = self.store().waiting()?.iter().any(|waiting| waiting == doc);
        let withdrawn = Withdrawn {
            doc: doc.to_owned(),
            title: room.snapshot().title.clone(),
            at_ms: self.shared.now(),
            kept,
        };
        drop(room);
        self.store().withdraw(&withdrawn)?;
        self.trash(doc)?;
        Ok(withdrawn)
    }

    /// Tells everybody who listens here of something that changed in the served workspace and is not kept here.
    pub fn tell(&self, changed: Changed) {
        self.shared.tell(changed);
    }
}
