"""What another system computed and paid before the company came here: standings and amounts, by period and member."""

from tortoise import fields
from tortoise.models import Model

from backend.store.tables.member import Member


class FormerStanding(Model):
    """A member's period in the former system; volumes in hundredths of a point, empty where the file says nothing."""

    id = fields.BigIntField(primary_key=True)
    period = fields.CharField(max_length=7, db_index=True)
    member_id: int
    member: fields.ForeignKeyRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="former_standings", db_index=True
    )
    title = fields.CharField(max_length=64, default="")
    pv_points = fields.BigIntField()
    gv_points: int | None = fields.BigIntField(null=True)

    class Meta:
        """Its table."""

        table = "former_standing"
        unique_together = (("period", "member"),)


class FormerAmount(Model):
    """What the former system paid by one bonus, in minor units of the currency of the member's market."""

    id = fields.BigIntField(primary_key=True)
    standing_id: int
    standing: fields.ForeignKeyRelation["FormerStanding"] = fields.ForeignKeyField(
        "models.FormerStanding", on_delete=fields.CASCADE, related_name="amounts", db_index=True
    )
    bonus = fields.CharField(max_length=96)
    amount_minor = fields.BigIntField()

    class Meta:
        """Its table."""

        table = "former_amount"
        unique_together = (("standing", "bonus"),)
