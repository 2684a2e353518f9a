"""
The `handrail` command: one file a subcommand, loaded only when it is called.

`handrail --help` answers at once, and `handrail calc` never loads the web server: the table below holds each command's
door and its sign. Each module here hands out its command as `command`.
"""

import sys

import rich_click as click

from backend.cli.lazy import Door, LazyGroup

DOORS = {
    "demo": Door("backend.cli.demo:command", "Run the whole product with a living company, and print the way in."),
    "serve": Door("backend.cli.serve:command", "Serve the app, with the worker beside it."),
    "web": Door("backend.cli.serve:web", "Serve the app alone, as one of several on one database."),
    "worker": Door("backend.cli.worker:command", "Run the process that holds the columns and keeps the pulse."),
    "plan": Door("backend.cli.plan:command", "Check a plan file, show its terms on a day, print its schema."),
    "calc": Door("backend.cli.calc:command", "Compute standings and earning lines from files, without a database."),
    "explain": Door("backend.cli.explain:command", "Say why a member's numbers are what they are, and why not higher."),
    "demo-company": Door("backend.cli.demo_company:command", "Write the files of a company drawn from real purchases."),
    "import": Door("backend.cli.import_company:command", "Load the files of a company into the database."),
    "intake": Door("backend.cli.intake:command", "Take files of members, products, orders and more; try them first."),
    "intake-schemas": Door("backend.cli.intake_schemas:command", "Write the JSON Schemas of all that intake takes."),
    "held": Door("backend.cli.held:command", "List what waits for something that has not come yet, or let it go."),
    "period": Door("backend.cli.period:command", "Close a period for good, or compute a closed one again."),
    "network": Door("backend.cli.network:command", "Correct sponsors and enrollers, let members leave; shown first."),
    "history": Door("backend.cli.history:command", "Bring what another system paid, and compare it with the plan."),
    "jobs": Door("backend.cli.jobs:command", "List jobs, try held ones again, close a period at a given time."),
    "backup": Door("backend.cli.backup:backup", "Write the whole database into a file."),
    "restore": Door("backend.cli.backup:restore", "Fill an empty database from such a file, and prove it."),
    "intake-totals": Door(
        "backend.cli.intake_totals:command", "Set what shops counted on their days against the books."
    ),
    "shop-key": Door("backend.cli.shop_key:command", "Print the key with which a shop signs its orders."),
    "sign-in-link": Door("backend.cli.sign_in_link:command", "Print a link that lets in a member or an operator."),
    "warm": Door("backend.cli.warm:command", "Compile the engine once, so that nobody waits for a compiler."),
}


@click.group(cls=LazyGroup, doors=DOORS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="handrail", prog_name="handrail")
def group() -> None:
    """Handrail: a phone app and its server for people who sell in a stair-step breakaway plan."""


def main() -> None:
    """Run the command line; findings are printed line by line with exit code 1."""
    sys.exit(group(prog_name="handrail"))
