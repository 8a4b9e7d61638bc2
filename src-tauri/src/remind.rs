//! Reminders of the open workspace as notifications of this computer, to the one who sits here. What is due is decided by
//! `model::reminders`; what was told is kept in the workspace file, apart from what goes out by mail and to a chat, and never leaves
//! this computer: a replica hands in rows of its log, and this is none.

use std::sync::Arc;

use api::ApiError;
use api::reminders::{Outgoing, ReminderEnd, ReminderWay, notification, place};
use tauri::{AppHandle, Manager, Runtime};

use crate::desktop::{self, Desktop};
use crate::notify::{NotShown, Notice};
use crate::window;
use crate::workspace::{Open, Workspace};

/// Milliseconds until a notification is tried again that nothing showed.
const AGAIN: i64 = 15 * 60 * 1000;

/// Looks at what is due and shows it, when the person of this computer wants that. Blocks.
pub fn look<R: Runtime>(app: &AppHandle<R>) {
    let desktop = desktop::of(app);
    if !desktop.notifies() {
        return;
    }
    let Some(open) = app.state::<Arc<Workspace>>().opened() else {
        return;
    };
    if let Err(problem) = tell(app, &desktop, &open) {
        eprintln!("debrief-app: reminders: {}", problem.message);
    }
}

fn tell<R: Runtime>(
    app: &AppHandle<R>,
    desktop: &Desktop,
    open: &Arc<Open>,
) -> Result<(), ApiError> {
    let (api, way) = (&open.api, ReminderWay::Desktop);
    let Some(me) = api.me() else {
        return Ok(());
    };
    let now = api.now();
    if api.look_at_reminders(way, now)?.is_err() {
        // This computer was off for long, or its clock was wrong before. Its person sees the clock and gets at most one notification
        // a day, so nothing waits for them to say that it is right.
        api.store()
            .trust_reminder_clock(now.timestamp_millis(), Some(way))?;
        if let Err(why) = api.look_at_reminders(way, now)? {
            eprintln!("debrief-app: reminders: {why}");
        }
    }
    for message in api.reminders_to_send(way, now)? {
        // Somebody else who sat here before.
        if message.person.id != me {
            continue;
        }
        if !api
            .store()
            .begin_reminder(&message.id, now.timestamp_millis())?
        {
            continue;
        }
        let end = show(app, desktop, open, &message);
        api.store()
            .end_reminder(&message.id, now.timestamp_millis(), &end)?;
    }
    Ok(())
}

fn show<R: Runtime>(
    app: &AppHandle<R>,
    desktop: &Desktop,
    open: &Open,
    message: &Outgoing,
) -> ReminderEnd {
    let Some(reminder) = &message.reminder else {
        return ReminderEnd::Dropped;
    };
    let (title, body) = notification(reminder);
    let notice = Notice {
        title,
        body,
        workspace: open.path.clone(),
        place: place(reminder),
    };
    let handle = app.clone();
    let shown = desktop
        .notifier
        .show(&notice, move |notice| opened(&handle, notice));
    match shown {
        Ok(()) => ReminderEnd::Sent,
        Err(NotShown::Surely(why)) => {
            ReminderEnd::Later(why, message.at.timestamp_millis() + AGAIN)
        }
        Err(NotShown::Perhaps(why)) => ReminderEnd::Doubt(why),
    }
}

/// Somebody opened a notification: shows what it is about, unless another workspace has been opened since.
fn opened<R: Runtime>(app: &AppHandle<R>, notice: Notice) {
    let there = app.state::<Arc<Workspace>>().shows(&notice.workspace);
    window::bring(app, there.then_some(notice.place));
}
