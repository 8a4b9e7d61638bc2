//! Reminders on their way out: by mail and to a chat. What is due is decided by `model::reminders` and kept by the store; here it
//! is sent, once, and how that ended is written down.
//!
//! A message is taken for its last step in a transaction of its own just before its last byte leaves. Whatever ends before that
//! leaves it waiting; whatever ends after it, without an answer, leaves it in doubt: it is shown and not sent again.

mod address;
mod chat;
mod line;
mod mail;
mod settings;
mod trust;

use std::time::Duration;

use api::reminders::{Outgoing, ReminderEnd, ReminderWay};
use api::{Api, ApiError};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

pub use address::Addresses;
pub use settings::Settings;

/// How often a served workspace looks at what is due.
const EVERY: Duration = Duration::from_secs(30);
/// Minutes until a message is tried again, by how often it was tried.
const BACK_OFF: [i64; 5] = [1, 5, 15, 60, 240];

/// What a round has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Messages that were taken.
    pub sent: usize,
    /// One sentence for each that was not, and for whatever held all of them back.
    pub told: Vec<String>,
}

/// How a try ended, before it is written down.
#[derive(Debug)]
enum Tried {
    /// It was taken.
    Sent,
    /// It was surely not taken; whoever is next may be.
    Later(String),
    /// It was surely not taken, and nobody else can be sent to now.
    Down(String),
    /// It was refused for good.
    Refused(String),
    /// Nobody knows.
    Doubt(String),
    /// Somebody else has it, or it has gone.
    Taken,
}

/// Looks at what is due at an instant and sends it, on every way that is set.
///
/// Errors: of the store; messages that were not sent then wait.
pub async fn round(
    api: &Api,
    settings: &Settings,
    addresses: &Addresses,
    now: DateTime<Utc>,
) -> Result<Round, ApiError> {
    let mut out = Round::default();
    if let Some(mail) = &settings.mail {
        let mut sender = mail::Sender::new(mail);
        for message in due(api, ReminderWay::Mail, now, &mut out).await? {
            let tried = sender.send(api, &message, addresses, now).await;
            if end(api, &message, now, tried, &mut out).await? {
                break;
            }
        }
        sender.close().await;
    }
    if let Some(chat) = &settings.chat {
        for message in due(api, ReminderWay::Chat, now, &mut out).await? {
            let tried = chat::send(api, chat, &message, addresses, now).await;
            if end(api, &message, now, tried, &mut out).await? {
                break;
            }
        }
    }
    Ok(out)
}

/// Keeps what is due and gives what is to be sent.
async fn due(
    api: &Api,
    way: ReminderWay,
    now: DateTime<Utc>,
    out: &mut Round,
) -> Result<Vec<Outgoing>, ApiError> {
    let api = api.clone();
    let (looked, messages) = off_loop(move || {
        let looked = api.look_at_reminders(way, now)?;
        let messages = match &looked {
            Ok(_) => api.reminders_to_send(way, now)?,
            Err(_) => Vec::new(),
        };
        Ok((looked, messages))
    })
    .await?;
    out.told.extend(looked.err());
    Ok(messages)
}

/// Writes down how a try ended. True when the others had better wait.
async fn end(
    api: &Api,
    message: &Outgoing,
    now: DateTime<Utc>,
    tried: Tried,
    out: &mut Round,
) -> Result<bool, ApiError> {
    let who = &message.person.name;
    let again = now + TimeDelta::minutes(minutes(message.tries));
    let down = matches!(tried, Tried::Down(_));
    let end = match tried {
        Tried::Taken => return Ok(false),
        Tried::Sent if message.reminder.is_none() => ReminderEnd::Dropped,
        Tried::Sent => {
            out.sent += 1;
            ReminderEnd::Sent
        }
        Tried::Later(why) | Tried::Down(why) => {
            out.told.push(format!("The reminder of {who} waits: {why}"));
            ReminderEnd::Later(why, again.timestamp_millis())
        }
        Tried::Refused(why) => {
            out.told
                .push(format!("The reminder of {who} was refused: {why}"));
            ReminderEnd::Refused(why)
        }
        Tried::Doubt(why) => {
            out.told.push(format!(
                "Nobody knows whether the reminder of {who} arrived: {why}"
            ));
            ReminderEnd::Doubt(why)
        }
    };
    let (api, id) = (api.clone(), message.id.clone());
    off_loop(move || {
        Ok(api
            .store()
            .end_reminder(&id, now.timestamp_millis(), &end)?)
    })
    .await?;
    Ok(down)
}

/// Minutes until the next try, after some.
fn minutes(tries: u32) -> i64 {
    let at = usize::try_from(tries).unwrap_or(usize::MAX);
    BACK_OFF.get(at).or(BACK_OFF.last()).copied().unwrap_or(1)
}

/// Takes a message for its last step. False when somebody else has it.
async fn begin(api: &Api, message: &Outgoing, now: DateTime<Utc>) -> Result<bool, ApiError> {
    let (api, id) = (api.clone(), message.id.clone());
    off_loop(move || Ok(api.store().begin_reminder(&id, now.timestamp_millis())?)).await
}

async fn off_loop<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| {
            Err(ApiError::new(
                api::ErrorCode::Internal,
                format!("Reminders failed: {error}."),
            ))
        })
}

/// Looks again and again while a workspace is served, until it is to stop; a message that is being sent is finished first.
pub async fn keep_going(
    api: Api,
    settings: Settings,
    addresses: Addresses,
    mut stop: watch::Receiver<bool>,
) {
    let mut told: Vec<String> = Vec::new();
    loop {
        let now = api.now();
        match round(&api, &settings, &addresses, now).await {
            Ok(done) => {
                if done.sent > 0 {
                    tracing::info!(sent = done.sent, "reminders went out");
                }
                // What stays as it was is told once.
                for sentence in done.told.iter().filter(|sentence| !told.contains(sentence)) {
                    tracing::warn!("{sentence}");
                }
                if !done.told.is_empty() {
                    told = done.told;
                }
            }
            Err(error) => tracing::error!("reminders: {}", error.message),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_try_waits_longer_up_to_four_hours() {
        let waits: Vec<i64> = (0..8).map(minutes).collect();
        assert_eq!(
            waits,
            [1, 5, 15, 60, 240, 240, 240, 240],
            "minutes until the next try"
        );
    }
}
