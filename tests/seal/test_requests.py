"""Signed requests: what is refused when any part of one is missing, changed, late or someone else's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms

from desktop.seal import keys, requests
from desktop.seal.refused import Refused
from desktop.seal.requests import COMPONENTS, Request

NOW = 1_795_000_000_000_000
URL = "https://province.example:8443/push?after=3"
BODY = b"what was recorded"
KEY, OTHER = keys.sign_key(), keys.sign_key()
ID = "1203/desk"
PLAIN = {"content-type": "application/msgpack", "content-encoding": "zstd"}


def signed(body: bytes = BODY) -> Request:
    return Request("POST", URL, requests.sign(KEY, ID, "POST", URL, PLAIN, body, NOW))


def verify(request: Request, body: bytes = BODY, now: int = NOW) -> str:
    return requests.verify(request, body, {ID: KEY.public_key()}.get, now)


def test_an_honest_request_names_its_key() -> None:
    assert verify(signed()) == ID
    assert verify(signed(b""), b"") == ID


@pytest.mark.parametrize("left_out", COMPONENTS)
def test_a_signature_that_covers_less_is_refused(left_out: str) -> None:
    request = Request("POST", URL, dict(PLAIN))
    request.headers["Content-Digest"] = signed().headers["Content-Digest"]
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={ID: KEY}),
    )
    covered = [each for each in COMPONENTS if each != left_out]
    signer.sign(
        request, key_id=ID, created=requests._at(NOW), tag=requests.TAG, include_alg=False,
        covered_component_ids=covered, use_existing_digest=True,
    )  # fmt: skip
    if left_out != "content-digest":  # its lack is caught by the body, the others by coverage alone
        assert f'"{left_out}"' not in request.headers["Signature-Input"]
    with pytest.raises(Refused):
        verify(request)


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "GET"}, {"url": URL.replace("after=3", "after=4")}, {"url": URL.replace("/push", "/pull")},
        {"url": URL.replace("province", "other")},
    ],
)  # fmt: skip
def test_another_method_path_query_or_host_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        verify(replace(signed(), **changed))


@pytest.mark.parametrize("name", [*PLAIN, "Content-Digest", "Signature", "Signature-Input"])
def test_a_header_changed_or_gone_is_refused(name: str) -> None:
    for headers in (
        {key: value for key, value in signed().headers.items() if key != name},
        {**signed().headers, name: "x" + signed().headers[name]},
    ):
        with pytest.raises(Refused):
            verify(Request("POST", URL, headers))


def test_another_body_is_refused_before_anyone_reads_it() -> None:
    with pytest.raises(Refused):
        verify(signed(), BODY + b".")
    with pytest.raises(Refused):
        verify(signed(), b"")


@pytest.mark.parametrize("off", [-301_000_000, 301_000_000])
def test_an_old_request_and_one_from_the_future_are_refused(off: int) -> None:
    assert verify(signed(), now=NOW + off // 2) == ID
    with pytest.raises(Refused):
        verify(signed(), now=NOW + off)


def test_another_key_under_this_id_and_an_unknown_id_are_refused() -> None:
    for found in ({ID: OTHER.public_key()}, {}):
        with pytest.raises(Refused):
            requests.verify(signed(), BODY, found.get, NOW)


def test_another_tag_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr(requests, "TAG", "something-else-1")
        request = signed()
    with pytest.raises(Refused):
        verify(request)


def test_two_signatures_are_refused_unless_both_hold() -> None:
    request = signed()
    for name in ("Signature", "Signature-Input"):
        request.headers[name] += ", second=" + request.headers[name].partition("=")[2]
    broken = {**request.headers, "Signature": request.headers["Signature"][:-6] + "AAAA=:"}
    with pytest.raises(Refused):
        verify(replace(request, headers=broken))
