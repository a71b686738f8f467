-- The first schema.
--
-- Ids are the 16 bytes of a UUID (`hex(id)` shows one). Instants are microseconds since 1970, UTC. JSON is text that the
-- database does not look into. A `sequence` gives a list its order and its pages; it is never used twice, so that what is
-- added while somebody turns pages stands at the end.

CREATE TABLE organizations (
  sequence      INTEGER PRIMARY KEY AUTOINCREMENT,
  id            BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  name          TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  -- The number of the last revision made. It outlives the config, so that no number is given twice.
  last_revision INTEGER NOT NULL DEFAULT 0,
  -- Counts the writes to what routing reads: config, agents, versions, numbers, switches.
  stamp         INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE users (
  sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
  id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
  user         BLOB NOT NULL REFERENCES users (id),
  organization BLOB NOT NULL REFERENCES organizations (id),
  PRIMARY KEY (user, organization)
) STRICT, WITHOUT ROWID;

-- A key belongs to an organization or to a user. Its secret is not here, only the SHA-256 of it.
CREATE TABLE keys (
  sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
  id           BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  organization BLOB REFERENCES organizations (id),
  user         BLOB REFERENCES users (id),
  name         TEXT NOT NULL,
  scopes       TEXT NOT NULL, -- with a space between two
  hash         BLOB NOT NULL CHECK (length(hash) = 32),
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  revoked_at   INTEGER,
  CHECK ((organization IS NULL) <> (user IS NULL))
) STRICT;
CREATE INDEX keys_of_organization ON keys (organization, sequence) WHERE organization IS NOT NULL;

-- One row: counts the writes to the four tables above, by whichever process.
CREATE TABLE access (
  stamp INTEGER NOT NULL
) STRICT;
INSERT INTO access (stamp) VALUES (0);

-- The texts of revisions. A revision that leaves the text as it was shares it with the one before.
CREATE TABLE definitions (
  sequence INTEGER PRIMARY KEY,
  text     TEXT NOT NULL
) STRICT;

CREATE TABLE revisions (
  organization     BLOB NOT NULL REFERENCES organizations (id),
  revision         INTEGER NOT NULL CHECK (revision > 0),
  definition       INTEGER NOT NULL REFERENCES definitions (sequence),
  -- No reference: the agent may be deleted once the current revision no longer names it.
  fallback_agent   BLOB,
  fallback_version INTEGER,
  enabled          INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  diagnostics      TEXT NOT NULL, -- JSON
  created_at       INTEGER NOT NULL,
  created_by_kind  TEXT NOT NULL CHECK (created_by_kind IN ('key', 'user')),
  created_by       BLOB NOT NULL,
  restored_from    INTEGER,
  PRIMARY KEY (organization, revision),
  CHECK (fallback_version IS NULL OR fallback_agent IS NOT NULL)
) STRICT;

-- The config is a revision that is in force.
CREATE TABLE configs (
  organization BLOB PRIMARY KEY REFERENCES organizations (id),
  id           BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  revision     INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  FOREIGN KEY (organization, revision) REFERENCES revisions (organization, revision)
) STRICT, WITHOUT ROWID;

-- A switch that was never set has no row.
CREATE TABLE switches (
  organization BLOB NOT NULL REFERENCES configs (organization) ON DELETE CASCADE,
  name         TEXT NOT NULL,
  is_on        INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  until        INTEGER,
  set_at       INTEGER NOT NULL,
  set_by_kind  TEXT NOT NULL CHECK (set_by_kind IN ('key', 'user')),
  set_by       BLOB NOT NULL,
  PRIMARY KEY (organization, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE agents (
  sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
  id           BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  organization BLOB NOT NULL REFERENCES organizations (id),
  name         TEXT NOT NULL,
  description  TEXT,
  active       INTEGER NOT NULL CHECK (active IN (0, 1)),
  metadata     TEXT, -- JSON
  created_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX agents_of_organization ON agents (organization, sequence);

CREATE TABLE agent_versions (
  sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
  id           BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  agent        BLOB NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  version      INTEGER NOT NULL CHECK (version > 0),
  config       TEXT, -- JSON
  created_at   INTEGER NOT NULL,
  published_at INTEGER,
  UNIQUE (agent, version)
) STRICT;

-- A number belongs to one organization. It is in normal form, so that equal numbers are equal text.
CREATE TABLE phone_numbers (
  sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
  phone_number    TEXT NOT NULL UNIQUE,
  organization    BLOB NOT NULL REFERENCES organizations (id),
  trunk_id        TEXT,
  inbound_version BLOB REFERENCES agent_versions (id),
  created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX phone_numbers_of_organization ON phone_numbers (organization, sequence);
CREATE INDEX phone_numbers_of_version ON phone_numbers (inbound_version) WHERE inbound_version IS NOT NULL;

-- The call log. An id begins with the microsecond at which it was made, so that the order of ids is the order of time.
-- An organization's newest calls are the end of its stretch of an index, one for each thing that is asked for.
CREATE TABLE calls (
  sequence     INTEGER PRIMARY KEY,
  organization BLOB NOT NULL REFERENCES organizations (id),
  id           BLOB NOT NULL CHECK (length(id) = 16),
  action       TEXT NOT NULL,
  source       TEXT NOT NULL,
  rule         TEXT,
  agent        BLOB,
  call         TEXT NOT NULL, -- JSON, as are the next two
  decision     TEXT NOT NULL,
  switches     TEXT NOT NULL,
  release      TEXT NOT NULL,
  masked       INTEGER NOT NULL CHECK (masked IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX calls_by_time ON calls (organization, id);
CREATE INDEX calls_by_rule ON calls (organization, rule, id) WHERE rule IS NOT NULL;
CREATE INDEX calls_by_agent ON calls (organization, agent, id) WHERE agent IS NOT NULL;
CREATE INDEX calls_by_action ON calls (organization, action, id);
CREATE INDEX calls_by_source ON calls (organization, source, id);
