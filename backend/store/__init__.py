"""The only place of PostgreSQL and Tortoise: tables, migrations, views."""
