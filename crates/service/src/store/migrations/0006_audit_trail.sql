-- The audit trail: who did what to which object, when and from where. It names organizations, users and keys without
-- references, so that it outlives them.

CREATE TABLE audit_events (
  sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
  id           BLOB NOT NULL CHECK (length(id) = 16),
  organization BLOB, -- null for an event of the whole service
  at           INTEGER NOT NULL,
  kind         TEXT NOT NULL,
  actor_kind   TEXT NOT NULL CHECK (actor_kind IN ('key', 'user', 'command_line', 'unknown')),
  actor        TEXT, -- the id of the key or the user; the system's user id on the command line
  key          BLOB, -- the key of the request
  subject      TEXT NOT NULL,
  from_address TEXT,
  count        INTEGER NOT NULL,
  before       TEXT, -- JSON, as is the next
  after        TEXT
) STRICT;
CREATE INDEX audit_by_time ON audit_events (organization, at);
CREATE INDEX audit_by_kind ON audit_events (organization, kind, at);
CREATE INDEX audit_by_actor ON audit_events (organization, actor, at);
CREATE INDEX audit_by_subject ON audit_events (organization, subject, at);
CREATE INDEX audit_by_age ON audit_events (at);

-- One row: events from this moment on cannot be deleted. It only moves forward, by the retention.
CREATE TABLE audit_retention (
  kept_from INTEGER NOT NULL
) STRICT;
INSERT INTO audit_retention (kept_from) VALUES (0);

CREATE TRIGGER audit_retention_moves_forward BEFORE UPDATE ON audit_retention WHEN NEW.kept_from < OLD.kept_from
BEGIN
  SELECT RAISE(ABORT, 'the retention of the audit trail only moves forward');
END;
CREATE TRIGGER audit_retention_is_one_row BEFORE DELETE ON audit_retention
BEGIN
  SELECT RAISE(ABORT, 'the retention of the audit trail is one row');
END;
CREATE TRIGGER audit_events_do_not_change BEFORE UPDATE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'an audit event does not change');
END;
CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
WHEN OLD.at >= (SELECT kept_from FROM audit_retention)
BEGIN
  SELECT RAISE(ABORT, 'an audit event stays until its retention is over');
END;
-- Without it, INSERT OR REPLACE would delete an event and fire no trigger.
CREATE TRIGGER audit_events_are_not_replaced BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE sequence = NEW.sequence)
BEGIN
  SELECT RAISE(ABORT, 'an audit event is not replaced');
END;
