-- Days are integers: days since 1970-01-01 of the shop's local calendar.
-- Instants are integers: seconds since 1970-01-01 00:00 of the shop's local clock (no zone).
-- Money is integer 分. Ids from platforms are text. Booleans are 0/1, NULL = not known.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE shop (
    id       INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    name     TEXT NOT NULL,
    key      TEXT NOT NULL,              -- folded name
    assumed  INTEGER NOT NULL DEFAULT 0, -- 1: no file has named it yet
    UNIQUE (platform, key)
);

CREATE TABLE agent (
    id          INTEGER PRIMARY KEY,
    shop_id     INTEGER NOT NULL REFERENCES shop (id),
    key         TEXT NOT NULL,           -- folded name
    name        TEXT NOT NULL,           -- display name, shop prefix taken off
    account     TEXT,                    -- 客服账号 where it differs from the nickname
    team        TEXT,
    kind        TEXT NOT NULL DEFAULT 'person', -- person | robot | main | shared
    merged_into INTEGER REFERENCES agent (id),
    UNIQUE (shop_id, key)
);

CREATE TABLE batch (
    id          INTEGER PRIMARY KEY,
    file_name   TEXT NOT NULL,
    member      TEXT,                    -- sheet or archive member, NULL = the whole file
    sha256      TEXT NOT NULL,
    claim       TEXT NOT NULL,           -- layout, platform, shop and period it was read as: same bytes + same claim = duplicate
    layout      TEXT NOT NULL,
    platform    TEXT,
    shop        TEXT,
    first_day   INTEGER,
    last_day    INTEGER,
    exported_at INTEGER NOT NULL,        -- file name, else newest time inside, else the file's mtime
    rows_read INTEGER NOT NULL DEFAULT 0, rows_inserted INTEGER NOT NULL DEFAULT 0,
    rows_updated INTEGER NOT NULL DEFAULT 0, rows_duplicate INTEGER NOT NULL DEFAULT 0,
    rows_rejected INTEGER NOT NULL DEFAULT 0, rows_summary INTEGER NOT NULL DEFAULT 0,
    is_demo     INTEGER NOT NULL DEFAULT 0,
    imported_at TEXT NOT NULL,           -- ISO, UTC
    undone_at   TEXT
);
CREATE INDEX batch_by_hash ON batch (sha256);

-- What reports said, as they said it: one row a number. Every version of every batch that is not undone is here;
-- `effective` marks the one that counts (final before 延迟统计, then the later export, then the larger hash).
CREATE TABLE measure (
    shop_id     INTEGER NOT NULL REFERENCES shop (id),
    agent_id    INTEGER NOT NULL,        -- 0 = the shop as a whole
    first_day   INTEGER NOT NULL,
    last_day    INTEGER NOT NULL,
    source      TEXT NOT NULL,           -- report family: chitu, sycm, feige, ...
    measure     TEXT NOT NULL,
    batch_id    INTEGER NOT NULL REFERENCES batch (id),
    value       REAL,                    -- count, seconds, fraction or 分; NULL with provisional = 延迟统计
    provisional INTEGER NOT NULL DEFAULT 0,
    effective   INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (shop_id, first_day, last_day, agent_id, source, measure, batch_id)
) WITHOUT ROWID;
CREATE INDEX measure_by_batch ON measure (batch_id);

CREATE TABLE benchmark (
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    source    TEXT NOT NULL,
    peer      TEXT NOT NULL,             -- peer_average | peer_top
    measure   TEXT NOT NULL,
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    value     REAL,
    effective INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (shop_id, first_day, last_day, source, peer, measure, batch_id)
) WITHOUT ROWID;
CREATE INDEX benchmark_by_batch ON benchmark (batch_id);

-- The days and agents a session file speaks for: sessions win over reports there.
CREATE TABLE session_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,          -- bit mask of the columns the file had
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
CREATE INDEX session_coverage_by_batch ON session_coverage (batch_id);

CREATE TABLE session (
    id              INTEGER PRIMARY KEY,
    shop_id         INTEGER NOT NULL,
    session_key     TEXT NOT NULL,
    agent_id        INTEGER NOT NULL,
    started_at      INTEGER NOT NULL,
    day             INTEGER NOT NULL,
    ended_at        INTEGER,
    first_response  REAL,                -- seconds
    avg_response    REAL,                -- seconds
    messages        INTEGER,
    buyer_messages  INTEGER,
    transferred     INTEGER,
    category        TEXT,
    resolved        INTEGER,
    invited         INTEGER,
    rated           INTEGER,
    rating          INTEGER,             -- 1..5
    comment         TEXT,                -- masked
    order_id        TEXT,
    paid_fen        INTEGER,
    channel         TEXT,
    buyer_key       BLOB,                -- keyed hash, NULL when the nick is masked
    buyer_mask      TEXT,                -- display form
    fields          INTEGER NOT NULL,    -- bit mask of the columns its file had
    batch_id        INTEGER NOT NULL REFERENCES batch (id)
);
