"""Closed periods: what went in, what came out, what corrections brought, and what was projected last."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Periods with their lines and adjustments; entries that correct an earlier period."""

    dependencies = [("models", "0003_facts_and_products")]

    operations = [
        ops.CreateModel(
            name="ClosedPeriod",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=7)),
                ("state", fields.CharField(max_length=8)),
                ("position", fields.BigIntField()),
                ("closing_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("plan_digest", fields.CharField(default="", max_length=64)),
                ("terms", fields.TextField(default="", unique=False)),
                ("snapshot", fields.BinaryField(null=True)),
                ("snapshot_digest", fields.CharField(default="", max_length=64)),
                ("outcome", fields.BinaryField(null=True)),
                ("outcome_digest", fields.CharField(default="", max_length=64)),
                ("carryover", fields.TextField(default="", unique=False)),
                ("posting", fields.TextField(default="", unique=False)),
            ],
            options={"table": "closed_period", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AdjustmentLine",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "period",
                    fields.ForeignKeyField(
                        "models.ClosedPeriod",
                        source_field="period_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="adjustments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("of_period", fields.CharField(max_length=7)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="adjustments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("bonus", fields.CharField(max_length=64)),
                ("leg", fields.CharField(max_length=64)),
                ("source", fields.CharField(max_length=64)),
                ("generation", fields.IntField()),
                ("product", fields.CharField(max_length=64)),
                ("currency", fields.CharField(max_length=3)),
                ("posted_minor", fields.BigIntField()),
                ("due_minor", fields.BigIntField()),
            ],
            options={"table": "adjustment_line", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CloseDifference",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "period",
                    fields.ForeignKeyField(
                        "models.ClosedPeriod",
                        source_field="period_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="differences",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="close_differences",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("document", fields.TextField(unique=False)),
            ],
            options={
                "table": "close_difference",
                "app": "models",
                "unique_together": (("period", "member"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ClosedLine",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "period",
                    fields.ForeignKeyField(
                        "models.ClosedPeriod",
                        source_field="period_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="closed_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("bonus", fields.CharField(max_length=64)),
                ("leg", fields.CharField(max_length=64)),
                ("source", fields.CharField(max_length=64)),
                ("generation", fields.IntField()),
                ("product", fields.CharField(max_length=64)),
                ("entry", fields.CharField(max_length=24)),
                ("state", fields.CharField(max_length=24)),
                ("base_cv", fields.BigIntField()),
                ("rate_bp", fields.BigIntField()),
                ("less_bp", fields.BigIntField()),
                ("part", fields.BigIntField()),
                ("whole", fields.BigIntField()),
                ("currency", fields.CharField(max_length=3)),
                ("amount_minor", fields.BigIntField()),
            ],
            options={"table": "closed_line", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LastProjection",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("period", fields.CharField(db_index=True, max_length=7)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="projections",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.BigIntField()),
                ("document", fields.TextField(unique=False)),
            ],
            options={
                "table": "last_projection",
                "app": "models",
                "unique_together": (("period", "member"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="CompanyStanding",
            name="position",
            field=fields.BigIntField(null=True),
        ),
        ops.RunSQL("UPDATE company_standing SET position = 0;", reverse_sql=""),
        ops.AlterField(
            model_name="CompanyStanding",
            name="position",
            field=fields.BigIntField(default=0),
        ),
        ops.AddField(
            model_name="VolumeEntry",
            name="origin",
            field=fields.CharField(null=True, db_index=True, max_length=7),
        ),
        ops.RunSQL("UPDATE volume_entry SET origin = '';", reverse_sql=""),
        ops.AlterField(
            model_name="VolumeEntry",
            name="origin",
            field=fields.CharField(default="", db_index=True, max_length=7),
        ),
    ]
