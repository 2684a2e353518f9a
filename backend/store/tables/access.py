"""Who may come in: sign-in links and sessions, of which only hashes are kept."""

from tortoise import fields
from tortoise.models import Model

from backend.store.tables.member import Member


class SignInLink(Model):
    """A link that begins a session until it expires."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    role = fields.CharField(max_length=16)
    member_id: int | None
    member: fields.ForeignKeyNullableRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="sign_in_links", null=True, db_index=True
    )
    expires_at = fields.DatetimeField()

    class Meta:
        """Its table."""

        table = "sign_in_link"


class Session(Model):
    """A signed-in phone."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    role = fields.CharField(max_length=16)
    member_id: int | None
    member: fields.ForeignKeyNullableRelation["Member"] = fields.ForeignKeyField(
        "models.Member", on_delete=fields.RESTRICT, related_name="sessions", null=True, db_index=True
    )
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta:
        """Its table."""

        table = "session"
