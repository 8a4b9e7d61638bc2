//! The desktop app: one window over one workspace, or over a review that another computer shares. The page talks to the
//! shell over Tauri's IPC; no port is open until a meeting is shared.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod menu;
mod pick;
mod pipe;
mod protocols;
mod remote;
mod screens;
mod team;
mod window;
mod workspace;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use tauri::{Manager, RunEvent};

use crate::pick::Picked;
use crate::pipe::Pipes;
use crate::remote::Remote;
use crate::workspace::Workspace;

fn main() -> ExitCode {
    if let Some(sentence) = window::missing_display() {
        eprintln!("{sentence}");
        return ExitCode::FAILURE;
    }
    // The file opens while the window is being built; whoever needs it first waits for it.
    let workspace = match Workspace::start(std::env::args_os().nth(1)) {
        Ok(workspace) => Arc::new(workspace),
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::FAILURE;
        }
    };
    let mut builder = tauri::Builder::default();
    if std::env::var_os("DEBRIEF_DATA_DIR").is_none() {
        builder = builder.plugin(tauri_plugin_single_instance::init(
            |app, arguments, folder| {
                window::started_again(app, &arguments, Path::new(&folder));
            },
        ));
    }
    let built = builder
        .plugin(tauri_plugin_dialog::init())
        .manage(Arc::clone(&workspace))
        .manage(Arc::new(Pipes::default()))
        .manage(Arc::new(Remote::default()))
        .manage(Picked::from_environment())
        .manage(window::Zoom::default())
        .register_asynchronous_uri_scheme_protocol(protocols::BLOB, protocols::blob)
        .register_asynchronous_uri_scheme_protocol(protocols::PREVIEW, protocols::preview)
        .invoke_handler(tauri::generate_handler![
            commands::rpc,
            commands::events,
            commands::doc_open,
            commands::doc_send,
            commands::doc_close,
            commands::blob_put,
            commands::pick_save,
            commands::pick_template,
            commands::pick_import,
            commands::import_picked,
            commands::save_text,
            commands::copy_text,
            commands::open_external,
            commands::set_zoom,
            commands::workspace_switch,
            commands::room_join,
            commands::room_leave,
            commands::team_open,
            commands::team_list,
            commands::team_show,
            commands::team_leave,
        ])
        .menu(menu::build)
        .on_menu_event(menu::chosen)
        .setup(|app| {
            app.state::<Arc<Workspace>>()
                .screens()
                .take_from(app.handle());
            window::close_when_told(app.handle());
            window::open_when_there_is_a_workspace(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| {
                if matches!(event, RunEvent::Exit) {
                    window::close_down(app);
                }
            });
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("Debrief could not start its window: {problem}");
            ExitCode::FAILURE
        }
    }
}
