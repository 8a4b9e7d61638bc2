-- user_version 11

CREATE INDEX action_by_doc ON action (doc_id, sort_key, key, status, trashed);

CREATE INDEX action_by_owner ON action (owner, sort_key, key, status, trashed);

CREATE INDEX action_by_sort ON action (sort_key, key, status, trashed);

CREATE INDEX action_by_status ON action (status, trashed);

CREATE INDEX action_to_check ON action (check_on, key) WHERE check_on IS NOT NULL;

CREATE INDEX audit_of_subject ON audit (subject, account, what, at_ms);

CREATE INDEX doc_blob_hash ON doc_blob (hash);

CREATE INDEX doc_update_of_doc ON doc_update (doc_id, seq);

CREATE INDEX doc_version_of_doc ON doc_version (doc_id, seq);

CREATE INDEX meeting_by_time ON meeting (at_ms);

CREATE UNIQUE INDEX person_id ON person (id);

CREATE INDEX postmortem_by_review_owner ON postmortem (review_owner) WHERE review_owner > '';

CREATE INDEX postmortem_by_severity ON postmortem (trashed, severity_rank, sort_at DESC, doc_id);

CREATE INDEX postmortem_by_status ON postmortem (trashed, status, severity_rank, sort_at, doc_id);

CREATE INDEX postmortem_by_time ON postmortem (trashed, sort_at, doc_id);

CREATE INDEX postmortem_by_title ON postmortem (trashed, title_key, doc_id);

CREATE INDEX postmortem_by_total ON postmortem (trashed, total, doc_id);

CREATE INDEX postmortem_by_update ON postmortem (trashed, updated_at, doc_id);

CREATE INDEX postmortem_service_id ON postmortem_service (id, doc_id);

CREATE INDEX postmortem_tag_id ON postmortem_tag (id, doc_id);

CREATE INDEX published_by_time ON published (at_ms, id);

CREATE INDEX published_of_doc ON published (doc_id, at_ms);

CREATE INDEX reminder_item_of_doc ON reminder_item (doc_id);

CREATE INDEX reminder_message_by_state ON reminder_message (channel, state, next_ms);

CREATE INDEX reminder_message_by_time ON reminder_message (changed_ms);

CREATE INDEX session_of_account ON session (account, seen_at);

CREATE INDEX waiting_of_doc ON waiting (doc_id, seq);

CREATE TABLE account (
    id         TEXT PRIMARY KEY NOT NULL,
    person     TEXT NOT NULL,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('viewer', 'member', 'facilitator', 'admin')),
    created_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE action (
    key        INTEGER PRIMARY KEY,
    doc_id     TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    id         TEXT NOT NULL,
    number     INTEGER,
    text       TEXT NOT NULL,
    done_when  TEXT NOT NULL,
    owner      TEXT NOT NULL,
    due        TEXT,
    priority   TEXT NOT NULL,
    type       TEXT NOT NULL,
    status     TEXT NOT NULL,
    settled_at INTEGER,
    evidence   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    verified   INTEGER NOT NULL,
    ticket     TEXT NOT NULL,
    findings   TEXT NOT NULL,
    sort_key   INTEGER NOT NULL,
    trashed    INTEGER NOT NULL, opened_at INTEGER, visibility TEXT NOT NULL DEFAULT '', moves INTEGER NOT NULL DEFAULT 0, reopened INTEGER NOT NULL DEFAULT 0, evidence_image TEXT NOT NULL DEFAULT '', evidence_skipped INTEGER NOT NULL DEFAULT 0, check_on TEXT,
    UNIQUE (doc_id, id)
) STRICT;

