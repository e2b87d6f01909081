"""The one way a value becomes the bytes that are hashed, signed and sent (design, formats that never change).

UTF-8 JSON, sorted keys, no spaces; strings, 64-bit ints, booleans, null and arrays and objects of them. There are no
floats: two machines would print them differently. Bytes once written are kept and never made again from a value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from desktop.seal.refused import Refused

_PLAIN = frozenset({str, bool, type(None)})
_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1

_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def encode(value: Mapping[str, Any]) -> bytes:
    """The canonical bytes of an object; tuples are written as arrays.

    Raises TypeError for anything the format has no room for (floats, bytes, a key that isn't a string, an int beyond
    64 bits) and UnicodeEncodeError, a ValueError, for half a surrogate pair.
    """
    if not isinstance(value, dict):
        raise TypeError(f"the outermost value is {type(value).__name__}, not an object")
    _check(value)
    return _encoder.encode(value).encode("utf-8")


def _check(value: object) -> None:
    kind = type(value)
    if kind in _PLAIN:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if type(key) is not str:
                raise TypeError(f"a key is {type(key).__name__}, not a string")
            if type(inner) not in _PLAIN:
                _check(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            if type(inner) not in _PLAIN:
                _check(inner)
    elif isinstance(value, int):
        if not _INT_MIN <= value <= _INT_MAX:
            raise TypeError("an int is wider than 64 bits")
    elif not isinstance(value, str):
        raise TypeError(f"{kind.__name__} has no canonical bytes")


def decode(data: bytes) -> dict[str, Any]:
    """The object in `data`. Raises `Refused` for what two readers could read differently.

    Refused: bytes that aren't UTF-8, a key given twice, floats and NaN, ints beyond 64 bits, half a surrogate pair,
    anything before or after the object, nesting too deep to read.
    """
    if data[:1] != b"{" or data[-1:] != b"}":
        raise Refused("not exactly one object")
    try:
        text = data.decode("utf-8")
        value: dict[str, Any]
        value, end = _decoder.raw_decode(text)
        if end != len(text):
            raise Refused("not exactly one object")
        if b"\\u" in data:
            _encoder.encode(value).encode("utf-8")  # an escape can spell half a surrogate pair
    except Refused:
        raise
    except (ValueError, RecursionError) as error:
        raise Refused(f"not readable: {error}") from error
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Refused("a key is given twice")
    return value


def _int(text: str) -> int:
    if len(text) > 20:
        raise Refused("an int is wider than 64 bits")
    value = int(text)
    if not _INT_MIN <= value <= _INT_MAX:
        raise Refused("an int is wider than 64 bits")
    return value


def _no_float(text: str) -> NoReturn:
    raise Refused(f"a float: {text[:20]}")


_decoder = json.JSONDecoder(object_pairs_hook=_once, parse_int=_int, parse_float=_no_float, parse_constant=_no_float)
