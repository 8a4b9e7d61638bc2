//! How the whole product behaves: the command line, the server, real windows and real browsers, replicas in two
//! languages, and the shape of the house.

// A test that fails shows its seed, and one that cannot run here says so.
#![allow(clippy::print_stdout)]

mod cli;
mod convergence;
mod exported_pages;
mod hints;
mod layout;
mod leaving;
mod plans;
mod published;
mod server;
mod sharing;
mod team;

/// A display of a test's own.
mod display;

/// Finding, starting and ending the product's own programs.
mod programs;

/// Driving a real window or a real browser.
mod harness;

/// A workspace as a team has it after half a year.
mod example;

/// Four devices of one review.
mod devices;

/// A desktop's session bus, and who answers on it.
mod desk;

mod background;
mod browser;
mod export_templates;
mod flows;
mod follow_through;
mod keyring;
mod meeting;
mod remote;
mod screens;
mod screens_joining;
mod screens_together;
mod tickets;
mod whole_meeting;
mod windows;
mod working_away;
