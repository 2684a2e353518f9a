"""Migrations, in the order of their numbers, applied under one lock (`store.database.migrate`)."""
