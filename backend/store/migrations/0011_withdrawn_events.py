"""
What was held and is withdrawn: kept with who did it, when and why, and only ever added to.
"""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SEALED = """
CREATE TRIGGER withdrawn_event_is_added_to BEFORE UPDATE OR DELETE ON withdrawn_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER withdrawn_event_is_not_emptied BEFORE TRUNCATE ON withdrawn_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE withdrawn_event ADD CONSTRAINT withdrawn_event_says_why CHECK (why <> '' AND withdrawn_by <> '');
"""

UNSEALED = """
ALTER TABLE withdrawn_event DROP CONSTRAINT withdrawn_event_says_why;
DROP TRIGGER withdrawn_event_is_not_emptied ON withdrawn_event;
DROP TRIGGER withdrawn_event_is_added_to ON withdrawn_event;
"""


class Migration(migrations.Migration):
    """A log of its own, so that the table of what waits holds nothing else."""

    dependencies = [("models", "0010_jobs")]

    operations = [
        ops.CreateModel(
            name="WithdrawnEvent",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(db_index=True, max_length=96)),
                ("kind", fields.CharField(max_length=16)),
                ("source", fields.CharField(max_length=64)),
                ("body_digest", fields.CharField(max_length=64)),
                ("body", fields.TextField(unique=False)),
                ("held_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("lacks", fields.TextField(unique=False)),
                ("refused_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("findings", fields.TextField(null=True, unique=False)),
                ("withdrawn_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("withdrawn_by", fields.CharField(max_length=200)),
                ("why", fields.TextField(unique=False)),
            ],
            options={"table": "withdrawn_event", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunSQL(SEALED, reverse_sql=UNSEALED),
    ]
