"""
Indexes of the log that nothing reads by, or that another one covers, are no longer kept up with every order.

An order's entry and its products are found by unique indexes that begin with the order; only returns are looked for by
what they return; and nobody asks for orders by the instant of their acceptance.
"""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

LEAN = """
DROP INDEX IF EXISTS idx_sales_order_accepte_7b8120;
DROP INDEX IF EXISTS idx_ordered_pro_order_i_f3ff74;
DROP INDEX IF EXISTS idx_volume_entr_order_i_d6b3d6;
DROP INDEX IF EXISTS idx_sales_order_returns_115f55;
CREATE INDEX sales_order_returned_by ON sales_order (returns_id) WHERE returns_id IS NOT NULL;
"""

FULL = """
DROP INDEX sales_order_returned_by;
CREATE INDEX IF NOT EXISTS idx_sales_order_returns_115f55 ON sales_order (returns_id);
CREATE INDEX IF NOT EXISTS idx_volume_entr_order_i_d6b3d6 ON volume_entry (order_id);
CREATE INDEX IF NOT EXISTS idx_ordered_pro_order_i_f3ff74 ON ordered_product (order_id);
CREATE INDEX IF NOT EXISTS idx_sales_order_accepte_7b8120 ON sales_order (accepted_at);
"""


def of_order(related_name: str, column: str, **more: Any) -> Any:
    """Return the field by which a row belongs to an order, without an index of its own."""
    return fields.ForeignKeyField(
        "models.SalesOrder",
        source_field=column,
        db_constraint=True,
        to_field="id",
        related_name=related_name,
        on_delete=OnDelete.RESTRICT,
        **more,
    )


class Migration(migrations.Migration):
    """Four indexes fewer, one of them only as large as there are returns."""

    dependencies = [("models", "0013_recorded_by")]

    operations = [
        ops.AlterField(model_name="SalesOrder", name="accepted_at", field=fields.DatetimeField()),
        ops.AlterField(model_name="SalesOrder", name="returns", field=of_order("returned_by", "returns_id", null=True)),
        ops.AlterField(model_name="OrderedProduct", name="order", field=of_order("products", "order_id")),
        ops.AlterField(model_name="VolumeEntry", name="order", field=of_order("entries", "order_id")),
        ops.RunSQL(LEAN, reverse_sql=FULL),
    ]
