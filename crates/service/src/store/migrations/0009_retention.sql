-- How long an organization's calls are kept, and how many of its revisions, where that is not as the server's
-- options say.
ALTER TABLE organizations ADD COLUMN call_log_days  INTEGER CHECK (call_log_days > 0);
ALTER TABLE organizations ADD COLUMN kept_revisions INTEGER CHECK (kept_revisions > 0);
