"""The history checker: was anything lost, doubled, skipped, overwritten, shown differently or to the wrong people?

It reads journals and dumps alone and imports nothing of the product: `python -m tests.faults.live.oracle FOLDER` prints
one JSON object and exits 0 only where nothing was found and somebody did contest something.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.live import leaks, values
from tests.faults.live.history import Acked, Centre, History, read

COUNTS = ("lost", "duplicates", "gaps", "diverged", "silent_overwrites", "leaks")
_SHOWN = 40
_DECIDED = frozenset({"late", "transfer_refused"})
"""What an officer may keep out in these runs; nobody here writes what else an officer would look at."""
_FOLLOWS = frozenset({"held", "missing_reference"})
"""What waits for, or speaks of, something that was kept out, and is kept out with it."""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_LINE = frozenset({"province-unreachable", "province-trouble"})
_GARBLED_TAKEN = 200


@dataclass
class Found:
    """What the checker found, and how much there was to look at."""

    counts: Counter[str] = field(default_factory=Counter)
    details: list[str] = field(default_factory=list)
    guarded_pairs: int = 0
    conflicts: int = 0

    def add(self, count: str, detail: str) -> None:
        """One thing that may not be."""
        self.counts[count] += 1
        if self.counts[count] <= _SHOWN:
            self.details.append(f"{count}: {detail}")


def check(history: History) -> Found:
    """Every statement over the whole history."""
    found = Found()
    for name in history.torn:
        found.add("diverged", f"{name} couldn't be brought to quiet")
    for centre in history.centres.values():
        _feed_has_no_holes(found, centre)
        _commits_are_whole(found, centre)
        _clocks_are_clamped(found, history, centre)
    _desks_hold_all(found, history)
    _acked_is_there(found, history)
    _ids_are_used_once(found, history)
    _answers_hold(found, history)
    _same_everywhere(found, history)
    for centre in history.centres.values():
        pairs, conflicts = values.check(history, centre, found.add)
        found.guarded_pairs, found.conflicts = found.guarded_pairs + pairs, found.conflicts + conflicts
    leaks.check(history, found.add)
    return found


def _feed_has_no_holes(found: Found, centre: Centre) -> None:
    """The feed runs 1, 2, 3 … to its head."""
    expected = 1
    for sseq, length, *_ in centre.feed:
        if sseq != expected:
            found.add("gaps", f"the feed of {centre.code} goes from {expected - 1} to {sseq}")
        expected = sseq + length
    if expected != centre.head + 1:
        found.add("gaps", f"the feed of {centre.code} ends at {expected - 1}, its head says {centre.head}")


def _commits_are_whole(found: Found, centre: Centre) -> None:
    """A commit that entered its own centre's feed at once has one row there, with all of its changes in order."""
    rows: dict[tuple[str, int], list[Any]] = {}
    for row in centre.feed:
        if row[7] is None:
            rows.setdefault((row[2], row[3]), row)
    for (desk, first), row in rows.items():
        commit = centre.commits.get((desk, first))
        if desk not in centre.desks or commit is None or commit[4]:
            continue
        if row[5] or row[1] != row[4] - first + 1:
            found.add("gaps", f"a transaction is torn: {desk}/{first} has only {row[5] or row[1]} at {row[0]}")


def _clocks_are_clamped(found: Found, history: History, centre: Centre) -> None:
    """No change counts as later than the province first heard of it, and none but for that is moved."""
    for (desk, first), commit in centre.commits.items():
        if desk not in centre.desks:
            continue
        received = f"{commit[6] << 12:016x}"
        for place, effective in enumerate(commit[5].split()):
            row = centre.changes.get((desk, first + place))
            if row and effective != min(json.loads(row[5])["hlc"], received):
                found.add("diverged", f"{row[2]} counts as of {effective}, received at {received}")


