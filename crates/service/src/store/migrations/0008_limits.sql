-- What the operator allows an organization to send and keep, where it is not the server's default.
CREATE TABLE limits (
  organization BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name         TEXT NOT NULL,
  value        INTEGER CHECK (value >= 0), -- null: no limit
  PRIMARY KEY (organization, name)
) STRICT, WITHOUT ROWID;

-- How much an organization keeps of what is limited. Triggers count, so that no write counts all rows.
ALTER TABLE organizations ADD COLUMN kept_text_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD COLUMN kept_keys       INTEGER NOT NULL DEFAULT 0; -- that are not revoked
ALTER TABLE organizations ADD COLUMN kept_agents     INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD COLUMN kept_numbers    INTEGER NOT NULL DEFAULT 0;

UPDATE organizations SET
  kept_text_bytes =
    (SELECT coalesce(sum(octet_length(text)), 0) FROM definitions
     WHERE sequence IN (SELECT definition FROM revisions WHERE organization = organizations.id))
    + (SELECT coalesce(sum(coalesce(octet_length(description), 0) + coalesce(octet_length(metadata), 0)), 0)
       FROM agents WHERE organization = organizations.id)
    + (SELECT coalesce(sum(octet_length(config)), 0) FROM agent_versions
       WHERE agent IN (SELECT agents.id FROM agents WHERE organization = organizations.id)),
  kept_keys = (SELECT count(*) FROM keys WHERE organization = organizations.id AND revoked_at IS NULL),
  kept_agents = (SELECT count(*) FROM agents WHERE organization = organizations.id),
  kept_numbers = (SELECT count(*) FROM phone_numbers WHERE organization = organizations.id);

-- Revisions with the same text count once.
CREATE TRIGGER revisions_are_counted AFTER INSERT ON revisions
WHEN (SELECT count(*) FROM (SELECT 1 FROM revisions WHERE definition = NEW.definition LIMIT 2)) = 1
BEGIN
  UPDATE organizations
  SET kept_text_bytes = kept_text_bytes
    + coalesce((SELECT octet_length(text) FROM definitions WHERE sequence = NEW.definition), 0)
  WHERE id = NEW.organization;
END;
CREATE TRIGGER revisions_are_not_counted_any_more AFTER DELETE ON revisions
WHEN NOT EXISTS (SELECT 1 FROM revisions WHERE definition = OLD.definition)
BEGIN
  UPDATE organizations
  SET kept_text_bytes = kept_text_bytes
    - coalesce((SELECT octet_length(text) FROM definitions WHERE sequence = OLD.definition), 0)
  WHERE id = OLD.organization;
END;

CREATE TRIGGER agents_are_counted AFTER INSERT ON agents
BEGIN
  UPDATE organizations
  SET kept_agents = kept_agents + 1,
    kept_text_bytes = kept_text_bytes
      + coalesce(octet_length(NEW.description), 0) + coalesce(octet_length(NEW.metadata), 0)
  WHERE id = NEW.organization;
END;
CREATE TRIGGER texts_of_agents_are_counted AFTER UPDATE OF description, metadata ON agents
BEGIN
  UPDATE organizations
  SET kept_text_bytes = kept_text_bytes
    + coalesce(octet_length(NEW.description), 0) + coalesce(octet_length(NEW.metadata), 0)
    - coalesce(octet_length(OLD.description), 0) - coalesce(octet_length(OLD.metadata), 0)
  WHERE id = NEW.organization;
END;
-- Its versions go along with it, and are still there before.
CREATE TRIGGER agents_are_not_counted_any_more BEFORE DELETE ON agents
BEGIN
  UPDATE organizations
  SET kept_agents = kept_agents - 1,
    kept_text_bytes = kept_text_bytes
      - coalesce(octet_length(OLD.description), 0) - coalesce(octet_length(OLD.metadata), 0)
      - (SELECT coalesce(sum(octet_length(config)), 0) FROM agent_versions WHERE agent = OLD.id)
  WHERE id = OLD.organization;
END;
CREATE TRIGGER agent_versions_are_counted AFTER INSERT ON agent_versions WHEN NEW.config IS NOT NULL
BEGIN
  UPDATE organizations SET kept_text_bytes = kept_text_bytes + octet_length(NEW.config)
  WHERE id = (SELECT organization FROM agents WHERE agents.id = NEW.agent);
END;

CREATE TRIGGER phone_numbers_are_counted AFTER INSERT ON phone_numbers
BEGIN
  UPDATE organizations SET kept_numbers = kept_numbers + 1 WHERE id = NEW.organization;
END;
CREATE TRIGGER phone_numbers_that_move_are_counted AFTER UPDATE OF organization ON phone_numbers
BEGIN
  UPDATE organizations SET kept_numbers = kept_numbers - 1 WHERE id = OLD.organization;
  UPDATE organizations SET kept_numbers = kept_numbers + 1 WHERE id = NEW.organization;
END;
CREATE TRIGGER phone_numbers_are_not_counted_any_more AFTER DELETE ON phone_numbers
BEGIN
  UPDATE organizations SET kept_numbers = kept_numbers - 1 WHERE id = OLD.organization;
END;

CREATE TRIGGER keys_are_counted AFTER INSERT ON keys WHEN NEW.revoked_at IS NULL
BEGIN
  UPDATE organizations SET kept_keys = kept_keys + 1 WHERE id = NEW.organization;
END;
CREATE TRIGGER revoked_keys_are_not_counted AFTER UPDATE OF revoked_at ON keys
WHEN OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL
BEGIN
  UPDATE organizations SET kept_keys = kept_keys - 1 WHERE id = NEW.organization;
END;
CREATE TRIGGER keys_are_not_counted_any_more AFTER DELETE ON keys WHEN OLD.revoked_at IS NULL
BEGIN
  UPDATE organizations SET kept_keys = kept_keys - 1 WHERE id = OLD.organization;
END;
