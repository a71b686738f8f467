-- Calls that were decided alike lie together, in the order of their ids. What they have in common, which is all that is
-- asked for and most of what they got, is said once; so a call is written in one place, where it had an index for each
-- thing that is asked for.

CREATE TABLE call_kinds (
  sequence     INTEGER PRIMARY KEY,
  organization BLOB NOT NULL REFERENCES organizations (id),
  action       TEXT NOT NULL,
  source       TEXT NOT NULL,
  rule         TEXT,
  agent        BLOB,
  release      TEXT NOT NULL,
  masked       INTEGER NOT NULL CHECK (masked IN (0, 1)),
  decision     TEXT -- JSON, as all of them got it, but for revision and version; null where each has its own
) STRICT;
CREATE INDEX call_kinds_of_organization ON call_kinds (organization, rule, agent, action, source, release, masked);

CREATE TABLE calls_by_kind (
  kind     INTEGER NOT NULL REFERENCES call_kinds (sequence),
  id       BLOB NOT NULL CHECK (length(id) = 16),
  revision INTEGER, -- of the config
  version  INTEGER, -- of the agent
  call     TEXT NOT NULL, -- JSON, as are the next two
  decision TEXT, -- null where its kind has it
  switches TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

INSERT INTO call_kinds (organization, action, source, rule, agent, release, masked)
  SELECT DISTINCT organization, action, source, rule, agent, release, masked FROM calls;
INSERT INTO calls_by_kind
  SELECT call_kinds.sequence, calls.id, json_extract(calls.decision, '$.config_revision'),
    json_extract(calls.decision, '$.version'), calls.call,
    json_remove(calls.decision, '$.config_revision', '$.version'), calls.switches
  FROM calls JOIN call_kinds ON call_kinds.organization = calls.organization
    AND call_kinds.rule IS calls.rule AND call_kinds.agent IS calls.agent
    AND call_kinds.action = calls.action AND call_kinds.source = calls.source
    AND call_kinds.release = calls.release AND call_kinds.masked = calls.masked
  ORDER BY 1, 2;

DROP TABLE calls;
ALTER TABLE calls_by_kind RENAME TO calls;
