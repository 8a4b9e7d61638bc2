//! Search through everything that was written. The index follows the projected tables a moment after the commit, so that a
//! keystroke does not pay for it; what is behind is written down in the same transaction, and every search catches up first.

use chrono_tz::Tz;
use model::list::{SearchHit, SearchHits, SearchQuery};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;
use crate::open::Store;
use crate::table::postmortem::{severity, time};
use crate::write::Writing;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Postmortem,
    Finding,
    Action,
    Event,
    Section,
    Participant,
    Person,
}

/// Words of a query that count.
const WORDS: usize = 12;
/// Characters of a word that count.
const WORD: usize = 64;
/// Characters of a hit's text, and how many of them stand before its first match.
const SHOWN: usize = 160;
const BEFORE: usize = 40;
/// More matches than this are not ranked.
const RANKED: i64 = 5000;
/// Stale entries that one transaction brings up to date, so that nobody's commit waits long.
const CHUNK: u32 = 200;
/// Marks around matches; control characters never get into the index.
const START: char = '\u{2}';
const END: char = '\u{3}';

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Postmortem => "postmortem",
            Self::Finding => "finding",
            Self::Action => "action",
            Self::Event => "event",
            Self::Section => "section",
            Self::Participant => "participant",
            Self::Person => "person",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "finding" => Self::Finding,
            "action" => Self::Action,
            "event" => Self::Event,
            "section" => Self::Section,
            "participant" => Self::Participant,
            "person" => Self::Person,
            _ => Self::Postmortem,
        }
    }

    /// Selects the text that is found, from the projected row.
    fn text(self) -> &'static str {
        match self {
            Self::Postmortem => "SELECT title FROM postmortem WHERE doc_id = ?1 AND ?2 = ''",
            Self::Finding => "SELECT text FROM finding WHERE doc_id = ?1 AND id = ?2",
            Self::Action => {
                "SELECT text || iif(done_when = '', '', ' · ' || done_when) || iif(ticket = '', '', ' · ' || ticket) \
                 FROM action WHERE doc_id = ?1 AND id = ?2"
            }
            Self::Event => "SELECT text FROM event WHERE doc_id = ?1 AND id = ?2",
            Self::Section => {
                "SELECT title || iif(text = '', '', ' · ' || text) FROM section WHERE doc_id = ?1 AND id = ?2"
            }
            Self::Participant => "SELECT name FROM participant WHERE doc_id = ?1 AND id = ?2",
            Self::Person => {
                "SELECT name || iif(short_name IN ('', name), '', ' · ' || short_name) \
                 || iif(handle = '', '', ' · ' || handle) || iif(role_title = '', '', ' · ' || role_title) \
                 FROM person WHERE doc_id = ?1 AND id = ?2"
            }
        }
    }
}

/// Notes that an entry of the index is behind.
pub fn mark(sql: &Connection, doc: &str, kind: Kind, id: &str) -> Result<(), StoreError> {
    sql.prepare_cached(
        "INSERT INTO search_stale (doc_id, kind, id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?
    .execute([doc, kind.word(), id])?;
    Ok(())
}

/// The words of a query: letters and digits, whatever stands between them.
pub fn tokens(query: &str) -> Vec<String> {
    query
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .map(|word| word.chars().take(WORD).collect())
        .collect()
}

/// The full-text expression for words that begin with this one. A token holds no quotation mark and no operator.
pub fn any_beginning_with(token: &str) -> String {
    format!("\"{token}\"*")
}

/// The full-text expression for texts with words that begin with each of these.
pub fn all_beginning_with<'w>(tokens: impl IntoIterator<Item = &'w String>) -> String {
    tokens
        .into_iter()
        .map(|token| any_beginning_with(token))
        .collect::<Vec<_>>()
        .join(" ")
}

