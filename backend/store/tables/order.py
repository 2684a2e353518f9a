"""Shops, the orders that they sent with their products, and the volume entries that orders became."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from backend.store.tables.member import Member


class Shop(Model):
    """A shop that may send orders. Its secret is derived, never stored: `version` rises when it is rotated."""

    id = fields.CharField(max_length=64, primary_key=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    revoked_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        """Its table."""

        table = "shop"


class SalesOrder(Model):
    """
    An order or a return as it was accepted; `key` is the shop's id of it, and `body_digest` what it said.

    `said` is `refund` or `cancellation` where it was sent as that. When a return arrives that is older than the
    cancellation of its order, the cancellation took too much: a row whose key holds a blank gives that back, and only
    such a row is negative.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=160, unique=True)
    shop = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=8)
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="orders", db_index=True
    )
    customer = fields.CharField(max_length=64, null=True)
    placed_at = fields.DatetimeField(db_index=True)
    accepted_at = fields.DatetimeField()
    pv_points = fields.BigIntField()
    cv_points = fields.BigIntField()
    returns_id: int | None
    returns: fields.ForeignKeyNullableRelation["SalesOrder"] = fields.ForeignKeyField(
        "models.SalesOrder", on_delete=fields.RESTRICT, related_name="returned_by", null=True, db_index=False
    )
    body_digest = fields.CharField(max_length=64)
    said = fields.CharField(max_length=12, null=True)

    class Meta:
        """Its table."""

        table = "sales_order"


class OrderedProduct(Model):
    """Units of a product on an order; on a return, what of them comes back. Volumes are of one unit, where known."""

    id = fields.BigIntField(primary_key=True)
    order_id: int
    order: fields.ForeignKeyRelation["SalesOrder"] = fields.ForeignKeyField(
        "models.SalesOrder", on_delete=fields.RESTRICT, related_name="products", db_index=False
    )
    product = fields.CharField(max_length=64)
    units = fields.IntField()
    pv_points: int | None = fields.BigIntField(null=True)
    cv_points: int | None = fields.BigIntField(null=True)

    class Meta:
        """Its table."""

        table = "ordered_product"
        unique_together = (("order", "product"),)


class VolumeEntry(Model):
    """
    What an order adds to a member's volume in a period, or a return takes off; firm from `firm_at` on.

    `origin` is the earlier period that an entry corrects: it is no volume of `period`, which only adjusts by it; empty
    where the entry is volume of its period.
    """

    position = fields.BigIntField(primary_key=True)
    order_id: int
    order: fields.ForeignKeyRelation["SalesOrder"] = fields.ForeignKeyField(
        "models.SalesOrder", on_delete=fields.RESTRICT, related_name="entries", db_index=False
    )
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="entries", db_index=True
    )
    period = fields.CharField(max_length=7, db_index=True)
    origin = fields.CharField(max_length=7, default="", db_index=True)
    own = fields.BooleanField()
    at = fields.DatetimeField()
    pv_points = fields.BigIntField()
    cv_points = fields.BigIntField()
    firm_at = fields.DatetimeField()

    class Meta:
        """Its table."""

        table = "volume_entry"
