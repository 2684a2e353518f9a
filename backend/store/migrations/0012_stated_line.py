"""
How far the company's statements were read when a line was drawn under a period: what is stated later corrects it.
"""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

LINES = """
ALTER TABLE closed_period DISABLE TRIGGER closed_period_is_sealed;
UPDATE closed_period SET stated_position = (SELECT coalesce(max(id), 0) FROM stated_fact);
ALTER TABLE closed_period ENABLE TRIGGER closed_period_is_sealed;
"""
"""A period that was closed before is taken to know all that was stated."""


class Migration(migrations.Migration):
    """Beside the lines in the logs of entries and of the network."""

    dependencies = [("models", "0011_withdrawn_events")]

    operations = [
        ops.AddField(model_name="ClosedPeriod", name="stated_position", field=fields.BigIntField(null=True)),
        ops.RunSQL(LINES, reverse_sql="SELECT"),
        ops.AlterField(model_name="ClosedPeriod", name="stated_position", field=fields.BigIntField()),
    ]
