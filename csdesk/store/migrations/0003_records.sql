-- Rows of more kinds. Every kind has the same four tables as `session`, whose comments hold for them too:
-- <kind>: one row as it stands now, found again by its text key inside a shop;
-- <kind>_member: other batches that said exactly the same; <kind>_version: every batch's word where they disagree;
-- <kind>_coverage: the days and agents a file speaks for (agent 0 = rows of nobody; 1..0 = rows without a day).
-- `fields` is a bit mask of the columns the files had, in the order of the columns here (without day;
-- agent_id is one of them, buyer_key goes with buyer_mask). agent_id and day are NULL where not known.

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
CREATE UNIQUE INDEX order_head_by_key ON order_head (shop_id, order_id);
CREATE INDEX order_head_by_day ON order_head (shop_id, day);
CREATE TABLE order_head_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX order_head_member_by_batch ON order_head_member (batch_id);
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
CREATE INDEX order_head_version_by_batch ON order_head_version (batch_id);
CREATE TABLE order_head_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
CREATE INDEX order_head_coverage_by_batch ON order_head_coverage (batch_id);

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
CREATE UNIQUE INDEX order_line_by_key ON order_line (shop_id, line_key);
CREATE INDEX order_line_by_day ON order_line (shop_id, day);
CREATE INDEX order_line_by_order ON order_line (shop_id, order_id);
CREATE TABLE order_line_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX order_line_member_by_batch ON order_line_member (batch_id);
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
CREATE INDEX order_line_version_by_batch ON order_line_version (batch_id);
CREATE TABLE order_line_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
CREATE INDEX order_line_coverage_by_batch ON order_line_coverage (batch_id);

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
CREATE UNIQUE INDEX refund_by_key ON refund (shop_id, refund_key);
CREATE INDEX refund_by_day ON refund (shop_id, day);
CREATE INDEX refund_by_order ON refund (shop_id, order_id);
CREATE TABLE refund_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX refund_member_by_batch ON refund_member (batch_id);
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
CREATE INDEX refund_version_by_batch ON refund_version (batch_id);
CREATE TABLE refund_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
CREATE INDEX refund_coverage_by_batch ON refund_coverage (batch_id);

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
CREATE UNIQUE INDEX review_by_key ON review (shop_id, review_key);
CREATE INDEX review_by_day ON review (shop_id, day);
CREATE TABLE review_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX review_member_by_batch ON review_member (batch_id);
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
CREATE INDEX review_version_by_batch ON review_version (batch_id);
CREATE TABLE review_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
CREATE INDEX review_coverage_by_batch ON review_coverage (batch_id);

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
);
CREATE UNIQUE INDEX survey_answer_by_key ON survey_answer (shop_id, answer_key);
CREATE INDEX survey_answer_by_day ON survey_answer (shop_id, day);
CREATE TABLE survey_answer_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX survey_answer_member_by_batch ON survey_answer_member (batch_id);
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
    fields         INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX survey_answer_version_by_batch ON survey_answer_version (batch_id);
CREATE TABLE survey_answer_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
CREATE INDEX survey_answer_coverage_by_batch ON survey_answer_coverage (batch_id);

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
CREATE UNIQUE INDEX ticket_by_key ON ticket (shop_id, ticket_id);
CREATE INDEX ticket_by_day ON ticket (shop_id, day);
CREATE TABLE ticket_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX ticket_member_by_batch ON ticket_member (batch_id);
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
CREATE INDEX ticket_version_by_batch ON ticket_version (batch_id);
CREATE TABLE ticket_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
CREATE INDEX ticket_coverage_by_batch ON ticket_coverage (batch_id);

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
CREATE UNIQUE INDEX invitation_by_key ON invitation (shop_id, invite_key);
CREATE INDEX invitation_by_day ON invitation (shop_id, day);
CREATE TABLE invitation_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX invitation_member_by_batch ON invitation_member (batch_id);
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
CREATE INDEX invitation_version_by_batch ON invitation_version (batch_id);
CREATE TABLE invitation_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
CREATE INDEX invitation_coverage_by_batch ON invitation_coverage (batch_id);

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
CREATE UNIQUE INDEX message_by_key ON message (shop_id, message_key);
CREATE INDEX message_by_day ON message (shop_id, day);
CREATE TABLE message_member (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    row_id   INTEGER NOT NULL,
    PRIMARY KEY (row_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX message_member_by_batch ON message_member (batch_id);
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
CREATE INDEX message_version_by_batch ON message_version (batch_id);
CREATE TABLE message_coverage (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    shop_id   INTEGER NOT NULL REFERENCES shop (id),
    agent_id  INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    fields    INTEGER NOT NULL,
    PRIMARY KEY (shop_id, agent_id, first_day, last_day, batch_id)
) WITHOUT ROWID;
CREATE INDEX message_coverage_by_batch ON message_coverage (batch_id);

-- Rows that were not imported, so that they can be corrected: cells masked, personal columns left out.
CREATE TABLE rejected_row (
    id          INTEGER PRIMARY KEY,
    batch_id    INTEGER NOT NULL REFERENCES batch (id),
    sheet       TEXT NOT NULL,
    row_number  INTEGER NOT NULL,          -- as the sheet shows it, 1 = the first
    column_name TEXT NOT NULL,             -- header of the cell at fault, '' = the row
    reason      TEXT NOT NULL,
    cells       TEXT NOT NULL              -- JSON object header -> text, in the order of the sheet
);
CREATE INDEX rejected_row_by_batch ON rejected_row (batch_id);

-- What the owner says of an agent wins over what files say. NULL = nothing said.
ALTER TABLE agent ADD COLUMN owner_kind TEXT; -- person | robot | main | shared

-- Groups an agent worked in, as the owner says (售前/售后, 早/晚班); spans of one agent do not overlap.
CREATE TABLE agent_team (
    agent_id  INTEGER NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    first_day INTEGER NOT NULL,
    last_day  INTEGER,                     -- NULL = until today
    team      TEXT NOT NULL,
    PRIMARY KEY (agent_id, first_day)
) WITHOUT ROWID;

-- Pairs of agents the owner said are two people, so that they are not suggested again; one < other.
CREATE TABLE agent_distinct (
    one   INTEGER NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;

-- Another spelling of a shop: its facts are kept under that shop, which is not merged itself.
ALTER TABLE shop ADD COLUMN merged_into INTEGER REFERENCES shop (id);

-- Files that named a shop by another spelling: their facts are kept under the shop it is merged into.
CREATE TABLE batch_spelling (
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    shop_id  INTEGER NOT NULL REFERENCES shop (id), -- the spelling
    PRIMARY KEY (shop_id, batch_id)
) WITHOUT ROWID;
CREATE INDEX batch_spelling_by_batch ON batch_spelling (batch_id);
CREATE INDEX shop_by_merge ON shop (merged_into) WHERE merged_into IS NOT NULL;
