-- The batch whose rejected rows this one holds, corrected by the owner; NULL for all others.
ALTER TABLE batch ADD COLUMN corrects INTEGER;
