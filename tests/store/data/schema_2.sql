BEGIN TRANSACTION;
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
INSERT INTO "agent" VALUES(1,1,'小美','小美',NULL,NULL,'person',NULL);
INSERT INTO "agent" VALUES(2,1,'阿强','阿强',NULL,NULL,'person',NULL);
CREATE TABLE answer (
    fingerprint TEXT NOT NULL,
    kind        TEXT NOT NULL,           -- shop | platform | ...
    value       TEXT NOT NULL,
    answered_at TEXT NOT NULL,
    PRIMARY KEY (fingerprint, kind)
) WITHOUT ROWID;
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
, written_at INTEGER NOT NULL DEFAULT 0);
INSERT INTO "batch" VALUES(1,'赤兔.xlsx','','hash of 赤兔.xlsx','chitu_layout|taobao|甲旗舰店||','chitu_layout','taobao','甲旗舰店',20500,20500,1772323200,2,2,0,0,0,0,0,'2026-11-22T09:51:33+00:00',NULL,0);
INSERT INTO "batch" VALUES(2,'赤兔 新.xlsx','','hash of 赤兔 新.xlsx','chitu_layout|taobao|甲旗舰店||','chitu_layout','taobao','甲旗舰店',20500,20500,1772409600,1,0,1,0,0,0,0,'2026-11-22T09:51:33+00:00',NULL,0);
INSERT INTO "batch" VALUES(3,'会话.xlsx','','hash of 会话.xlsx','sessions_layout|taobao|甲旗舰店||','sessions_layout','taobao','甲旗舰店',20500,20500,1772323200,2,2,0,0,0,0,0,'2026-11-22T09:51:33+00:00',NULL,0);
INSERT INTO "batch" VALUES(4,'会话 又.xlsx','','hash of 会话 又.xlsx','sessions_layout|taobao|甲旗舰店||','sessions_layout','taobao','甲旗舰店',20500,20500,1772323200,1,0,0,1,0,0,0,'2026-11-22T09:51:33+00:00',NULL,0);
INSERT INTO "batch" VALUES(5,'会话 改.xlsx','','hash of 会话 改.xlsx','sessions_layout|taobao|甲旗舰店||','sessions_layout','taobao','甲旗舰店',20500,20501,1772668800,2,1,1,0,0,0,0,'2026-11-22T09:51:33+00:00',NULL,0);
INSERT INTO "batch" VALUES(6,'会话 撤.xlsx','','hash of 会话 撤.xlsx','sessions_layout|taobao|甲旗舰店||','sessions_layout','taobao','甲旗舰店',20500,20500,1772323200,1,1,0,0,0,0,0,'2026-11-22T09:51:33+00:00','2026-11-22T09:51:33+00:00',0);
CREATE TABLE batch_shop (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    shop_id  INTEGER NOT NULL REFERENCES shop (id),
    named    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, batch_id)
) WITHOUT ROWID;
INSERT INTO "batch_shop" VALUES(1,1,1);
INSERT INTO "batch_shop" VALUES(2,1,1);
INSERT INTO "batch_shop" VALUES(3,1,1);
INSERT INTO "batch_shop" VALUES(4,1,1);
INSERT INTO "batch_shop" VALUES(5,1,1);
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
INSERT INTO "benchmark" VALUES(1,20500,20500,'chitu','peer_average','received',1,7.5,1);
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
INSERT INTO "measure" VALUES(1,0,20500,20500,'chitu','received',1,9.0,0,1);
INSERT INTO "measure" VALUES(1,1,20500,20500,'chitu','rated_5',1,NULL,1,0);
INSERT INTO "measure" VALUES(1,1,20500,20500,'chitu','rated_5',2,2.0,0,1);
INSERT INTO "measure" VALUES(1,1,20500,20500,'chitu','received',1,5.0,0,0);
INSERT INTO "measure" VALUES(1,1,20500,20500,'chitu','received',2,6.0,0,1);
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,              -- data_version: raised by each load and undo
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "meta" VALUES('buyer_key_mark','74c247ba5cacfaa2');
INSERT INTO "meta" VALUES('data_version','7');
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
INSERT INTO "session" VALUES(1,1,'a',1,1771243200,20500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,'很好',NULL,NULL,NULL,NULL,NULL,12291,1,5);
INSERT INTO "session" VALUES(2,1,'b',1,1771243200,20500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,12291,0,3);
INSERT INTO "session" VALUES(4,1,'c',2,1771329600,20501,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,3,NULL,NULL,NULL,NULL,NULL,NULL,4099,0,5);
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
INSERT INTO "session_category_day" VALUES(1,20500,1,'',2,0,0,2,1,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0.0,0,0,0.0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO "session_category_day" VALUES(1,20501,2,'',1,0,0,1,1,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0.0,0,0,0.0,0,0,0,0,0,0,0,0,0,0);
CREATE TABLE session_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL REFERENCES agent (id),
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,          -- bit mask of the columns the file had
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
INSERT INTO "session_coverage" VALUES(3,1,1,20500,20500,12291);
INSERT INTO "session_coverage" VALUES(4,1,1,20500,20500,12291);
INSERT INTO "session_coverage" VALUES(5,1,1,20500,20501,4099);
INSERT INTO "session_coverage" VALUES(5,1,2,20500,20501,4099);
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
INSERT INTO "session_day" VALUES(1,20500,1,2,0,0,2,1,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0.0,0,0,0.0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO "session_day" VALUES(1,20501,2,1,0,0,1,1,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0.0,0,0,0.0,0,0,0,0,0,0,0,0,0,0);
CREATE TABLE session_member (
    batch_id   INTEGER NOT NULL REFERENCES batch (id),
    session_id INTEGER NOT NULL,
    PRIMARY KEY (session_id, batch_id)
) WITHOUT ROWID;
INSERT INTO "session_member" VALUES(4,2);
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
INSERT INTO "session_version" VALUES(1,3,1,1771243200,20500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,5,'很好',NULL,NULL,NULL,NULL,NULL,12291);
INSERT INTO "session_version" VALUES(1,5,1,1771243200,20500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,4099);
CREATE TABLE shop (
    id       INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    name     TEXT NOT NULL,
    key      TEXT NOT NULL,              -- folded name
    assumed  INTEGER NOT NULL DEFAULT 0, -- 1: no file has named it yet
    UNIQUE (platform, key)
);
INSERT INTO "shop" VALUES(1,'taobao','甲旗舰店','甲旗舰店',0);
CREATE INDEX agent_by_merge ON agent (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX batch_by_hash ON batch (sha256);
CREATE INDEX batch_shop_by_batch ON batch_shop (batch_id);
CREATE INDEX measure_by_batch ON measure (batch_id);
CREATE INDEX benchmark_by_batch ON benchmark (batch_id);
CREATE INDEX session_coverage_by_batch ON session_coverage (batch_id);
CREATE INDEX session_member_by_batch ON session_member (batch_id);
CREATE INDEX session_version_by_batch ON session_version (batch_id);
CREATE UNIQUE INDEX session_by_key ON session (shop_id, session_key);
CREATE INDEX session_by_day ON session (shop_id, day);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('batch',6);
COMMIT;
PRAGMA application_id = 1129530443;
PRAGMA user_version = 2;