impl Store {
    /// Looks through titles, findings, action items, events, sections and people; every word must be in one text, and
    /// may be the beginning of a longer one. Postmortems in the trash are left out. Any text is a valid query.
    pub fn search(&self, query: &SearchQuery) -> Result<SearchHits, StoreError> {
        let words = tokens(&query.query);
        if words.is_empty() {
            return Ok(SearchHits::default());
        }
        self.refresh_search_if_stale();
        let expression = all_beginning_with(&words);
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        let many = tx
            .prepare_cached(
                "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1 LIMIT ?2 + 1)",
            )?
            .query_row(params![expression, RANKED], |row| row.get::<_, i64>(0))?
            > RANKED;
        // To rank so many takes long and tells little; the newest of them come first then.
        let hit = if many {
            "SELECT rowid AS key, 0 AS score FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT 20000"
        } else {
            "SELECT rowid AS key, rank AS score FROM search WHERE search MATCH ?1"
        };
        let mut statement = tx.prepare_cached(&format!(
            "WITH hit AS MATERIALIZED ({hit}),
             ranked AS (
                 SELECT e.key, e.kind, e.doc_id, e.id, h.score,
                     row_number() OVER (PARTITION BY e.kind ORDER BY h.score, e.key DESC) AS place
                 FROM hit h JOIN search_entry e ON e.key = h.key LEFT JOIN postmortem p ON p.doc_id = e.doc_id
                 WHERE e.kind <> 'participant' AND coalesce(p.trashed, 0) = 0)
             SELECT r.key, r.kind, r.doc_id, r.id, p.title, p.severity, p.starts, p.timezone
             FROM ranked r LEFT JOIN postmortem p ON p.doc_id = r.doc_id
             WHERE r.place <= ?2 ORDER BY r.score, r.key DESC"
        ))?;
        let mut rows = statement.query(params![expression, query.limit])?;
        let mut hits = Vec::new();
        while let Some(row) = rows.next()? {
            let (key, word): (i64, String) = (row.get(0)?, row.get(1)?);
            let kind = Kind::of(&word);
            let doc: String = row.get(2)?;
            let id: String = row.get(3)?;
            let marked: Option<String> = tx
                .prepare_cached("SELECT highlight(search, 0, char(2), char(3)) FROM search WHERE search MATCH ?1 AND rowid = ?2")?
                .query_row(params![expression, key], |row| row.get(0))
                .optional()?;
            let (text, marks) = shorten(&marked.unwrap_or_default());
            let zone = row.get::<_, Option<String>>(7)?.unwrap_or_default();
            let detail = detail(&tx, kind, &doc, &id, row.get(6)?, &zone)?;
            let of_person = kind == Kind::Person;
            hits.push(SearchHit {
                kind: word,
                doc: if of_person { String::new() } else { doc },
                doc_title: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
                severity: severity(row.get(5)?),
                id,
                text,
                marks,
                detail,
            });
        }
        Ok(SearchHits { hits })
    }

    /// Brings the search index up to date with the projected tables.
    pub fn refresh_search(&self) -> Result<(), StoreError> {
        while self.search_is_stale()? {
            let more = self.write(refresh_some)?;
            if !more {
                break;
            }
        }
        Ok(())
    }

    /// As [`Self::refresh_search`], for reading: when nothing can be written now, the index as it is must do.
    pub(crate) fn refresh_search_if_stale(&self) {
        if let Some(narrowing) = &self.narrowing {
            narrowing.whole.refresh_search_if_stale();
        } else if !self.is_read_only() {
            let _ = self.refresh_search();
        }
    }

    fn search_is_stale(&self) -> Result<bool, StoreError> {
        Ok(self
            .reader()?
            .prepare_cached("SELECT 1 FROM search_stale LIMIT 1")?
            .exists([])?)
    }
}

fn refresh_some(w: &Writing<'_>) -> Result<bool, StoreError> {
    let sql = w.sql();
    let stale = sql
        .prepare_cached("SELECT doc_id, kind, id FROM search_stale LIMIT ?1")?
        .query_map([CHUNK], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
            ))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    for (doc, kind, id) in &stale {
        let text = sql
            .prepare_cached(Kind::of(kind).text())?
            .query_row([doc, id], |row| row.get::<_, String>(0))
            .optional()?
            .map(|text| clean(&text));
        match text.filter(|text| !text.trim().is_empty()) {
            Some(text) => sql
                .prepare_cached(
                    "INSERT INTO search_entry (doc_id, kind, id, text) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (doc_id, kind, id) DO UPDATE SET text = excluded.text WHERE text <> excluded.text",
                )?
                .execute([doc, kind, id, &text])?,
            None => sql
                .prepare_cached("DELETE FROM search_entry WHERE doc_id = ?1 AND kind = ?2 AND id = ?3")?
                .execute([doc, kind, id])?,
        };
        sql.prepare_cached("DELETE FROM search_stale WHERE doc_id = ?1 AND kind = ?2 AND id = ?3")?
            .execute([doc, kind, id])?;
    }
    Ok(stale.len() == CHUNK as usize)
}

