-- What came with a call is in columns of its own: as JSON it took twice the room, and most of a busy server's writing is this.

CREATE TABLE calls_in_columns (
  kind          INTEGER NOT NULL, -- one of `call_kinds`: no reference, which would be looked up for each call
  id            BLOB NOT NULL CHECK (length(id) = 16),
  revision      INTEGER, -- of the config
  version       INTEGER, -- of the agent
  caller_number TEXT, -- as it came, or masked, like the next
  called_number TEXT NOT NULL,
  trunk_id      TEXT,
  timestamp     INTEGER NOT NULL, -- when it came, where `id` says when it was decided
  decision      TEXT, -- JSON; null where its kind has it
  switches      TEXT NOT NULL, -- JSON
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

INSERT INTO calls_in_columns
  SELECT kind, id, revision, version, json_extract(call, '$.caller_number'), json_extract(call, '$.called_number'),
    json_extract(call, '$.trunk_id'),
    -- The second, and behind its point the digits of the microsecond.
    unixepoch(substr(json_extract(call, '$.timestamp'), 1, 19)) * 1000000
      + CAST(substr(rtrim(substr(json_extract(call, '$.timestamp'), 21), 'Z') || '000000', 1, 6) AS INTEGER),
    decision, switches
  FROM calls ORDER BY 1, 2;

DROP TABLE calls;
ALTER TABLE calls_in_columns RENAME TO calls;
