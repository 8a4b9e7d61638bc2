//! What a served workspace gets that was put back from an older copy.

use api::error::{ApiError, ErrorCode};
use api::replica::{
    ReplicaBackRow, ReplicaDocument, ReplicaDocuments, ReplicaGiveBack, ReplicaTaken,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use model::account::AccountRole;
use model::postmortem::DocId;
use store::BackRow;

use crate::host::{HostError, ask};
use crate::turn::{Stop, Turn};

/// Images that are asked about at once.
const IMAGES: usize = 1_000;

/// What decides in the served workspace whether a document is taken back from this account.
#[derive(PartialEq)]
pub(crate) struct Standing {
    role: Option<AccountRole>,
    /// Absent when the document is not there, or not shown; the directory is never listed.
    document: Option<ReplicaDocument>,
    /// It is given back as one that only people who were named might see.
    restricted: bool,
}

impl Standing {
    fn of(listed: &ReplicaDocuments, doc: &str, restricted: bool) -> Self {
        let mut documents = listed.documents.iter();
        Self {
            role: listed.account.as_ref().map(|account| account.role),
            document: documents.find(|one| one.doc == doc).cloned(),
            restricted,
        }
    }
}

impl Turn<'_> {
    /// Gives back, document by document, what the served workspace had shown before an older copy was put back there. What is
    /// refused of one does not keep the others; it is told, and sent again once this account or the document stands otherwise there,
    /// or another copy is put back.
    pub(crate) fn give_back(&mut self, listed: &ReplicaDocuments) -> Result<(), Stop> {
        for doc in self.api.store().giving_back()? {
            let restricted = self.api.store().is_restricted_there(&doc)?;
            let standing = Standing::of(listed, &doc, restricted);
            if self.memory.refused.get(&doc) == Some(&standing) {
                continue;
            }
            match self.give_back_of(&doc)? {
                Ok(()) => {}
                // It was erased there, or is shown to others alone: the list says so next. Should it be shown again, it is given then.
                Err(error) if error.code == ErrorCode::NotFound => {
                    self.hidden.insert(doc);
                }
                Err(error) => {
                    let now = self.api.now().timestamp_millis();
                    let reason = format!(
                        "It could not be given back after the workspace was put back from a backup: {}",
                        error.message
                    );
                    self.api.store().note_refused(&doc, &reason, now)?;
                    if is_lasting(error.code) {
                        self.memory.refused.insert(doc, standing);
                    }
                }
            }
        }
        Ok(())
    }

    fn give_back_of(&mut self, doc: &DocId) -> Result<Result<(), ApiError>, Stop> {
        let Some(found) = self.api.store().document(doc)? else {
            return Ok(Ok(()));
        };
        let images = self.api.store().images_of(doc)?;
        let restricted = self.api.store().is_restricted_there(doc)?;
        let (mut after, mut lacking, mut whole) = (0, Vec::new(), false);
        let mut refused = None;
        loop {
            let (mut rows, mut more) = self.api.store().back_rows(doc, after)?;
            let Some(last) = rows.last().map(|row| row.seq) else {
                break;
            };
            if whole {
                rows = vec![BackRow {
                    bytes: self.api.rooms().whole(doc)?,
                    seal: String::new(),
                    ..BackRow::default()
                }];
                more = false;
            }
            let request = ReplicaGiveBack {
                doc: doc.clone(),
                created_at: found.created_at,
                trashed: found.trashed_at.is_some(),
                restricted,
                rows: rows.into_iter().map(back_row).collect(),
                images: Vec::new(),
                seen: self.seen(),
            };
            match self.ask_to_take(&request)? {
                Ok(taken) => refused = refused.or(taken.refused),
                // An entry that these build on came here in another way than by the log.
                Err(error) if error.code == ErrorCode::Conflict && !whole => {
                    (whole, after) = (true, 0);
                    continue;
                }
                Err(error) => return Ok(Err(error)),
            }
            if !more {
                break;
            }
            after = last;
        }
        if self.may_keep_images() {
            for images in images.chunks(IMAGES) {
                let request = ReplicaGiveBack {
                    doc: doc.clone(),
                    images: images.to_vec(),
                    seen: self.seen(),
                    ..ReplicaGiveBack::default()
                };
                match self.ask_to_take(&request)? {
                    Ok(taken) => lacking.extend(taken.lacking),
                    Err(error) => return Ok(Err(error)),
                }
            }
        }
        if let Some(reason) = refused {
            // The rest was taken, and what bears no seal may get one by the next time.
            return Ok(Err(ApiError::new(ErrorCode::Unavailable, reason)));
        }
        self.api.store().given_back(doc, &lacking)?;
        Ok(Ok(()))
    }

    fn ask_to_take(
        &mut self,
        request: &ReplicaGiveBack,
    ) -> Result<Result<ReplicaTaken, ApiError>, Stop> {
        let taken: ReplicaTaken = match ask(self.host, "replica_give_back", request) {
            Ok(taken) => taken,
            Err(HostError::Said(error)) => return Ok(Err(error)),
            Err(error) => return Err(error.into()),
        };
        if taken.other {
            return Err(Stop::PutBack);
        }
        let place = self.see(taken.place.clone());
        self.api.store().note_seen(&place)?;
        Ok(Ok(taken))
    }

    /// Whoever reads along brings no images; somebody else has them, too.
    fn may_keep_images(&self) -> bool {
        let account = self.replica.account.as_ref();
        account.is_none_or(|account| account.role >= AccountRole::Member)
    }
}

/// Whether the same would be said again as long as nothing changes there.
fn is_lasting(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Refused | ErrorCode::Invalid | ErrorCode::Conflict
    )
}

fn back_row(row: BackRow) -> ReplicaBackRow {
    ReplicaBackRow {
        at_ms: row.at_ms,
        person: row.person,
        client: row.client,
        update: BASE64.encode(&row.bytes),
        seal: row.seal,
    }
}