/// How many entries of the index are not what the projected tables say, those that are known to be behind left out.
pub fn wrong_entries(sql: &Connection) -> Result<i64, StoreError> {
    let mut statement = sql.prepare(
        "SELECT e.doc_id, e.kind, e.id, e.text FROM search_entry e WHERE NOT EXISTS
            (SELECT 1 FROM search_stale s WHERE s.doc_id = e.doc_id AND s.kind = e.kind AND s.id = e.id)",
    )?;
    let mut rows = statement.query([])?;
    let mut wrong = 0_i64;
    while let Some(row) = rows.next()? {
        let (doc, kind, id): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let expected = sql
            .prepare_cached(Kind::of(&kind).text())?
            .query_row([&doc, &id], |row| row.get::<_, String>(0))
            .optional()?
            .map(|text| clean(&text));
        if expected.as_deref() != Some(row.get_ref(3)?.as_str().unwrap_or_default()) {
            wrong += 1;
        }
    }
    // Rows with text that have no entry at all.
    for (kind, table, text) in [
        (
            "postmortem",
            "(SELECT doc_id, '' AS id, title AS text FROM postmortem)",
            "text",
        ),
        ("finding", "finding", "text"),
        ("action", "action", "text"),
        ("event", "event", "text"),
        ("participant", "participant", "name"),
        ("person", "person", "name"),
    ] {
        wrong += sql.query_row(
            &format!(
                "SELECT count(*) FROM {table} t WHERE t.{text} GLOB '*[^ ]*'
                    AND t.{text} GLOB '*[a-zA-Z0-9]*'
                    AND NOT EXISTS (SELECT 1 FROM search_entry e WHERE e.doc_id = t.doc_id AND e.kind = ?1 AND e.id = t.id)
                    AND NOT EXISTS (SELECT 1 FROM search_stale s WHERE s.doc_id = t.doc_id AND s.kind = ?1 AND s.id = t.id)"
            ),
            [kind],
            |row| row.get::<_, i64>(0),
        )?;
    }
    Ok(wrong)
}

/// Marks everything that has a text or an entry as behind: for building the index anew.
pub fn mark_all(sql: &Connection) -> Result<(), StoreError> {
    sql.execute_batch(
        "INSERT INTO search_stale (doc_id, kind, id)
            SELECT doc_id, 'postmortem', '' FROM postmortem UNION ALL SELECT doc_id, 'finding', id FROM finding
            UNION ALL SELECT doc_id, 'action', id FROM action UNION ALL SELECT doc_id, 'event', id FROM event
            UNION ALL SELECT doc_id, 'section', id FROM section UNION ALL SELECT doc_id, 'participant', id FROM participant
            UNION ALL SELECT doc_id, 'person', id FROM person UNION ALL SELECT doc_id, kind, id FROM search_entry WHERE true
            ON CONFLICT DO NOTHING",
    )?;
    Ok(())
}

fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect()
}

/// What stands at the right edge of a hit.
fn detail(
    sql: &Connection,
    kind: Kind,
    doc: &str,
    id: &str,
    starts: Option<i64>,
    zone: &str,
) -> Result<String, StoreError> {
    let one = |select: &str| -> Result<Option<String>, StoreError> {
        let found = sql
            .prepare_cached(select)?
            .query_row([doc, id], |row| row.get::<_, Option<String>>(0))
            .optional()?;
        Ok(found.flatten())
    };
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let local = |at_ms: Option<i64>, format: &str| {
        at_ms
            .and_then(time)
            .map(|at| at.with_timezone(&zone).format(format).to_string())
            .unwrap_or_default()
    };
    Ok(match kind {
        Kind::Postmortem | Kind::Section | Kind::Participant => local(starts, "%Y-%m-%d"),
        Kind::Finding => one("SELECT theme FROM finding WHERE doc_id = ?1 AND id = ?2")?.unwrap_or_default(),
        Kind::Action => one("SELECT o.name FROM action a JOIN person o ON o.id = a.owner WHERE a.doc_id = ?1 AND a.id = ?2")?
            .unwrap_or_default(),
        Kind::Event => {
            let at = sql
                .prepare_cached("SELECT at FROM event WHERE doc_id = ?1 AND id = ?2")?
                .query_row([doc, id], |row| row.get::<_, Option<i64>>(0))
                .optional()?;
            local(at.flatten(), "%Y-%m-%d %H:%M")
        }
        Kind::Person => one("SELECT role_title FROM person WHERE doc_id = ?1 AND id = ?2")?.unwrap_or_default(),
    })
}

