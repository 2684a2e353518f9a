"""The tables as they were first laid."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Company, members, orders, standings, access."""

    initial = True

    operations = [
        ops.CreateModel(
            name="Company",
            fields=[
                ("id", fields.SmallIntField(primary_key=True, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=200)),
                ("zone", fields.CharField(max_length=64)),
                ("plan_source", fields.TextField(unique=False)),
                ("plan_digest", fields.CharField(max_length=64)),
                ("clock_real_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("clock_company_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("clock_speed", fields.IntField(null=True)),
            ],
            options={"table": "company", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CompanyStanding",
            fields=[
                ("id", fields.SmallIntField(primary_key=True, unique=True, db_index=True)),
                ("revision", fields.BigIntField()),
                ("computed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("data_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("document", fields.TextField(unique=False)),
            ],
            options={"table": "company_standing", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Member",
            fields=[
                ("id", fields.IntField(primary_key=True, unique=True, db_index=True)),
                ("code", fields.CharField(unique=True, max_length=64)),
                ("name", fields.CharField(max_length=200)),
                ("joined_on", fields.DateField()),
                ("market", fields.CharField(max_length=64)),
                ("training", fields.BooleanField()),
                (
                    "enroller",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="enroller_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="enrolled",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("title_held", fields.CharField(default="", max_length=64)),
                ("title_periods_held", fields.IntField(default=0)),
                ("title_periods_missed", fields.IntField(default=0)),
            ],
            options={"table": "member", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MemberStanding",
            fields=[
                (
                    "member",
                    fields.OneToOneField(
                        "models.Member",
                        source_field="member_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="standing",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("revision", fields.BigIntField()),
                ("computed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("data_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("people", fields.IntField()),
                ("gv_points", fields.BigIntField()),
                ("document", fields.TextField(unique=False)),
            ],
            options={"table": "member_standing", "app": "models", "pk_attr": "member_id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Placement",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="placements",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "sponsor",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="sponsor_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="legs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("since", fields.DateField()),
            ],
            options={"table": "placement", "app": "models", "unique_together": (("member", "since"),), "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SalesOrder",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(unique=True, max_length=64)),
                ("shop", fields.CharField(max_length=64)),
                ("kind", fields.CharField(max_length=8)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="orders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("customer", fields.CharField(null=True, max_length=64)),
                ("placed_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("accepted_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("pv_points", fields.BigIntField()),
                ("cv_points", fields.BigIntField()),
                (
                    "returns",
                    fields.ForeignKeyField(
                        "models.SalesOrder",
                        source_field="returns_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="returned_by",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("body_digest", fields.CharField(max_length=64)),
            ],
            options={"table": "sales_order", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                ("token_hash", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("role", fields.CharField(max_length=16)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "session", "app": "models", "pk_attr": "token_hash"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Shop",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "shop", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignInLink",
            fields=[
                ("token_hash", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("role", fields.CharField(max_length=16)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sign_in_links",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "sign_in_link", "app": "models", "pk_attr": "token_hash"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="VolumeEntry",
            fields=[
                ("position", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.SalesOrder",
                        source_field="order_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("period", fields.CharField(db_index=True, max_length=7)),
                ("own", fields.BooleanField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("pv_points", fields.BigIntField()),
                ("cv_points", fields.BigIntField()),
                ("firm_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "volume_entry", "app": "models", "pk_attr": "position"},
            bases=["Model"],
        ),
    ]
