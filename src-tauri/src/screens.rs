//! The screens that lie inside the program, as guests of a meeting get them.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use server::http::{self, Screens};
use tauri::{AppHandle, AssetResolver, Wry};

/// Where the screens are. Nothing is inside before the app has been built; a development build has nothing inside at all
/// and shows guests the folder of the built screens.
#[derive(Clone, Default)]
pub struct Embedded(Arc<OnceLock<AssetResolver<Wry>>>);

impl Embedded {
    /// Takes what lies inside the app.
    pub fn take_from(&self, app: &AppHandle) {
        // The first one stays: there is one app.
        let _ = self.0.set(app.asset_resolver());
    }

    /// As the server hands them out.
    pub fn served(&self) -> Screens {
        let inside = Arc::clone(&self.0);
        let folder = http::find_ui(None).ok().flatten().map(Screens::Folder);
        Screens::Inside(Arc::new(move |file| {
            let embedded = inside
                .get()
                .and_then(|resolver| resolver.get(file.to_owned()));
            match (embedded, &folder) {
                (Some(asset), _) => Some(asset.bytes),
                (None, Some(folder)) => folder.read(Path::new(file)).ok(),
                (None, None) => None,
            }
        }))
    }
}
