-- When the file itself was last written: decides between two batches whose export times are equal.
ALTER TABLE batch ADD COLUMN written_at INTEGER NOT NULL DEFAULT 0; -- microseconds since 1970-01-01 00:00 of the shop's clock, 0 = not known
