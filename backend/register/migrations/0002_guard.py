"""The database itself keeps the register: entries only follow one another, and nothing is changed, removed or emptied."""

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

CREATE TRIGGER entry_kept BEFORE UPDATE OR DELETE ON register_entry FOR EACH ROW EXECUTE FUNCTION register_refuse();
CREATE TRIGGER entry_not_emptied BEFORE TRUNCATE ON register_entry FOR EACH STATEMENT EXECUTE FUNCTION register_refuse();
CREATE TRIGGER entry_follows BEFORE INSERT ON register_entry FOR EACH ROW EXECUTE FUNCTION register_entry_follows();
CREATE TRIGGER chain_advances BEFORE UPDATE ON register_chain FOR EACH ROW EXECUTE FUNCTION register_chain_advances();
CREATE TRIGGER chain_kept BEFORE DELETE ON register_chain FOR EACH ROW EXECUTE FUNCTION register_refuse();
CREATE TRIGGER chain_not_emptied BEFORE TRUNCATE ON register_chain FOR EACH STATEMENT EXECUTE FUNCTION register_refuse();

ALTER TABLE register_entry ENABLE ALWAYS TRIGGER entry_kept;
ALTER TABLE register_entry ENABLE ALWAYS TRIGGER entry_not_emptied;
ALTER TABLE register_entry ENABLE ALWAYS TRIGGER entry_follows;
ALTER TABLE register_chain ENABLE ALWAYS TRIGGER chain_advances;
ALTER TABLE register_chain ENABLE ALWAYS TRIGGER chain_kept;
ALTER TABLE register_chain ENABLE ALWAYS TRIGGER chain_not_emptied;
"""

UNGUARD = """
DROP TRIGGER entry_kept ON register_entry;
DROP TRIGGER entry_not_emptied ON register_entry;
DROP TRIGGER entry_follows ON register_entry;
DROP TRIGGER chain_advances ON register_chain;
DROP TRIGGER chain_kept ON register_chain;
DROP TRIGGER chain_not_emptied ON register_chain;
DROP FUNCTION register_refuse();
DROP FUNCTION register_entry_follows();
DROP FUNCTION register_chain_advances();
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
