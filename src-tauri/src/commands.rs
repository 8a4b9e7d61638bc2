//! What the page may ask of the shell. Everything that touches the workspace runs off the main thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::error::{ApiError, ErrorCode};
use api::types::Imported;
use collab::Who;
use serde_json::Value;
use tauri::ipc::{Channel, InvokeBody, InvokeResponseBody, Request};
use tauri::{AppHandle, Manager, State, WebviewWindow};

use crate::desktop::{self, Change, Chosen};
use crate::pick::{self, Picked, PickedFile, PickedPath, What};
use crate::pipe::Pipes;
use crate::remote::{Remote, Room, kept};
use crate::team::{self, Agreed};
use crate::window;
use crate::workspace::Workspace;

/// Commands of the API that write to a path on this computer.
const WRITES_TO_A_PATH: [&str; 2] = ["export_save", "workspace_backup"];

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tauri::async_runtime::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| {
            Err(ApiError::new(
                ErrorCode::Internal,
                "Debrief stumbled over this request. What was saved is safe; try again.",
            ))
        })
}

/// Runs one command of the API: of this computer's workspace, or of the room in which this window is a guest.
#[tauri::command]
pub async fn rpc(
    workspace: State<'_, Arc<Workspace>>,
    remote: State<'_, Arc<Remote>>,
    picked: State<'_, Picked>,
    name: String,
    request: Value,
) -> Result<Value, ApiError> {
    if let Some(room) = remote.room() {
        return room.call(&name, &request).await;
    }
    if WRITES_TO_A_PATH.contains(&name.as_str()) {
        let path = request
            .get("path")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !picked.may_write(Path::new(path)) {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "Debrief writes only where you chose to in this window. Choose the place again.",
            ));
        }
    }
    let workspace = Arc::clone(&workspace);
    blocking(move || workspace.current().api.call(&name, request)).await
}

/// Tells the page of every change in the workspace, or in the room.
#[tauri::command]
pub fn events(
    workspace: State<'_, Arc<Workspace>>,
    remote: State<'_, Arc<Remote>>,
    channel: Channel<InvokeResponseBody>,
) {
    match remote.room() {
        Some(room) => room.listen(channel),
        None => workspace.listen(channel),
    }
}

/// Opens the pipe of a document; gives the number to send and close by.
#[tauri::command]
pub async fn doc_open(
    workspace: State<'_, Arc<Workspace>>,
    remote: State<'_, Arc<Remote>>,
    pipes: State<'_, Arc<Pipes>>,
    doc: String,
    channel: Channel<InvokeResponseBody>,
) -> Result<u32, ApiError> {
    let (workspace, pipes) = (Arc::clone(&workspace), Arc::clone(&pipes));
    if let Some(room) = remote.room() {
        return blocking(move || open_there(&room, &pipes, &doc, channel)).await;
    }
    blocking(move || {
        let open = workspace.current();
        pipes.open(channel, |page| {
            let room = open.api.live(&doc)?;
            let who = Who {
                person: open.api.me(),
                writable: open.api.may_write(),
            };
            let connection = room.connect(who, Box::new(move |frame| page.take(&frame)));
            Ok(move |frame: &[u8]| {
                connection
                    .receive(frame)
                    .map_err(|reason| reason.to_string())
            })
        })
    })
    .await
}

/// Opens the pipe of the document that another computer shares.
fn open_there(
    room: &Room,
    pipes: &Arc<Pipes>,
    doc: &str,
    channel: Channel<InvokeResponseBody>,
) -> Result<u32, ApiError> {
    pipes.open(channel, |page| {
        let frames = tauri::async_runtime::block_on(room.join_document(doc, page))?;
        Ok(move |frame: &[u8]| {
            frames
                .blocking_send(frame.to_vec())
                .map_err(|_| String::new())
        })
    })
}

/// Takes a batch of frames. It only queues: the order of batches is the order of these calls, and the main thread goes on.
#[tauri::command]
pub fn doc_send(pipes: State<'_, Arc<Pipes>>, request: Request<'_>) -> Result<(), ApiError> {
    let number = request
        .headers()
        .get("conn")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .ok_or_else(|| ApiError::invalid("conn", "The pipe's number is missing."))?;
    let InvokeBody::Raw(batch) = request.body() else {
        return Err(ApiError::invalid(
            "body",
            "A batch of frames is bytes, not JSON.",
        ));
    };
    if pipes.send(number, batch.clone()) {
        Ok(())
    } else {
        Err(ApiError::not_found("This pipe is closed. Open it again."))
    }
}

