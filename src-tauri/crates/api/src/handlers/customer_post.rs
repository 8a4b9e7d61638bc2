//! The post for customers of a postmortem.

use chrono::NaiveDate;
use model::anonymise::Known;
use model::customer_post::{self, Checker, Concern, utf16};
use model::directory::Directory;
use model::postmortem::Postmortem;

use crate::error::ApiError;
use crate::open::Api;
use crate::types::{CustomerPost, DocRef};

/// The post as it is now, unsaved edits included: edited texts or drafts, what must not stand in them, and the updates.
pub fn customer_post(api: &Api, request: DocRef) -> Result<CustomerPost, ApiError> {
    let postmortem = api.snapshot(&request.doc)?;
    let directory = api.directory();
    let zone = postmortem.timezone.parse().unwrap_or_else(|_| api.zone());
    let today = api.now().with_timezone(&zone).date_naive();
    Ok(looked_at(&postmortem, &directory, today))
}

/// Puts the drafts into the document, so that people can edit them together. Texts that are there stay.
pub fn customer_post_begin(api: &Api, request: DocRef) -> Result<CustomerPost, ApiError> {
    super::postmortems::refuse_trashed(api, &request.doc)?;
    let directory = api.directory();
    let room = api.rooms().room(&request.doc)?;
    room.edit(&api.actor(), |postmortem| {
        customer_post::begin(postmortem, &directory.people, &directory.services);
        Ok::<_, ApiError>(())
    })?;
    customer_post(api, request)
}

fn looked_at(postmortem: &Postmortem, directory: &Directory, today: NaiveDate) -> CustomerPost {
    let post = customer_post::post(postmortem, &directory.people, &directory.services);
    let known = Known::new(&directory.people, &directory.services);
    let checker =
        Checker::new(postmortem, &known, &directory.people, &directory.services).on(today);
    let look = |text: &str| -> Vec<Concern> { utf16(text, checker.check(text)) };
    CustomerPost {
        title: look(&post.title),
        summary: look(&post.summary.text),
        happened: look(&post.happened.text),
        doing: look(&post.doing.text),
        updates: post
            .updates
            .iter()
            .map(|update| look(&update.text))
            .collect(),
        post,
    }
}
