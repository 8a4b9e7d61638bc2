//! A window with one text field and nothing behind it: what the app's start and memory are measured against.

fn main() {
    let folder = std::env::var_os("DEBRIEF_DATA_DIR").map(std::path::PathBuf::from);
    let started = tauri::Builder::default()
        .setup(move |app| {
            let page = tauri::WebviewUrl::default();
            let mut window = tauri::WebviewWindowBuilder::new(app, "main", page)
                .title("Blank")
                .inner_size(1440.0, 900.0);
            if let Some(folder) = folder {
                window = window.data_directory(folder.join("webview"));
            }
            window.build()?;
            Ok(())
        })
        .run(tauri::generate_context!("examples/blank/tauri.conf.json"));
    if let Err(problem) = started {
        eprintln!("the blank window does not open: {problem}");
    }
}
