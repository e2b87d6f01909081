"""The province's own words in a feed: notices by its sign key, orders by its root, which is kept offline.

A notice is canonical bytes with a `type`; its clock `at` lets a desk tell what was written before it was heard of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.domain import hlc
from desktop.seal import canonical, signing
from desktop.seal.keys import SignKey, SignPublic
from desktop.seal.refused import Refused

SCOPE_ADD, SCOPE_REMOVE, REROUTED, REDACTION = "scope.add", "scope.remove", "rerouted", "redaction"
_PARTS: Mapping[str, Mapping[str, type]] = {
    SCOPE_ADD: {"source": str, "household": str, "transfer": str},
    SCOPE_REMOVE: {"target": str, "household": str, "transfer": str, "entities": list},
    REROUTED: {"target": str, "desk": str, "first": int, "last": int},
    REDACTION: {"order": str, "changes": list},
}


def sign(key: SignKey, realm: str, said: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """A notice's message and signature. `said` has `type`, `at` and what that type is about."""
    message = canonical.encode(dict(said))
    return message, signing.sign(key, "order" if said["type"] == REDACTION else "notice", realm, message)


def opened(message: bytes, signature: bytes, realm: str, sign_key: SignPublic, root_key: SignPublic) -> dict[str, Any]:
    """What a notice says, believed: an order from the root alone, all else from the sign key. Raises Refused."""
    said = read(message)
    if said["type"] == REDACTION:
        signing.verify(root_key, "order", realm, message, signature)
    else:
        signing.verify(sign_key, "notice", realm, message, signature)
    return said


def read(message: bytes) -> dict[str, Any]:
    """What a notice says, whoever signed it. Raises Refused for a shape this program doesn't know."""
    said = dict(canonical.decode(message))
    parts = _PARTS.get(str(said.get("type")))
    if parts is None or not isinstance(said.get("at"), str) or not hlc.readable(said["at"]):
        raise Refused("a notice of an unknown type, or without a clock")
    if any(type(said.get(name)) is not kind for name, kind in parts.items()):
        raise Refused(f"a {said['type']} without a part")
    if any(not isinstance(each, str) for name in ("entities", "changes") for each in said.get(name, ())):
        raise Refused("a list of something else than ids")
    return said
