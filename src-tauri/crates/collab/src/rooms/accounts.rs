//! Accounts of a served workspace: changed in the workspace, and told of.

use model::list::Changed;
use store::{Store, StoreError};

use super::Rooms;
use crate::error::RoomError;

impl Rooms {
    /// Changes accounts, invitations, sessions or who may see a postmortem, and tells of it. `change` gets the instant in
    /// milliseconds UTC.
    pub fn change_accounts<T>(
        &self,
        change: impl FnOnce(&Store, i64) -> Result<T, StoreError>,
    ) -> Result<T, RoomError> {
        let changed = change(&self.shared.store, self.shared.now())?;
        self.shared.tell(Changed::Accounts);
        Ok(changed)
    }
}
