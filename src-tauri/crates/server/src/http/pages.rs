//! The screens: the built files of `ui/dist`, and index.html with a fresh nonce in every answer.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{self, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::Shared;

/// Names the folder of the built screens.
pub const UI_VARIABLE: &str = "DEBRIEF_UI";

/// The folder of the built screens: the one given, else `DEBRIEF_UI`, else `share/debrief/ui` where the program was
/// installed, else `ui/dist` of the source tree that it was built in.
///
/// Errors: a sentence, when a folder was named and holds no screens.
pub fn find_ui(given: Option<PathBuf>) -> Result<Option<PathBuf>, String> {
    let named = given.or_else(|| {
        std::env::var_os(UI_VARIABLE)
            .filter(|dir| !dir.is_empty())
            .map(PathBuf::from)
    });
    if let Some(dir) = named {
        return match holds_screens(&dir) {
            true => Ok(Some(dir)),
            false => Err(format!(
                "{} has no index.html: name the folder of the built screens.",
                dir.display()
            )),
        };
    }
    let Ok(program) = std::env::current_exe().and_then(|program| program.canonicalize()) else {
        return Ok(None);
    };
    let installed = program
        .parent()
        .and_then(Path::parent)
        .map(|prefix| prefix.join("share/debrief/ui"));
    let built = program
        .ancestors()
        .skip(1)
        .take(5)
        .map(|folder| folder.join("ui/dist"));
    Ok(installed
        .into_iter()
        .chain(built)
        .find(|dir| holds_screens(dir)))
}

fn holds_screens(dir: &Path) -> bool {
    dir.join("index.html").is_file()
}

/// Gives the bytes of a file by its path from the root.
pub type ReadFile = dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync;

/// Where the built screens are.
#[derive(Clone)]
pub enum Screens {
    /// In a folder.
    Folder(PathBuf),
    /// Inside the program: `index.html`, `assets/…`.
    Inside(Arc<ReadFile>),
}

impl Screens {
    /// The bytes of a file by its path from the root, which the caller has checked. Errors: also when there is none.
    pub fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        match self {
            Self::Folder(folder) => read_within(folder, &folder.join(file)),
            Self::Inside(read) => file
                .to_str()
                .and_then(|file| read(file))
                .ok_or(io::ErrorKind::NotFound.into()),
        }
    }
}

/// Who gets the pages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Whoever has the workspace.
    Owner,
    /// Somebody of a team, who may have to sign in first: the page knows by a mark in its head.
    Team,
    /// A guest of a meeting: the page knows by a mark in its head, before it asks anything.
    Guest,
}

/// Every path that is no route: a file of the screens, or index.html.
pub async fn page(State(shared): State<Shared>, method: Method, uri: Uri) -> Response {
    let screens = shared.0.ui.clone().map(Screens::Folder);
    let whose = match shared.access().is_for_a_team() {
        true => For::Team,
        false => For::Owner,
    };
    of(screens, &method, &uri, shared.access().sockets(), whose).await
}

/// A file of the screens, or index.html; `sockets` are the addresses of the document pipe, for the page's policy.
pub async fn of(
    screens: Option<Screens>,
    method: &Method,
    uri: &Uri,
    sockets: &str,
    whose: For,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let Some(screens) = screens else {
        return (
            StatusCode::NOT_FOUND,
            "The screens are not built: run make run, or name their folder with --ui.\n",
        )
            .into_response();
    };
    let Some(mut file) = inner_path(uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_index = file.as_os_str().is_empty() || file == Path::new("index.html");
    if is_index {
        file = "index.html".into();
    }
    let wanted = file.clone();
    let read = tokio::task::spawn_blocking(move || screens.read(&wanted)).await;
    match read {
        Ok(Ok(bytes)) if is_index => index(&bytes, sockets, whose),
        Ok(Ok(bytes)) => asset(&file, bytes),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The path of a file within the folder; `None` for whatever could lead out of it or to a hidden file.
fn inner_path(path: &str) -> Option<PathBuf> {
    let mut inner = PathBuf::new();
    for part in path
        .trim_matches('/')
        .split('/')
        .filter(|part| !part.is_empty())
    {
        let plain = !part.starts_with('.')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        if !plain {
            return None;
        }
        inner.push(part);
    }
    Some(inner)
}

/// Reads a file whose true place is within the folder: a link in it must not lead out.
fn read_within(folder: &Path, path: &Path) -> io::Result<Vec<u8>> {
    let path = path.canonicalize()?;
    if !path.starts_with(folder.canonicalize()?) || !path.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    std::fs::read(path)
}

fn index(bytes: &[u8], sockets: &str, whose: For) -> Response {
    let nonce = uuid::Uuid::new_v4().simple().to_string();
    let mut page =
        String::from_utf8_lossy(bytes).replace("<style", &format!("<style nonce=\"{nonce}\""));
    let mark = match whose {
        For::Owner => None,
        For::Team => Some("debrief-team"),
        For::Guest => Some("debrief-guest"),
    };
    if let Some(mark) = mark {
        page = page.replacen("<head>", &format!("<head><meta name=\"{mark}\">"), 1);
    }
    match HeaderValue::from_str(&policy(&nonce, sockets)) {
        Ok(policy) => (
            [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("text/html; charset=utf-8"),
                ),
                (header::CONTENT_SECURITY_POLICY, policy),
            ],
            page,
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn policy(nonce: &str, sockets: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' blob: data:; \
         font-src 'self'; connect-src 'self' {sockets}; frame-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    )
}

fn asset(file: &Path, bytes: Vec<u8>) -> Response {
    let mime = match file
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
    {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    // The names of built assets change with their content; other files may be replaced under the same name.
    let keep = if file.starts_with("assets") {
        "private, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    (
        [(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, keep)],
        bytes,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for path in [
            "/../x",
            "/a/../../x",
            "/.git/config",
            "/a/.hidden",
            "/%2e%2e/x",
            "/a\\..\\x",
            "/a/..%2fx",
            "/C:/x",
        ] {
            assert_eq!(inner_path(path), None, "{path} is refused");
        }
        assert_eq!(
            inner_path("/"),
            Some(PathBuf::new()),
            "the root is index.html"
        );
        assert_eq!(
            inner_path("/assets/index-Bx_1.js"),
            Some("assets/index-Bx_1.js".into()),
            "an asset is a file"
        );
    }
}
