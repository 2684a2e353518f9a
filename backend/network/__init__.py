"""Who sponsors whom: the tree as columns, breadth first."""
