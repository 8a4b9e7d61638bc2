-- The day to look again stands only where somebody is to be asked, so the day alone finds them.

DROP INDEX action_to_check;
CREATE INDEX action_to_check ON action (check_on, key) WHERE check_on IS NOT NULL;
