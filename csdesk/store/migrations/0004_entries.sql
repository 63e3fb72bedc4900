-- What is typed in by hand: more about an answer, and sampled conversations with their points (抽检).
-- `withdrawn` = 1: the latest word about the row is that it was a mistake; all its other columns are NULL then.
ALTER TABLE survey_answer ADD COLUMN resolved INTEGER;
ALTER TABLE survey_answer ADD COLUMN buyer_key BLOB;   -- keyed hash, NULL when the nick is masked
ALTER TABLE survey_answer ADD COLUMN buyer_mask TEXT;  -- display form
ALTER TABLE survey_answer ADD COLUMN withdrawn INTEGER;
ALTER TABLE survey_answer_version ADD COLUMN resolved INTEGER;
ALTER TABLE survey_answer_version ADD COLUMN buyer_key BLOB;
ALTER TABLE survey_answer_version ADD COLUMN buyer_mask TEXT;
ALTER TABLE survey_answer_version ADD COLUMN withdrawn INTEGER;

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
CREATE UNIQUE INDEX quality_check_by_key ON quality_check (shop_id, check_key);
CREATE INDEX quality_check_by_day ON quality_check (shop_id, day);
CREATE TABLE quality_check_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX quality_check_member_by_batch ON quality_check_member (batch_id);
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
CREATE INDEX quality_check_version_by_batch ON quality_check_version (batch_id);
CREATE TABLE quality_check_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
CREATE INDEX quality_check_coverage_by_batch ON quality_check_coverage (batch_id);
