"""
`handrail intake-schemas`: the JSON Schemas of all files and messages that intake takes, for programs that write them.
"""

import json
from pathlib import Path

import rich_click as click

from backend.intake.schemas import schemas


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Write into FOLDER a JSON Schema for a row of each file of a drop, and for the messages of each door."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo(f"{len(schemas())} schemas are in {folder}.")
