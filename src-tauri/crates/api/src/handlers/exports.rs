//! One postmortem as text, and as files that a person chose.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::anonymise::{Options, Report};
use model::customer_post::{Post, PostImpact};
use model::directory::Directory;
use model::postmortem::{PersonId, Postmortem};
use render::{Asset, Export, ExportTemplates, Format, Picture, Rendered};

use super::published::{AsOf, Papers, Said};
use crate::error::{ApiError, ErrorCode};
use crate::files::Target;
use crate::open::{Api, Shell};
use crate::types::{ExportRequest, ExportSave, ExportSaved, Exported};
use crate::{bounds, files, images, places};

/// One postmortem as text. The state that was exported gets a name in the list of versions, unless it is only a preview.
pub fn export(api: &Api, request: ExportRequest) -> Result<Exported, ApiError> {
    let format = known_format(&request.format)?;
    let roles = roles(api, request.anonymise, request.keep_owners);
    let made = make(api, &request.doc, format, None, roles)?;
    if !request.preview {
        name_version(api, &made, format);
    }
    let (text, base64) = match format.on_paper {
        true => (
            String::new(),
            Some(STANDARD.encode(on_paper(&made.rendered.text)?)),
        ),
        false => (made.rendered.text, None),
    };
    Ok(Exported {
        file_name: format!("{}.{}", made.name, format.extension),
        mime: format.mime.into(),
        assets: u32::try_from(made.rendered.assets.len()).unwrap_or(u32::MAX),
        text,
        roles: made.report,
        base64,
    })
}

/// Writes an export to a file, images of a Markdown export beside it: all of it or nothing. Not for browsers, which
/// have no path on this computer to give.
pub fn export_save(api: &Api, request: ExportSave) -> Result<ExportSaved, ApiError> {
    super::workspace::local_only(api, "An export")?;
    bounds::bytes("path", request.path.len(), bounds::PATH)?;
    let format = known_format(&request.format)?;
    let target = Target::of(&places::absolute(Path::new(&request.path)))?;
    let stem = target
        .path()
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let roles = roles(api, request.anonymise, request.keep_owners);
    let made = make(api, &request.doc, format, stem, roles)?;
    let mut written = Written::default();
    let paper = match format.on_paper {
        true => Some(on_paper(&made.rendered.text)?),
        false => None,
    };
    let content = paper.as_deref().unwrap_or(made.rendered.text.as_bytes());
    let paths = written.all(&target, content, &made.rendered.assets)?;
    written.keep();
    name_version(api, &made, format);
    Ok(ExportSaved {
        paths: paths
            .iter()
            .map(|path| path.to_string_lossy().into_owned())
            .collect(),
        roles: made.report,
    })
}

/// The HTML export for a preview, or with `.summary` behind the id the summary of the postmortem.
pub fn html(api: &Api, name: &str) -> Result<String, ApiError> {
    let (doc, anonymise, keep_owners) = asked(name);
    let roles = roles(api, anonymise, keep_owners);
    let (doc, format) = match doc.strip_suffix(".summary") {
        Some(doc) => (doc, "summary-html"),
        None => (doc, "html"),
    };
    let made = make(api, doc, known_format(format)?, None, roles)?;
    Ok(made.rendered.text)
}

/// What an address asks for: `ID`, `ID.roles` for roles instead of names, `ID.roles.owners` when owners stay. Gives the id,
/// whether names become roles, and whether owners stay.
pub fn asked(name: &str) -> (&str, bool, bool) {
    if let Some(doc) = name.strip_suffix(".roles.owners") {
        (doc, true, true)
    } else if let Some(doc) = name.strip_suffix(".roles") {
        (doc, true, false)
    } else {
        (name, false, false)
    }
}

pub(super) fn roles(api: &Api, anonymise: bool, keep_owners: bool) -> Option<Options> {
    anonymise.then_some(Options {
        keep_owners,
        // Bytes in the command line, UTF-16 units in pages.
        utf16: api.shell() != Shell::CommandLine,
    })
}

struct Made {
    /// What was exported.
    state: Arc<Postmortem>,
    name: String,
    rendered: Rendered,
    /// What was replaced; absent when names stayed.
    report: Option<Report>,
}

fn make(
    api: &Api,
    doc: &str,
    format: &Format,
    name: Option<String>,
    roles: Option<Options>,
) -> Result<Made, ApiError> {
    let source = source(api, doc, roles)?;
    let at = AsOf {
        now: api.now(),
        zone: api.zone(),
    };
    let (name, rendered) = render_as_of(api, &source, format, name, at, false)?;
    Ok(Made {
        state: source.state,
        rendered,
        name,
        report: source.report,
    })
}

/// What an export is made from.
struct Source {
    /// The state of the document.
    state: Arc<Postmortem>,
    /// The same, with roles in the place of names where they were asked for.
    postmortem: Arc<Postmortem>,
    directory: Arc<Directory>,
    report: Option<Report>,
}

