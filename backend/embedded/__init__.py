"""The PostgreSQL that ships with the product: start, stop, survive."""
