//! Accounts of a served workspace: changed in the workspace, and told of.

use model::list::Changed;
use store::{Store, StoreError};

use super::Rooms;
use crate::error::RoomError;

impl Rooms {
    /// Changes accounts, invitations, sessions or who may see a postmortem, and tells of it. `whose` rights it may change: an
    /// account's, nobody's when it is empty, anybody's when it is absent. `change` gets the instant in milliseconds UTC.
    pub fn change_accounts<T>(
        &self,
        whose: Option<&str>,
        change: impl FnOnce(&Store, i64) -> Result<T, StoreError>,
    ) -> Result<T, RoomError> {
        let changed = change(&self.shared.store, self.shared.now())?;
        self.shared.tell(Changed::Accounts {
            account: whose.map(str::to_owned),
        });
        Ok(changed)
    }
}