fn source(api: &Api, doc: &str, roles: Option<Options>) -> Result<Source, ApiError> {
    let state = api.snapshot(doc)?;
    let directory = api.directory();
    let (postmortem, directory, report) = match roles {
        None => (Arc::clone(&state), directory, None),
        Some(options) => {
            let made = model::anonymise::anonymise(
                &state,
                &directory.people,
                &directory.services,
                &options,
            );
            // Nobody of the directory is in reach of what follows.
            let roles = Directory {
                people: made.people,
                services: directory.services.clone(),
                export_templates: directory.export_templates.clone(),
                ..Directory::default()
            };
            (
                Arc::new(made.postmortem),
                Arc::new(roles),
                Some(made.report),
            )
        }
    };
    Ok(Source {
        state,
        postmortem,
        directory,
        report,
    })
}

/// The name of the file, without its extension, and what is in it.
fn render_as_of(
    api: &Api,
    source: &Source,
    format: &Format,
    name: Option<String>,
    at: AsOf,
    published: bool,
) -> Result<(String, Rendered), ApiError> {
    let Source {
        postmortem,
        directory,
        report,
        ..
    } = source;
    let names = |id: &PersonId| super::directory::person_name(directory, Some(postmortem), id);
    let derived = model::derived::derive(postmortem, &names);
    let zone = at.zone.name();
    let name = name.unwrap_or_else(|| {
        let name = render::file_name(postmortem, &derived, zone);
        let kind = match format.id.split_once('-') {
            Some(("post", _)) => "-for-customers",
            Some(("summary", _)) => "-summary",
            _ => "",
        };
        // So that no file takes the place of one with names in it.
        let roles = if report.is_some() { "-roles" } else { "" };
        format!("{name}{kind}{roles}")
    });
    let images = |hash: &str| {
        let blob = api.blob(hash).ok().flatten();
        blob.map(|(mime, bytes)| Picture { mime, bytes })
    };
    let rendered = (format.render)(&Export {
        postmortem,
        derived: &derived,
        people: &directory.people,
        services: &directory.services,
        images: &images,
        now: at.now,
        zone,
        name: &name,
        roles: report.is_some(),
        published,
        templates: ExportTemplates::of(&directory.export_templates),
    })?;
    Ok((name, rendered))
}

/// The name of the file and the text of a published copy.
fn copy_of(
    api: &Api,
    source: &Source,
    format: &str,
    at: AsOf,
) -> Result<(String, String), ApiError> {
    let (name, rendered) = render_as_of(api, source, known_format(format)?, None, at, true)?;
    Ok((name, rendered.text))
}

/// What is published of the summary of a postmortem, as of an instant.
pub(super) fn summary_papers(
    api: &Api,
    doc: &str,
    roles: Option<Options>,
    at: AsOf,
) -> Result<Papers, ApiError> {
    let source = source(api, doc, roles)?;
    let (file_name, page) = copy_of(api, &source, "summary-html", at)?;
    let (_, text) = copy_of(api, &source, "summary-md", at)?;
    Ok(Papers {
        title: source.postmortem.title.clone(),
        file_name,
        page,
        said: Said {
            text,
            facts: String::new(),
        },
        state: Some((
            source.state,
            match source.report {
                Some(_) => "published the summary with roles",
                None => "published the summary",
            },
        )),
    })
}

/// What the summary of a postmortem says, as of an instant.
pub(super) fn summary_said(
    api: &Api,
    doc: &str,
    roles: Option<Options>,
    at: AsOf,
) -> Result<Said, ApiError> {
    let source = source(api, doc, roles)?;
    let (_, text) = copy_of(api, &source, "summary-md", at)?;
    Ok(Said {
        text,
        facts: String::new(),
    })
}

/// What is published of the post for customers of a postmortem, as of an instant.
pub(super) fn post_papers(api: &Api, doc: &str, at: AsOf) -> Result<Papers, ApiError> {
    let source = source(api, doc, None)?;
    let (file_name, page) = copy_of(api, &source, "post-html", at)?;
    Ok(Papers {
        title: post(&source).title,
        file_name,
        page,
        said: post_of(api, &source, at)?,
        state: Some((source.state, "published the post for customers")),
    })
}

/// What the post for customers says, as of an instant.
pub(super) fn post_said(api: &Api, doc: &str, at: AsOf) -> Result<Said, ApiError> {
    post_of(api, &source(api, doc, None)?, at)
}

fn post_of(api: &Api, source: &Source, at: AsOf) -> Result<Said, ApiError> {
    let (_, text) = copy_of(api, source, "post-md", at)?;
    let post = post(source);
    let impact = match post.impact {
        PostImpact::None => "no".to_owned(),
        impact => crate::describe::word(&impact),
    };
    Ok(Said {
        text,
        // The page has both beside the title.
        facts: format!("{impact} impact, {}", crate::describe::word(&post.status)),
    })
}

