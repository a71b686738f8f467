-- One row, for what is done to the file from time to time.
CREATE TABLE maintenance (
  erasures  INTEGER NOT NULL, -- counts the transactions that deleted calls
  rewritten INTEGER NOT NULL, -- what `erasures` was when the log of calls was last begun to be rewritten
  clock     INTEGER           -- the time by which calls are old and keys expire; null: not known yet
) STRICT;
INSERT INTO maintenance (erasures, rewritten) VALUES (0, 0);
CREATE INDEX revisions_of_definition ON revisions (definition);