/// Closes the pipe of a document.
#[tauri::command]
pub fn doc_close(pipes: State<'_, Arc<Pipes>>, conn: u32) {
    pipes.close(conn);
}

/// Keeps an image in the workspace or the room; gives its hash.
#[tauri::command]
pub async fn blob_put(
    workspace: State<'_, Arc<Workspace>>,
    remote: State<'_, Arc<Remote>>,
    request: Request<'_>,
) -> Result<String, ApiError> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(ApiError::invalid("body", "An image is bytes, not JSON."));
    };
    let (workspace, bytes) = (Arc::clone(&workspace), bytes.clone());
    if let Some(room) = remote.room() {
        return room.put_image(bytes).await;
    }
    blocking(move || workspace.current().api.put_blob(&bytes)).await
}

/// Asks where to save; gives an absolute path, or nothing when the person changed their mind.
#[tauri::command]
pub async fn pick_save(app: AppHandle, name: String) -> Result<Option<String>, ApiError> {
    blocking(move || {
        let path = app.state::<Picked>().save(&app, &name);
        Ok(path.map(|path| path.to_string_lossy().into_owned()))
    })
    .await
}

/// Asks for the file of a template and reads it.
#[tauri::command]
pub async fn pick_template(app: AppHandle) -> Result<Option<PickedFile>, ApiError> {
    blocking(
        move || match app.state::<Picked>().open(&app, What::Template) {
            Some(path) => pick::read(&path).map(Some),
            None => Ok(None),
        },
    )
    .await
}

/// Asks for an exported postmortem; `import_picked` takes the answer.
#[tauri::command]
pub async fn pick_import(app: AppHandle) -> Result<Option<PickedPath>, ApiError> {
    blocking(move || {
        let path = app.state::<Picked>().open(&app, What::Import);
        Ok(path.as_deref().map(PickedPath::from))
    })
    .await
}

/// Makes a postmortem of a file that was chosen in this window, with the images that lie beside it.
#[tauri::command]
pub async fn import_picked(
    workspace: State<'_, Arc<Workspace>>,
    remote: State<'_, Arc<Remote>>,
    picked: State<'_, Picked>,
    path: String,
) -> Result<Imported, ApiError> {
    only_at_home(&remote)?;
    let path = PathBuf::from(path);
    if !picked.may_read(&path) {
        return Err(ApiError::new(
            ErrorCode::Refused,
            "Debrief reads only what you chose in this window. Choose the file again.",
        ));
    }
    let workspace = Arc::clone(&workspace);
    blocking(move || pick::import(&workspace.current().api, &path)).await
}

/// Asks where to save a text and writes it; gives the path, or nothing when the person changed their mind.
#[tauri::command]
pub async fn save_text(
    app: AppHandle,
    name: String,
    text: String,
) -> Result<Option<String>, ApiError> {
    blocking(move || {
        let Some(path) = app.state::<Picked>().save(&app, &name) else {
            return Ok(None);
        };
        api::write_whole(&path, text.as_bytes())?;
        Ok(Some(path.to_string_lossy().into_owned()))
    })
    .await
}

/// Puts a text on the clipboard.
#[cfg(target_os = "linux")]
#[tauri::command]
pub fn copy_text(text: String) -> Result<(), ApiError> {
    // A command that is not async runs on the main thread, where GTK wants to be called.
    let clipboard = gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD);
    clipboard.set_text(&text);
    clipboard.store();
    Ok(())
}

/// Puts a text on the clipboard.
#[cfg(not(target_os = "linux"))]
#[tauri::command]
pub fn copy_text(window: WebviewWindow, text: String) -> Result<(), ApiError> {
    let text = Value::String(text);
    window
        .eval(format!("navigator.clipboard.writeText({text})"))
        .map_err(|problem| {
            ApiError::new(
                ErrorCode::Unavailable,
                format!("The clipboard did not take it: {problem}."),
            )
        })
}

/// Opens an address in the person's browser or mail program.
#[tauri::command]
pub async fn open_external(url: String) -> Result<(), ApiError> {
    blocking(move || {
        if window::open_outside(&url) {
            Ok(())
        } else {
            Err(ApiError::invalid(
                "url",
                format!(
                    "“{url}” could not be opened. Links start with https://, http:// or mailto:."
                ),
            ))
        }
    })
    .await
}

/// Zooms the page; 1 is its own size.
#[tauri::command]
pub fn set_zoom(window: WebviewWindow, factor: f64) {
    window::zoom_to(&window, factor);
}

