-- Days are integers: days since 1970-01-01 of the shop's local calendar.
-- Instants are integers: seconds since 1970-01-01 00:00 of the shop's local clock (no zone).
-- Money is integer 分. Ids from platforms are text. Booleans are 0/1, NULL = not known.
-- The key of the buyer hashes is not in here: it lies beside this file (buyer.key).

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,              -- data_version: raised by each load and undo
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('data_version', '0');

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
    merged_into INTEGER REFERENCES agent (id),  -- always a person who is not merged himself
    UNIQUE (shop_id, key)
);
CREATE INDEX agent_by_merge ON agent (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE batch (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    file_name   TEXT NOT NULL,
    member      TEXT NOT NULL DEFAULT '', -- sheet or archive member, '' = the whole file
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

-- The shops a batch speaks of, and whether it named them: when the last batch that named a shop
-- is undone, the shop is nameless again.
CREATE TABLE batch_shop (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    shop_id  INTEGER NOT NULL REFERENCES shop (id),
    named    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX batch_shop_by_batch ON batch_shop (batch_id);

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
    effective   INTEGER NOT NULL DEFAULT 0,
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
    value     REAL NOT NULL,
    effective INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop_id, first_day, last_day, source, peer, measure, batch_id)
) WITHOUT ROWID;
CREATE INDEX benchmark_by_batch ON benchmark (batch_id);

-- The days and agents a session file speaks for: sessions win over reports there.
CREATE TABLE session_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL REFERENCES agent (id),
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,          -- bit mask of the columns the file had
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
CREATE INDEX session_coverage_by_batch ON session_coverage (batch_id);

-- One row a session as it stands now. While all batches that brought it agree (versions = 0), the row is
-- what batch_id said and session_member names the others. Once they disagree (versions = 1), every batch's
-- word is in session_version and the row is their fold: per column the latest export that has the column.
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
    fields          INTEGER NOT NULL,    -- bit mask of the columns its files had
    versions        INTEGER NOT NULL DEFAULT 0,
    batch_id        INTEGER NOT NULL
);
CREATE UNIQUE INDEX session_by_key ON session (shop_id, session_key);
CREATE INDEX session_by_day ON session (shop_id, day);

