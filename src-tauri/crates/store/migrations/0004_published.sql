-- Published copies: what left for its readers, as it was then. They are data of their own: neither in the log nor derived from it,
-- and they stay when the postmortem that they were made from is erased.

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
CREATE INDEX published_by_time ON published (at_ms, id);
CREATE INDEX published_of_doc ON published (doc_id, at_ms);
