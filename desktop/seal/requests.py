"""Signed requests after RFC 9421, as strict as one program talking to itself may be (security 18).

One algorithm, one tag, one list of covered components, all of them required; the body's digest is held against the
body before anything decompresses it. `@authority` is what each side was configured with, not what a header says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)

from desktop.seal.keys import SignKey, SignPublic
from desktop.seal.refused import Refused

TAG = "pishkhan-1"
COMPONENTS = ("@method", "@authority", "@path", "@query", "content-type", "content-encoding", "content-digest")
MAX_AGE = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed of a request. `url` is absolute, on the configured authority; `headers` are as sent."""

    method: str
    url: str
    headers: dict[str, str]


class _OneKey(HTTPSignatureKeyResolver):
    """The caller's key, whatever the library asks for by name: the algorithm and key come from our own row."""

    def __init__(self, private: SignKey | None, public: Callable[[str], SignPublic | None] | None) -> None:
        self._private, self._public = private, public
        self.asked = ""

    def resolve_private_key(self, key_id: str) -> SignKey | None:  # noqa: ARG002
        return self._private

    def resolve_public_key(self, key_id: str) -> SignPublic | None:
        self.asked = key_id
        return self._public(key_id) if self._public else None


class _Verifier(HTTPMessageVerifier):
    """The library's verifier with our clock; a request from the future is as old as one from the past."""

    now: datetime = _EPOCH

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:  # noqa: ARG002
        created = sig_input.params.get("created")
        if type(created) is not int or "expires" in sig_input.params:
            raise HTTPMessageSignaturesException("a request says when it was made and nothing else of time")
        if abs(self.now.timestamp() - created) > MAX_AGE.total_seconds():
            raise HTTPMessageSignaturesException("made too long ago, or not yet")


def sign(
    key: SignKey, key_id: str, method: str, url: str, headers: Mapping[str, str], body: bytes, now_us: int
) -> dict[str, str]:
    """The headers to send: `headers` (content-type, content-encoding), the digest of `body`, the signature.

    `now_us` is the province's time as the desk knows it, µs UTC.
    """
    request = Request(method, url, dict(headers))
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OneKey(key, None))
    signer.sign(
        request, key_id=key_id, created=_at(now_us), label="desk", tag=TAG, include_alg=False,
        covered_component_ids=COMPONENTS, body=body,
    )  # fmt: skip
    return request.headers


def verify(request: Request, body: bytes, key_of: Callable[[str], SignPublic | None], now_us: int) -> str:
    """The id of the key that signed this request, checked whole against `body` as received. Raises Refused.

    `key_of` finds the key of an id, None for a stranger.
    """
    keys = _OneKey(None, key_of)
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=keys)
    verifier.now = _at(now_us)
    try:
        verifier.verify(request, max_age=MAX_AGE, expect_tag=TAG, require_components=COMPONENTS, body=body)
    except HTTPMessageSignaturesException as error:
        raise Refused(f"the request's signature doesn't hold: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"the request can't be read: {error}") from error
    return keys.asked


def _at(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=us)
