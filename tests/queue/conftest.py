"""An open desk with its queue, without a window."""

from __future__ import annotations

from tests.actions.conftest import desk, folder

__all__ = ["desk", "folder"]