CREATE TABLE admitted (
    doc_id  TEXT NOT NULL REFERENCES restricted (doc_id) ON DELETE CASCADE,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    PRIMARY KEY (doc_id, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms   INTEGER NOT NULL,
    account TEXT NOT NULL,
    name    TEXT NOT NULL,
    address TEXT NOT NULL,
    what    TEXT NOT NULL,
    subject TEXT,
    detail  TEXT NOT NULL
) STRICT;

CREATE TABLE blob (
    hash  TEXT PRIMARY KEY NOT NULL,
    mime  TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE brought (
    doc_id    TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    client_id INTEGER NOT NULL,
    since     INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    person    TEXT NOT NULL,
    PRIMARY KEY (doc_id, client_id, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE calendar_feed (
    person  TEXT PRIMARY KEY NOT NULL,
    secret  TEXT NOT NULL UNIQUE,
    made_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE doc_blob (
    doc_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    hash   TEXT NOT NULL,
    PRIMARY KEY (doc_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE doc_client (
    doc_id    TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    client_id INTEGER NOT NULL,
    person    TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    PRIMARY KEY (doc_id, client_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE doc_snapshot (
    doc_id   TEXT PRIMARY KEY NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    upto_seq INTEGER NOT NULL,
    state    BLOB NOT NULL
) STRICT;

CREATE TABLE doc_update (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    doc_id    TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    at_ms     INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    client_id INTEGER,
    bytes     BLOB NOT NULL
) STRICT;

CREATE TABLE doc_version (
    id     INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    seq    INTEGER NOT NULL,
    name   TEXT NOT NULL,
    author TEXT NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT;

CREATE TABLE document (
    id         TEXT PRIMARY KEY NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('postmortem', 'directory')),
    created_at INTEGER NOT NULL,
    trashed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE erased (
    id TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    key       INTEGER PRIMARY KEY,
    doc_id    TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    id        TEXT NOT NULL,
    at        INTEGER,
    precision TEXT NOT NULL,
    phase     TEXT NOT NULL,
    kind      TEXT NOT NULL,
    text      TEXT NOT NULL,
    star      INTEGER NOT NULL,
    public    INTEGER NOT NULL, visibility TEXT NOT NULL DEFAULT '',
    UNIQUE (doc_id, id)
) STRICT;

CREATE TABLE finding (
    key       INTEGER PRIMARY KEY,
    doc_id    TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    id        TEXT NOT NULL,
    number    INTEGER,
    kind      TEXT NOT NULL,
    phase     TEXT NOT NULL,
    theme     TEXT NOT NULL,
    text      TEXT NOT NULL,
    no_action INTEGER NOT NULL, visibility TEXT NOT NULL DEFAULT '', actions TEXT NOT NULL DEFAULT '[]',
    UNIQUE (doc_id, id)
) STRICT;

CREATE TABLE giving_back (
    doc_id TEXT PRIMARY KEY NOT NULL REFERENCES document (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
    id         TEXT PRIMARY KEY NOT NULL,
    secret     TEXT NOT NULL UNIQUE,
    account    TEXT REFERENCES account (id) ON DELETE CASCADE,
    person     TEXT,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('viewer', 'member', 'facilitator', 'admin')),
    author     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE log_mark (
    seq  INTEGER PRIMARY KEY NOT NULL,
    mark INTEGER NOT NULL
) STRICT;

CREATE TABLE meeting (
    doc_id TEXT PRIMARY KEY NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    state  TEXT NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    doc_id TEXT NOT NULL,
    what   TEXT NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT;

CREATE TABLE participant (
    key    INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    id     TEXT NOT NULL,
    person TEXT NOT NULL,
    name   TEXT NOT NULL,
    role   TEXT NOT NULL,
    UNIQUE (doc_id, id)
) STRICT;

CREATE TABLE person (
    key        INTEGER PRIMARY KEY,
    doc_id     TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    id         TEXT NOT NULL,
    name       TEXT NOT NULL,
    short_name TEXT NOT NULL,
    handle     TEXT NOT NULL,
    role_title TEXT NOT NULL,
    gone       INTEGER NOT NULL, team TEXT NOT NULL DEFAULT '',
    UNIQUE (doc_id, id)
) STRICT;

CREATE TABLE postmortem (
    key             INTEGER PRIMARY KEY,
    doc_id          TEXT NOT NULL UNIQUE REFERENCES document (id) ON DELETE CASCADE,
    title           TEXT NOT NULL,
    title_key       TEXT NOT NULL,
    severity        INTEGER,
    severity_rank   INTEGER NOT NULL,
    status          TEXT NOT NULL,
    services        TEXT NOT NULL,
    tags            TEXT NOT NULL,
    starts          INTEGER,
    sort_at         INTEGER NOT NULL,
    timezone        TEXT NOT NULL,
    detection       INTEGER,
    response        INTEGER,
    remediation     INTEGER,
    total           INTEGER,
    about           INTEGER NOT NULL,
    actions         INTEGER NOT NULL,
    actions_settled INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    trashed         INTEGER NOT NULL,
    trashed_at      INTEGER
, t0 INTEGER, t1 INTEGER, t2 INTEGER, t3 INTEGER, t4 INTEGER, t5 INTEGER, t6 INTEGER, t7 INTEGER, estimates INTEGER NOT NULL DEFAULT 0, first_word INTEGER, noticed_by TEXT NOT NULL DEFAULT '', noticed_visibility TEXT NOT NULL DEFAULT '', review_owner TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE postmortem_service (
    doc_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    id     TEXT NOT NULL,
    PRIMARY KEY (doc_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE postmortem_tag (
    doc_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    id     TEXT NOT NULL,
    PRIMARY KEY (doc_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE projection (
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE published (
    id        TEXT PRIMARY KEY NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('period', 'summary', 'post')),
    doc_id    TEXT,
    title     TEXT NOT NULL,
    readers   TEXT NOT NULL CHECK (readers IN ('company', 'executives', 'customers')),
    at_ms     INTEGER NOT NULL,
    author    TEXT NOT NULL,
    replaces  TEXT,
    made_from TEXT NOT NULL,
    file_name TEXT NOT NULL,
    page      TEXT NOT NULL,
    text      TEXT NOT NULL
) STRICT;

CREATE TABLE refused (
    doc_id TEXT PRIMARY KEY NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reminder_digest (
    channel  TEXT NOT NULL,
    person   TEXT NOT NULL,
    told_for TEXT NOT NULL,
    PRIMARY KEY (channel, person)
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

CREATE TABLE reminder_look (
    channel    TEXT PRIMARY KEY NOT NULL,
    started_ms INTEGER NOT NULL,
    last_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE replica (
    workspace   TEXT PRIMARY KEY NOT NULL,
    name        TEXT NOT NULL,
    address     TEXT NOT NULL,
    fingerprint TEXT,
    person      TEXT,
    account     TEXT,
    upto        INTEGER NOT NULL,
    versions    INTEGER NOT NULL,
    met_at      INTEGER NOT NULL,
    ended       TEXT
, seen_seq INTEGER NOT NULL DEFAULT 0, seen_mark TEXT NOT NULL DEFAULT '', signed_in INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE restricted (
    doc_id TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sealed (
    seq  INTEGER PRIMARY KEY NOT NULL REFERENCES doc_update (seq) ON DELETE CASCADE,
    seal TEXT NOT NULL
, at_ms INTEGER, person TEXT, client_id INTEGER) STRICT;

CREATE VIRTUAL TABLE search USING fts5 (
    text,
    content = 'search_entry',
    content_rowid = 'key',
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '2 3'
);

CREATE TABLE search_entry (
    key    INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL,
    text   TEXT NOT NULL,
    UNIQUE (doc_id, kind, id)
) STRICT;

CREATE TABLE search_stale (
    doc_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL,
    PRIMARY KEY (doc_id, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE section (
    key    INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    id     TEXT NOT NULL,
    title  TEXT NOT NULL,
    text   TEXT NOT NULL,
    UNIQUE (doc_id, id)
) STRICT;

CREATE TABLE served (
    address     TEXT NOT NULL,
    fingerprint TEXT
) STRICT;

CREATE TABLE served_document (
    doc_id TEXT PRIMARY KEY NOT NULL REFERENCES document (id) ON DELETE CASCADE
, restricted INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE service (
    key    INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    id     TEXT NOT NULL,
    name   TEXT NOT NULL,
    UNIQUE (doc_id, id)
) STRICT;

CREATE TABLE session (
    id         TEXT PRIMARY KEY NOT NULL,
    secret     TEXT NOT NULL UNIQUE,
    account    TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    device     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sqlite_sequence(name,seq);

CREATE TABLE waiting (
    seq    INTEGER PRIMARY KEY NOT NULL REFERENCES doc_update (seq) ON DELETE CASCADE,
    doc_id TEXT NOT NULL
) STRICT;

CREATE TABLE waiting_blob (
    hash TEXT PRIMARY KEY NOT NULL REFERENCES blob (hash) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE withdrawn (
    doc_id TEXT PRIMARY KEY NOT NULL,
    title  TEXT NOT NULL,
    at_ms  INTEGER NOT NULL,
    kept   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE workspace (
    id TEXT PRIMARY KEY NOT NULL
, seal BLOB) STRICT, WITHOUT ROWID;

CREATE TRIGGER log_marked AFTER INSERT ON doc_update BEGIN
    INSERT INTO log_mark (seq, mark) VALUES (new.seq, random());
END;

CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
    INSERT INTO search (rowid, text) VALUES (new.key, new.text);
END;

CREATE TRIGGER search_entry_changed AFTER UPDATE OF text ON search_entry BEGIN
    INSERT INTO search (search, rowid, text) VALUES ('delete', old.key, old.text);
    INSERT INTO search (rowid, text) VALUES (new.key, new.text);
END;

CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN
    INSERT INTO search (search, rowid, text) VALUES ('delete', old.key, old.text);
END;
