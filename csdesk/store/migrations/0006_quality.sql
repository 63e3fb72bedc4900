-- What the owner decided about values far from the usual. Rows and roll-ups stay as they are: numbers are computed
-- with the rules, so taking a rule back gives exactly the numbers from before.
CREATE TABLE outlier_rule (
    kind    TEXT NOT NULL,    -- session | measure: the table the values are in
    field   TEXT NOT NULL,    -- its column, or the id of the measure
    fault   TEXT NOT NULL,    -- zero | long | far | future
    shop_id INTEGER NOT NULL, -- 0 = every shop
    source  TEXT NOT NULL,    -- report family, '' = every one
    whole   INTEGER NOT NULL, -- 1 = figures of the shop as a whole, 0 = of its agents
    action  TEXT NOT NULL,    -- keep (looked at, counts) | exclude | cap
    bound   REAL,             -- values above it are meant; for money of reports 分 a day
    set_at  TEXT NOT NULL,    -- ISO, UTC
    PRIMARY KEY (kind, field, fault, shop_id, source, whole)
) WITHOUT ROWID;

-- What an import found out about its own file: summary rows held against the rows, cells that could not be read.
CREATE TABLE import_finding (
    id          INTEGER PRIMARY KEY,
    batch_id    INTEGER NOT NULL REFERENCES batch (id),
    kind        TEXT NOT NULL,    -- sum_agrees | sum_differs | cell
    column_name TEXT NOT NULL,
    reason      TEXT NOT NULL,    -- Chinese
    cells       INTEGER NOT NULL, -- how many cells it is about
    example     TEXT NOT NULL     -- the first one: its address, and the cell masked
);
CREATE INDEX import_finding_by_batch ON import_finding (batch_id);
