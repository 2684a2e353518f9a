"""The checks of sense, a module for each part of a plan, and `walk`, which leads them to every part of a day."""
