"""The database itself keeps the register: entries and seals only follow one another, and nothing is changed, removed or emptied."""

from django.db import migrations

GUARD = """
CREATE FUNCTION register_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register is append-only: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION register_entry_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE tip register_chain;
BEGIN
    SELECT * INTO tip FROM register_chain WHERE id = NEW.chain_id FOR UPDATE;
    IF NEW.seq IS DISTINCT FROM tip.seq + 1 OR NEW.previous IS DISTINCT FROM tip.head THEN
        RAISE EXCEPTION 'entry % does not follow the head of its chain', NEW.seq USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION register_chain_advances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.opened_at <> OLD.opened_at OR NEW.seq <> OLD.seq + 1
        OR NOT EXISTS (SELECT FROM register_entry WHERE chain_id = NEW.id AND seq = NEW.seq AND hash = NEW.head) THEN
        RAISE EXCEPTION 'a chain only advances, by one entry' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION register_sealed_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.position <> COALESCE((SELECT max(position) + 1 FROM register_sealed), 0)
        OR NOT EXISTS (SELECT FROM register_entry WHERE chain_id = NEW.chain_id AND seq = NEW.seq AND hash = NEW.head) THEN
        RAISE EXCEPTION 'head % does not follow the last that was sealed, or no chain ever had it', NEW.position
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION register_seal_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE tip register_seal;
BEGIN
    SELECT * INTO tip FROM register_seal ORDER BY number DESC LIMIT 1;
    IF NEW.number <> COALESCE(tip.number, 0) + 1 OR (tip.number IS NOT NULL AND NEW.previous <> tip.hash)
        OR NEW.size <> COALESCE((SELECT max(position) + 1 FROM register_sealed), 0) THEN
        RAISE EXCEPTION 'seal % does not follow the last one', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER entry_kept BEFORE UPDATE OR DELETE ON register_entry FOR EACH ROW EXECUTE FUNCTION register_refuse();
CREATE TRIGGER entry_not_emptied BEFORE TRUNCATE ON register_entry FOR EACH STATEMENT EXECUTE FUNCTION register_refuse();
CREATE TRIGGER entry_follows BEFORE INSERT ON register_entry FOR EACH ROW EXECUTE FUNCTION register_entry_follows();
CREATE TRIGGER chain_advances BEFORE UPDATE ON register_chain FOR EACH ROW EXECUTE FUNCTION register_chain_advances();
CREATE TRIGGER chain_kept BEFORE DELETE ON register_chain FOR EACH ROW EXECUTE FUNCTION register_refuse();
CREATE TRIGGER chain_not_emptied BEFORE TRUNCATE ON register_chain FOR EACH STATEMENT EXECUTE FUNCTION register_refuse();
CREATE TRIGGER sealed_kept BEFORE UPDATE OR DELETE ON register_sealed FOR EACH ROW EXECUTE FUNCTION register_refuse();
CREATE TRIGGER sealed_not_emptied BEFORE TRUNCATE ON register_sealed FOR EACH STATEMENT EXECUTE FUNCTION register_refuse();
CREATE TRIGGER sealed_follows BEFORE INSERT ON register_sealed FOR EACH ROW EXECUTE FUNCTION register_sealed_follows();
CREATE TRIGGER seal_kept BEFORE UPDATE OR DELETE ON register_seal FOR EACH ROW EXECUTE FUNCTION register_refuse();
CREATE TRIGGER seal_not_emptied BEFORE TRUNCATE ON register_seal FOR EACH STATEMENT EXECUTE FUNCTION register_refuse();
CREATE TRIGGER seal_follows BEFORE INSERT ON register_seal FOR EACH ROW EXECUTE FUNCTION register_seal_follows();

ALTER TABLE register_entry ENABLE ALWAYS TRIGGER entry_kept;
ALTER TABLE register_entry ENABLE ALWAYS TRIGGER entry_not_emptied;
ALTER TABLE register_entry ENABLE ALWAYS TRIGGER entry_follows;
ALTER TABLE register_chain ENABLE ALWAYS TRIGGER chain_advances;
ALTER TABLE register_chain ENABLE ALWAYS TRIGGER chain_kept;
ALTER TABLE register_chain ENABLE ALWAYS TRIGGER chain_not_emptied;
ALTER TABLE register_sealed ENABLE ALWAYS TRIGGER sealed_kept;
ALTER TABLE register_sealed ENABLE ALWAYS TRIGGER sealed_not_emptied;
ALTER TABLE register_sealed ENABLE ALWAYS TRIGGER sealed_follows;
ALTER TABLE register_seal ENABLE ALWAYS TRIGGER seal_kept;
ALTER TABLE register_seal ENABLE ALWAYS TRIGGER seal_not_emptied;
ALTER TABLE register_seal ENABLE ALWAYS TRIGGER seal_follows;
"""

UNGUARD = """
DROP TRIGGER entry_kept ON register_entry;
DROP TRIGGER entry_not_emptied ON register_entry;
DROP TRIGGER entry_follows ON register_entry;
DROP TRIGGER chain_advances ON register_chain;
DROP TRIGGER chain_kept ON register_chain;
DROP TRIGGER chain_not_emptied ON register_chain;
DROP TRIGGER sealed_kept ON register_sealed;
DROP TRIGGER sealed_not_emptied ON register_sealed;
DROP TRIGGER sealed_follows ON register_sealed;
DROP TRIGGER seal_kept ON register_seal;
DROP TRIGGER seal_not_emptied ON register_seal;
DROP TRIGGER seal_follows ON register_seal;
DROP FUNCTION register_refuse();
DROP FUNCTION register_entry_follows();
DROP FUNCTION register_chain_advances();
DROP FUNCTION register_sealed_follows();
DROP FUNCTION register_seal_follows();
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