/// Shows another workspace, the one that a second start of the app named or else one that is asked for; false when the
/// person changed their mind. With `lose`, what cannot be saved does not keep this one open.
#[tauri::command]
pub async fn workspace_switch(
    app: AppHandle,
    named: Option<bool>,
    lose: Option<bool>,
) -> Result<bool, ApiError> {
    only_at_home(&app.state::<Arc<Remote>>())?;
    blocking(move || {
        let picked = app.state::<Picked>();
        let path = if named.unwrap_or_default() {
            picked.named()
        } else {
            picked.open(&app, What::Workspace)
        };
        match path {
            Some(path) => window::switch(&app, &path, lose.unwrap_or_default()).map(|()| true),
            None => Ok(false),
        }
    })
    .await
}

/// Goes into the review of a pasted link, as a guest, under a name. `plain` agrees to one that is not encrypted; with
/// `lose`, what this workspace cannot save does not keep the window here.
#[tauri::command]
pub async fn room_join(
    app: AppHandle,
    link: String,
    name: String,
    plain: bool,
    lose: bool,
) -> Result<(), ApiError> {
    let data_dir = app.state::<Arc<Workspace>>().data_dir().to_path_buf();
    let before = {
        let data_dir = data_dir.clone();
        blocking(move || Ok(kept::load(&data_dir))).await?
    };
    let room = Room::join(&link, &name, plain, before).await?;
    blocking(move || {
        if let Some(known) = room.known() {
            kept::save(&data_dir, &known);
        }
        window::enter(&app, room, lose)
    })
    .await
}

/// Goes back from the room to this computer's workspace.
#[tauri::command]
pub async fn room_leave(app: AppHandle) -> Result<(), ApiError> {
    blocking(move || {
        window::leave(&app);
        Ok(())
    })
    .await
}

/// Opens a team’s workspace by a pasted invitation, under a name; what is written in it is kept on this computer and handed in
/// whenever it is reached. `plain` agrees to one that is not encrypted, `moved` to another address or certificate than it was known
/// by; with `lose`, what this workspace cannot save does not keep the
/// window here.
#[tauri::command]
pub async fn team_open(
    app: AppHandle,
    link: String,
    name: String,
    plain: bool,
    moved: bool,
    lose: bool,
) -> Result<(), ApiError> {
    only_at_home(&app.state::<Arc<Remote>>())?;
    let agreed = Agreed { plain, moved, lose };
    blocking(move || team::open(&app, &link, &name, agreed)).await
}

/// The teams’ workspaces that are kept on this computer.
#[tauri::command]
pub async fn team_list(app: AppHandle) -> Result<Vec<replica::Known>, ApiError> {
    blocking(move || Ok(team::list(&app))).await
}

/// Shows a team’s workspace that is kept on this computer, or this computer’s own when none is named.
#[tauri::command]
pub async fn team_show(app: AppHandle, id: Option<String>, lose: bool) -> Result<(), ApiError> {
    only_at_home(&app.state::<Arc<Remote>>())?;
    blocking(move || team::show(&app, id.as_deref(), lose)).await
}

/// Signs out of the team’s workspace that is shown, and takes its copy from this computer. Refused with `conflict` while edits wait to
/// be handed in, unless the person has agreed to `lose` them.
#[tauri::command]
pub async fn team_leave(app: AppHandle, lose: bool) -> Result<(), ApiError> {
    only_at_home(&app.state::<Arc<Remote>>())?;
    blocking(move || team::leave(&app, lose)).await
}

/// What was chosen for Debrief in the background of this computer, and what of it is possible here.
#[tauri::command]
pub async fn desktop_chosen(app: AppHandle) -> Result<Chosen, ApiError> {
    blocking(move || Ok(desktop::of(&app).chosen(&app))).await
}

/// Chooses what Debrief does in the background of this computer; tells what holds then.
#[tauri::command]
pub async fn desktop_choose(app: AppHandle, change: Change) -> Result<Chosen, ApiError> {
    blocking(move || {
        let desktop = desktop::of(&app);
        desktop.choose(&app, change)?;
        Ok(desktop.chosen(&app))
    })
    .await
}

/// Refuses what concerns this computer's workspace while the window shows somebody else's review.
fn only_at_home(remote: &Remote) -> Result<(), ApiError> {
    match remote.room() {
        None => Ok(()),
        Some(_) => Err(ApiError::new(
            ErrorCode::Refused,
            "You are in a review on another computer. Leave it first.",
        )),
    }
}
