//! Published copies: kept in the workspace, and told of.

use model::list::Changed;
use model::published::PublishedCopy;
use store::NewPublished;

use super::Rooms;
use crate::error::RoomError;

impl Rooms {
    /// Keeps a copy of something that leaves; see [`store::Store::publish`]. A replica keeps none: it would be the only one that
    /// knows of it. Errors: also `Refused` of the store.
    pub fn publish(&self, copy: &NewPublished<'_>) -> Result<PublishedCopy, RoomError> {
        if self.shared.replica {
            let sentence = "Published copies are kept where this workspace is served: publish in the app while it is connected.";
            return Err(store::StoreError::Refused(sentence.into()).into());
        }
        let kept = self.shared.store.publish(copy)?;
        self.shared.tell(Changed::Published);
        Ok(kept)
    }

    /// Deletes a published copy for good. Errors: `NotFound` of the store.
    pub fn delete_published(&self, id: &str) -> Result<(), RoomError> {
        self.shared.store.delete_published(id, self.shared.now())?;
        self.shared.tell(Changed::Published);
        Ok(())
    }
}
