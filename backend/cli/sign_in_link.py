"""
`handrail sign-in-link`: a way in for a member or an operator.
"""

import asyncio

import rich_click as click

from backend.flows.create_sign_in_link import LINK_DAYS, create_sign_in_link
from backend.serving import database
from backend.settings import read_settings
from backend.store.database import opened


@click.command(name="sign-in-link")
@click.option("--member", help="The id of the member whom the link lets in.")
@click.option("--operator", is_flag=True, help="Let in somebody who runs the company.")
@click.option("--days", type=click.IntRange(1, 365), default=LINK_DAYS, show_default=True, help="How long it works.")
def command(*, member: str | None, operator: bool, days: int) -> None:
    """Print a link that signs a member or an operator in."""
    if (member is None) != operator:
        raise click.UsageError("Say for whom: --member M1, or --operator.")
    click.echo(asyncio.run(_link(member, days)))


async def _link(member: str | None, days: int) -> str:
    settings = read_settings()
    async with database(settings) as dsn, opened(dsn):
        path = await create_sign_in_link(member_code=member, days=days)
    return f"http://{settings.host}:{settings.port}{path}"
