-- Working away. Every workspace has a name of its own, by which it is known again wherever it is served. A replica is a workspace file
-- that follows one which another computer serves: only there `replica` has a row.

CREATE TABLE workspace (
    id TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO workspace (id) VALUES (lower(hex(randomblob(16))));

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
) STRICT, WITHOUT ROWID;

-- Places in the log of a replica whose updates the served workspace has not acknowledged.
CREATE TABLE waiting (
    seq    INTEGER PRIMARY KEY NOT NULL REFERENCES doc_update (seq) ON DELETE CASCADE,
    doc_id TEXT NOT NULL
) STRICT;
CREATE INDEX waiting_of_doc ON waiting (doc_id, seq);

-- Images of a replica that the served workspace has not got.
CREATE TABLE waiting_blob (
    hash TEXT PRIMARY KEY NOT NULL REFERENCES blob (hash) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Documents of a replica that the served workspace had when it was asked last.
CREATE TABLE served_document (
    doc_id TEXT PRIMARY KEY NOT NULL REFERENCES document (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What became of postmortems that the served workspace does not show to this account any more, for their owner to read.
CREATE TABLE withdrawn (
    doc_id TEXT PRIMARY KEY NOT NULL,
    title  TEXT NOT NULL,
    at_ms  INTEGER NOT NULL,
    kept   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
