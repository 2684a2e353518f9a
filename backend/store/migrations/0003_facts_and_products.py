"""What the company states of its members, and the products of orders."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

CHECKS = {
    "stated_fact": {"stated_fact_is_named": "fact <> ''"},
    "ordered_product": {"ordered_product_is_named": "product <> ''", "ordered_product_is_some": "units > 0"},
}

ADDED = "".join(
    f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check});\n"
    for table, checks in CHECKS.items()
    for name, check in checks.items()
)

DROPPED = "".join(
    f"ALTER TABLE {table} DROP CONSTRAINT {name};\n" for table, checks in CHECKS.items() for name in checks
)

FIRST = """
CREATE INDEX sales_order_first_own ON sales_order (member_id, placed_at, key COLLATE "C")
WHERE kind = 'order' AND customer IS NULL;
"""
"""A member's first own order is looked up for everybody who bought in a period."""


class Migration(migrations.Migration):
    """Stated facts with the day from which they hold, units of products by order, and who bought first."""

    dependencies = [("models", "0002_checks")]

    operations = [
        ops.CreateModel(
            name="StatedFact",
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
                        related_name="facts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("fact", fields.CharField(max_length=32)),
                ("value", fields.IntField()),
                ("since", fields.DateField()),
            ],
            options={
                "table": "stated_fact",
                "app": "models",
                "unique_together": (("member", "fact", "since"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderedProduct",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.SalesOrder",
                        source_field="order_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="products",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("product", fields.CharField(max_length=64)),
                ("units", fields.IntField()),
            ],
            options={
                "table": "ordered_product",
                "app": "models",
                "unique_together": (("order", "product"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.RunSQL(ADDED + FIRST, reverse_sql="DROP INDEX sales_order_first_own;\n" + DROPPED),
    ]
