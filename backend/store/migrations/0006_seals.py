"""
What the database itself refuses once a period is closed, whoever asks.

The log is only ever added to, nothing counts into a period under which the line was drawn, and what a closed period has
kept is never changed.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

PERIOD = "'^[0-9]{4}-(0[1-9]|1[0-2])$'"

CHECKS = {
    "closed_period": {
        "closed_period_is_a_month": f"id ~ {PERIOD}",
        "closed_period_state": "state IN ('closing', 'closed')",
        "closed_period_is_whole": "state = 'closing' OR (closed_at IS NOT NULL AND snapshot IS NOT NULL "
        "AND outcome IS NOT NULL AND terms <> '' AND carryover <> '' AND posting <> '')",
    },
    "adjustment_line": {
        "adjustment_line_is_of_before": "of_period < period_id",
        "adjustment_line_changes_something": "posted_minor <> due_minor",
    },
    "volume_entry": {"volume_entry_origin_is_before": f"origin = '' OR (origin ~ {PERIOD} AND origin < period)"},
    "customer": {"customer_kind": "kind IN ('retail', 'preferred')"},
    "enrolment": {"enrolment_by_another": "enroller_id IS DISTINCT FROM member_id"},
    "product_price": {"product_price_is_positive": "pv_points >= 0 AND cv_points >= 0"},
    "bundle_part": {"bundle_part_is_some": "units > 0 AND part_id <> bundle_id"},
    "control_total": {"control_total_is_positive": "orders >= 0"},
}

APPEND_ONLY = ("sales_order", "ordered_product", "volume_entry", "closed_line", "adjustment_line", "close_difference")
"""Tables whose rows are written once; a correction is a further row."""

IN_A_PERIOD = ("closed_line", "adjustment_line", "close_difference")
"""Tables whose rows are written only while their period is being closed."""

FUNCTIONS = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION refuse_in_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM closed_period WHERE id = NEW.period) THEN
        RAISE EXCEPTION 'the period % is closed', NEW.period USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION refuse_after_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM closed_period WHERE id = NEW.period_id AND state = 'closing') THEN
        RAISE EXCEPTION 'the period % is not being closed', NEW.period_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION refuse_unsealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' OR TG_OP <> 'UPDATE' OR NEW.id <> OLD.id OR NEW.position <> OLD.position THEN
        RAISE EXCEPTION 'the period % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = {
    **{
        f"{table}_is_added_to": f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    },
    **{
        f"{table}_is_not_emptied": f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in (*APPEND_ONLY, "closed_period")
    },
    **{
        f"{table}_while_closing": f"BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_after_close()"
        for table in IN_A_PERIOD
    },
    "volume_entry_in_open_period": "BEFORE INSERT ON volume_entry FOR EACH ROW "
    "EXECUTE FUNCTION refuse_in_closed_period()",
    "closed_period_is_sealed": "BEFORE UPDATE OR DELETE ON closed_period FOR EACH ROW "
    "EXECUTE FUNCTION refuse_unsealing()",
}

ADDED = (
    "".join(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check});\n"
        for table, checks in CHECKS.items()
        for name, check in checks.items()
    )
    + FUNCTIONS
    + "".join(f"CREATE TRIGGER {name} {what};\n" for name, what in TRIGGERS.items())
)

DROPPED = (
    "".join(f"DROP TRIGGER {name} ON {what.split(' ON ')[1].split()[0]};\n" for name, what in TRIGGERS.items())
    + "".join(
        f"DROP FUNCTION {name}();\n"
        for name in ("refuse_change", "refuse_in_closed_period", "refuse_after_close", "refuse_unsealing")
    )
    + "".join(f"ALTER TABLE {table} DROP CONSTRAINT {name};\n" for table, checks in CHECKS.items() for name in checks)
)


class Migration(migrations.Migration):
    """Seals: triggers that hold for every role, the owner's included."""

    dependencies = [("models", "0005_intake")]

    operations = [ops.RunSQL(ADDED, reverse_sql=DROPPED)]
