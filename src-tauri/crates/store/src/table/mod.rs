//! One file per table, or per few tables that go together.

pub mod account;
pub mod action;
pub mod action_groups;
pub mod action_index;
pub mod audit;
pub mod blob;
pub mod directory;
pub mod document;
pub mod facts;
pub mod meeting;
pub mod postmortem;
pub mod projected;
pub mod published;
pub mod put_back;
pub mod reminder;
pub mod replica;
pub mod rows;
pub mod search;
pub mod summary;
pub mod told;
pub mod version;
