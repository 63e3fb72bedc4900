-- What the owner calls a shop; files go on naming it as `name` says. NULL = nothing said.
ALTER TABLE shop ADD COLUMN owner_name TEXT;

-- Pairs of shops the owner said are two shops, so that they are not suggested again; one < other.
CREATE TABLE shop_distinct (
    one   INTEGER NOT NULL REFERENCES shop (id) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES shop (id) ON DELETE CASCADE,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;
