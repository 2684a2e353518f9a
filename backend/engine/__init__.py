"""
What a plan does: one module a stage, from a snapshot to an outcome.

Read `pipeline` first: it has the stages in their order, and each is the module of its name beside it. What stages share
lies in rooms of its own, and no room imports a stage:

columns     the sheet that the stages fill in, and how loops are compiled
gates       what a plan asks of a member or of the legs below, and how it is measured
upline      the nearest above who matters, and levels upward
groups      groups that stand alone: generations, rates, guarantees
amounts     lines and their money: rounded once, shared out, exchanged, added up
laws        what holds of every outcome
periods     from rows to a snapshot, and from one period to the next
explain     why a number is what it is: one module a stage again
"""
