"""The company as columns, straight from the tables: copied in one snapshot, checked, kept in a file for a restart."""
