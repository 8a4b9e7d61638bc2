-- What happens to action items after the review: how often a day was moved, when to look whether it worked, what shows
-- that it is done. And whom lists gather them by: the team of whoever owns them.

ALTER TABLE action ADD COLUMN moves INTEGER NOT NULL DEFAULT 0;
ALTER TABLE action ADD COLUMN reopened INTEGER NOT NULL DEFAULT 0;
ALTER TABLE action ADD COLUMN evidence_image TEXT NOT NULL DEFAULT '';
ALTER TABLE action ADD COLUMN evidence_skipped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE action ADD COLUMN check_on TEXT;
CREATE INDEX action_by_doc ON action (doc_id, sort_key, key, status, trashed);
CREATE INDEX action_to_check ON action (check_on, key) WHERE status = 'done' AND verified = 0 AND check_on IS NOT NULL;

ALTER TABLE person ADD COLUMN team TEXT NOT NULL DEFAULT '';
