-- Who made a key, with which key, from where it may be used, and when it was last used. Of older keys this is not known.

ALTER TABLE keys ADD COLUMN created_by_kind TEXT CHECK (created_by_kind IN ('key', 'user', 'command_line'));
ALTER TABLE keys ADD COLUMN created_by BLOB;
-- The key whose token made this one. It is revoked along with that key.
ALTER TABLE keys ADD COLUMN made_with BLOB;
ALTER TABLE keys ADD COLUMN address_ranges TEXT NOT NULL DEFAULT ''; -- with a space between two; none means everywhere
-- The hash of the token before the last rotation, and until when that token is valid.
ALTER TABLE keys ADD COLUMN previous_hash BLOB CHECK (length(previous_hash) = 32);
ALTER TABLE keys ADD COLUMN previous_until INTEGER;
-- Written at most once a minute, so it may be a minute late.
ALTER TABLE keys ADD COLUMN last_used_at INTEGER;
ALTER TABLE keys ADD COLUMN last_used_from TEXT;

CREATE INDEX keys_made_with ON keys (made_with) WHERE made_with IS NOT NULL;
CREATE INDEX keys_created_by ON keys (created_by, organization) WHERE created_by IS NOT NULL;
