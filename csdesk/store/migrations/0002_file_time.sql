-- When the file itself was last written: decides between two batches whose export times are equal.
ALTER TABLE batch ADD COLUMN written_at INTEGER NOT NULL DEFAULT 0; -- epoch seconds of the shop's clock, 0 = not known
