"""What can go wrong, as values: `Invalid` belongs beside a field, `Known` in a three-part message.

Anything else that is raised is a bug and is shown as one.
"""

from __future__ import annotations

from desktop.domain import texts


class Invalid(ValueError):
    """A typed value can't be taken. `key` names its sentence in the catalogue; `fields` fill it."""

    def __init__(self, key: str, /, **fields: object) -> None:
        super().__init__(key)
        self.key, self.fields = key, fields

    def sentence(self) -> str:
        return texts.say(self.key, **self.fields)


class Known(Exception):
    """A failure the desk expects: disk full, wrong password, province out of reach.

    `code` names a table of the catalogue, `fault.<code>`, that holds `happened`, `safe` and `do`; `fields` fill them.
    """

    def __init__(self, code: str, /, **fields: object) -> None:
        super().__init__(code)
        self.code, self.fields = code, fields

    def parts(self) -> tuple[str, str, str]:
        """What happened, what is safe, what to do."""
        happened, safe, do = (
            texts.say(f"fault.{self.code}.{part}", **self.fields) for part in ("happened", "safe", "do")
        )
        return happened, safe, do
