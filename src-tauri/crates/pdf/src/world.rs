//! The typesetter's world: one template, one page as data, and the pictures and fonts that it needs.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::tree::Page;
use crate::{Paper, PdfError};

const TEMPLATE: &str = include_str!("../typ/page.typ");

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

static INTER: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 5] = [
        include_bytes!("../fonts/Inter-Regular.otf"),
        include_bytes!("../fonts/Inter-SemiBold.otf"),
        include_bytes!("../fonts/Inter-Italic.otf"),
        include_bytes!("../fonts/InterDisplay-SemiBold.otf"),
        include_bytes!("../fonts/JetBrainsMono-Regular.otf"),
    ];
    files
        .into_iter()
        .filter_map(|file| Font::new(Bytes::new(file), 0))
        .collect()
});

struct PageWorld {
    main: FileId,
    source: Source,
    files: HashMap<FileId, Bytes>,
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

/// A file of the page's own; the names are few, since the typesetter never forgets one.
fn file(name: &str) -> Result<FileId, PdfError> {
    let path = VirtualPath::new(name).map_err(|_| PdfError(format!("{name} is no file name.")))?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

/// Sets a page.
pub(crate) fn set(page: &Page, paper: Paper) -> Result<Vec<u8>, PdfError> {
    let main = file("page.typ")?;
    let mut data = serde_json::json!({ "paper": paper.name() });
    let content = serde_json::to_value(page).map_err(|error| PdfError(error.to_string()))?;
    if let (Some(data), serde_json::Value::Object(content)) = (data.as_object_mut(), content) {
        data.extend(content);
    }
    let mut files = HashMap::from([(file("page.json")?, Bytes::from_string(data.to_string()))]);
    for (name, bytes) in &page.files {
        files.insert(file(name)?, Bytes::new(bytes.clone()));
    }
    let mut fonts = INTER.clone();
    fonts.extend(others(&page.characters, &fonts));
    let world = PageWorld {
        main,
        source: Source::new(main, TEMPLATE.to_owned()),
        files,
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
    };
    let made = typst::compile::<PagedDocument>(&world).output;
    let made = made.map_err(|problems| {
        let said: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
        PdfError(said.join(" "))
    })?;
    let options = PdfOptions {
        creator: Smart::Custom(Some("Debrief".to_owned())),
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&made, &options).map_err(|problems| {
        let said: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
        PdfError(said.join(" "))
    });
    // What was worked out for this page is of no use for the next.
    typst::comemo::evict(0);
    pdf
}

/// Fonts of this computer for the letters that ours do not have.
fn others(characters: &BTreeSet<char>, ours: &[Font]) -> Vec<Font> {
    let has = |font: &Font, c: char| font.info().coverage.contains(u32::from(c));
    let mut missing: Vec<char> = characters
        .iter()
        .copied()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .filter(|c| !ours.iter().any(|font| has(font, *c)))
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let mut database = fontdb::Database::new();
    database.load_system_fonts();
    let mut found = Vec::new();
    for face in database.faces() {
        if missing.is_empty() {
            break;
        }
        if face.style != fontdb::Style::Normal || face.weight != fontdb::Weight::NORMAL {
            continue;
        }
        let font = database
            .with_face_data(face.id, |data, index| {
                Font::new(Bytes::new(data.to_vec()), index)
            })
            .flatten();
        if let Some(font) = font {
            let before = missing.len();
            missing.retain(|c| !has(&font, *c));
            if missing.len() < before {
                found.push(font);
            }
        }
    }
    found
}

impl World for PageWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main {
            Ok(self.source.clone())
        } else {
            Err(FileError::NotSource)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
