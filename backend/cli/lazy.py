"""
A group of commands behind doors: the sign is read without opening, the module is loaded when its command is called.
"""

from importlib import import_module
from typing import Any, NamedTuple

import rich_click as click

from backend.kernel.finding import Refused


class Door(NamedTuple):
    """Where a command lives, as `module:attribute`, and the sentence that `--help` shows for it."""

    target: str
    sign: str


class LazyGroup(click.RichGroup):
    """Lists its commands from a table; loads one when it is called, and prints what it refuses."""

    def __init__(self, *args: Any, doors: dict[str, Door], **kwargs: Any) -> None:
        """Keep the table; its order is the order of the help."""
        super().__init__(*args, **kwargs)
        self.doors = doors

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the parent's signature
        """Return the names in the order of the table."""
        return list(self.doors)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Return the sign of a command, which is all that help and spelling need."""
        door = self.doors.get(cmd_name)
        return click.RichCommand(name=cmd_name, help=door.sign, short_help=door.sign) if door else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Open the door of the command that is called; an unknown name is answered with the names there are."""
        name, sign, rest = super().resolve_command(ctx, args)
        if name is None or sign is None:
            return name, sign, rest
        return name, _opened(self.doors[name]), rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; print each finding of a refusal on its own line and leave with exit code 1."""
        try:
            return super().invoke(ctx)
        except Refused as refused:
            for finding in refused.findings:
                click.echo(str(finding), err=True)
            ctx.exit(1)


def _opened(door: Door) -> click.Command:
    module, _, attribute = door.target.partition(":")
    command = getattr(import_module(module), attribute)
    assert isinstance(command, click.Command), door.target
    return command
