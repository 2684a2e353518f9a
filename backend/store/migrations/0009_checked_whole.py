"""
Rows of the log are checked by statement, not one by one: what they refer to is there, and their period is open.

A row's own trigger and foreign keys cost four times what the row itself does, most of it for locks on rows that nobody
may delete. Orders cannot be deleted (0006), and members no longer can here, so looking once per statement is as strict.
What refers to nothing is refused as a foreign key would refuse it.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

KEYS = {
    ("sales_order", "member_id"): "member",
    ("sales_order", "returns_id"): "sales_order",
    ("ordered_product", "order_id"): "sales_order",
    ("volume_entry", "order_id"): "sales_order",
    ("volume_entry", "member_id"): "member",
}
"""Columns whose foreign key is held by statement, and what they refer to."""

FUNCTIONS = """
CREATE FUNCTION check_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh
        WHERE (SELECT id FROM member WHERE id = fresh.member_id) IS NULL
           OR (returns_id IS NOT NULL AND (SELECT id FROM sales_order AS of WHERE of.id = fresh.returns_id) IS NULL)
    ) THEN
        RAISE EXCEPTION 'an order is without its member, or without what it returns'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION check_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh WHERE (SELECT id FROM sales_order AS of WHERE of.id = fresh.order_id) IS NULL) THEN
        RAISE EXCEPTION 'a product is without its order' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed text := (SELECT min(period) FROM fresh WHERE period IN (SELECT id FROM closed_period));
BEGIN
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION 'the period % is closed', closed USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (
        SELECT FROM fresh
        WHERE member_id IS DISTINCT FROM (SELECT member_id FROM sales_order AS of WHERE of.id = fresh.order_id)
    ) THEN
        RAISE EXCEPTION 'an entry of volume is without its order, or not of its member'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
"""

CHECKED = {"sales_order": "check_orders", "ordered_product": "check_products", "volume_entry": "check_entries"}

CHANGED = (
    "DROP TRIGGER volume_entry_in_open_period ON volume_entry;\nDROP FUNCTION refuse_in_closed_period();\n"
    + FUNCTIONS
    + "".join(
        f"CREATE TRIGGER {table}_is_checked AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}();\n"
        for table, function in CHECKED.items()
    )
    + "CREATE TRIGGER member_is_kept BEFORE DELETE OR UPDATE OF id ON member FOR EACH ROW "
    "EXECUTE FUNCTION refuse_change();\n"
    "CREATE TRIGGER member_is_not_emptied BEFORE TRUNCATE ON member FOR EACH STATEMENT "
    "EXECUTE FUNCTION refuse_change();\n"
    + "".join(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_fkey;\n" for table, column in KEYS)
)

BEFORE = (
    "".join(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_fkey FOREIGN KEY ({column}) REFERENCES {of} (id) "
        "ON DELETE RESTRICT;\n"
        for (table, column), of in KEYS.items()
    )
    + "DROP TRIGGER member_is_not_emptied ON member;\nDROP TRIGGER member_is_kept ON member;\n"
    + "".join(
        f"DROP TRIGGER {table}_is_checked ON {table};\nDROP FUNCTION {one}();\n" for table, one in CHECKED.items()
    )
    + """
CREATE FUNCTION refuse_in_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM closed_period WHERE id = NEW.period) THEN
        RAISE EXCEPTION 'the period % is closed', NEW.period USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER volume_entry_in_open_period BEFORE INSERT ON volume_entry FOR EACH ROW
EXECUTE FUNCTION refuse_in_closed_period();
"""
)


class Migration(migrations.Migration):
    """Statements of the log checked whole."""

    dependencies = [("models", "0008_intake_road")]

    operations = [ops.RunSQL(CHANGED, reverse_sql=BEFORE)]
