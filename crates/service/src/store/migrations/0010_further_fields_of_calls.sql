-- What few calls bring beside their numbers, their trunk and their time: JSON; null for a call that brings none of it.
ALTER TABLE calls ADD COLUMN further TEXT;
