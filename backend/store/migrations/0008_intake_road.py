"""What the one road for all events keeps: unit volumes of lines, what an order was sent as, why one is refused."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

CHECKS = """
ALTER TABLE sales_order ALTER COLUMN key TYPE varchar({key});
ALTER TABLE sales_order DROP CONSTRAINT sales_order_volume_is_positive;
ALTER TABLE sales_order ADD CONSTRAINT sales_order_volume_is_positive CHECK ({volume});
ALTER TABLE ordered_product DROP CONSTRAINT ordered_product_is_some;
ALTER TABLE ordered_product ADD CONSTRAINT ordered_product_is_some CHECK ({units});
"""

POSITIVE = "pv_points >= 0 AND cv_points >= 0"
GIVEN_BACK = "kind = 'return' AND strpos(key, ' ') > 0"
"""No shop's id holds a blank: only what a cancellation gives back is negative."""

TIGHT = CHECKS.format(key=64, volume=POSITIVE, units="units > 0")
WIDE = CHECKS.format(key=160, volume=f"{POSITIVE} OR {GIVEN_BACK}", units="units <> 0")


class Migration(migrations.Migration):
    """Lines, refunds and cancellations of orders, and events that were refused after they had been held."""

    dependencies = [("models", "0007_network")]

    operations = [
        ops.AddField(model_name="HeldEvent", name="refused_at", field=fields.DatetimeField(null=True)),
        ops.AddField(model_name="HeldEvent", name="findings", field=fields.TextField(null=True, unique=False)),
        ops.AddField(model_name="OrderedProduct", name="pv_points", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="OrderedProduct", name="cv_points", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="SalesOrder", name="said", field=fields.CharField(null=True, max_length=12)),
        ops.AlterField(model_name="SalesOrder", name="key", field=fields.CharField(unique=True, max_length=160)),
        ops.RunSQL(WIDE, reverse_sql=TIGHT),
    ]
