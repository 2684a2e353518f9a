"""
What the database itself refuses: kinds that do not exist, returns without an order, periods that are no month.

Written as SQL because constraints of a new model are not created by the migrations' own CreateModel.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

CHECKS = {
    "company": {"company_is_one": "id = 1"},
    "company_standing": {"company_standing_is_one": "id = 1"},
    "member": {"member_enrolls_another": "enroller_id IS DISTINCT FROM id"},
    "placement": {"placement_under_another": "sponsor_id IS DISTINCT FROM member_id"},
    "sales_order": {
        "sales_order_kind": "kind IN ('order', 'return')",
        "sales_order_return_names_order": "(kind = 'return') = (returns_id IS NOT NULL)",
        "sales_order_volume_is_positive": "pv_points >= 0 AND cv_points >= 0",
    },
    "volume_entry": {"volume_entry_period": "period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'"},
    "sign_in_link": {
        "sign_in_link_role": "role IN ('member', 'operator') AND (role = 'member') = (member_id IS NOT NULL)"
    },
    "session": {"session_role": "role IN ('member', 'operator') AND (role = 'member') = (member_id IS NOT NULL)"},
}

ADDED = "".join(
    f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check});\n"
    for table, checks in CHECKS.items()
    for name, check in checks.items()
)

DROPPED = "".join(
    f"ALTER TABLE {table} DROP CONSTRAINT {name};\n" for table, checks in CHECKS.items() for name in checks
)


class Migration(migrations.Migration):
    """Checks, and one effect an order: a key makes exactly one entry of volume."""

    dependencies = [("models", "0001_initial")]

    operations = [
        ops.RunSQL(
            ADDED + "CREATE UNIQUE INDEX volume_entry_one_for_an_order ON volume_entry (order_id);\n",
            reverse_sql="DROP INDEX volume_entry_one_for_an_order;\n" + DROPPED,
        )
    ]