def _desks_hold_all(found: Found, history: History) -> None:
    """Chains have no hole, at the desk and at the province, and every desk has folded its centre's whole feed."""
    for desk in history.desks:
        name, centre = desk["name"], history.centres[desk["centre"]]
        if [row[0] for row in desk["own"]] != list(range(1, len(desk["own"]) + 1)):
            found.add("gaps", f"{name} has holes in its own chain")
        last = centre.desks[desk["desk"]][1] if desk["desk"] in centre.desks else -1
        if last != len(desk["own"]) or desk["acked"] != last:
            found.add("lost", f"{name} wrote {len(desk['own'])}, marks {desk['acked']}, the province holds {last}")
        for seq, digest in desk["own"]:
            row = centre.changes.get((desk["desk"], seq))
            if row is None or row[3] != digest:
                found.add("gaps" if row is None else "lost", f"{name}/{seq} isn't at the province as it was signed")
        missing = set(range(desk["base"] + 1, centre.head + 1)) - set(desk["places"])
        if missing or desk["cursor"] != centre.head:
            seen = sorted(missing)[:5]
            found.add("gaps", f"{name} stands at {desk['cursor']} of {centre.head}, without {len(missing)}: {seen}")
        if not desk.get("clean", True):
            found.add("diverged", f"{name} doesn't verify: {desk['verified']}")


def _acked_is_there(found: Found, history: History) -> None:
    """What a desk acknowledged counts in one feed, with the bytes it had, or was kept out for a reason that holds."""
    out = _kept_out(history)
    for each in history.acked:
        counting = [place for place in history.appearances.get(each.change_id, ()) if not place.gone]
        centres = sorted(place.centre for place in counting)
        twice = each.kind == "transfer" and len(set(centres)) == len(centres)  # both centres are told
        if len(counting) > 1 and not twice:
            found.add("duplicates", f"{each.kind} {each.change_id} counts at {[(p.centre, p.sseq) for p in counting]}")
        elif not counting and each.change_id not in out:
            found.add("lost", f"{each.kind} {each.change_id} of {each.desk}/{each.seq}: {_fate(history, each)}")
        elif counting:
            _as_acked(found, history, each, centres)


def _as_acked(found: Found, history: History, each: Acked, centres: list[str]) -> None:
    """Its bytes are those acknowledged, and it counts where the thing it is about is."""
    body = history.bodies.get(each.change_id)
    if body is None or body["sha"] != each.body:
        found.add("lost", f"{each.kind} {each.change_id} has other bytes than its desk acknowledged")
    for centre in centres:
        if each.entity not in history.centres[centre].documents():
            found.add("lost", f"{each.kind} {each.change_id} counts at {centre}, which has no {each.entity}")


def _kept_out(history: History) -> set[str]:
    """Change ids of commits with an ending that holds: the household was known to have left, or an officer said no."""
    refused = {
        (line["desk"], line["first"]) for line in history.decided if not line["in"] and line["reason"] in _DECIDED
    }
    dropped: set[str] = set()
    out: set[str] = set()
    left = {code: _left(centre) for code, centre in history.centres.items()}
    waiting: list[tuple[tuple[str, int], list[Any], str]] = []
    for centre in history.centres.values():
        for key, commit in centre.commits.items():
            if commit[3] == "discarded":
                waiting.append((key, commit, centre.code))
    for follows in (False, True, True, True):  # what follows may itself be followed
        for key, commit, code in waiting:
            mine = [history.centres[code].changes.get((key[0], seq)) for seq in range(commit[1], commit[2] + 1)]
            rows = [row for row in mine if row]
            fair = commit[4] == "moved_away" or key in refused
            if follows and commit[4] in _FOLLOWS:
                said = set(_ID.findall("".join(history.texts[row[2]] for row in rows)))
                fair = not said.isdisjoint(dropped | left[code])
            if fair:
                out |= {row[2] for row in rows}
                dropped |= {row[4] for row in rows}
    return out


def _left(centre: Centre) -> set[str]:
    """Every entity that left the centre at some time: what was said of one may have come too late to be for it."""
    said = (json.loads(row[7]) for row in centre.feed if row[7] is not None and '"scope.remove"' in row[7])
    return {each for one in said for each in (*one["entities"], one["household"])}


def _fate(history: History, each: Acked) -> str:
    """What became of it, for whoever reads the finding."""
    told = []
    for centre in history.centres.values():
        mine = (row for key, row in centre.commits.items() if key[0] == each.desk and key[1] <= each.seq <= row[2])
        told += [f"{centre.code} {commit[3]} {commit[4]}".strip() for commit in mine]
    return "; ".join(told) or "nowhere at the province"


