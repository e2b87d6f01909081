"""A desk whose chain isn't the province's: restored from a copy, or cloned. Nothing of either past is lost (security
11).

What the province has and this desk lacks is fetched back. Where both wrote, this desk goes on under a new id and its
branch is written again there; the branch itself stays at the province as evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from db import feed, incarnation, journal, restored, settings
from desktop import wire
from desktop.domain import identifiers
from desktop.domain.faults import Known
from desktop.seal import commits, keys, signing
from desktop.seal.commits import Commit, Signer
from desktop.seal.keys import BoxKey
from desktop.seal.refused import Refused
from desktop.sync import shapes
from desktop.sync.link import Caller, Desk
from desktop.sync.push import judged

_BEGUN = "incarnation"
_EVIDENCE_EACH = 200


def mend(desk: Desk, caller: Caller) -> bool:
    """Bring the chain here and the province's together; True where this desk has another id now and must greet anew.

    Raises Known: what `Caller.call` does, fork-roles where the branch holds what the person here may not write.
    """
    shared = _fetch_back(desk, caller)
    with desk.reading() as session:
        newest, _ = journal.tip(session, desk.signer.desk)
    if newest == shared:
        return False
    _go_on_as_another(desk, caller, shared)
    return True


def _fetch_back(desk: Desk, caller: Caller) -> int:
    """The last own seq the province shares; where this desk has nothing beyond it, the rest of its chain is fetched."""
    mine = desk.signer.desk
    with desk.reading() as session:
        shared = believed = _last_agreed(session, mine)
    while True:
        reply = caller.call("GET", f"/own?after={shared}", wire.OwnReply)
        theirs = [shapes.commit(each) for each in reply.commits]
        if believed and not _follows(desk, theirs, believed):
            shared = believed = 0  # the province was restored since, and a twin came first
            continue
        believed = 0
        with desk.writing() as session:
            for commit in theirs:
                said = commits.span(commit.message)
                here = journal.ended_by(session, mine, said.last)
                if here is None and journal.tip(session, mine)[0] == shared:
                    _take_back(session, desk.signer, commit, shared)
                    if not restored.noticed(session):  # its head came back with it
                        restored.notice(session, "behind")
                elif here != said.hashes[-1]:
                    return shared
                shared = said.last
            feed.judge(session, mine, judged(reply.judged))
            feed.mark(session, "acked_seq", shared)
        if not theirs or shared >= reply.last:
            return shared


def _last_agreed(session: Session, desk: str) -> int:
    """Where to begin comparing: what this copy knew to be stored, if a commit ends there."""
    acked = feed.position(session).acked_seq
    return acked if acked and journal.ended_by(session, desk, acked) else 0


def _follows(desk: Desk, theirs: Sequence[Commit], seq: int) -> bool:
    """Whether the province's chain goes on from ours at `seq`."""
    with desk.reading() as session:
        here = journal.ended_by(session, desk.signer.desk, seq)
    return bool(theirs) and commits.span(theirs[0].message).prev == here


def _take_back(session: Session, signer: Signer, commit: Commit, shared: int) -> None:
    """Keep a commit this desk once signed and lost. Raises Known("province-garbled")."""
    try:
        said, changes = commits.proven_by_desk(commit, signer.realm, signer.desk_key.public_key())
    except Refused as error:
        raise Known("province-garbled") from error
    if said.first != shared + 1 or said.prev != journal.tip(session, signer.desk)[1]:
        raise Known("province-garbled")
    journal.store(session, [journal.Stored(commit, changes)])
    journal.refresh(session, {change.entity_id: change.kind for change in changes})


def _go_on_as_another(desk: Desk, caller: Caller, shared: int) -> None:
    old = desk.signer
    with desk.reading() as session:
        losing = incarnation.branch(session, old.desk, shared)
    incarnation.must_reach(losing, desk.roles)
    new_id, sign, box = _begun(desk)
    new = Signer(old.realm, old.centre, new_id, sign, old.actor, old.actor_key)
    said = wire.incarnation(old.desk, new_id, keys.public_of(sign), keys.public_of(box), shared)
    proof = signing.sign(sign, "incarnation", old.realm, said)
    parts = [losing[at : at + _EVIDENCE_EACH] for at in range(0, len(losing), _EVIDENCE_EACH)]
    for part in parts:
        evidence = tuple(shapes.transaction(_without_bodies(each)) for each in part)
        ask = wire.IncarnationAsk(new_id, keys.public_of(sign), keys.public_of(box), shared, evidence, proof)
        reply = caller.call("POST", "/incarnation", wire.IncarnationReply, ask)
    with desk.writing() as session:
        incarnation.begin(session, old, new, box, shared, reply.series)
        settings.put(session, _BEGUN, None)
        restored.agree(session)
        desk.become(new)  # inside: what follows this transaction beside the database is about the new chain


def _begun(desk: Desk) -> tuple[str, keys.SignKey, BoxKey]:
    """The id and keys to come, made once: a cut between asking and going on must not leave two."""
    with desk.writing() as session:
        kept = settings.get(session, _BEGUN)
        if kept is None:
            kept = {
                "desk": identifiers.new(), "sign": keys.secret_of(keys.sign_key()).hex(),
                "box": keys.secret_of(keys.box_key()).hex(),
            }  # fmt: skip
            settings.put(session, _BEGUN, kept)
    return kept["desk"], keys.sign_key(bytes.fromhex(kept["sign"])), keys.box_key(bytes.fromhex(kept["box"]))


def _without_bodies(commit: Commit) -> Commit:
    headers = tuple(commits.Sealed(each.header, None, None) for each in commit.changes)
    return Commit(commit.message, commit.actor, commit.desk_signature, commit.actor_signature, headers)
