"""`waymark`: each command is a module of feedback.commands, loaded only when it is called."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import click

from feedback import commands, logs
from models.errors import WaymarkError

HELPERS = {"context"}


def _module(name: str) -> str:
    """The module of a command; `import` is a word Python keeps for itself."""
    plain = name.replace("-", "_")
    return "import_" if plain == "import" else plain


class Commands(click.Group):
    """Finds commands by file name, so that `waymark serve` never loads what reading needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in order of name."""
        found = (module.name for module in pkgutil.iter_modules(commands.__path__))
        return sorted(name.rstrip("_").replace("_", "-") for name in found if name not in HELPERS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{commands.__name__}.{_module(cmd_name)}")
        command: click.Command = module.command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="waymark")
def group() -> None:
    """Ask customers how it went, understand what they write, see where the journey hurts."""


def main() -> None:
    """The console script: our errors become one line on standard error and exit status 1."""
    logs.configure()
    try:
        group(prog_name="waymark")
    except WaymarkError as error:
        click.echo(f"waymark: {error}", err=True)
        sys.exit(1)
