"""Whether anything of a household is where its people don't work: in a desk's database, or in what it was given."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from tests.faults.live.history import History

Add = Callable[[str, str], None]
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def check(history: History, add: Add) -> None:
    """Names and ids: at the end none of a household that lives elsewhere, and at no time any that never came here."""
    entity_of = {word: each.entity for each in history.acked for word in each.markers}
    homes: dict[str, str] = {}
    for centre in history.centres.values():
        for document in centre.dump["documents"]:
            if document["kind"] != "transfer":
                homes[document["id"]] = centre.code
    _names_at_the_end(history, entity_of, homes, add)
    _names_given(history, add)
    _ids_never_here(history, add)


def _names_at_the_end(history: History, entity_of: dict[str, str], homes: dict[str, str], add: Add) -> None:
    for desk in history.desks:
        for word in desk["markers"]:
            entity = entity_of.get(word, "")
            if homes.get(entity, desk["centre"]) != desk["centre"]:
                add("leaks", f"{desk['name']} of {desk['centre']} has {word} of {entity}, who is at {homes[entity]}")


def _names_given(history: History, add: Add) -> None:
    """A name is given to a desk only because a change that says it is, or was, in its centre's feed, or because it
    wrote it."""
    said: dict[str, set[str]] = defaultdict(set)
    author: dict[str, set[str]] = defaultdict(set)
    for each in history.acked:
        for place in history.appearances.get(each.change_id, ()):
            for word in each.markers:
                said[word].add(place.centre)
        for word in each.markers:
            author[word].add(each.desk)
    for desk in history.desks:
        for line in history.said[desk["name"]]:
            for word in line["markers"] if line["t"] == "given" else ():
                if word in said and desk["centre"] not in said[word] and desk["desk"] not in author[word]:
                    add("leaks", f"{desk['name']} was given {word}, of {sorted(said[word])}")


def _ids_never_here(history: History, add: Add) -> None:
    """An id of another centre's record is known here only where something said here names it."""
    spoken: dict[str, set[str]] = {}
    for centre in history.centres.values():
        text = [history.texts.get(place.change_id, "") for place in centre.placed]
        text += [row[7] for row in centre.feed if row[7] is not None]
        spoken[centre.code] = set(_ID.findall("\n".join(text)))
    by_desk: dict[str, set[str]] = defaultdict(set)
    for each in history.acked:
        by_desk[each.desk] |= {each.change_id, each.entity}
    for desk in history.desks:
        others: set[str] = set()
        for other in history.desks:
            if other["centre"] != desk["centre"]:
                others |= by_desk[other["desk"]]
        wrong = set(desk["ids"]) & others - spoken[desk["centre"]]
        for each in sorted(wrong - by_desk[desk["desk"]])[:10]:
            add("leaks", f"{desk['name']} of {desk['centre']} knows {each}, of another centre")
