"""What sources have sent beside orders: the key of each event, events that wait, and what a source has counted."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model


class AcceptedEvent(Model):
    """An event that had its effect; its key never has another, and `body_digest` tells a repetition from a change."""

    key = fields.CharField(max_length=96, primary_key=True)
    kind = fields.CharField(max_length=16)
    source = fields.CharField(max_length=64)
    body_digest = fields.CharField(max_length=64)
    accepted_at = fields.DatetimeField()

    class Meta:
        """Its table."""

        table = "accepted_event"


class HeldEvent(Model):
    """
    An event that waits for what it lacks, and goes in when that comes; `body` is what was said, as JSON text.

    One that came to be wrong once it was complete stays listed, with its `findings` as JSON text.
    """

    key = fields.CharField(max_length=96, primary_key=True)
    kind = fields.CharField(max_length=16)
    source = fields.CharField(max_length=64)
    body_digest = fields.CharField(max_length=64)
    body = fields.TextField()
    held_at = fields.DatetimeField()
    refused_at: datetime | None = fields.DatetimeField(null=True)
    findings: str | None = fields.TextField(null=True)

    class Meta:
        """Its table."""

        table = "held_event"


class Lack(Model):
    """What a held event lacks, as `member M7`, `order A1` or `product KIT`."""

    id = fields.BigIntField(primary_key=True)
    event_id: str
    event: fields.ForeignKeyRelation["HeldEvent"] = fields.ForeignKeyField(
        "models.HeldEvent", on_delete=fields.CASCADE, related_name="lacks", db_index=True
    )
    what = fields.CharField(max_length=96, db_index=True)

    class Meta:
        """Its table."""

        table = "lack"
        unique_together = (("event", "what"),)


class WithdrawnEvent(Model):
    """
    An event that waited and was withdrawn: what it was, what it lacked or why it was wrong, who withdrew it, and why.

    Only ever added to. `lacks` is a JSON list, `body` and `findings` as they were held; a key may come again.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=96, db_index=True)
    kind = fields.CharField(max_length=16)
    source = fields.CharField(max_length=64)
    body_digest = fields.CharField(max_length=64)
    body = fields.TextField()
    held_at = fields.DatetimeField()
    lacks = fields.TextField()
    refused_at: datetime | None = fields.DatetimeField(null=True)
    findings: str | None = fields.TextField(null=True)
    withdrawn_at = fields.DatetimeField()
    withdrawn_by = fields.CharField(max_length=200)
    why = fields.TextField()

    class Meta:
        """Its table."""

        table = "withdrawn_event"


class ControlTotal(Model):
    """
    What a source has counted on one of its days: orders and returns, and their volumes; hundredths of a point.

    `keys` are theirs as a JSON list, where the source names them.
    """

    id = fields.BigIntField(primary_key=True)
    source = fields.CharField(max_length=64)
    day = fields.DateField()
    orders = fields.IntField()
    pv_points = fields.BigIntField()
    cv_points = fields.BigIntField()
    keys: str | None = fields.TextField(null=True)
    stated_at = fields.DatetimeField()

    class Meta:
        """Its table."""

        table = "control_total"
        unique_together = (("source", "day"),)
