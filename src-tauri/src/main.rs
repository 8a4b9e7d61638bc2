//! The desktop app: one window over one workspace, or over a review that another computer shares. The page talks to the
//! shell over Tauri's IPC; no port is open until a meeting is shared.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod background;
mod commands;
mod desktop;
mod login;
mod menu;
mod notify;
mod pick;
mod pipe;
mod protocols;
mod remind;
mod remote;
mod screens;
mod team;
mod tray;
mod window;
mod workspace;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use tauri::{Manager, RunEvent};

use crate::desktop::Desktop;
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
    let argument = std::env::args_os().nth(1);
    let background = argument
        .as_ref()
        .is_some_and(|argument| argument == login::BACKGROUND);
    let workspace = match Workspace::start(argument.filter(|_| !background)) {
        Ok(workspace) => Arc::new(workspace),
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::FAILURE;
        }
    };
    let alone = std::env::var_os("DEBRIEF_DATA_DIR").is_none();
    let desktop = Desktop::load(workspace.data_dir(), alone);
    // Whoever does not want it to stay without a window gets one.
    let hidden = background && desktop.stays();
    let mut builder = tauri::Builder::default();
    if alone {
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
        .manage(Arc::new(desktop))
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
            commands::desktop_chosen,
            commands::desktop_choose,
        ])
        .menu(menu::build)
        .on_menu_event(menu::chosen)
        .setup(move |app| {
            app.state::<Arc<Workspace>>()
                .screens()
                .take_from(app.handle());
            window::close_when_told(app.handle());
            window::open_when_there_is_a_workspace(app.handle(), hidden);
            background::start(app.handle(), hidden);
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| match event {
                // The last window has closed, and nobody has asked for the end.
                RunEvent::ExitRequested {
                    code: None, api, ..
                } if !desktop::of(app).ends() => api.prevent_exit(),
                RunEvent::Exit => window::close_down(app),
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("Debrief could not start its window: {problem}");
            ExitCode::FAILURE
        }
    }
}
