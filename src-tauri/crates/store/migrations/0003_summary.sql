-- What summaries count: times, who noticed first, who may see what, and which action items answer a finding. It is
-- projected anew, for every document, when a file is opened whose projection is older than the build's.

ALTER TABLE postmortem ADD COLUMN t0 INTEGER;
ALTER TABLE postmortem ADD COLUMN t1 INTEGER;
ALTER TABLE postmortem ADD COLUMN t2 INTEGER;
ALTER TABLE postmortem ADD COLUMN t3 INTEGER;
ALTER TABLE postmortem ADD COLUMN t4 INTEGER;
ALTER TABLE postmortem ADD COLUMN t5 INTEGER;
ALTER TABLE postmortem ADD COLUMN t6 INTEGER;
ALTER TABLE postmortem ADD COLUMN t7 INTEGER;
ALTER TABLE postmortem ADD COLUMN estimates INTEGER NOT NULL DEFAULT 0;
ALTER TABLE postmortem ADD COLUMN first_word INTEGER;
ALTER TABLE postmortem ADD COLUMN noticed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE postmortem ADD COLUMN noticed_visibility TEXT NOT NULL DEFAULT '';

ALTER TABLE action ADD COLUMN opened_at INTEGER;
ALTER TABLE action ADD COLUMN visibility TEXT NOT NULL DEFAULT '';

ALTER TABLE finding ADD COLUMN visibility TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN actions TEXT NOT NULL DEFAULT '[]';

ALTER TABLE event ADD COLUMN visibility TEXT NOT NULL DEFAULT '';

-- How the tables above were projected; one row.
CREATE TABLE projection (
    version INTEGER NOT NULL
) STRICT;
INSERT INTO projection (version) VALUES (1);
