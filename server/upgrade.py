"""Bring a database to this program's tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from server import store


def upgrade(engine: Engine) -> None:
    """Run what is missing of the migrations, in one transaction; does nothing on a database that has them all."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with store.writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
