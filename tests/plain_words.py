"""What answers over HTTP and pages never say: options and commands of the command line, but in the box that shows one."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parents[1] / "docs/reference/cli.md"
#: Where a page shows the command that says the same: its box, and that of its twin for programs.
BOX = re.compile(r'<code class="command"[^>]*>(.*?)</code>', re.DOTALL)
OF_PROGRAMS = re.compile(r'"command":"(?:[^"\\]|\\.)*"')
Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


@cache
def typing() -> re.Pattern[str]:
    """What is only typed in a terminal: every option, and ``orepact`` with the name of a command."""
    reference = REFERENCE.read_text(encoding="utf-8")
    options = sorted(set(re.findall(r"^\| `(?:-\w, )?--([a-z][a-z-]*)", reference, re.MULTILINE)), reverse=True)
    commands = sorted(set(re.findall(r"^##+ `orepact ([a-z]+)", reference, re.MULTILINE)))
    assert len(options) > 100
    assert len(commands) > 15
    return re.compile(rf"(?<![\w-])--(?:{'|'.join(options)})(?![\w-])|\borepact (?:{'|'.join(commands)})(?![\w-])")


def typed(text: str) -> list[str]:
    """What of a text is only typed in a terminal, with what stands around it; marks that nobody has said are told too.

    >>> typed("give --year"), typed('<code class="command">orepact plan x</code> a--year')
    (['give --year'], [])
    """
    said = OF_PROGRAMS.sub("", BOX.sub("", text))
    found = [*typing().finditer(said), *re.finditer("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}(?:field|deed):", said)]
    return [said[max(0, match.start() - 80) : match.end() + 40] for match in found]


def shown_commands(page: str) -> list[str]:
    """The command lines that a page shows."""
    return [html.unescape(words) for words in BOX.findall(page)]


@cache
def _tree() -> Any:
    from typer.main import get_command

    from orepact.cli.commands import app

    return get_command(app)


def cannot_be_typed(command: str) -> str:
    """Why the words of a command line are none of ours; "" where they are."""
    import shlex

    program, *words = shlex.split(command)
    if program != "orepact":
        return f"{program} is not our program"
    here = _tree()
    try:
        context = here.make_context("orepact", [*words], resilient_parsing=False)
        while hasattr(here, "resolve_command"):
            rest = [*context._protected_args, *context.args]
            name, here, rest = here.resolve_command(context, rest)
            if "--help" in rest:
                return ""
            context = here.make_context(name, rest, parent=context)
    except Exception as error:  # noqa: BLE001  of the copy of click that typer carries
        return f"{command}: {getattr(error, 'message', '') or error}"
    return ""


class Overheard:
    """An application around another that notes what of each answer is only typed in a terminal."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.found: list[str] = []

    async def __call__(self, scope: Message, receive: Any, send: Callable[[Message], Awaitable[None]]) -> None:
        """Serve one request."""
        parts: list[bytes] = []
        media = b""

        async def heard(message: Message) -> None:
            nonlocal media
            if message["type"] == "http.response.start":
                media = dict(message.get("headers", ())).get(b"content-type", b"")
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, heard)
        asked_for_one = b"%E2%80%B9" in scope.get("query_string", b"")  # what somebody sends stands as he sent it
        if scope["type"] == "http" and not asked_for_one and media.startswith((b"text/html", b"application/json", b"text/csv")):
            text = b"".join(parts).decode("utf-8", "replace")
            self.found += [f"{scope['method']} {scope['path']}: {each}" for each in typed(text)]
