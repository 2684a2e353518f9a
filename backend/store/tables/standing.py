"""What the worker computed last: a standing for each member and one for the company, each at its revision."""

from tortoise import fields
from tortoise.models import Model

from backend.store.tables.member import Member


class MemberStanding(Model):
    """
    A member's `forecast.standing.Standing` as JSON text; `people` counts who stands below and the member.

    `sponsor` is under whom the member stood in the computed period, leavers' legs moved as the plan says.
    """

    member_id: int
    member: fields.OneToOneRelation["Member"] = fields.OneToOneField(
        "models.Member", on_delete=fields.RESTRICT, related_name="standing", primary_key=True
    )
    sponsor_id: int | None
    sponsor: fields.ForeignKeyNullableRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="leg_standings", null=True, db_index=True
    )
    revision = fields.BigIntField()
    computed_at = fields.DatetimeField()
    data_at = fields.DatetimeField()
    people = fields.IntField()
    gv_points = fields.BigIntField()
    document = fields.TextField()

    class Meta:
        """Its table."""

        table = "member_standing"


class CompanyStanding(Model):
    """The company's totals of the open period as JSON text; one row. `position` is how far the log was read."""

    id = fields.SmallIntField(primary_key=True, generated=False)
    revision = fields.BigIntField()
    computed_at = fields.DatetimeField()
    data_at = fields.DatetimeField()
    position = fields.BigIntField(default=0)
    document = fields.TextField()

    class Meta:
        """Its table."""

        table = "company_standing"


class LastProjection(Model):
    """What a member was shown last in a period that is over: the `Standing` as JSON text, and how far the log was."""

    id = fields.BigIntField(primary_key=True)
    period = fields.CharField(max_length=7, db_index=True)
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="projections", db_index=True
    )
    position = fields.BigIntField()
    document = fields.TextField()

    class Meta:
        """Its table."""

        table = "last_projection"
        unique_together = (("period", "member"),)
