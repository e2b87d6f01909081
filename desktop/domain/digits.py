"""Digits as people type them (Persian, Arabic, Latin) and as they read them (Persian)."""

from __future__ import annotations

_PERSIAN_ZERO, _ARABIC_ZERO = 0x06F0, 0x0660
_TO_LATIN = {zero + value: str(value) for zero in (_PERSIAN_ZERO, _ARABIC_ZERO) for value in range(10)}
_TO_PERSIAN = {ord(str(value)): chr(_PERSIAN_ZERO + value) for value in range(10)}


def latin(text: str) -> str:
    """`text` with every Persian and Arabic-Indic digit as 0–9; nothing else is touched."""
    return text.translate(_TO_LATIN)


def persian(value: object) -> str:
    """`str(value)` with its digits as Persian digits, for screens and papers; never for what is stored."""
    return latin(str(value)).translate(_TO_PERSIAN)
