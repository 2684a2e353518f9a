"""Members, their dated placements under a sponsor, and what the company states of them."""

from datetime import date

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model

NEXT_RECORDED = SqlDefault("nextval('network_log')")
"""
The next place in the log of placements, enrolments and departures: one sequence for all three.

Each row says who recorded it: the source of an event, or `operator NAME`; empty where that was not kept yet.
"""


class Member(Model):
    """
    A distributor. `id` is a dense ordinal, `code` the company's own id; what was carried in stands in `title_…`.

    Whoever writes `left_on` leaves a row in `departure`, by a trigger; rolls are read from there.
    """

    id = fields.IntField(primary_key=True, generated=False)
    code = fields.CharField(max_length=64, unique=True)
    name = fields.CharField(max_length=200)
    joined_on = fields.DateField()
    market = fields.CharField(max_length=64)
    training = fields.BooleanField()
    enroller_id: int | None
    enroller: fields.ForeignKeyNullableRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="enrolled", null=True, db_index=True
    )
    left_on: date | None = fields.DateField(null=True)
    title_held = fields.CharField(max_length=64, default="")
    title_periods_held = fields.IntField(default=0)
    title_periods_missed = fields.IntField(default=0)

    class Meta:
        """Its table."""

        table = "member"


class Enrolment(Model):
    """
    Who is named as a member's enroller from a day on; the latest that has begun holds, of one day the last recorded.

    Rows are only ever added. `recorded` is the place in the network's log, which a closed period remembers.
    """

    id = fields.BigIntField(primary_key=True)
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="enrolments", db_index=True
    )
    enroller_id: int | None
    enroller: fields.ForeignKeyNullableRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="enrolled_by_date", null=True, db_index=True
    )
    since = fields.DateField()
    recorded = fields.BigIntField(unique=True, db_default=NEXT_RECORDED)
    recorded_at = fields.DatetimeField(db_default=Now())
    recorded_by = fields.CharField(max_length=200, null=True)

    class Meta:
        """Its table."""

        table = "enrolment"


class Customer(Model):
    """A customer, retail or preferred, of one member; who is not listed here buys as a retail customer."""

    code = fields.CharField(max_length=64, primary_key=True)
    name = fields.CharField(max_length=200, default="")
    kind = fields.CharField(max_length=16)
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="customers", db_index=True
    )
    since = fields.DateField()

    class Meta:
        """Its table."""

        table = "customer"


class Placement(Model):
    """
    Under whom a member stands from a day on; the latest that has begun holds, of one day the last recorded.

    Rows are only ever added: a correction is a further row. `recorded` is the place in the network's log.
    """

    id = fields.BigIntField(primary_key=True)
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="placements", db_index=True
    )
    sponsor_id: int | None
    sponsor: fields.ForeignKeyNullableRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="legs", null=True, db_index=True
    )
    since = fields.DateField()
    recorded = fields.BigIntField(unique=True, db_default=NEXT_RECORDED)
    recorded_at = fields.DatetimeField(db_default=Now())
    recorded_by = fields.CharField(max_length=200, null=True)

    class Meta:
        """Its table."""

        table = "placement"


class Departure(Model):
    """
    On which day a member leaves; empty takes it back. The last recorded holds.

    `since` is the first day on which anything is other than before. Rows are written by a trigger on `member.left_on`.
    """

    id = fields.BigIntField(primary_key=True)
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="departures", db_index=True
    )
    left_on: date | None = fields.DateField(null=True)
    since = fields.DateField()
    recorded = fields.BigIntField(unique=True, db_default=NEXT_RECORDED)
    recorded_at = fields.DatetimeField(db_default=Now())
    recorded_by = fields.CharField(max_length=200, null=True)

    class Meta:
        """Its table."""

        table = "departure"


class StatedFact(Model):
    """
    What the company states of a member from a day on, until it is stated anew.

    `fact` and `value` are as `engine.periods.stated` says.
    """

    id = fields.BigIntField(primary_key=True)
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="facts", db_index=True
    )
    fact = fields.CharField(max_length=32)
    value = fields.IntField()
    since = fields.DateField()

    class Meta:
        """Its table."""

        table = "stated_fact"
        unique_together = (("member", "fact", "since"),)
