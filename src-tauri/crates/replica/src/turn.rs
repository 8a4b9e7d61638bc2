//! One exchange with the served workspace: what waits is handed in, what is new there is taken.

use std::collections::{BTreeMap, BTreeSet};

use api::Api;
use api::error::{ApiError, ErrorCode};
use api::replica::{
    DIALECT, ReplicaDocuments, ReplicaHandIn, ReplicaRow, ReplicaRows, ReplicaRowsAsk,
};
use api::types::Empty;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use collab::{RoomError, TellUpdate, Told};
use model::directory::DIRECTORY_ID;
use model::list::Changed;
use model::postmortem::DocId;
use store::{Replica, StoreError, ToldVersion};

use crate::host::{Host, HostError, ask};

/// Images that are fetched in one turn.
const IMAGES: usize = 16;
/// How often it is written down that the served workspace answers, in milliseconds.
const MET_MS: i64 = 60_000;

/// Why a turn stopped.
#[derive(Debug)]
pub enum Stop {
    /// The served workspace did not answer as it should.
    Host(HostError),
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
    /// Why the edits of these documents are not taken there.
    pub refused: BTreeMap<DocId, String>,
}

/// One exchange. `told` says whether anything changed that listeners want to hear of.
pub struct Turn<'t> {
    api: &'t Api,
    host: &'t dyn Host,
    memory: &'t mut Memory,
    replica: Replica,
    served: BTreeSet<DocId>,
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
            api,
            host,
            memory,
            replica,
        }))
    }

    /// Brings both sides in step, as far as the network goes. What was done before it stopped stays done.
    pub fn run(mut self) -> Result<(), Stop> {
        let done = self.exchange();
        if let Err(Stop::Host(HostError::Ended(reason))) = &done {
            self.replica.ended = Some(reason.clone());
            self.api.store().follow(&self.replica)?;
        }
        if done.is_err() {
            self.memory.mark = None;
        }
        done
    }

    fn exchange(&mut self) -> Result<(), Stop> {
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

    /// It answers: that is written down now and then.
    fn met(&mut self) -> Result<(), Stop> {
        let now = self.api.now().timestamp_millis();
        // A clock that was set back counts as well.
        if (now - self.replica.met_at).abs() >= MET_MS {
            self.replica.met_at = now;
            self.api.store().follow(&self.replica)?;
        }
        Ok(())
    }

    /// Asks which documents there are, and follows.
    fn list(&mut self) -> Result<(), Stop> {
        let listed: ReplicaDocuments = match ask(self.host, "replica_documents", &Empty {}) {
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
            self.api.store().follow(&self.replica)?;
            // The page asks again who sits here and what they may do.
            self.api.tell(&Changed::Accounts { account: None });
        }
        let there: BTreeSet<&DocId> = listed.documents.iter().map(|one| &one.doc).collect();
        for gone in self.served.clone() {
            if !there.contains(&gone) {
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
        self.memory.refused.clear();
        let withdrawn = self.api.store().withdrawn()?;
        for doc in self.api.store().waiting()? {
            if withdrawn.iter().any(|one| one.doc == doc) {
                continue;
            }
            if let Err(error) = self.hand_in_of(&doc)? {
                if error.code == ErrorCode::NotFound {
                    self.memory.mark = None;
                }
                self.memory.refused.insert(doc, error.message);
            }
        }
        Ok(())
    }

    fn hand_in_of(&mut self, doc: &DocId) -> Result<Result<(), ApiError>, Stop> {
        let new = doc != DIRECTORY_ID && !self.served.contains(doc);
        let mut whole = false;
        loop {
            let rows = self.api.store().waiting_of(doc)?;
            if rows.is_empty() {
                return Ok(Ok(()));
            }
            let updates = if whole {
                vec![BASE64.encode(self.api.rooms().whole(doc)?)]
            } else {
                rows.iter().map(|row| BASE64.encode(&row.bytes)).collect()
            };
            let request = ReplicaHandIn {
                doc: doc.clone(),
                new,
                updates,
            };
            match ask::<_, Empty>(self.host, "replica_hand_in", &request) {
                Ok(Empty {}) => {}
                // It has lost what these build on: a copy of it was put back.
                Err(HostError::Said(error)) if error.code == ErrorCode::Conflict && !whole => {
                    whole = true;
                    continue;
                }
                Err(HostError::Said(error)) => return Ok(Err(error)),
                Err(error) => return Err(error.into()),
            }
            if new {
                self.api.store().mark_served(std::slice::from_ref(doc))?;
                self.served.insert(doc.clone());
            }
            let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
            self.api.store().acknowledged(&seqs)?;
        }
    }

    /// Takes what is new there; gives the mark of the list.
    fn pull(&mut self) -> Result<String, Stop> {
        loop {
            let asked = ReplicaRowsAsk {
                after: self.replica.upto,
                doc: None,
                versions_after: self.replica.versions,
            };
            let told: ReplicaRows = ask(self.host, "replica_rows", &asked)?;
            if told.upto < self.replica.upto {
                self.after_a_restore()?;
                continue;
            }
            let ReplicaRows {
                rows,
                bindings,
                versions,
                upto,
                more,
                mark,
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
                self.api.store().follow(&self.replica)?;
            }
            if !more {
                return Ok(mark);
            }
        }
    }

    /// Its log is shorter than what was read of it: a copy of the workspace was put back there. It is read from the beginning, and
    /// gets what it lost.
    fn after_a_restore(&mut self) -> Result<(), Stop> {
        let directory = DIRECTORY_ID.to_owned();
        for doc in self.served.iter().chain([&directory]) {
            let request = ReplicaHandIn {
                doc: doc.clone(),
                new: false,
                updates: vec![BASE64.encode(self.api.rooms().whole(doc)?)],
            };
            match ask::<_, Empty>(self.host, "replica_hand_in", &request) {
                Ok(Empty {}) | Err(HostError::Said(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        (self.replica.upto, self.replica.versions) = (0, 0);
        self.api.store().follow(&self.replica)?;
        Ok(())
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
            let asked = ReplicaRowsAsk {
                after,
                doc: Some(doc.clone()),
                versions_after: i64::MAX,
            };
            let rows: ReplicaRows = ask(self.host, "replica_rows", &asked)?;
            let mut told = Told::default();
            for row in rows.rows {
                told.updates.push(update(row)?);
            }
            let bindings = rows.bindings.into_iter();
            told.bindings = bindings.map(|one| (one.client, one.person)).collect();
            match self.api.rooms().take_told(doc, &told) {
                Err(RoomError::Gap | RoomError::Unreadable(_)) => self.take_singly(doc, &told)?,
                done => done?,
            }
            if !rows.more || rows.upto <= after {
                return Ok(());
            }
            after = rows.upto;
        }
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
    })
}
