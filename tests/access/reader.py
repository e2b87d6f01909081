"""A person who sees nothing, for Debian's own Python: works the desk by AT-SPI alone, a JSON line asked, one answered.

Knows nothing of the product but its name. Each ask is `[verb, *words]`; the answer `{"said": …}` or `{"wrong": …}`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyatspi

APPLICATION = "پیشخوان مثبت زندگی"
_PATIENCE = 30.0
_LOOK_S = 0.02
_RETURN = 36  # its keycode on a PC's keyboard
_PRESSED = ("push button", "radio button", "check box")
_WRITTEN = ("text", "password text")
_DEEPEST = 60
_MET: dict[str, Any] = {}


def walk(thing: Any, depth: int = 0) -> Iterator[Any]:
    """Everything that can be heard under it. A row may be scrolled out of sight, and is heard all the same."""
    for child in thing:
        if child is None or depth > _DEEPEST:
            continue
        states = child.getState()
        if child.getRoleName() == "list item" or states.contains(pyatspi.STATE_SHOWING):
            yield child
            yield from walk(child, depth + 1)


def window() -> Iterator[Any]:
    """What is under the application; nothing before it is there."""
    for application in pyatspi.Registry.getDesktop(0):
        if application is not None and application.name == APPLICATION:
            yield from walk(application)


def waited(look: Callable[[], Any], words: str) -> Any:
    """What `look` says as soon as that is something. What goes while it is read is read again."""
    deadline = time.monotonic() + _PATIENCE
    wrong = ""
    while time.monotonic() < deadline:
        try:
            if said := look():
                return said
        except Exception as error:
            wrong = repr(error)
        time.sleep(_LOOK_S)
    try:
        here = str(everything())
    except Exception as error:  # it still changes
        here = repr(error)
    raise LookupError(f"no {words}; {wrong} here: {here}")


def one(roles: Sequence[str], name: str) -> Any:
    """The first control of one of these roles and this name, waited for; where it was a moment ago is looked first."""

    def look() -> Any:
        known = _MET.get(name)
        if known is not None and still(known, roles, name):
            return known
        return next((each for each in window() if each.getRoleName() in roles and each.name == name), None)

    _MET[name] = waited(look, f"{' or '.join(roles)} {name!r}")
    return _MET[name]


def still(thing: Any, roles: Sequence[str], name: str) -> bool:
    try:
        thing.clearCache()
        there = thing.getRoleName() in roles and thing.name == name
        return bool(there and thing.getState().contains(pyatspi.STATE_SHOWING))
    except Exception:  # its screen is gone
        return False


def row(list_name: str, words: str) -> Any:
    """The first row of a list that has these words, waited for."""

    def look() -> Any:
        rows = next((each for each in window() if each.getRoleName() == "list" and each.name == list_name), ())
        return next((each for each in rows if each is not None and words in each.name), None)

    return waited(look, f"row {words!r} in {list_name!r}")


def everything() -> list[tuple[str, str]]:
    return [(each.getRoleName(), each.name) for each in window() if each.name]


def press(name: str) -> bool:
    """A control's own action, once it may be used."""

    def look() -> Any:
        thing = one(_PRESSED, name)
        return thing if thing.getState().contains(pyatspi.STATE_ENABLED) else None

    return bool(waited(look, f"use of {name!r}").queryAction().doAction(0))


def write(name: str, text: str) -> bool:
    return bool(one(_WRITTEN, name).queryEditableText().setTextContents(text))


def choose(list_name: str, words: str) -> bool:
    """Stand on a row, as an arrow key does."""
    there = row(list_name, words)
    return bool(there.getState().contains(pyatspi.STATE_SELECTED) or there.queryAction().doAction(0))


def take(list_name: str, words: str) -> bool:
    """Stand on a row and press Enter: AT-SPI's own key, to whatever has the focus."""

    def in_list() -> Any:
        rows = one(("list",), list_name)
        return rows if rows.getState().contains(pyatspi.STATE_FOCUSED) else None

    choose(list_name, words)
    one(("list",), list_name).queryComponent().grabFocus()
    waited(in_list, f"focus in {list_name!r}")
    pyatspi.Registry.generateKeyboardEvent(_RETURN, None, pyatspi.KEY_PRESSRELEASE)
    return True


def about(name: str) -> str:
    thing = one((*_WRITTEN, *_PRESSED, "list"), name)
    thing.clearCache()
    return str(thing.description)


def typed(name: str) -> str:
    text = one(_WRITTEN, name).queryText()
    return str(text.getText(0, text.characterCount))


def focus(name: str) -> bool:
    """Put the keyboard in a field."""
    one(_WRITTEN, name).queryComponent().grabFocus()
    return bool(waited(lambda: focused() == name, f"focus in {name!r}"))


def focused() -> str:
    """The name of what has the keyboard: a group whose control has it says so too, the row of a list as well."""
    with_focus = [each for each in window() if each.getState().contains(pyatspi.STATE_FOCUSED)]
    names = [str(each.name) for each in with_focus if each.getRoleName() not in ("frame", "list item")]
    return names[-1] if names else ""


def steady(look: Callable[..., Any]) -> Callable[..., Any]:
    """The same look, taken again where something went away in the midst of it."""
    return lambda *words: waited(lambda: (look(*words),), f"steady {look.__name__} {words}")[0]


VERBS: dict[str, Callable[..., Any]] = {
    "press": press, "write": write, "choose": choose, "take": take, "focus": focus,
    "about": steady(about), "typed": steady(typed), "focused": steady(focused), "everything": steady(everything),
    "wait_for": lambda name: bool(waited(lambda: next((each for each in window() if each.name == name), None), name)),
}  # fmt: skip


def main() -> None:
    for line in sys.stdin:
        verb, *words = json.loads(line)
        try:
            answer = {"said": VERBS[verb](*words)}
        except Exception as error:  # told to whoever asked
            answer = {"wrong": f"{verb} {words}: {type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
