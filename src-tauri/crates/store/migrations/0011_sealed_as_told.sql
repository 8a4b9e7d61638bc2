-- In a replica, an entry that was written there bears a seal, too, once the served workspace has told it back. The seal is over the time at
-- which it was handed in there, over whoever that was, and over the client as it stands there; these are absent where the seal is over
-- the entry as it is.
ALTER TABLE sealed ADD COLUMN at_ms INTEGER;
ALTER TABLE sealed ADD COLUMN person TEXT;
ALTER TABLE sealed ADD COLUMN client_id INTEGER;
-- What was told before is read once more, so that these get their seals, too.
UPDATE replica SET upto = 0;
