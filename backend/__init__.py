"""
Handrail: a phone app and its server for people who sell in a stair-step breakaway plan.

The map, in reading order; imports run from the lower lines to the upper ones:

kernel    the words that every package shares: money, points, periods, findings, traces
network   who sponsors whom: the tree as columns, breadth first
plan      what a plan says: the document, its findings, and its terms on one day
engine    what a plan does: one module a stage, from a snapshot to an outcome
forecast  what may come: pace, projection, gap, the health of a leg
metrics   what a running process counts and measures
files     CSV and TOML in, CSV and JSON out, with findings by line
intake    what a company tells event by event: read strictly, known by key, judged
flows     the verbs: take an order, refresh the standing, import a company
store     the only place of PostgreSQL and Tortoise: tables, migrations, views
live      announcements across processes, and the streams of one member
worker    the process that holds the columns and keeps the pulse
http      the only place of Litestar: routes, intake, stream, screens
embedded  the PostgreSQL that ships with the product
demo      the company that the demo runs on, and its ticker
serving   the processes of the product, in the hands of one command each
cli       the `handrail` command: one file a subcommand
"""
