-- A workspace that is served to a team: accounts, their invitations and sessions, who may see what is restricted, and what was
-- done. These are the serving machine's own records, in no log. Of secrets the SHA-256 is kept, never the secret.

CREATE TABLE account (
    id         TEXT PRIMARY KEY NOT NULL,
    person     TEXT NOT NULL,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('viewer', 'member', 'facilitator', 'admin')),
    created_at INTEGER NOT NULL,
    ended_at   INTEGER
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

CREATE TABLE session (
    id         TEXT PRIMARY KEY NOT NULL,
    secret     TEXT NOT NULL UNIQUE,
    account    TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    device     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of_account ON session (account, seen_at);

-- It stays for as long as there is the postmortem or a published copy of it.
CREATE TABLE restricted (
    doc_id TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;

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
CREATE INDEX audit_of_subject ON audit (subject, account, what, at_ms);

-- Where the workspace is served: one row.
CREATE TABLE served (
    address     TEXT NOT NULL,
    fingerprint TEXT
) STRICT;
