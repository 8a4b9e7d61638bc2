//! Working away: a workspace file on this computer that follows one which another computer serves. All screens and commands work
//! on the file, with or without a network; what happens there comes here as rows of its log, and what happens here waits as rows
//! of ours until it has been taken there.
//!
//! Both ways a row travels whole, with its author, and is applied as any other update is. Documents merge in whatever order rows
//! come, and a row that comes twice changes nothing, so nothing has to be remembered but how far each side has read. There is no
//! tauri here and no socket but in [`wire`].

pub mod events;
mod following;
mod give_back;
mod host;
pub mod link;
mod make;
pub mod secret;
pub mod tls;
mod turn;
pub mod wire;

pub use following::{Following, Running};
pub use host::{Host, HostError};
pub use make::{Known, known, make, workspace_of};
