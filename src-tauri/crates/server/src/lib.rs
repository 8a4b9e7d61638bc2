//! The HTTP shell and the `debrief` command line.

pub mod cli;
mod connections;
pub mod http;
pub mod remind;
pub mod share;
