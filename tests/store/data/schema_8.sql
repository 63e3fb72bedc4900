BEGIN TRANSACTION;
CREATE TABLE agent (
    id          INTEGER PRIMARY KEY,
    shop_id     INTEGER NOT NULL REFERENCES shop (id),
    key         TEXT NOT NULL,           -- folded name
    name        TEXT NOT NULL,           -- display name, shop prefix taken off
    account     TEXT,                    -- 客服账号 where it differs from the nickname
    team        TEXT,
    kind        TEXT NOT NULL DEFAULT 'person', -- person | robot | main | shared
    merged_into INTEGER REFERENCES agent (id), owner_kind TEXT,  -- always a person who is not merged himself
    UNIQUE (shop_id, key)
);
INSERT INTO "agent" VALUES(1,1,'小美','小美',NULL,NULL,'person',NULL,NULL);
INSERT INTO "agent" VALUES(2,1,'阿强','阿强',NULL,NULL,'person',NULL,NULL);
INSERT INTO "agent" VALUES(3,1,'小美子','小美子',NULL,NULL,'person',1,NULL);
INSERT INTO "agent" VALUES(4,1,'小梅','小梅',NULL,NULL,'person',NULL,NULL);
INSERT INTO "agent" VALUES(5,1,'晚班客服','晚班客服',NULL,NULL,'person',NULL,'shared');
INSERT INTO "agent" VALUES(6,2,'小美','小美',NULL,NULL,'person',NULL,NULL);
INSERT INTO "agent" VALUES(7,3,'阿强','阿强',NULL,NULL,'person',NULL,NULL);
CREATE TABLE agent_distinct (
    one   INTEGER NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;
INSERT INTO "agent_distinct" VALUES(1,4);
CREATE TABLE agent_team (
    agent_id  INTEGER NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    first_day INTEGER NOT NULL,
    last_day  INTEGER,                     -- NULL = until today
    team      TEXT NOT NULL,
    PRIMARY KEY (agent_id, first_day)
) WITHOUT ROWID;
INSERT INTO "agent_team" VALUES(2,20500,20502,'晚班');
INSERT INTO "agent_team" VALUES(2,20503,NULL,'早班');
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
, written_at INTEGER NOT NULL DEFAULT 0, corrects INTEGER);
INSERT INTO "batch" VALUES(1,'赤兔.xlsx','','hash of 赤兔.xlsx','chitu_layout|taobao|甲旗舰店||','chitu_layout','taobao','甲旗舰店',20500,20500,1772323200,2,2,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(2,'赤兔 新.xlsx','','hash of 赤兔 新.xlsx','chitu_layout|taobao|甲旗舰店||','chitu_layout','taobao','甲旗舰店',20500,20500,1772409600,1,0,1,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(3,'会话.xlsx','','hash of 会话.xlsx','sessions_layout|taobao|甲旗舰店||','sessions_layout','taobao','甲旗舰店',20500,20500,1772323200,2,2,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(4,'会话 又.xlsx','','hash of 会话 又.xlsx','sessions_layout|taobao|甲旗舰店||','sessions_layout','taobao','甲旗舰店',20500,20500,1772323200,1,0,0,1,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(5,'会话 改.xlsx','','hash of 会话 改.xlsx','sessions_layout|taobao|甲旗舰店||','sessions_layout','taobao','甲旗舰店',20500,20501,1772668800,2,1,1,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(6,'会话 撤.xlsx','','hash of 会话 撤.xlsx','sessions_layout|taobao|甲旗舰店||','sessions_layout','taobao','甲旗舰店',20500,20500,1772323200,1,1,0,0,0,0,0,'2026-11-22T15:16:49+00:00','2026-11-22T15:16:49+00:00',0,NULL);
INSERT INTO "batch" VALUES(7,'订单.xlsx','','hash of 订单.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',20501,20501,1772323200,1,1,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(8,'订单 又.xlsx','','hash of 订单 又.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',NULL,NULL,1772323200,1,0,0,1,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(9,'订单 新.xlsx','','hash of 订单 新.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',NULL,NULL,1772668800,1,0,1,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(10,'退款.xlsx','','hash of 退款.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',20503,20503,1772323200,1,1,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(11,'评价.xlsx','','hash of 评价.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',20504,20504,1772323200,1,1,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(12,'问卷.xlsx','','hash of 问卷.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',20502,20502,1772323200,2,2,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(13,'工单.xlsx','','hash of 工单.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',20501,20501,1772323200,1,1,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(14,'邀评.xlsx','','hash of 邀评.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',20501,20501,1772323200,1,1,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(15,'聊天.xlsx','','hash of 聊天.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',20500,20500,1772323200,2,2,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(16,'撤.xlsx','','hash of 撤.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',20505,20505,1772668800,1,0,1,0,0,0,0,'2026-11-22T15:16:49+00:00','2026-11-22T15:16:49+00:00',0,NULL);
INSERT INTO "batch" VALUES(17,'回访.xlsx','','hash of 回访.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',20502,20502,1772323200,1,1,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(18,'抽检.xlsx','','hash of 抽检.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',20503,20503,1772323200,1,1,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(19,'收回.xlsx','','hash of 收回.xlsx','records_layout|taobao|甲旗舰店||','records_layout','taobao','甲旗舰店',NULL,NULL,1772668800,1,0,1,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(20,'汇总.xlsx','','hash of 汇总.xlsx','chitu_layout|taobao|甲旗舰店||','chitu_layout','taobao','甲旗舰店',20502,20502,1772323200,1,1,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(21,'别名.xlsx','','hash of 别名.xlsx','chitu_layout|taobao|甲旗舰店||','chitu_layout','taobao','甲旗舰店',20503,20503,1772323200,3,3,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(22,'别的写法.xlsx','','hash of 别的写法.xlsx','chitu_layout|taobao|甲 旗舰||','chitu_layout','taobao','甲 旗舰',20503,20503,1772323200,1,1,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
INSERT INTO "batch" VALUES(23,'别的店.xlsx','','hash of 别的店.xlsx','chitu_layout|taobao|乙专卖店||','chitu_layout','taobao','乙专卖店',20503,20503,1772323200,1,1,0,0,0,0,0,'2026-11-22T15:16:49+00:00',NULL,0,NULL);
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
INSERT INTO "batch_shop" VALUES(7,1,1);
INSERT INTO "batch_shop" VALUES(8,1,1);
INSERT INTO "batch_shop" VALUES(9,1,1);
INSERT INTO "batch_shop" VALUES(10,1,1);
INSERT INTO "batch_shop" VALUES(11,1,1);
INSERT INTO "batch_shop" VALUES(12,1,1);
INSERT INTO "batch_shop" VALUES(13,1,1);
INSERT INTO "batch_shop" VALUES(14,1,1);
INSERT INTO "batch_shop" VALUES(15,1,1);
INSERT INTO "batch_shop" VALUES(17,1,1);
INSERT INTO "batch_shop" VALUES(18,1,1);
INSERT INTO "batch_shop" VALUES(19,1,1);
INSERT INTO "batch_shop" VALUES(20,1,1);
INSERT INTO "batch_shop" VALUES(21,1,1);
INSERT INTO "batch_shop" VALUES(22,1,1);
INSERT INTO "batch_shop" VALUES(23,3,1);
CREATE TABLE batch_spelling (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    shop_id  INTEGER NOT NULL REFERENCES shop (id), -- the spelling
    PRIMARY KEY (shop_id, batch_id)
) WITHOUT ROWID;
INSERT INTO "batch_spelling" VALUES(22,2);
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
CREATE TABLE import_finding (
    id          INTEGER PRIMARY KEY,
    batch_id    INTEGER NOT NULL REFERENCES batch (id),
    kind        TEXT NOT NULL,    -- sum_agrees | sum_differs | cell
    column_name TEXT NOT NULL,
    reason      TEXT NOT NULL,    -- Chinese
    cells       INTEGER NOT NULL, -- how many cells it is about
    example     TEXT NOT NULL     -- the first one: its address, and the cell masked
);
INSERT INTO "import_finding" VALUES(1,20,'sum_differs','接待人数','接待人数：“汇总”行写的是 7，各行相加是 5。',1,'B9');
INSERT INTO "import_finding" VALUES(2,20,'cell','评分','评分应是 1–5',2,'C3：9');
CREATE TABLE invitation (
    id             INTEGER PRIMARY KEY,
    shop_id        INTEGER NOT NULL,
    invite_key     TEXT NOT NULL,
    agent_id       INTEGER,
    invite_id      TEXT,
    buyer_key      BLOB,
    buyer_mask     TEXT,
    sent_at        INTEGER,
    kind           TEXT,
    rated_at       INTEGER,
    rating         INTEGER,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    versions       INTEGER NOT NULL DEFAULT 0,
    batch_id       INTEGER NOT NULL
);
INSERT INTO "invitation" VALUES(1,1,'~47b1f0b72db965fe70e35208',2,NULL,NULL,'a**b',1771329600,NULL,NULL,NULL,20501,13,0,14);
CREATE TABLE invitation_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
INSERT INTO "invitation_coverage" VALUES(14,1,2,20501,20501,13);
CREATE TABLE invitation_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE TABLE invitation_version (
    row_id   INTEGER NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    agent_id       INTEGER,
    invite_id      TEXT,
    buyer_key      BLOB,
    buyer_mask     TEXT,
    sent_at        INTEGER,
    kind           TEXT,
    rated_at       INTEGER,
    rating         INTEGER,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
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
INSERT INTO "measure" VALUES(1,1,20502,20502,'chitu','received',20,5.0,0,1);
INSERT INTO "measure" VALUES(1,1,20503,20503,'chitu','received',22,3.0,0,1);
INSERT INTO "measure" VALUES(1,3,20503,20503,'chitu','received',21,3.0,0,1);
INSERT INTO "measure" VALUES(1,4,20503,20503,'chitu','received',21,3.0,0,1);
INSERT INTO "measure" VALUES(1,5,20503,20503,'chitu','received',21,3.0,0,1);
INSERT INTO "measure" VALUES(3,7,20503,20503,'chitu','received',23,3.0,0,1);
CREATE TABLE message (
    id             INTEGER PRIMARY KEY,
    shop_id        INTEGER NOT NULL,
    message_key    TEXT NOT NULL,
    agent_id       INTEGER,
    buyer_key      BLOB,
    buyer_mask     TEXT,
    sent_at        INTEGER,
    from_buyer     INTEGER,
    text           TEXT,
    session_key    TEXT,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    versions       INTEGER NOT NULL DEFAULT 0,
    batch_id       INTEGER NOT NULL
);
INSERT INTO "message" VALUES(1,1,'~34e0396654e71322dae1edda',1,X'3132333435363738','买**家',1771243200,NULL,'在吗',NULL,20500,23,0,15);
INSERT INTO "message" VALUES(2,1,'~d6f3c6543749c321fb7d5184',1,X'3132333435363738','买**家',1771243200,NULL,'在吗',NULL,20500,23,0,15);
CREATE TABLE message_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
INSERT INTO "message_coverage" VALUES(15,1,1,20500,20500,23);
CREATE TABLE message_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE TABLE message_version (
    row_id   INTEGER NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    agent_id       INTEGER,
    buyer_key      BLOB,
    buyer_mask     TEXT,
    sent_at        INTEGER,
    from_buyer     INTEGER,
    text           TEXT,
    session_key    TEXT,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,              -- data_version: raised by each load and undo
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "meta" VALUES('buyer_key_mark','323f2cdb639a5ead');
INSERT INTO "meta" VALUES('data_version','34');
CREATE TABLE order_head (
    id             INTEGER PRIMARY KEY,
    shop_id        INTEGER NOT NULL,
    order_id       TEXT NOT NULL,
    agent_id       INTEGER,
    status         TEXT,
    created_at     INTEGER,
    paid_at        INTEGER,
    shipped_at     INTEGER,
    signed_at      INTEGER,
    payable_fen    INTEGER,
    paid_fen       INTEGER,
    refund_fen     INTEGER,
    closed_reason  TEXT,
    quantity       INTEGER,
    buyer_key      BLOB,
    buyer_mask     TEXT,
    province       TEXT,
    city           TEXT,
    seller_note    TEXT,
    channel        TEXT,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    versions       INTEGER NOT NULL DEFAULT 0,
    batch_id       INTEGER NOT NULL
);
INSERT INTO "order_head" VALUES(1,1,'o1',NULL,'已完成',1771243200,1771329600,NULL,NULL,NULL,1990,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,20501,142,1,9);
CREATE TABLE order_head_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
INSERT INTO "order_head_coverage" VALUES(9,1,0,1,0,2);
INSERT INTO "order_head_coverage" VALUES(7,1,0,20501,20501,142);
CREATE TABLE order_head_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE TABLE order_head_version (
    row_id   INTEGER NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    agent_id       INTEGER,
    status         TEXT,
    created_at     INTEGER,
    paid_at        INTEGER,
    shipped_at     INTEGER,
    signed_at      INTEGER,
    payable_fen    INTEGER,
    paid_fen       INTEGER,
    refund_fen     INTEGER,
    closed_reason  TEXT,
    quantity       INTEGER,
    buyer_key      BLOB,
    buyer_mask     TEXT,
    province       TEXT,
    city           TEXT,
    seller_note    TEXT,
    channel        TEXT,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
INSERT INTO "order_head_version" VALUES(1,7,NULL,'已付款',1771243200,1771329600,NULL,NULL,NULL,1990,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,20501,142);
INSERT INTO "order_head_version" VALUES(1,9,NULL,'已完成',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,2);
CREATE TABLE order_line (
    id             INTEGER PRIMARY KEY,
    shop_id        INTEGER NOT NULL,
    line_key       TEXT NOT NULL,
    order_id       TEXT,
    line_id        TEXT,
    product_id     TEXT,
    title          TEXT,
    sku            TEXT,
    quantity       INTEGER,
    price_fen      INTEGER,
    paid_fen       INTEGER,
    status         TEXT,
    refund_status  TEXT,
    refund_fen     INTEGER,
    is_gift        INTEGER,
    created_at     INTEGER,
    paid_at        INTEGER,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    versions       INTEGER NOT NULL DEFAULT 0,
    batch_id       INTEGER NOT NULL
);
INSERT INTO "order_line" VALUES(1,1,'o1/l1','o1','l1',NULL,'杯子',NULL,NULL,NULL,1990,NULL,NULL,NULL,NULL,NULL,NULL,NULL,139,0,7);
CREATE TABLE order_line_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
INSERT INTO "order_line_coverage" VALUES(7,1,0,1,0,139);
INSERT INTO "order_line_coverage" VALUES(8,1,0,1,0,139);
CREATE TABLE order_line_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
INSERT INTO "order_line_member" VALUES(8,1);
CREATE TABLE order_line_version (
    row_id   INTEGER NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    order_id       TEXT,
    line_id        TEXT,
    product_id     TEXT,
    title          TEXT,
    sku            TEXT,
    quantity       INTEGER,
    price_fen      INTEGER,
    paid_fen       INTEGER,
    status         TEXT,
    refund_status  TEXT,
    refund_fen     INTEGER,
    is_gift        INTEGER,
    created_at     INTEGER,
    paid_at        INTEGER,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
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
INSERT INTO "outlier_rule" VALUES('session','first_response','long',0,'',0,'cap',43200.0,'2026-11-22T15:16:49+00:00');
CREATE TABLE own_event (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    kind      TEXT NOT NULL,    -- promotion | holiday | other
    shop_id   INTEGER REFERENCES shop (id) ON DELETE SET NULL,
    platform  TEXT,             -- with shop_name: the shop it is about, so that it is found again when its imports were
    shop_name TEXT,             -- taken back and come anew; both NULL = every shop
    note      TEXT NOT NULL,
    made_at   TEXT NOT NULL,    -- ISO, UTC
    CHECK (first_day <= last_day)
);
INSERT INTO "own_event" VALUES(1,'店庆',20500,20502,'promotion',1,'taobao','甲旗舰店','满减','2026-11-22T15:16:49+00:00');
INSERT INTO "own_event" VALUES(2,'断网',20510,20510,'other',NULL,NULL,NULL,'','2026-11-22T15:16:49+00:00');
CREATE TABLE quality_check (
    id             INTEGER PRIMARY KEY,
    shop_id        INTEGER NOT NULL,
    check_key      TEXT NOT NULL,
    agent_id       INTEGER,
    check_id       TEXT,
    checked_at     INTEGER,
    session_key    TEXT,
    total          REAL,                -- 0..100
    items          TEXT,                -- JSON: [[name, points, full points], ...]
    remark         TEXT,                -- masked
    inspector      TEXT,
    withdrawn      INTEGER,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    versions       INTEGER NOT NULL DEFAULT 0,
    batch_id       INTEGER NOT NULL
);
INSERT INTO "quality_check" VALUES(1,1,'c1',1,'c1',1771502400,'a',87.5,'[["响应及时", 17.5, 20]]',NULL,'组长',NULL,20503,255,0,18);
CREATE TABLE quality_check_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
INSERT INTO "quality_check_coverage" VALUES(18,1,1,20503,20503,255);
CREATE TABLE quality_check_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE TABLE quality_check_version (
    row_id         INTEGER NOT NULL,
    batch_id       INTEGER NOT NULL REFERENCES batch (id),
    agent_id       INTEGER,
    check_id       TEXT,
    checked_at     INTEGER,
    session_key    TEXT,
    total          REAL,
    items          TEXT,
    remark         TEXT,
    inspector      TEXT,
    withdrawn      INTEGER,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE TABLE refund (
    id             INTEGER PRIMARY KEY,
    shop_id        INTEGER NOT NULL,
    refund_key     TEXT NOT NULL,
    refund_id      TEXT,
    order_id       TEXT,
    line_id        TEXT,
    product_id     TEXT,
    kind           TEXT,
    reason         TEXT,
    applied_at     INTEGER,
    finished_at    INTEGER,
    refund_fen     INTEGER,
    status         TEXT,
    stage          TEXT,
    partial        INTEGER,
    intervened     INTEGER,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    versions       INTEGER NOT NULL DEFAULT 0,
    batch_id       INTEGER NOT NULL
);
INSERT INTO "refund" VALUES(1,1,'r1','r1','o1',NULL,NULL,NULL,NULL,1771502400,NULL,NULL,NULL,NULL,NULL,NULL,20503,67,0,10);
CREATE TABLE refund_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
INSERT INTO "refund_coverage" VALUES(10,1,0,20503,20503,67);
CREATE TABLE refund_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE TABLE refund_version (
    row_id   INTEGER NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    refund_id      TEXT,
    order_id       TEXT,
    line_id        TEXT,
    product_id     TEXT,
    kind           TEXT,
    reason         TEXT,
    applied_at     INTEGER,
    finished_at    INTEGER,
    refund_fen     INTEGER,
    status         TEXT,
    stage          TEXT,
    partial        INTEGER,
    intervened     INTEGER,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE TABLE rejected_row (
    id          INTEGER PRIMARY KEY,
    batch_id    INTEGER NOT NULL REFERENCES batch (id),
    sheet       TEXT NOT NULL,
    row_number  INTEGER NOT NULL,          -- as the sheet shows it, 1 = the first
    column_name TEXT NOT NULL,             -- header of the cell at fault, '' = the row
    reason      TEXT NOT NULL,
    cells       TEXT NOT NULL              -- JSON object header -> text, in the order of the sheet
);
INSERT INTO "rejected_row" VALUES(1,7,'订单',9,'付款金额','不是金额','{"订单编号": "o9", "付款金额": "约二十"}');
CREATE TABLE review (
    id             INTEGER PRIMARY KEY,
    shop_id        INTEGER NOT NULL,
    review_key     TEXT NOT NULL,
    review_id      TEXT,
    order_id       TEXT,
    product_id     TEXT,
    title          TEXT,
    written_at     INTEGER,
    rating         INTEGER,
    grade          TEXT,
    text           TEXT,
    append_text    TEXT,
    reply_text     TEXT,
    replied_at     INTEGER,
    buyer_key      BLOB,
    buyer_mask     TEXT,
    is_default     INTEGER,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    versions       INTEGER NOT NULL DEFAULT 0,
    batch_id       INTEGER NOT NULL
);
INSERT INTO "review" VALUES(1,1,'~ef0af450cfa0f64ef10697ed',NULL,'o1',NULL,NULL,1771588800,5,NULL,'好',NULL,NULL,NULL,NULL,NULL,NULL,20504,178,0,11);
CREATE TABLE review_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
INSERT INTO "review_coverage" VALUES(11,1,0,20504,20504,178);
CREATE TABLE review_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE TABLE review_version (
    row_id   INTEGER NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    review_id      TEXT,
    order_id       TEXT,
    product_id     TEXT,
    title          TEXT,
    written_at     INTEGER,
    rating         INTEGER,
    grade          TEXT,
    text           TEXT,
    append_text    TEXT,
    reply_text     TEXT,
    replied_at     INTEGER,
    buyer_key      BLOB,
    buyer_mask     TEXT,
    is_default     INTEGER,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
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
    assumed  INTEGER NOT NULL DEFAULT 0, merged_into INTEGER REFERENCES shop (id), owner_name TEXT, -- 1: no file has named it yet
    UNIQUE (platform, key)
);
INSERT INTO "shop" VALUES(1,'taobao','甲旗舰店','甲旗舰店',0,NULL,NULL);
INSERT INTO "shop" VALUES(2,'taobao','甲 旗舰','甲旗舰',0,1,NULL);
INSERT INTO "shop" VALUES(3,'taobao','乙专卖店','乙专卖店',0,NULL,'乙店');
CREATE TABLE shop_distinct (
    one   INTEGER NOT NULL REFERENCES shop (id) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES shop (id) ON DELETE CASCADE,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;
INSERT INTO "shop_distinct" VALUES(1,3);
CREATE TABLE survey_answer (
    id             INTEGER PRIMARY KEY,
    shop_id        INTEGER NOT NULL,
    answer_key     TEXT NOT NULL,
    agent_id       INTEGER,
    answer_id      TEXT,
    answered_at    INTEGER,
    csat           INTEGER,
    nps            INTEGER,
    comment        TEXT,
    source         TEXT,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    versions       INTEGER NOT NULL DEFAULT 0,
    batch_id       INTEGER NOT NULL
, resolved INTEGER, buyer_key BLOB, buyer_mask TEXT, withdrawn INTEGER);
INSERT INTO "survey_answer" VALUES(1,1,'~45a0994b9d9ec02138ff0041',1,NULL,1771416000,4,9,NULL,NULL,20502,61,0,12,NULL,NULL,NULL,NULL);
INSERT INTO "survey_answer" VALUES(2,1,'~42dae3c8c14441f2114ea4ce',1,NULL,1771416000,4,NULL,NULL,NULL,20502,61,0,12,NULL,NULL,NULL,NULL);
INSERT INTO "survey_answer" VALUES(3,1,'a1',NULL,'a1',NULL,NULL,NULL,NULL,NULL,NULL,911,1,19,NULL,NULL,NULL,1);
CREATE TABLE survey_answer_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
INSERT INTO "survey_answer_coverage" VALUES(19,1,0,1,0,911);
INSERT INTO "survey_answer_coverage" VALUES(12,1,1,20502,20502,61);
INSERT INTO "survey_answer_coverage" VALUES(17,1,1,20502,20502,911);
CREATE TABLE survey_answer_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE TABLE survey_answer_version (
    row_id   INTEGER NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    agent_id       INTEGER,
    answer_id      TEXT,
    answered_at    INTEGER,
    csat           INTEGER,
    nps            INTEGER,
    comment        TEXT,
    source         TEXT,
    day            INTEGER,
    fields         INTEGER NOT NULL, resolved INTEGER, buyer_key BLOB, buyer_mask TEXT, withdrawn INTEGER,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
INSERT INTO "survey_answer_version" VALUES(3,17,1,'a1',1771416000,4,NULL,NULL,NULL,20502,911,1,X'3132333435363738','买**家',NULL);
INSERT INTO "survey_answer_version" VALUES(3,19,NULL,'a1',NULL,NULL,NULL,NULL,NULL,NULL,911,NULL,NULL,NULL,1);
CREATE TABLE ticket (
    id             INTEGER PRIMARY KEY,
    shop_id        INTEGER NOT NULL,
    ticket_id      TEXT NOT NULL,
    agent_id       INTEGER,
    opened_at      INTEGER,
    solved_at      INTEGER,
    category       TEXT,
    status         TEXT,
    is_complaint   INTEGER,
    order_id       TEXT,
    text           TEXT,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    versions       INTEGER NOT NULL DEFAULT 0,
    batch_id       INTEGER NOT NULL
);
INSERT INTO "ticket" VALUES(1,1,'t1',NULL,1771329600,NULL,NULL,NULL,NULL,NULL,NULL,20501,3,0,13);
CREATE TABLE ticket_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
INSERT INTO "ticket_coverage" VALUES(13,1,0,20501,20501,3);
CREATE TABLE ticket_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE TABLE ticket_version (
    row_id   INTEGER NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    agent_id       INTEGER,
    opened_at      INTEGER,
    solved_at      INTEGER,
    category       TEXT,
    status         TEXT,
    is_complaint   INTEGER,
    order_id       TEXT,
    text           TEXT,
    day            INTEGER,
    fields         INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX agent_by_merge ON agent (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX batch_by_hash ON batch (sha256);
CREATE INDEX batch_shop_by_batch ON batch_shop (batch_id);
CREATE INDEX measure_by_batch ON measure (batch_id);
CREATE INDEX benchmark_by_batch ON benchmark (batch_id);
CREATE INDEX session_coverage_by_batch ON session_coverage (batch_id);
CREATE INDEX session_member_by_batch ON session_member (batch_id);
CREATE INDEX session_version_by_batch ON session_version (batch_id);
CREATE INDEX order_head_member_by_batch ON order_head_member (batch_id);
CREATE INDEX order_head_version_by_batch ON order_head_version (batch_id);
CREATE INDEX order_head_coverage_by_batch ON order_head_coverage (batch_id);
CREATE INDEX order_line_member_by_batch ON order_line_member (batch_id);
CREATE INDEX order_line_version_by_batch ON order_line_version (batch_id);
CREATE INDEX order_line_coverage_by_batch ON order_line_coverage (batch_id);
CREATE INDEX refund_member_by_batch ON refund_member (batch_id);
CREATE INDEX refund_version_by_batch ON refund_version (batch_id);
CREATE INDEX refund_coverage_by_batch ON refund_coverage (batch_id);
CREATE INDEX review_member_by_batch ON review_member (batch_id);
CREATE INDEX review_version_by_batch ON review_version (batch_id);
CREATE INDEX review_coverage_by_batch ON review_coverage (batch_id);
CREATE INDEX survey_answer_member_by_batch ON survey_answer_member (batch_id);
CREATE INDEX survey_answer_version_by_batch ON survey_answer_version (batch_id);
CREATE INDEX survey_answer_coverage_by_batch ON survey_answer_coverage (batch_id);
CREATE INDEX ticket_member_by_batch ON ticket_member (batch_id);
CREATE INDEX ticket_version_by_batch ON ticket_version (batch_id);
CREATE INDEX ticket_coverage_by_batch ON ticket_coverage (batch_id);
CREATE INDEX invitation_member_by_batch ON invitation_member (batch_id);
CREATE INDEX invitation_version_by_batch ON invitation_version (batch_id);
CREATE INDEX invitation_coverage_by_batch ON invitation_coverage (batch_id);
CREATE INDEX message_member_by_batch ON message_member (batch_id);
CREATE INDEX message_version_by_batch ON message_version (batch_id);
CREATE INDEX message_coverage_by_batch ON message_coverage (batch_id);
CREATE INDEX rejected_row_by_batch ON rejected_row (batch_id);
CREATE INDEX batch_spelling_by_batch ON batch_spelling (batch_id);
CREATE INDEX shop_by_merge ON shop (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX quality_check_member_by_batch ON quality_check_member (batch_id);
CREATE INDEX quality_check_version_by_batch ON quality_check_version (batch_id);
CREATE INDEX quality_check_coverage_by_batch ON quality_check_coverage (batch_id);
CREATE INDEX import_finding_by_batch ON import_finding (batch_id);
CREATE INDEX own_event_by_shop ON own_event (shop_id);
CREATE UNIQUE INDEX session_by_key ON session (shop_id, session_key);
CREATE INDEX session_by_day ON session (shop_id, day);
CREATE UNIQUE INDEX order_head_by_key ON order_head (shop_id, order_id);
CREATE INDEX order_head_by_day ON order_head (shop_id, day);
CREATE UNIQUE INDEX order_line_by_key ON order_line (shop_id, line_key);
CREATE INDEX order_line_by_day ON order_line (shop_id, day);
CREATE INDEX order_line_by_order ON order_line (shop_id, order_id);
CREATE UNIQUE INDEX refund_by_key ON refund (shop_id, refund_key);
CREATE INDEX refund_by_day ON refund (shop_id, day);
CREATE INDEX refund_by_order ON refund (shop_id, order_id);
CREATE UNIQUE INDEX review_by_key ON review (shop_id, review_key);
CREATE INDEX review_by_day ON review (shop_id, day);
CREATE UNIQUE INDEX survey_answer_by_key ON survey_answer (shop_id, answer_key);
CREATE INDEX survey_answer_by_day ON survey_answer (shop_id, day);
CREATE UNIQUE INDEX ticket_by_key ON ticket (shop_id, ticket_id);
CREATE INDEX ticket_by_day ON ticket (shop_id, day);
CREATE UNIQUE INDEX invitation_by_key ON invitation (shop_id, invite_key);
CREATE INDEX invitation_by_day ON invitation (shop_id, day);
CREATE UNIQUE INDEX message_by_key ON message (shop_id, message_key);
CREATE INDEX message_by_day ON message (shop_id, day);
CREATE UNIQUE INDEX quality_check_by_key ON quality_check (shop_id, check_key);
CREATE INDEX quality_check_by_day ON quality_check (shop_id, day);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('batch',23);
COMMIT;
PRAGMA application_id = 1129530443;
PRAGMA user_version = 8;