def _ids_are_used_once(found: Found, history: History) -> None:
    """A change id is one change: one desk, one seq, one hash, wherever it is kept."""
    meant: dict[str, tuple[str, int, str]] = {}
    for centre in history.centres.values():
        for (desk, seq), row in centre.changes.items():
            if meant.setdefault(row[2], (desk, seq, row[3])) != (desk, seq, row[3]):
                found.add("duplicates", f"{row[2]} is {meant[row[2]]} and {(desk, seq, row[3])}")
    acks = Counter(each.change_id for each in history.acked)
    for change_id, count in acks.items():
        if count > 1:
            found.add("duplicates", f"{change_id} was acknowledged {count} times")


def _answers_hold(found: Found, history: History) -> None:
    """What the province said it holds it holds at its next word; what a desk believes sent was answered for; and a
    request whose bytes were altered on the way is not taken."""
    for name, lines in history.said.items():
        told = 0
        for line in lines:
            told = max(told, line.get("held", 0))
            match line["t"]:
                case "marks" if line["acked"] > told:
                    found.add("lost", f"{name} marks {line['acked']} as stored, the province said {told}")
                case "hello" | "after push" if line["acked"] > line["held"]:
                    found.add("lost", f"{name} has {line['acked']} marked as stored, the province {line['held']}")
                case "garbled" if line["status"] == _GARBLED_TAKEN:
                    found.add("lost", f"the province took a garbled {line['target']} of {name}")
                case "again" if line["status"] not in (200, 404, 409):
                    found.add("duplicates", f"a request of {name} sent again was answered {line['status']}")
                case "fault" if line["code"] not in _LINE:
                    found.add("diverged", f"{name} met {line['code']}")
                case "diverged":
                    found.add("diverged", f"{name} folded another state than the province")
                case "opened" if line["head"] != "ok":
                    found.add("lost", f"{name} was opened with its head {line['head']}")


def _same_everywhere(found: Found, history: History) -> None:
    """Every desk dumps what its centre dumps, and nothing waits."""
    for desk in history.desks:
        centre = history.centres[desk["centre"]]
        mine = {each["id"]: each for each in desk["dump"]["documents"]}
        theirs = centre.documents()
        for each in sorted(mine.keys() | theirs.keys()):
            if mine.get(each) != theirs.get(each):
                found.add("diverged", f"{desk['name']} and {centre.code} differ in {_differ(mine, theirs, each)}")
        if desk["dump"]["state_hash"] != centre.dump["state_hash"]:
            found.add("diverged", f"{desk['name']} and {centre.code} have other state hashes")
    homes: dict[str, list[str]] = defaultdict(list)
    for centre in history.centres.values():
        for each in centre.dump["documents"]:
            homes[each["id"]].append(centre.code)
    for entity, codes in homes.items():
        kind = history.centres[codes[0]].documents()[entity]["kind"]
        if len(codes) > 1 and kind != "transfer":
            found.add("duplicates", f"{kind} {entity} is at {codes}")


def _differ(mine: dict[str, Any], theirs: dict[str, Any], entity: str) -> str:
    here, there = mine.get(entity), theirs.get(entity)
    if here is None or there is None:
        return f"{(here or there)['kind']} {entity}, which only {'one' if here else 'the province'} has"  # type: ignore[index]
    parts = [f"{key}: {here[key]!r} / {there[key]!r}"[:300] for key in here if here[key] != there[key]]
    return f"{here['kind']} {entity}: {'; '.join(parts)}"


def summary(folder: Path) -> dict[str, Any]:
    """Everything in a run's folder, judged."""
    history = read(folder)
    found = check(history)
    told = [line for lines in history.said.values() for line in lines]
    accepted = sum('"scope.add"' in (row[7] or "") for each in history.centres.values() for row in each.feed)
    return {
        "changes": len(history.acked), "guarded_pairs": found.guarded_pairs, "conflicts": found.conflicts,
        **{name: found.counts[name] for name in COUNTS},
        "transfers": accepted,
        "quarantined": sum(bool(c[4]) for each in history.centres.values() for c in each.commits.values()),
        "garbled": sum(line["t"] == "garbled" and line["status"] != 0 for line in told),
        "sent_again": sum(line["t"] == "again" for line in told),
        "syncs": sum(line["t"] == "hello" for line in told), "details": found.details,
    }  # fmt: skip


def good(said: dict[str, Any]) -> bool:
    return not any(said[name] for name in COUNTS) and said["guarded_pairs"] > 0


def main(arguments: Sequence[str]) -> int:
    said = summary(Path(arguments[0]))
    print(json.dumps(said, ensure_ascii=False))
    return 0 if good(said) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
