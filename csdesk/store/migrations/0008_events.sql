-- Days the owner says are not ordinary: a promotion of the shop's own, days off, an incident. They change no row.
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
CREATE INDEX own_event_by_shop ON own_event (shop_id);
