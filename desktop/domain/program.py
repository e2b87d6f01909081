"""What this program calls itself."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """This program's version; empty where it was never installed as one."""
    try:
        return metadata.version("pishkhan")
    except metadata.PackageNotFoundError:
        return ""
