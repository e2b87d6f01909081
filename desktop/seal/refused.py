"""The one refusal of this room."""


class Refused(ValueError):
    """Bytes from outside that don't hold: not canonical, wrongly signed, damaged. The reason is English, for a log."""