-- Other batches that said exactly the same of a session.
CREATE TABLE session_member (
    batch_id   INTEGER NOT NULL REFERENCES batch (id),
    session_id INTEGER NOT NULL,
    PRIMARY KEY (session_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX session_member_by_batch ON session_member (batch_id);

-- What each batch said of a session over which they disagree.
CREATE TABLE session_version (
    session_id      INTEGER NOT NULL,
    batch_id        INTEGER NOT NULL REFERENCES batch (id),
    agent_id        INTEGER NOT NULL,
    started_at      INTEGER NOT NULL,
    day             INTEGER NOT NULL,
    ended_at        INTEGER,
    first_response  REAL,
    avg_response    REAL,
    messages        INTEGER,
    buyer_messages  INTEGER,
    transferred     INTEGER,
    category        TEXT,
    resolved        INTEGER,
    invited         INTEGER,
    rated           INTEGER,
    rating          INTEGER,
    comment         TEXT,
    order_id        TEXT,
    paid_fen        INTEGER,
    channel         TEXT,
    buyer_key       BLOB,
    buyer_mask      TEXT,
    fields          INTEGER NOT NULL,
    PRIMARY KEY (session_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX session_version_by_batch ON session_version (batch_id);

-- Sums of `session` by shop, day, agent and category ('' = none), kept in the same transaction as the rows,
-- and the same over all categories. `known` counts rows where the thing is known at all.
CREATE TABLE session_category_day (
    shop_id               INTEGER NOT NULL,
    day                   INTEGER NOT NULL,
    agent_id              INTEGER NOT NULL,
    category              TEXT NOT NULL,
    n                     INTEGER NOT NULL,
    invited_known         INTEGER NOT NULL,
    invited               INTEGER NOT NULL,
    rated_known           INTEGER NOT NULL,
    rated                 INTEGER NOT NULL,
    invited_rated_known   INTEGER NOT NULL,
    invited_rated         INTEGER NOT NULL,
    rating_1              INTEGER NOT NULL,
    rating_2              INTEGER NOT NULL,
    rating_3              INTEGER NOT NULL,
    rating_4              INTEGER NOT NULL,
    rating_5              INTEGER NOT NULL,
    invited_rating_n      INTEGER NOT NULL,
    invited_rating_good   INTEGER NOT NULL,
    self_rating_n         INTEGER NOT NULL,
    self_rating_good      INTEGER NOT NULL,
    resolved_known        INTEGER NOT NULL,
    resolved              INTEGER NOT NULL,
    transferred_known     INTEGER NOT NULL,
    transferred           INTEGER NOT NULL,
    reply_known           INTEGER NOT NULL,
    unreplied             INTEGER NOT NULL,
    first_response_n      INTEGER NOT NULL,
    first_response_sum    REAL NOT NULL,
    first_response_180    INTEGER NOT NULL,
    avg_response_n        INTEGER NOT NULL,
    avg_response_sum      REAL NOT NULL,
    avg_response_180      INTEGER NOT NULL,
    messages_n            INTEGER NOT NULL,
    messages_sum          INTEGER NOT NULL,
    both_messages_n       INTEGER NOT NULL,
    both_messages_buyer   INTEGER NOT NULL,
    both_messages_agent   INTEGER NOT NULL,
    handle_n              INTEGER NOT NULL,
    handle_sum            INTEGER NOT NULL,
    paid_n                INTEGER NOT NULL,
    paid_fen              INTEGER NOT NULL,
    PRIMARY KEY (shop_id, day, agent_id, category)
) WITHOUT ROWID;

CREATE TABLE session_day (
    shop_id               INTEGER NOT NULL,
    day                   INTEGER NOT NULL,
    agent_id              INTEGER NOT NULL,
    n                     INTEGER NOT NULL,
    invited_known         INTEGER NOT NULL,
    invited               INTEGER NOT NULL,
    rated_known           INTEGER NOT NULL,
    rated                 INTEGER NOT NULL,
    invited_rated_known   INTEGER NOT NULL,
    invited_rated         INTEGER NOT NULL,
    rating_1              INTEGER NOT NULL,
    rating_2              INTEGER NOT NULL,
    rating_3              INTEGER NOT NULL,
    rating_4              INTEGER NOT NULL,
    rating_5              INTEGER NOT NULL,
    invited_rating_n      INTEGER NOT NULL,
    invited_rating_good   INTEGER NOT NULL,
    self_rating_n         INTEGER NOT NULL,
    self_rating_good      INTEGER NOT NULL,
    resolved_known        INTEGER NOT NULL,
    resolved              INTEGER NOT NULL,
    transferred_known     INTEGER NOT NULL,
    transferred           INTEGER NOT NULL,
    reply_known           INTEGER NOT NULL,
    unreplied             INTEGER NOT NULL,
    first_response_n      INTEGER NOT NULL,
    first_response_sum    REAL NOT NULL,
    first_response_180    INTEGER NOT NULL,
    avg_response_n        INTEGER NOT NULL,
    avg_response_sum      REAL NOT NULL,
    avg_response_180      INTEGER NOT NULL,
    messages_n            INTEGER NOT NULL,
    messages_sum          INTEGER NOT NULL,
    both_messages_n       INTEGER NOT NULL,
    both_messages_buyer   INTEGER NOT NULL,
    both_messages_agent   INTEGER NOT NULL,
    handle_n              INTEGER NOT NULL,
    handle_sum            INTEGER NOT NULL,
    paid_n                INTEGER NOT NULL,
    paid_fen              INTEGER NOT NULL,
    PRIMARY KEY (shop_id, day, agent_id)
) WITHOUT ROWID;

-- What the owner answered once about a kind of table: by fingerprint of its header.
CREATE TABLE answer (
    fingerprint TEXT NOT NULL,
    kind        TEXT NOT NULL,           -- shop | platform | ...
    value       TEXT NOT NULL,
    answered_at TEXT NOT NULL,
    PRIMARY KEY (fingerprint, kind)
) WITHOUT ROWID;
