-- A whole number is one organization's. A local one, such as an extension or the user of an address, means something in
-- its own telephone system alone: each organization may have it.
CREATE TABLE phone_numbers_by_organization (
  sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
  phone_number    TEXT NOT NULL,
  organization    BLOB NOT NULL REFERENCES organizations (id),
  trunk_id        TEXT,
  inbound_version BLOB REFERENCES agent_versions (id),
  created_at      INTEGER NOT NULL,
  UNIQUE (organization, phone_number)
) STRICT;
INSERT INTO phone_numbers_by_organization (sequence, phone_number, organization, trunk_id, inbound_version, created_at)
SELECT sequence, phone_number, organization, trunk_id, inbound_version, created_at FROM phone_numbers ORDER BY sequence;
DROP TABLE phone_numbers;
ALTER TABLE phone_numbers_by_organization RENAME TO phone_numbers;
CREATE UNIQUE INDEX whole_phone_numbers ON phone_numbers (phone_number) WHERE phone_number GLOB '+*';
CREATE INDEX phone_numbers_of_organization ON phone_numbers (organization, sequence);
CREATE INDEX phone_numbers_of_version ON phone_numbers (inbound_version) WHERE inbound_version IS NOT NULL;
