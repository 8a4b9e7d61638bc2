//! Reminders as people read them: a mail's subject, text and page, a message for a chat, a notification.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::words;

/// Bytes that a text of a chat message may have; Slack cuts blocks at 3,000 characters.
const CHAT_TEXT: usize = 2_900;
/// Characters of one line of a message: a title can be much longer than anybody reads in a mail.
const LINE: usize = 300;
/// Action items that a chat message names.
const NAMED: usize = 10;
/// Lines of a notification before it only counts.
const GLANCED: usize = 3;

/// What one message says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reminder {
    /// What the person is called.
    pub called: String,
    /// The day in their zone.
    pub today: NaiveDate,
    /// Their action items, the most overdue first.
    pub items: Vec<ReminderItem>,
    /// The digest of the reviews that they own; absent where it is none of the digest's days.
    pub digest: Option<Vec<ReminderReview>>,
    /// Where the workspace is served, without a slash at the end; empty where nobody knows.
    pub address: String,
    /// The page on which one changes to the weekly digest alone; empty where there is none.
    pub unsubscribe: String,
}

/// An action item of a reminder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReminderItem {
    /// Its postmortem.
    pub doc: String,
    /// Its row.
    pub id: String,
    /// The number in `A3`.
    pub number: Option<u32>,
    /// What is to be done.
    pub text: String,
    /// How anybody can see that it is done.
    pub done_when: String,
    /// The title of its postmortem.
    pub from: String,
    /// The day it is due.
    pub due: NaiveDate,
}

/// A review of a digest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReminderReview {
    /// The postmortem.
    pub doc: String,
    /// Its title.
    pub title: String,
    /// Action items that are open.
    pub open: usize,
    /// Those of them past their day.
    pub overdue: usize,
    /// Those of them without an owner.
    pub unowned: usize,
}

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderMail {
    /// One line.
    pub subject: String,
    /// Plain text, lines ended by a line feed.
    pub text: String,
    /// A page without scripts, pictures or anything from elsewhere.
    pub html: String,
}

/// "due today", "due in 3 days", "2 days overdue".
pub fn due_words(due: NaiveDate, today: NaiveDate) -> String {
    match (due - today).num_days() {
        0 => "due today".into(),
        1 => "due tomorrow".into(),
        days @ 2.. => format!("due in {days} days"),
        -1 => "1 day overdue".into(),
        days => format!("{} days overdue", -days),
    }
}

/// The subject of a mail, and the first line elsewhere.
pub fn subject(reminder: &Reminder) -> String {
    let overdue = reminder
        .items
        .iter()
        .filter(|item| item.due < reminder.today)
        .count();
    let due = reminder.items.len() - overdue;
    let mut parts = Vec::new();
    if overdue > 0 {
        parts.push(format!(
            "{} overdue",
            words::count(overdue, "action item", "action items")
        ));
    }
    match (due, overdue) {
        (0, _) => {}
        (1, 0) => parts.push("1 action item is due".into()),
        (_, 0) => parts.push(format!("{due} action items are due")),
        _ => parts.push(format!("{due} due")),
    }
    if let Some(reviews) = reminder
        .digest
        .as_ref()
        .filter(|reviews| !reviews.is_empty())
    {
        let open = reviews.iter().map(|review| review.open).sum();
        parts.push(format!(
            "{} open in {}",
            words::count(open, "action item", "action items"),
            words::count(reviews.len(), "review", "reviews")
        ));
    }
    parts.join(", ")
}

/// The mail.
pub fn mail(reminder: &Reminder) -> ReminderMail {
    ReminderMail {
        subject: subject(reminder),
        text: text(reminder),
        html: html(reminder),
    }
}

fn item_line(item: &ReminderItem) -> String {
    let number = item
        .number
        .map(|number| format!("A{number} "))
        .unwrap_or_default();
    format!("{number}{}", line(&item.text, "Untitled action item"))
}

fn review_line(review: &ReminderReview) -> String {
    let mut parts = vec![format!("{} open", review.open)];
    if review.overdue > 0 {
        parts.push(format!("{} overdue", review.overdue));
    }
    if review.unowned > 0 {
        parts.push(format!("{} without an owner", review.unowned));
    }
    parts.join(", ")
}

