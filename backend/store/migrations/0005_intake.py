"""What sources send beside orders: events that wait, control totals, products, customers, dated enrolments."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Events by key, what they lack, products with their volumes, who enrolled whom since when."""

    dependencies = [("models", "0004_closed_periods")]

    operations = [
        ops.CreateModel(
            name="AcceptedEvent",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=96)),
                ("kind", fields.CharField(max_length=16)),
                ("source", fields.CharField(max_length=64)),
                ("body_digest", fields.CharField(max_length=64)),
                ("accepted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "accepted_event", "app": "models", "pk_attr": "key"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ControlTotal",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("source", fields.CharField(max_length=64)),
                ("day", fields.DateField()),
                ("orders", fields.IntField()),
                ("pv_points", fields.BigIntField()),
                ("cv_points", fields.BigIntField()),
                ("keys", fields.TextField(null=True, unique=False)),
                ("stated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "control_total",
                "app": "models",
                "unique_together": (("source", "day"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Customer",
            fields=[
                ("code", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("name", fields.CharField(default="", max_length=200)),
                ("kind", fields.CharField(max_length=16)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="customers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("since", fields.DateField()),
            ],
            options={"table": "customer", "app": "models", "pk_attr": "code"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Enrolment",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="enrolments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "enroller",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="enroller_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="enrolled_by_date",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("since", fields.DateField()),
            ],
            options={"table": "enrolment", "app": "models", "unique_together": (("member", "since"),), "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HeldEvent",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=96)),
                ("kind", fields.CharField(max_length=16)),
                ("source", fields.CharField(max_length=64)),
                ("body_digest", fields.CharField(max_length=64)),
                ("body", fields.TextField(unique=False)),
                ("held_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "held_event", "app": "models", "pk_attr": "key"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Lack",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "event",
                    fields.ForeignKeyField(
                        "models.HeldEvent",
                        source_field="event_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="key",
                        related_name="lacks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("what", fields.CharField(db_index=True, max_length=96)),
            ],
            options={"table": "lack", "app": "models", "unique_together": (("event", "what"),), "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Product",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("name", fields.CharField(max_length=200)),
            ],
            options={"table": "product", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BundlePart",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "bundle",
                    fields.ForeignKeyField(
                        "models.Product",
                        source_field="bundle_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="parts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "part",
                    fields.ForeignKeyField(
                        "models.Product",
                        source_field="part_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="bundles",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("units", fields.IntField()),
            ],
            options={
                "table": "bundle_part",
                "app": "models",
                "unique_together": (("bundle", "part"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProductPrice",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "models.Product",
                        source_field="product_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="prices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("market", fields.CharField(max_length=64)),
                ("since", fields.DateField()),
                ("pv_points", fields.BigIntField()),
                ("cv_points", fields.BigIntField()),
            ],
            options={
                "table": "product_price",
                "app": "models",
                "unique_together": (("product", "market", "since"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Member",
            name="left_on",
            field=fields.DateField(null=True),
        ),
    ]
