-- Reminders: what was told to whom, on which way, and what waits. They are data of this file alone: neither in the log nor derived
-- from it, and no replica gets them.

-- When reminders were looked at on each way of telling (mail, chat, desktop).
CREATE TABLE reminder_look (
    channel    TEXT PRIMARY KEY NOT NULL,
    started_ms INTEGER NOT NULL,
    last_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reminder_item (
    channel  TEXT NOT NULL,
    doc_id   TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    item     TEXT NOT NULL,
    owner    TEXT NOT NULL,
    due      TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    told_for TEXT,
    PRIMARY KEY (channel, doc_id, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX reminder_item_of_doc ON reminder_item (doc_id);

CREATE TABLE reminder_digest (
    channel  TEXT NOT NULL,
    person   TEXT NOT NULL,
    told_for TEXT NOT NULL,
    PRIMARY KEY (channel, person)
) STRICT, WITHOUT ROWID;

-- One message for each way, person and day.
CREATE TABLE reminder_message (
    id         TEXT PRIMARY KEY NOT NULL,
    channel    TEXT NOT NULL,
    person     TEXT NOT NULL,
    day        TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'doubt', 'refused', 'dropped')),
    made_ms    INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    next_ms    INTEGER NOT NULL,
    tries      INTEGER NOT NULL,
    error      TEXT NOT NULL,
    content    TEXT NOT NULL,
    UNIQUE (channel, person, day)
) STRICT;
CREATE INDEX reminder_message_by_state ON reminder_message (channel, state, next_ms);
CREATE INDEX reminder_message_by_time ON reminder_message (changed_ms);

-- Private calendar addresses: the SHA-256 of each one's secret.
CREATE TABLE calendar_feed (
    person  TEXT PRIMARY KEY NOT NULL,
    secret  TEXT NOT NULL UNIQUE,
    made_ms INTEGER NOT NULL
) STRICT;

-- Whom the digest of a review goes to.
ALTER TABLE postmortem ADD COLUMN review_owner TEXT NOT NULL DEFAULT '';
CREATE INDEX postmortem_by_review_owner ON postmortem (review_owner) WHERE review_owner > '';
