"""What is sold: products and bundles, with PV and CV by market from a day on."""

from tortoise import fields
from tortoise.models import Model


class Product(Model):
    """A product, or a bundle of products."""

    id = fields.CharField(max_length=64, primary_key=True)
    name = fields.CharField(max_length=200)

    class Meta:
        """Its table."""

        table = "product"


class ProductPrice(Model):
    """What one unit brings in a market from a day on; hundredths of a point. An empty market holds for all others."""

    id = fields.BigIntField(primary_key=True)
    product_id: str
    product: fields.ForeignKeyRelation["Product"] = fields.ForeignKeyField(
        "models.Product", on_delete=fields.RESTRICT, related_name="prices", db_index=True
    )
    market = fields.CharField(max_length=64)
    since = fields.DateField()
    pv_points = fields.BigIntField()
    cv_points = fields.BigIntField()

    class Meta:
        """Its table."""

        table = "product_price"
        unique_together = (("product", "market", "since"),)


class BundlePart(Model):
    """So many units of a product in a bundle; a bundle without a price of its own brings what its parts bring."""

    id = fields.BigIntField(primary_key=True)
    bundle_id: str
    bundle: fields.ForeignKeyRelation["Product"] = fields.ForeignKeyField(
        "models.Product", on_delete=fields.RESTRICT, related_name="parts", db_index=True
    )
    part_id: str
    part: fields.ForeignKeyRelation["Product"] = fields.ForeignKeyField(
        "models.Product", on_delete=fields.RESTRICT, related_name="bundles", db_index=True
    )
    units = fields.IntField()

    class Meta:
        """Its table."""

        table = "bundle_part"
        unique_together = (("bundle", "part"),)
