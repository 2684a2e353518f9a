"""Periods that were closed: what went in, what came out, and what later corrections brought into the open one."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from backend.store.tables.member import Member


class ClosedPeriod(Model):
    """
    A period that is being closed, or is closed and sealed; one that is neither has no row.

    `position` is how far the log of entries was read, `network_position` how far the network's, `stated_position` the
    last fact that was stated then. `terms` and `snapshot` are all that it takes to compute it again; `outcome`,
    `carryover` and `posting` are what came of it.
    """

    id = fields.CharField(max_length=7, primary_key=True)
    state = fields.CharField(max_length=8)
    position = fields.BigIntField()
    network_position = fields.BigIntField()
    stated_position = fields.BigIntField()
    closing_at = fields.DatetimeField()
    closed_at: datetime | None = fields.DatetimeField(null=True)
    plan_digest = fields.CharField(max_length=64, default="")
    terms = fields.TextField(default="")
    snapshot: bytes | None = fields.BinaryField(null=True)
    snapshot_digest = fields.CharField(max_length=64, default="")
    outcome: bytes | None = fields.BinaryField(null=True)
    outcome_digest = fields.CharField(max_length=64, default="")
    carryover = fields.TextField(default="")
    posting = fields.TextField(default="")

    class Meta:
        """Its table."""

        table = "closed_period"


class ClosedLine(Model):
    """An earning line of a closed period, as it was computed; nothing of it is ever changed."""

    id = fields.BigIntField(primary_key=True)
    period_id: str
    period: fields.ForeignKeyRelation["ClosedPeriod"] = fields.ForeignKeyField(
        "models.ClosedPeriod", on_delete=fields.RESTRICT, related_name="lines", db_index=True
    )
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="closed_lines", db_index=True
    )
    bonus = fields.CharField(max_length=64)
    leg = fields.CharField(max_length=64)
    source = fields.CharField(max_length=64)
    generation = fields.IntField()
    product = fields.CharField(max_length=64)
    entry = fields.CharField(max_length=24)
    state = fields.CharField(max_length=24)
    base_cv = fields.BigIntField()
    rate_bp = fields.BigIntField()
    less_bp = fields.BigIntField()
    part = fields.BigIntField()
    whole = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    amount_minor = fields.BigIntField()

    class Meta:
        """Its table."""

        table = "closed_line"


class AdjustmentLine(Model):
    """What a correction of a closed period brought in the period that was closed as the next."""

    id = fields.BigIntField(primary_key=True)
    period_id: str
    period: fields.ForeignKeyRelation["ClosedPeriod"] = fields.ForeignKeyField(
        "models.ClosedPeriod", on_delete=fields.RESTRICT, related_name="adjustments", db_index=True
    )
    of_period = fields.CharField(max_length=7)
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="adjustments", db_index=True
    )
    bonus = fields.CharField(max_length=64)
    leg = fields.CharField(max_length=64)
    source = fields.CharField(max_length=64)
    generation = fields.IntField()
    product = fields.CharField(max_length=64)
    currency = fields.CharField(max_length=3)
    posted_minor = fields.BigIntField()
    due_minor = fields.BigIntField()

    class Meta:
        """Its table."""

        table = "adjustment_line"


class CloseDifference(Model):
    """What a closed period gave a member beside what was projected last, and why, as JSON text."""

    id = fields.BigIntField(primary_key=True)
    period_id: str
    period: fields.ForeignKeyRelation["ClosedPeriod"] = fields.ForeignKeyField(
        "models.ClosedPeriod", on_delete=fields.RESTRICT, related_name="differences", db_index=True
    )
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="close_differences", db_index=True
    )
    document = fields.TextField()

    class Meta:
        """Its table."""

        table = "close_difference"
        unique_together = (("period", "member"),)
