"""A log of the network: placements, enrolments and departures as they were recorded; what a former system paid."""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations import operations as ops

LOGGED = ("placement", "enrolment", "departure")
"""Tables that share the network's log; their rows are only ever added."""

LOG = "CREATE SEQUENCE network_log;\n"

DEPARTURES = """
CREATE FUNCTION record_departure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before date := CASE TG_OP WHEN 'UPDATE' THEN OLD.left_on END;
BEGIN
    IF NEW.left_on IS DISTINCT FROM before THEN
        INSERT INTO departure (member_id, left_on, since) VALUES (NEW.id, NEW.left_on, least(NEW.left_on, before));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER member_departure_is_recorded AFTER INSERT OR UPDATE OF left_on ON member
FOR EACH ROW EXECUTE FUNCTION record_departure();

INSERT INTO departure (member_id, left_on, since) SELECT id, left_on, left_on FROM member WHERE left_on IS NOT NULL;
"""

LINES = """
ALTER TABLE closed_period DISABLE TRIGGER closed_period_is_sealed;
UPDATE closed_period SET network_position = nextval('network_log');
ALTER TABLE closed_period ENABLE TRIGGER closed_period_is_sealed;
"""
"""A period that was closed before is taken to know all placements that there are."""

UNSEALING = """
CREATE OR REPLACE FUNCTION refuse_unsealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' OR TG_OP <> 'UPDATE' OR NEW.id <> OLD.id OR NEW.position <> OLD.position{more} THEN
        RAISE EXCEPTION 'the period % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = {
    f"{table}_{name}": f"BEFORE {what} FUNCTION refuse_change()"
    for table in LOGGED
    for name, what in (
        ("is_added_to", f"UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE"),
        ("is_not_emptied", f"TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE"),
    )
}

CHECKS = {"former_standing": {"former_standing_period": "period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'"}}

SEALS = (
    "".join(f"CREATE TRIGGER {name} {what};\n" for name, what in TRIGGERS.items())
    + "".join(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check});\n"
        for table, checks in CHECKS.items()
        for name, check in checks.items()
    )
    + UNSEALING.format(more="\n        OR NEW.network_position <> OLD.network_position")
)

UNSEALED = (
    UNSEALING.format(more="")
    + "".join(f"ALTER TABLE {table} DROP CONSTRAINT {name};\n" for table, checks in CHECKS.items() for name in checks)
    + "".join(f"DROP TRIGGER {name} ON {name.split('_is_')[0]};\n" for name in TRIGGERS)
)


def _of_member(related_name: str, column: str = "member_id", *, null: bool = False) -> Any:
    options: dict[str, Any] = {"source_field": column} | ({"null": True} if null else {})
    return fields.ForeignKeyField(
        "models.Member",
        **options,
        db_index=True,
        db_constraint=True,
        to_field="id",
        related_name=related_name,
        on_delete=OnDelete.RESTRICT,
    )


def _recorded() -> list[tuple[str, fields.Field[object]]]:
    return [
        ("recorded", fields.BigIntField(unique=True, db_default=SqlDefault("nextval('network_log')"))),
        ("recorded_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
    ]


class Migration(migrations.Migration):
    """The network's log, how far a closed period read it, under whom a shown member stands, and the former system."""

    dependencies = [("models", "0006_seals")]

    operations = [
        ops.RunSQL(LOG, reverse_sql="DROP SEQUENCE network_log;"),
        ops.CreateModel(
            name="Departure",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("member", _of_member("departures")),
                ("left_on", fields.DateField(null=True)),
                ("since", fields.DateField()),
                *_recorded(),
            ],
            options={"table": "departure", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FormerStanding",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("period", fields.CharField(db_index=True, max_length=7)),
                ("member", _of_member("former_standings")),
                ("title", fields.CharField(default="", max_length=64)),
                ("pv_points", fields.BigIntField()),
                ("gv_points", fields.BigIntField(null=True)),
            ],
            options={
                "table": "former_standing",
                "app": "models",
                "unique_together": (("period", "member"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FormerAmount",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "standing",
                    fields.ForeignKeyField(
                        "models.FormerStanding",
                        source_field="standing_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="amounts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("bonus", fields.CharField(max_length=96)),
                ("amount_minor", fields.BigIntField()),
            ],
            options={
                "table": "former_amount",
                "app": "models",
                "unique_together": (("standing", "bonus"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        *(
            operation
            for model in ("Enrolment", "Placement")
            for operation in (
                ops.RemoveConstraint(model_name=model, name=None, fields=["member", "since"]),
                *(ops.AddField(model_name=model, name=name, field=field) for name, field in _recorded()),
            )
        ),
        ops.RunSQL(
            DEPARTURES,
            reverse_sql="DROP TRIGGER member_departure_is_recorded ON member;\nDROP FUNCTION record_departure();",
        ),
        ops.AddField(model_name="ClosedPeriod", name="network_position", field=fields.BigIntField(null=True)),
        ops.RunSQL(LINES, reverse_sql=""),
        ops.AlterField(model_name="ClosedPeriod", name="network_position", field=fields.BigIntField()),
        ops.AddField(
            model_name="MemberStanding", name="sponsor", field=_of_member("leg_standings", "sponsor_id", null=True)
        ),
        ops.RunSQL(SEALS, reverse_sql=UNSEALED),
    ]
