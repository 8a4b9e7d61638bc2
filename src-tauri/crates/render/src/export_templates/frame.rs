//! What stands around every body: the head with the style, and the policy that lets nothing else in.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Value;
use minijinja::{Environment, Error, context};
use sha2::{Digest, Sha256};

use super::{EXPORT_PAGES, ExportPage};
use crate::prose::escaping_environment;

const FRAME: &str = "frame";

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = escaping_environment();
    // Templates are compiled in and the tests of what they make render them, so they cannot be malformed here.
    let _ = environment.add_template(FRAME, include_str!("../page/frame.html"));
    for page in EXPORT_PAGES {
        let _ = environment.add_template(page.id(), page.builtin());
    }
    environment
});

/// What a page's head says.
pub(crate) struct Head<'a> {
    /// The page's title.
    pub(crate) title: &'a str,
    /// The only style that the page's own policy lets in.
    pub(crate) css: &'a str,
}

/// A body from the template that comes with Debrief.
pub(super) fn builtin(page: ExportPage, context: Value) -> Result<String, Error> {
    ENVIRONMENT.get_template(page.id())?.render(context)
}

/// The page around a body, which must be safe; with `pictures`, those inside the page are let in.
pub(super) fn around(body: String, head: &Head<'_>, pictures: bool) -> Result<String, Error> {
    let page = ENVIRONMENT.get_template(FRAME)?.render(context! {
        images => pictures,
        style_hash => STANDARD.encode(Sha256::digest(head.css)),
        css => Value::from_safe_string(head.css.to_owned()),
        title => head.title,
        body => Value::from_safe_string(body),
    })?;
    Ok(format!("{}\n", page.trim_end()))
}
