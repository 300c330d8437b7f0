"""What YAML allows and a file must not hold: parts in parts until the stack is full, aliases until the memory is."""

from __future__ import annotations

from orepact.errors import BadInput, Problem

#: Parts in each other that a file may hold: more than any needs, far fewer than end the process (the C reader does not raise).
DEEPEST = 40


def demand_bounds(text: str, file: str, *, aliases: bool = False) -> None:
    """Raise ``BadInput`` where a YAML text is out of bounds."""
    problem = out_of_bounds(text, file, aliases=aliases)
    if problem is not None:
        raise BadInput([problem])


def out_of_bounds(text: str, file: str, *, aliases: bool = False) -> Problem | None:
    """The first part of a YAML text that lies too deep, or is an alias (with ``aliases``: one of what it stands in).

    To be asked before the text is read as values. None where all is well; a text that is no YAML is left to the reader to tell.
    """
    import yaml

    open_parts: list[str | None] = []
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            row = event.start_mark.line + 1 if event.start_mark else None
            if isinstance(event, yaml.AliasEvent) and (not aliases or event.anchor in open_parts):
                found = f"*{event.anchor}"
                return Problem("content", "values written out", found, "write the value in place of the alias", file, row)
            if isinstance(event, yaml.CollectionStartEvent):
                open_parts.append(event.anchor)
            elif isinstance(event, yaml.CollectionEndEvent):
                open_parts.pop()
            if len(open_parts) > DEEPEST:
                mend = "write it flatter: no file of this kind needs so many"
                return Problem("content", f"at most {DEEPEST} parts in each other", "more", mend, file, row)
    except yaml.YAMLError:
        return None
    return None
