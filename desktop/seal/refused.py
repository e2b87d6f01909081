"""The one refusal of this room."""


class Refused(ValueError):  # noqa: N818  (it reads as what happened)
    """Bytes from outside that don't hold: not canonical, wrongly signed, damaged. The reason is English, for a log."""
