//! Writes the permissions of the window's own commands, and makes sure that the folder of the built UI exists: the
//! window is compiled around its contents.

fn main() {
    let ui = std::path::Path::new("../ui/dist");
    if !ui.exists() {
        let made = std::fs::create_dir_all(ui);
        if let Err(problem) = made {
            println!("cargo::error=cannot make {}: {problem}", ui.display());
        }
    }
    let attributes =
        tauri_build::Attributes::new().app_manifest(tauri_build::AppManifest::new().commands(&[
            "rpc",
            "events",
            "doc_open",
            "doc_send",
            "doc_close",
            "blob_put",
            "pick_save",
            "pick_template",
            "pick_import",
            "import_picked",
            "save_text",
            "copy_text",
            "open_external",
            "set_zoom",
            "workspace_switch",
            "room_join",
            "room_leave",
            "team_open",
            "team_list",
            "team_show",
            "team_leave",
            "desktop_chosen",
            "desktop_choose",
        ]));
    if let Err(problem) = tauri_build::try_build(attributes) {
        println!("cargo::error={problem:#}");
    }
}
