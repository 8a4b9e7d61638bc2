-- Review meetings: what a meeting is like while it goes on, as JSON (docs/file-format.md). It is no part of the document.

CREATE TABLE meeting (
    doc_id TEXT PRIMARY KEY NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    state  TEXT NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_by_time ON meeting (at_ms);