/// Cuts a marked text around its first match and takes the marks out: the text in one line, and start and length of
/// each match in UTF-16 units.
fn shorten(marked: &str) -> (String, Vec<(u32, u32)>) {
    let mut plain: Vec<char> = Vec::new();
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut open = None;
    for c in marked.chars() {
        match c {
            START => open = Some(plain.len()),
            END => spans.extend(open.take().map(|start| (start, plain.len()))),
            '\n' => plain.push(' '),
            other => plain.push(other),
        }
    }
    let first = spans.first().map_or(0, |span| span.0);
    let mut from = first.saturating_sub(BEFORE);
    if from > 0 {
        // Begin at a word.
        let rest = plain.get(from..first).unwrap_or_default();
        from += rest
            .iter()
            .position(|c| c.is_whitespace())
            .map_or(0, |at| at + 1);
    }
    let to = plain.len().min(from + SHOWN);
    let mut text = String::new();
    let mut units = 0_u32;
    let mut marks: Vec<(u32, u32)> = Vec::new();
    if from > 0 {
        text.push('…');
        units += 1;
    }
    for (at, c) in plain.iter().enumerate().take(to).skip(from) {
        let width = if c.len_utf16() == 2 { 2 } else { 1 };
        if let Some((start, _)) = spans
            .iter()
            .find(|(start, end)| (*start..*end).contains(&at))
        {
            match marks.last_mut() {
                Some(mark) if *start < at && mark.0 + mark.1 == units => mark.1 += width,
                _ => marks.push((units, width)),
            }
        }
        text.push(*c);
        units += width;
    }
    if to < plain.len() {
        text.push('…');
    }
    (text, marks)
}

#[cfg(test)]
mod tests {
    use super::{any_beginning_with, shorten, tokens};

    #[test]
    fn a_query_becomes_words_whatever_it_holds() {
        let hostile = "\"a b\" OR NEAR(x, 3) -c* ^d {title}:e \0 'f' ; DROP";
        let words = tokens(hostile);
        assert_eq!(
            words,
            [
                "a", "b", "OR", "NEAR", "x", "3", "c", "d", "title", "e", "f", "DROP"
            ],
            "only letters and digits may reach the full-text expression"
        );
        assert_eq!(
            any_beginning_with("OR"),
            "\"OR\"*",
            "a quoted word is never an operator"
        );
    }

    #[test]
    fn a_hit_is_cut_around_its_first_match() {
        let long = format!(
            "{} the \u{2}login\u{3} 🙂 page {}",
            "word ".repeat(50),
            "tail ".repeat(50)
        );
        let (text, marks) = shorten(&long);
        assert!(
            text.chars().count() <= 162,
            "a hit must stay one line, got {} characters",
            text.chars().count()
        );
        let units: Vec<u16> = text.encode_utf16().collect();
        let (start, length) = marks[0];
        let found = String::from_utf16(&units[start as usize..(start + length) as usize]).unwrap();
        assert_eq!(
            found, "login",
            "marks count UTF-16 units of the shortened text"
        );
    }

    #[test]
    fn marks_count_surrogate_pairs_as_two() {
        let (text, marks) = shorten("🙂🙂 \u{2}öl\u{3}");
        assert_eq!(
            (text.as_str(), marks.as_slice()),
            ("🙂🙂 öl", &[(5, 2)][..]),
            "two emoji are four units, the blank one"
        );
    }
}