fn text(reminder: &Reminder) -> String {
    let mut out = format!("Hello {},\n", line(&reminder.called, "there"));
    if !reminder.items.is_empty() {
        out.push_str("\nYour action items:\n");
    }
    for item in &reminder.items {
        out.push_str(&format!(
            "\n- {}\n  {} ({})\n  From: {}\n",
            item_line(item),
            due_words(item.due, reminder.today),
            item.due,
            line(&item.from, "Untitled postmortem"),
        ));
        if !item.done_when.trim().is_empty() {
            out.push_str(&format!("  Done when: {}\n", line(&item.done_when, "")));
        }
        if let Some(link) = item_link(reminder, item) {
            out.push_str(&format!("  {link}\n"));
        }
    }
    if let Some(reviews) = &reminder.digest
        && !reviews.is_empty()
    {
        out.push_str("\nReviews that you bring to their end:\n");
        for review in reviews {
            out.push_str(&format!(
                "\n- {}\n  {}\n",
                line(&review.title, "Untitled postmortem"),
                review_line(review)
            ));
            if let Some(link) = review_link(reminder, review) {
                out.push_str(&format!("  {link}\n"));
            }
        }
    }
    out.push_str(
        "\nDebrief sends at most one such mail a day, and none for what is done or declined.\n",
    );
    if !reminder.unsubscribe.is_empty() {
        out.push_str(&format!(
            "Only one digest a week instead: {}\n",
            reminder.unsubscribe
        ));
    }
    out
}

fn html(reminder: &Reminder) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{}</title></head><body><p>Hello {},</p>",
        escaped(&subject(reminder)),
        escaped(&line(&reminder.called, "there"))
    );
    if !reminder.items.is_empty() {
        out.push_str("<h1>Your action items</h1><ul>");
        for item in &reminder.items {
            let name = escaped(&item_line(item));
            let name = match item_link(reminder, item) {
                Some(link) => format!("<a href=\"{}\">{name}</a>", escaped(&link)),
                None => name,
            };
            out.push_str(&format!(
                "<li><p>{name}<br><strong>{}</strong> ({})<br>From: {}",
                due_words(item.due, reminder.today),
                item.due,
                escaped(&line(&item.from, "Untitled postmortem")),
            ));
            if !item.done_when.trim().is_empty() {
                out.push_str(&format!(
                    "<br>Done when: {}",
                    escaped(&line(&item.done_when, ""))
                ));
            }
            out.push_str("</p></li>");
        }
        out.push_str("</ul>");
    }
    if let Some(reviews) = &reminder.digest
        && !reviews.is_empty()
    {
        out.push_str("<h1>Reviews that you bring to their end</h1><ul>");
        for review in reviews {
            let title = escaped(&line(&review.title, "Untitled postmortem"));
            let title = match review_link(reminder, review) {
                Some(link) => format!("<a href=\"{}\">{title}</a>", escaped(&link)),
                None => title,
            };
            out.push_str(&format!(
                "<li><p>{title}<br>{}</p></li>",
                review_line(review)
            ));
        }
        out.push_str("</ul>");
    }
    out.push_str(
        "<hr><p>Debrief sends at most one such mail a day, and none for what is done or declined.",
    );
    if !reminder.unsubscribe.is_empty() {
        out.push_str(&format!(
            " <a href=\"{}\">Only one digest a week instead</a>.",
            escaped(&reminder.unsubscribe)
        ));
    }
    out.push_str("</p></body></html>\n");
    out
}

