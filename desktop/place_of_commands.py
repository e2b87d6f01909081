"""F2, the commands: the place in front, the client in front, every place and every person, in one box."""

from __future__ import annotations

from collections.abc import Callable

from desktop.domain import texts
from desktop.domain.commands import Command, CommandKind
from desktop.domain.people import Found
from desktop.place_of_client import ClientFront
from ui import bound
from ui.bound import shown_key
from ui.screens.palette import Palette
from ui.theme.look import Look
from ui.window import Window

Act = Callable[[], object]


def bind(
    window: Window,
    look: Look,
    client: ClientFront,
    find: Callable[[str], list[Found]] | None,
    today: Callable[[], str],
    open_person: Callable[[str], object],
) -> None:
    """Make F2 work at every place."""

    def show() -> None:
        commands, acts = gathered(window, client)
        palette = Palette(look, commands, find, today)
        palette.command.connect(lambda name: acts[name]())
        palette.person.connect(open_person)
        window.float_over(palette)

    window.bind("F2", show, texts.say("ui.key-commands"), foot=False, always=True)


def gathered(window: Window, client: ClientFront) -> tuple[list[Command], dict[str, Act]]:
    """What can be done now, in the order to offer it, and how: nothing is named that couldn't be done."""
    commands: list[Command] = []
    acts: dict[str, Act] = {}

    def put(kind: CommandKind, words: str, key: str, act: Act) -> None:
        if not any(each.words == words and each.key == key for each in commands):
            name = f"{kind}-{len(commands)}"
            commands.append(Command(name, words, kind, key))
            acts[name] = act

    front = window.front()
    for each in bound.of_screen(front) if front is not None else ():
        if each.now and each.words:
            put("act", each.words, each.key, each.act)
    if window.held():
        return commands, acts
    for place, words, key in window.places():
        put("place", words, key, lambda place=place: window.go(place))  # type: ignore[misc]  # a default binds it now
    for named in client.acts():
        put("everywhere", named.words, shown_key(named.key), named.act)
    if not window.training:
        put("everywhere", texts.say("practice.open"), "", window.practice_wanted.emit)
    for each in window.bound_keys():
        if each.now and each.key != Palette.key:
            put("everywhere", each.words, each.key, each.act)
    return commands, acts
