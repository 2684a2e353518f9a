from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0002_checks')]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name='Company',
            options={'table': 'company', 'app': 'models', 'pk_attr': 'id', 'table_description': "The one company of this database. `clock_*` are empty where the wall's clock is the company's."},
        ),
        ops.RemoveField(model_name='Company', name='id'),
        ops.AddField(
            model_name='Company',
            name='id',
            field=fields.SmallIntField(primary_key=True, unique=True, db_index=True),
        ),
        ops.AddIndex(
            model_name='Company',
            index=Index(fields=['id']),
        ),
        ops.AlterModelOptions(
            name='CompanyStanding',
            options={'table': 'company_standing', 'app': 'models', 'pk_attr': 'id', 'table_description': "The company's totals of the open period as JSON text; one row."},
        ),
        ops.RemoveField(model_name='CompanyStanding', name='id'),
        ops.AddField(
            model_name='CompanyStanding',
            name='id',
            field=fields.SmallIntField(primary_key=True, unique=True, db_index=True),
        ),
        ops.AddIndex(
            model_name='CompanyStanding',
            index=Index(fields=['id']),
        ),
        ops.AlterModelOptions(
            name='Member',
            options={'table': 'member', 'app': 'models', 'pk_attr': 'id', 'table_description': "A distributor. `id` is a dense ordinal, `code` the company's own id; what was carried in stands in `title_…`."},
        ),
        ops.RemoveField(model_name='Member', name='id'),
        ops.AddField(
            model_name='Member',
            name='id',
            field=fields.IntField(primary_key=True, unique=True, db_index=True),
        ),
        ops.AddIndex(
            model_name='Member',
            index=Index(fields=['id']),
        ),
        ops.AlterModelOptions(
            name='MemberStanding',
            options={'table': 'member_standing', 'app': 'models', 'pk_attr': 'member_id', 'table_description': "A member's `forecast.standing.Standing` as JSON text; `people` counts who stands below and the member."},
        ),
        ops.AlterModelOptions(
            name='Placement',
            options={'table': 'placement', 'app': 'models', 'unique_together': (('member', 'since'),), 'pk_attr': 'id', 'table_description': 'Under whom a member stands from a day on; the latest that has begun holds.'},
        ),
        ops.AlterModelOptions(
            name='SalesOrder',
            options={'table': 'sales_order', 'app': 'models', 'pk_attr': 'id', 'table_description': "An order or a return as it was accepted; `key` is the shop's id of it, and `body_digest` what it said."},
        ),
        ops.AlterModelOptions(
            name='Session',
            options={'table': 'session', 'app': 'models', 'pk_attr': 'token_hash', 'table_description': 'A signed-in phone.'},
        ),
        ops.AlterModelOptions(
            name='Shop',
            options={'table': 'shop', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A shop that may send orders. Its secret is derived, never stored: `version` rises when it is rotated.'},
        ),
        ops.AlterModelOptions(
            name='SignInLink',
            options={'table': 'sign_in_link', 'app': 'models', 'pk_attr': 'token_hash', 'table_description': 'A link that begins a session until it expires.'},
        ),
        ops.AlterModelOptions(
            name='VolumeEntry',
            options={'table': 'volume_entry', 'app': 'models', 'pk_attr': 'position', 'table_description': "What an order adds to a member's volume in a period, or a return takes off; firm from `firm_at` on."},
        ),
    ]
