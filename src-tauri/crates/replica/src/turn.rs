//! One exchange with the served workspace: what waits is handed in, what is new there is taken.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::Api;
use api::error::{ApiError, ErrorCode};
use api::replica::{
    DIALECT, ReplicaAsk, ReplicaDocuments, ReplicaHandIn, ReplicaPlace, ReplicaRow, ReplicaRows,
    ReplicaRowsAsk, ReplicaTaken,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use collab::{RoomError, TellUpdate, Told};
use model::directory::DIRECTORY_ID;
use model::list::Changed;
use model::postmortem::DocId;
use store::{Place, Replica, StoreError, ToldVersion};

use crate::give_back::Standing;
use crate::host::{Host, HostError, ask};

/// Images that are fetched in one turn.
const IMAGES: usize = 16;
/// How often in one turn a served workspace may turn out to be another copy.
const COPIES: usize = 3;
/// How often it is written down that the served workspace answers, in milliseconds.
const MET_MS: i64 = 60_000;

/// Why a turn stopped.
#[derive(Debug)]
pub enum Stop {
    /// The served workspace did not answer as it should.
    Host(HostError),
    /// An older copy of the served workspace was put back.
    PutBack,
    /// This computer's file did not take it; it is tried again.
    Here(String),
}

impl From<HostError> for Stop {
    fn from(error: HostError) -> Self {
        Self::Host(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Here(error.to_string())
    }
}

impl From<RoomError> for Stop {
    fn from(error: RoomError) -> Self {
        Self::Here(error.to_string())
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Here(error.message)
    }
}

/// What is known between turns; all of it is found out anew after a restart.
#[derive(Default)]
pub struct Memory {
    /// The mark of the list that was seen last; nothing when it has to be asked for.
    mark: Option<String>,
    /// Images that the served workspace has not got either.
    absent: BTreeSet<String>,
    /// What was refused when it was given back, and how it stood there then: as long as it stands so, nobody sends it again.
    pub(crate) refused: BTreeMap<DocId, Standing>,
}

/// One exchange. `told` says whether anything changed that listeners want to hear of.
pub struct Turn<'t> {
    pub(crate) api: &'t Api,
    pub(crate) host: &'t dyn Host,
    pub(crate) memory: &'t mut Memory,
    pub(crate) replica: Replica,
    served: BTreeSet<DocId>,
    /// Documents that could not be given back because they are not there for this account.
    pub(crate) hidden: BTreeSet<DocId>,
}

impl<'t> Turn<'t> {
    /// Begins; nothing when the access has ended.
    pub fn begin(
        api: &'t Api,
        host: &'t dyn Host,
        memory: &'t mut Memory,
    ) -> Result<Option<Self>, Stop> {
        let Some(replica) = api.store().replica()? else {
            return Ok(None);
        };
        if replica.ended.is_some() {
            return Ok(None);
        }
        Ok(Some(Self {
            served: api.store().served_documents()?,
            hidden: BTreeSet::new(),
            api,
            host,
            memory,
            replica,
        }))
    }

    /// Brings both sides in step, as far as the network goes. What was done before it stopped stays done.
    pub fn run(mut self) -> Result<(), Stop> {
        let mut done = self.exchange();
        // A copy may be put back there while this goes on.
        for _ in 0..COPIES {
            if !matches!(done, Err(Stop::PutBack)) {
                break;
            }
            done = self.put_back().and_then(|()| self.exchange());
        }
        if let Err(Stop::Host(HostError::Ended(reason))) = &done {
            self.api.store().end_following(&self.replica, reason)?;
        }
        if done.is_err() {
            self.memory.mark = None;
        }
        done
    }

    fn exchange(&mut self) -> Result<(), Stop> {
        if !self.api.store().giving_back()?.is_empty() {
            // Nothing is given to another workspace; and what this one does not show any more may be what was lost there.
            let listed = self.ask_which()?;
            self.give_back(&listed)?;
        }
        if self.memory.mark.is_none() {
            self.list()?;
        }
        self.hand_in()?;
        for _ in 0..3 {
            let mark = self.pull()?;
            if self.memory.mark.as_ref() == Some(&mark) {
                break;
            }
            self.list()?;
        }
        self.images()?;
        self.met()
    }

    /// The served workspace's log does not go on from what was seen of it: an older copy was put back there. It is given back what it
    /// lost, and read from the beginning.
    fn put_back(&mut self) -> Result<(), Stop> {
        self.api.store().begin_giving_back()?;
        self.memory.mark = None;
        self.memory.absent.clear();
        self.memory.refused.clear();
        (self.replica.upto, self.replica.versions) = (0, 0);
        self.replica.seen = Place::default();
        Ok(())
    }

    /// The latest place of the served workspace's log that was heard of.
    pub(crate) fn seen(&self) -> ReplicaPlace {
        ReplicaPlace {
            seq: self.replica.seen.seq,
            mark: self.replica.seen.mark.clone(),
        }
    }

    /// The log there reaches a place.
    pub(crate) fn see(&mut self, place: ReplicaPlace) -> Place {
        let place = Place {
            seq: place.seq,
            mark: place.mark,
        };
        if place.seq > self.replica.seen.seq {
            self.replica.seen = place.clone();
        }
        place
    }

    /// It answers: that is written down now and then.
    fn met(&mut self) -> Result<(), Stop> {
        let now = self.api.now().timestamp_millis();
        // A clock that was set back counts as well.
        if (now - self.replica.met_at).abs() >= MET_MS {
            self.replica.met_at = now;
            self.api.store().note_met(now)?;
        }
        Ok(())
    }

    /// Asks which documents there are, and who serves them.
    fn ask_which(&mut self) -> Result<ReplicaDocuments, Stop> {
        let asked = ReplicaAsk { seen: self.seen() };
        let listed: ReplicaDocuments = match ask(self.host, "replica_documents", &asked) {
            Err(HostError::Said(error)) if error.code == ErrorCode::Refused => {
                Err(HostError::Ended(error.message))
            }
            listed => listed,
        }?;
        if listed.dialect != DIALECT {
            return Err(away(
                "What is served there and this Debrief are of different versions. Update the older one.",
            ));
        }
        if listed.workspace != self.replica.workspace {
            return Err(away(
                "Another workspace is served at this address now. Nothing is exchanged with it.",
            ));
        }
        if listed.other {
            return Err(Stop::PutBack);
        }
        let told = (&listed.name, &listed.person, &listed.account);
        if (
            &self.replica.name,
            &self.replica.person,
            &self.replica.account,
        ) != told
        {
            self.replica.name.clone_from(&listed.name);
            self.replica.person.clone_from(&listed.person);
            self.replica.account.clone_from(&listed.account);
            self.api.store().note_account(&self.replica)?;
            // The page asks again who sits here and what they may do.
            self.api.tell(&Changed::Accounts { account: None });
        }
        Ok(listed)
    }

    /// Asks which documents there are, and follows.
    fn list(&mut self) -> Result<(), Stop> {
        let listed = self.ask_which()?;
        let there: BTreeSet<&DocId> = listed.documents.iter().map(|one| &one.doc).collect();
        let back: BTreeSet<DocId> = self.api.store().giving_back()?.into_iter().collect();
        for gone in self.served.clone() {
            // What could not be given back yet was not withdrawn.
            let back = back.contains(&gone) && !self.hidden.contains(&gone);
            if !there.contains(&gone) && !back {
                // It may have been erased here just now.
                if self.api.store().document(&gone)?.is_some() {
                    self.api.rooms().withdraw(&gone)?;
                }
                self.served.remove(&gone);
            }
        }
        let new: Vec<(DocId, i64)> = listed
            .documents
            .iter()
            .filter(|one| !self.served.contains(&one.doc))
            .map(|one| (one.doc.clone(), one.created_at))
            .collect();
        self.take_in_new(&new)?;
        let restricted = listed.documents.iter();
        let restricted: Vec<(DocId, bool)> = restricted
            .map(|one| (one.doc.clone(), one.restricted))
            .collect();
        self.api.store().note_restricted(&restricted)?;
        let here: BTreeMap<DocId, bool> = self
            .api
            .store()
            .documents()?
            .into_iter()
            .map(|row| (row.id, row.trashed_at.is_some()))
            .collect();
        for one in &listed.documents {
            if here
                .get(&one.doc)
                .is_some_and(|trashed| *trashed != one.trashed)
            {
                self.api.rooms().trash_as_told(&one.doc, one.trashed)?;
            }
        }
        self.memory.mark = Some(listed.mark);
        Ok(())
    }

    /// Documents that were not known before.
    fn take_in_new(&mut self, new: &[(DocId, i64)]) -> Result<(), Stop> {
        self.api.store().make_served(new)?;
        let withdrawn = self.api.store().withdrawn()?;
        for (doc, _) in new {
            if withdrawn.iter().any(|one| one.doc == *doc) {
                self.api.store().forget_withdrawn(doc)?;
            }
        }
        let docs: Vec<DocId> = new.iter().map(|(doc, _)| doc.clone()).collect();
        if self.replica.upto == 0 {
            // The whole log is about to come.
            self.api.store().mark_served(&docs)?;
            self.served.extend(docs);
            return Ok(());
        }
        for doc in docs {
            self.take_whole(&doc)?;
            self.api.store().mark_served(std::slice::from_ref(&doc))?;
            self.served.insert(doc);
        }
        Ok(())
    }

    /// Hands in what waits, document by document. What is refused of one does not keep the others.
    fn hand_in(&mut self) -> Result<(), Stop> {
        let store = Arc::clone(self.api.store());
        let withdrawn = store.withdrawn()?;
        for doc in store.waiting()? {
            if withdrawn.iter().any(|one| one.doc == doc) {
                continue;
            }
            if let Err(error) = self.hand_in_of(&doc)? {
                if error.code == ErrorCode::NotFound {
                    self.memory.mark = None;
                }
                // It is tried again: a role may be given back, a postmortem taken out of the trash.
                let now = self.api.now().timestamp_millis();
                store.note_refused(&doc, &error.message, now)?;
            }
        }
        Ok(())
    }

    fn hand_in_of(&mut self, doc: &DocId) -> Result<Result<(), ApiError>, Stop> {
        let new = doc != DIRECTORY_ID && !self.served.contains(doc);
        loop {
            let rows = self.api.store().waiting_of(doc)?;
            if rows.is_empty() {
                return Ok(Ok(()));
            }
            let request = ReplicaHandIn {
                doc: doc.clone(),
                new,
                updates: rows.iter().map(|row| BASE64.encode(&row.bytes)).collect(),
                seen: self.seen(),
            };
            let taken: ReplicaTaken = match ask(self.host, "replica_hand_in", &request) {
                Ok(taken) => taken,
                Err(HostError::Said(error)) => return Ok(Err(error)),
                Err(error) => return Err(error.into()),
            };
            if taken.other {
                return Err(Stop::PutBack);
            }
            if new {
                self.api.store().mark_served(std::slice::from_ref(doc))?;
                self.served.insert(doc.clone());
            }
            let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
            let place = self.see(taken.place);
            self.api.store().acknowledged(doc, &seqs, &place)?;
        }
    }

    /// Takes what is new there; gives the mark of the list.
    fn pull(&mut self) -> Result<String, Stop> {
        loop {
            let asked = ReplicaRowsAsk {
                after: self.replica.upto,
                doc: None,
                versions_after: self.replica.versions,
                seen: self.seen(),
            };
            let told: ReplicaRows = ask(self.host, "replica_rows", &asked)?;
            if told.other {
                return Err(Stop::PutBack);
            }
            let ReplicaRows {
                rows,
                bindings,
                versions,
                upto,
                more,
                mark,
                place,
                other: _,
            } = told;
            let mut by_doc: BTreeMap<DocId, Told> = BTreeMap::new();
            for row in rows {
                let doc = row.doc.clone();
                by_doc.entry(doc).or_default().updates.push(update(row)?);
            }
            for one in bindings {
                let told = by_doc.entry(one.doc).or_default();
                told.bindings.push((one.client, one.person));
            }
            for (doc, told) in by_doc {
                // What is not known yet comes whole with the next list.
                if doc == DIRECTORY_ID || self.served.contains(&doc) {
                    self.take(&doc, &told)?;
                }
            }
            let before = (self.replica.upto, self.replica.versions);
            self.see(place);
            for version in versions {
                self.replica.versions = self.replica.versions.max(version.id);
                self.api.store().name_as_told(&ToldVersion {
                    id: version.id,
                    doc: version.doc,
                    name: version.name,
                    author: version.author,
                    at_ms: version.at_ms,
                })?;
            }
            self.replica.upto = upto;
            if before != (self.replica.upto, self.replica.versions) {
                // Only now: what is taken twice changes nothing, what is left out would be missing for ever.
                self.api.store().note_read(&self.replica)?;
            }
            if !more {
                return Ok(mark);
            }
        }
    }

    /// Takes rows of one document; when they build on others that are not here, all of it.
    fn take(&mut self, doc: &DocId, told: &Told) -> Result<(), Stop> {
        match self.api.rooms().take_told(doc, told) {
            Err(RoomError::Gap) => self.take_whole(doc),
            Err(RoomError::Unreadable(_)) => self.take_singly(doc, told),
            done => Ok(done?),
        }
    }

    /// Takes everything that there is of a document.
    fn take_whole(&mut self, doc: &DocId) -> Result<(), Stop> {
        let mut after = 0;
        loop {
            let (told, more) = self.ask_for_all(doc, after)?;
            match self.api.rooms().take_told(doc, &told) {
                Err(RoomError::Gap | RoomError::Unreadable(_)) => self.take_singly(doc, &told)?,
                done => done?,
            }
            match more {
                Some(upto) => after = upto,
                None => return Ok(()),
            }
        }
    }

    /// A stretch of the log of one document; where it ends, when there is more.
    fn ask_for_all(&self, doc: &DocId, after: i64) -> Result<(Told, Option<i64>), Stop> {
        let asked = ReplicaRowsAsk {
            after,
            doc: Some(doc.clone()),
            versions_after: i64::MAX,
            seen: self.seen(),
        };
        let rows: ReplicaRows = ask(self.host, "replica_rows", &asked)?;
        if rows.other {
            return Err(Stop::PutBack);
        }
        let mut told = Told::default();
        for row in rows.rows {
            told.updates.push(update(row)?);
        }
        let bindings = rows.bindings.into_iter();
        told.bindings = bindings.map(|one| (one.client, one.person)).collect();
        Ok((
            told,
            Some(rows.upto).filter(|upto| rows.more && *upto > after),
        ))
    }

    /// Lets go what was written here in a document, for what is there.
    pub fn let_go(&mut self, doc: &DocId) -> Result<(), Stop> {
        let (mut whole, mut after) = (Told::default(), 0);
        loop {
            // Before anything is dropped: the network may fail at any moment.
            let (told, more) = self.ask_for_all(doc, after)?;
            whole.updates.extend(told.updates);
            whole.bindings.extend(told.bindings);
            match more {
                Some(upto) => after = upto,
                None => break,
            }
        }
        if whole.updates.is_empty() {
            // It is not there (any more).
            self.api.rooms().trash(doc)?;
            self.api.rooms().erase(doc)?;
            self.served.remove(doc);
            return Ok(());
        }
        let store = Arc::clone(self.api.store());
        let restricted = store.is_restricted_there(doc)?;
        // Names of its versions are places of the log that goes.
        self.replica.versions = 0;
        // Should this not come to its end, the next exchange asks which documents there are, and for all of this one.
        self.memory.mark = None;
        self.served.remove(doc);
        match self.api.rooms().take_anew(doc, &whole) {
            Err(RoomError::Gap | RoomError::Unreadable(_)) => self.take_singly(doc, &whole)?,
            done => done?,
        }
        if doc == DIRECTORY_ID {
            store.note_read(&self.replica)?;
        } else {
            store.mark_served(std::slice::from_ref(doc))?;
            store.note_restricted(&[(doc.clone(), restricted)])?;
            self.served.insert(doc.clone());
        }
        Ok(())
    }

    /// Takes what can be taken: one damaged row must not keep the others.
    fn take_singly(&mut self, doc: &DocId, told: &Told) -> Result<(), Stop> {
        for update in &told.updates {
            let one = Told {
                updates: vec![update.clone()],
                bindings: Vec::new(),
            };
            match self.api.rooms().take_told(doc, &one) {
                Ok(()) | Err(RoomError::Gap | RoomError::Unreadable(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Hands in images, and fetches some that are missing.
    fn images(&mut self) -> Result<(), Stop> {
        for hash in self.api.store().waiting_blobs()? {
            if let Some(blob) = self.api.store().blob(&hash)? {
                match self.host.put_image(blob.bytes) {
                    Ok(()) => {}
                    // It waits on; the others need not.
                    Err(HostError::Said(_)) => continue,
                    Err(error) => return Err(error.into()),
                }
            }
            self.api.store().blob_handed_in(&hash)?;
        }
        let missing = self.api.store().missing_blobs()?;
        let wanted = missing
            .into_iter()
            .filter(|hash| !self.memory.absent.contains(hash));
        for hash in wanted.take(IMAGES).collect::<Vec<_>>() {
            if !fetch_image(self.api, self.host, &hash)? {
                self.memory.absent.insert(hash);
            }
        }
        Ok(())
    }
}

/// Gets an image; whether it is here now.
pub fn fetch_image(api: &Api, host: &dyn Host, hash: &str) -> Result<bool, Stop> {
    match host.image(hash) {
        Ok(Some(image)) => Ok(api.put_told_blob(hash, &image).is_ok()),
        Ok(None) | Err(HostError::Said(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn away(sentence: &str) -> Stop {
    Stop::Host(HostError::Away(sentence.into()))
}

fn update(row: ReplicaRow) -> Result<TellUpdate, Stop> {
    let bytes = BASE64
        .decode(&row.update)
        .map_err(|_| away("What is served there cannot be read."))?;
    Ok(TellUpdate {
        at_ms: row.at_ms,
        actor: row.person,
        client: row.client,
        bytes,
        seal: row.seal,
    })
}