fn post(source: &Source) -> Post {
    let Directory {
        people, services, ..
    } = source.directory.as_ref();
    model::customer_post::post(&source.postmortem, people, services)
}

/// A page set on paper, as a PDF.
///
/// Errors: `Internal`, with the typesetter's words.
pub(super) fn on_paper(page: &str) -> Result<Vec<u8>, ApiError> {
    pdf::from_page(page, pdf::Paper::A4)
        .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))
}

/// The export format of that id.
pub fn known_format(id: &str) -> Result<&'static Format, ApiError> {
    render::format(id).ok_or_else(|| {
        let known: Vec<&str> = render::FORMATS
            .iter()
            .chain(render::COMPANY_FORMATS)
            .map(|format| format.id)
            .collect();
        let shown = crate::describe::shortened(id, 40);
        ApiError::invalid(
            "format",
            format!(
                "“{shown}” is no format: choose one of {}.",
                known.join(", ")
            ),
        )
    })
}

/// Names the exported state in the list of versions, unless it has that name already. When somebody went on writing
/// meanwhile there is no place in the log that holds just what was exported, and nothing is named.
fn name_version(api: &Api, made: &Made, format: &Format) {
    let name = match made.report {
        Some(_) => format!("exported {} with roles", format.name),
        None => format!("exported {}", format.name),
    };
    name_state(api, &made.state, &name);
}

/// As [`name_version`], by a name of one's own.
pub(super) fn name_state(api: &Api, exported: &Postmortem, name: &str) {
    let doc = &exported.id;
    let unnamed = || {
        // What is only in memory has no place in the log yet.
        api.save().ok()?;
        let present = api.snapshot(doc).ok()?;
        let versions = api.store().versions(doc).ok()?;
        let newest = versions.first()?.seq;
        let named = versions
            .iter()
            .take_while(|version| version.seq == newest)
            .any(|version| version.name == name);
        Some(*present == *exported && !named)
    };
    if unnamed().unwrap_or_default() {
        // The export is what was asked for; a workspace that takes no name right now (read-only, a full disk) does not
        // spoil it.
        let _ = super::versions::name(api, doc, name);
    }
}

/// Files written so far: taken back when a later one fails.
#[derive(Default)]
struct Written {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Written {
    fn all(
        &mut self,
        target: &Target,
        content: &[u8],
        assets: &[Asset],
    ) -> Result<Vec<PathBuf>, ApiError> {
        let path = target.path();
        let folder = path.parent().unwrap_or(Path::new("/"));
        let mut paths = vec![path.to_owned()];
        if matches!(target, Target::Stream(_)) && !assets.is_empty() {
            return Err(ApiError::invalid(
                "path",
                format!(
                    "{} is no file, so the images cannot lie beside it: name a file, or export as JSON.",
                    path.display()
                ),
            ));
        }
        for asset in assets {
            let inner = Path::new(&asset.path);
            // Names come from the chosen file's own; none of them may lead elsewhere.
            if !inner
                .components()
                .all(|part| matches!(part, Component::Normal(_)))
            {
                return Err(ApiError::invalid(
                    "path",
                    "This file name cannot have a folder of images beside it.",
                ));
            }
            let image = folder.join(inner);
            self.make_folder(path, &image)?;
            refuse_link(&image)?;
            let new = !image.exists();
            files::write_whole(&image, &asset.bytes)?;
            if new {
                self.files.push(image.clone());
            }
            paths.push(image);
        }
        target.write(content)?;
        Ok(paths)
    }

    fn make_folder(&mut self, path: &Path, image: &Path) -> Result<(), ApiError> {
        let Some(folder) = image.parent() else {
            return Ok(());
        };
        refuse_link(folder)?;
        if folder.is_dir() {
            return Ok(());
        }
        if folder.exists() {
            return Err(ApiError::invalid(
                "path",
                format!(
                    "The images belong into the folder {}, and a file stands in its place. Choose another name.",
                    folder.display()
                ),
            ));
        }
        std::fs::create_dir(folder).map_err(|error| files::sentence(path, 0, &error))?;
        self.folders.push(folder.to_owned());
        Ok(())
    }

    fn keep(&mut self) {
        self.files.clear();
        self.folders.clear();
    }
}

/// Images go where the export lies and nowhere else: a link could lead anywhere.
fn refuse_link(path: &Path) -> Result<(), ApiError> {
    match path.is_symlink() {
        true => Err(ApiError::invalid(
            "path",
            format!(
                "{} is a link, and images are not written through one. Choose another name.",
                path.display()
            ),
        )),
        false => Ok(()),
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        for file in &self.files {
            let _ = std::fs::remove_file(file);
        }
        for folder in &self.folders {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Whether bytes are an image that the workspace keeps, for imports that bring their own.
pub(super) fn is_image(bytes: &[u8]) -> bool {
    bytes.len() <= bounds::BLOB && images::mime(bytes).is_some()
}
