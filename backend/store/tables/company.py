"""The company: one row with its time zone, its plan as written, and the demo's clock where there is one."""

from tortoise import fields
from tortoise.models import Model


class Company(Model):
    """The one company of this database. `clock_*` are empty where the wall's clock is the company's."""

    id = fields.SmallIntField(primary_key=True, generated=False)
    name = fields.CharField(max_length=200)
    zone = fields.CharField(max_length=64)
    plan_source = fields.TextField()
    plan_digest = fields.CharField(max_length=64)
    clock_real_at = fields.DatetimeField(null=True)
    clock_company_at = fields.DatetimeField(null=True)
    clock_speed = fields.IntField(null=True)

    class Meta:
        """Its table."""

        table = "company"
