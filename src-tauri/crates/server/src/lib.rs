//! The HTTP shell and the `debrief` command line.

pub mod cli;
pub mod http;
pub mod share;
