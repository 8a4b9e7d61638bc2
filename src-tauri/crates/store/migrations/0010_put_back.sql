-- A served workspace that was put back from an older copy is known by its log, and what replicas give back to it by a seal.

-- A number for every place of the log that nobody can guess, kept when the entry there is erased: another copy of the workspace that
-- was written to on its own has other numbers at the same places.
CREATE TABLE log_mark (
    seq  INTEGER PRIMARY KEY NOT NULL,
    mark INTEGER NOT NULL
) STRICT;
INSERT INTO log_mark (seq, mark) SELECT seq, random() FROM doc_update;
INSERT INTO log_mark (seq, mark) SELECT seq, random() FROM sqlite_sequence WHERE name = 'doc_update' ON CONFLICT DO NOTHING;
CREATE TRIGGER log_marked AFTER INSERT ON doc_update BEGIN
    INSERT INTO log_mark (seq, mark) VALUES (new.seq, random());
END;

-- What entries of the log are sealed with for replicas.
ALTER TABLE workspace ADD COLUMN seal BLOB;
UPDATE workspace SET seal = randomblob(32);

-- Postmortems that were erased for good. Nobody's copy brings them back.
CREATE TABLE erased (
    id TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO erased (id) SELECT doc_id FROM notice WHERE what = 'erased' ON CONFLICT DO NOTHING;

-- Edits that somebody brought under the mark of somebody else's client: from one place of that client up to another.
CREATE TABLE brought (
    doc_id    TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    client_id INTEGER NOT NULL,
    since     INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    person    TEXT NOT NULL,
    PRIMARY KEY (doc_id, client_id, since)
) STRICT, WITHOUT ROWID;

-- In a replica: the latest place of the served workspace's log that was heard of, and its mark.
ALTER TABLE replica ADD COLUMN seen_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE replica ADD COLUMN seen_mark TEXT NOT NULL DEFAULT '';
-- How often somebody has signed in: what an older session was told says nothing of the newer one.
ALTER TABLE replica ADD COLUMN signed_in INTEGER NOT NULL DEFAULT 0;

-- In a replica: with what the served workspace has sealed entries of the log.
CREATE TABLE sealed (
    seq  INTEGER PRIMARY KEY NOT NULL REFERENCES doc_update (seq) ON DELETE CASCADE,
    seal TEXT NOT NULL
) STRICT;

-- In a replica: documents that a served workspace which was put back has not been given yet.
CREATE TABLE giving_back (
    doc_id TEXT PRIMARY KEY NOT NULL REFERENCES document (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- In a replica: it is restricted where it is served.
ALTER TABLE served_document ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0;

-- In a replica: documents whose waiting edits the served workspace has refused, and why.
CREATE TABLE refused (
    doc_id TEXT PRIMARY KEY NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