/// The message for a chat's webhook: what Slack takes, and Mattermost and Rocket.Chat as well. `handle` is the person's in the
/// chat, without the @.
pub fn chat(reminder: &Reminder, handle: &str) -> Value {
    let who = line(&reminder.called, "Somebody");
    let who = match line(handle, "") {
        handle if handle.is_empty() => who,
        handle => format!("{who} (@{handle})"),
    };
    let head = format!("{who}: {}", subject(reminder));
    let mut lines = Vec::new();
    for item in reminder.items.iter().take(NAMED) {
        let name = chat_escaped(&item_line(item));
        let name = match item_link(reminder, item) {
            Some(link) => format!("<{}|{}>", chat_link(&link), name.replace('|', "¦")),
            None => name,
        };
        lines.push(format!(
            "• {name}: {} · {}",
            due_words(item.due, reminder.today),
            chat_escaped(&line(&item.from, "Untitled postmortem"))
        ));
    }
    if reminder.items.len() > NAMED {
        lines.push(format!("… and {} more", reminder.items.len() - NAMED));
    }
    for review in reminder.digest.iter().flatten().take(NAMED) {
        let title = chat_escaped(&line(&review.title, "Untitled postmortem"));
        let title = match review_link(reminder, review) {
            Some(link) => format!("<{}|{}>", chat_link(&link), title.replace('|', "¦")),
            None => title,
        };
        lines.push(format!("• {title}: {}", review_line(review)));
    }
    let head = chat_escaped(&head);
    let mut blocks = vec![
        json!({ "type": "section", "text": { "type": "mrkdwn", "text": format!("*{}*", head.replace('*', "∗")) } }),
    ];
    let mut block = String::new();
    for line in lines {
        if !block.is_empty() && block.len() + line.len() > CHAT_TEXT {
            blocks.push(section(&block));
            block.clear();
        }
        if !block.is_empty() {
            block.push('\n');
        }
        block.push_str(&line);
    }
    if !block.is_empty() {
        blocks.push(section(&block));
    }
    json!({ "text": head, "blocks": blocks })
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

/// A notification's title and text: the first lines of what there is to tell.
pub fn notification(reminder: &Reminder) -> (String, String) {
    let items = reminder.items.iter().map(|item| {
        format!(
            "{}: {}",
            item_line(item),
            due_words(item.due, reminder.today)
        )
    });
    let reviews = reminder.digest.iter().flatten().map(|review| {
        format!(
            "{}: {}",
            line(&review.title, "Untitled postmortem"),
            review_line(review)
        )
    });
    let all = reminder.items.len() + reminder.digest.as_ref().map_or(0, Vec::len);
    let mut lines: Vec<String> = items.chain(reviews).take(GLANCED).collect();
    if all > GLANCED {
        lines.push(format!("… and {} more", all - GLANCED));
    }
    (subject(reminder), lines.join("\n"))
}

/// Where a notification leads to within the app: to what it is about when that is one thing, else to the person's action items, or
/// to the list when it tells of reviews alone.
pub fn place(reminder: &Reminder) -> String {
    let reviews = reminder.digest.as_deref().unwrap_or_default();
    match (reminder.items.as_slice(), reviews) {
        ([item], []) => item_place(item),
        ([], [review]) => review_place(review),
        ([], _) => "#/postmortems".into(),
        _ => "#/actions".into(),
    }
}

fn item_place(item: &ReminderItem) -> String {
    format!(
        "#/p/{}/row/actions/{}",
        in_path(&item.doc),
        in_path(&item.id)
    )
}

fn review_place(review: &ReminderReview) -> String {
    format!("#/p/{}", in_path(&review.doc))
}

fn item_link(reminder: &Reminder, item: &ReminderItem) -> Option<String> {
    let address = &reminder.address;
    (!address.is_empty()).then(|| format!("{address}/{}", item_place(item)))
}

fn review_link(reminder: &Reminder, review: &ReminderReview) -> Option<String> {
    let address = &reminder.address;
    (!address.is_empty()).then(|| format!("{address}/{}", review_place(review)))
}

/// Ids can be any short text of another program.
fn in_path(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    id.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// People's text in one line of bounded length: no break, control or direction mark can make it look like something else.
fn line(text: &str, fallback: &str) -> String {
    let one: String = text
        .chars()
        .map(|letter| match letter {
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => ' ',
            letter if letter.is_control() => ' ',
            letter => letter,
        })
        .collect();
    let one = one.split_whitespace().collect::<Vec<_>>().join(" ");
    if one.is_empty() {
        return fallback.to_owned();
    }
    match one.char_indices().nth(LINE) {
        Some((at, _)) => format!("{}…", one.split_at(at).0),
        None => one,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Slack reads these three as marks, in links and mentions as in everything else.
fn chat_escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn chat_link(link: &str) -> String {
    link.replace('&', "&amp;").replace(['<', '>', '|'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn reminder(texts: &[&str]) -> Reminder {
        Reminder {
            called: "Mei".into(),
            today: day("2026-11-25"),
            items: texts
                .iter()
                .enumerate()
                .map(|(at, text)| ReminderItem {
                    doc: "d1".into(),
                    id: format!("a{at}"),
                    number: Some(3),
                    text: (*text).into(),
                    from: "Login outage".into(),
                    due: day("2026-11-23"),
                    ..ReminderItem::default()
                })
                .collect(),
            address: "https://debrief.example".into(),
            unsubscribe: "https://debrief.example/unsubscribe/secret".into(),
            ..Reminder::default()
        }
    }

    #[test]
    fn what_is_due_is_told_in_words() {
        for (due, told) in [
            ("2026-11-25", "due today"),
            ("2026-11-26", "due tomorrow"),
            ("2026-11-28", "due in 3 days"),
            ("2026-11-24", "1 day overdue"),
            ("2026-11-01", "24 days overdue"),
        ] {
            assert_eq!(
                due_words(day(due), day("2026-11-25")),
                told,
                "{due} on 25 November"
            );
        }
        let mut of_two = reminder(&["One", "Two"]);
        assert_eq!(subject(&of_two), "2 action items overdue", "both are");
        if let Some(item) = of_two.items.first_mut() {
            item.due = day("2026-11-25");
        }
        assert_eq!(subject(&of_two), "1 action item overdue, 1 due", "one is");
        of_two.items.truncate(1);
        of_two.digest = Some(vec![ReminderReview {
            open: 4,
            overdue: 1,
            ..ReminderReview::default()
        }]);
        assert_eq!(
            subject(&of_two),
            "1 action item is due, 4 action items open in 1 review",
            "and the digest's"
        );
    }

    #[test]
    fn peoples_words_stay_words() {
        let nasty = "Fix <b>it</b> & \"that\"\r\nBcc: all@example.com \u{202E}<!channel> *bold* |x";
        let reminder = reminder(&[nasty]);
        let mail = mail(&reminder);
        assert!(!mail.subject.contains('\n'), "a subject is one line");
        assert!(
            !mail.text.contains("\r") && !mail.text.contains("\nBcc"),
            "no line of its own in the text: {}",
            mail.text
        );
        assert!(
            !mail.html.contains("<b>"),
            "no mark in the page: {}",
            mail.html
        );
        assert!(
            mail.html
                .contains("&lt;b&gt;it&lt;/b&gt; &amp; &quot;that&quot;"),
            "but all the words: {}",
            mail.html
        );
        let chat = chat(&reminder, "mei").to_string();
        assert!(
            !chat.contains("<!channel>"),
            "nobody can call a whole channel: {chat}"
        );
        assert!(
            chat.contains(
                "<https://debrief.example/#/p/d1/row/actions/a0|A3 Fix &lt;b&gt;it&lt;/b&gt; &amp; "
            ),
            "the link is ours and its text escaped: {chat}"
        );
        assert!(chat.contains("¦x"), "a bar ends no link");
    }

    #[test]
    fn a_mail_leads_to_its_items_and_to_the_digest() {
        let mail = mail(&reminder(&["Add an alert"]));
        for part in [
            "A3 Add an alert",
            "2 days overdue",
            "https://debrief.example/#/p/d1/row/actions/a0",
            "https://debrief.example/unsubscribe/secret",
        ] {
            assert!(
                mail.text.contains(part),
                "the text says {part}: {}",
                mail.text
            );
            assert!(
                mail.html.contains(part),
                "the page says {part}: {}",
                mail.html
            );
        }
    }

    #[test]
    fn a_notification_leads_to_the_one_thing_that_it_is_about() {
        let review = |doc: &str| ReminderReview {
            doc: doc.into(),
            title: "Login outage".into(),
            open: 2,
            ..ReminderReview::default()
        };
        let mut told = reminder(&["One"]);
        assert_eq!(
            place(&told),
            "#/p/d1/row/actions/a0",
            "one item is shown where it stands"
        );
        told.digest = Some(vec![review("d1")]);
        assert_eq!(place(&told), "#/actions", "more than one thing");
        assert_eq!(
            notification(&told).1,
            "A3 One: 2 days overdue\nLogin outage: 2 open",
            "a digest is told, too"
        );
        told.items.clear();
        assert_eq!(place(&told), "#/p/d1", "one review");
        told.digest = Some(vec![review("d1"), review("d2")]);
        assert_eq!(place(&told), "#/postmortems", "reviews of others' items");
    }

    #[test]
    fn messages_are_bounded() {
        let long = "x".repeat(10_000);
        let reminder = reminder(&[long.as_str(); 400]);
        assert!(
            mail(&reminder).text.len() < 400 * 600,
            "a title's beginning is enough"
        );
        let chat = chat(&reminder, "mei");
        let blocks = chat["blocks"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        assert!(
            blocks.len() < 10
                && blocks.iter().all(|block| block["text"]["text"]
                    .as_str()
                    .is_some_and(|text| text.len() <= 3_000)),
            "a chat takes 3,000 characters in a block: {}",
            blocks.len()
        );
        assert!(
            notification(&reminder).1.lines().count() == 4,
            "a notification names three"
        );
    }
}
