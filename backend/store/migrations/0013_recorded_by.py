"""
Who recorded each row of the network's log: the source of an event, or the operator at the command line.
"""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

DEPARTURES = """
CREATE OR REPLACE FUNCTION record_departure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before date := CASE TG_OP WHEN 'UPDATE' THEN OLD.left_on END;
BEGIN
    IF NEW.left_on IS DISTINCT FROM before THEN
        INSERT INTO departure (member_id, left_on, since{column})
        VALUES (NEW.id, NEW.left_on, least(NEW.left_on, before){value});
    END IF;
    RETURN NULL;
END $$;
"""

KNOWN = DEPARTURES.format(column=", recorded_by", value=", nullif(current_setting('handrail.recorded_by', true), '')")
"""Who lets a member leave says so for the transaction: a departure is written by a trigger."""

UNKNOWN = DEPARTURES.format(column="", value="")


class Migration(migrations.Migration):
    """Rows from before do not know who recorded them."""

    dependencies = [("models", "0012_stated_line")]

    operations = [
        *(
            ops.AddField(model_name=model, name="recorded_by", field=fields.CharField(null=True, max_length=200))
            for model in ("Placement", "Enrolment", "Departure")
        ),
        ops.RunSQL(KNOWN, reverse_sql=UNKNOWN),
    ]
