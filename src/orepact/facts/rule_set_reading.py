"""Files of rule sets as ``RuleSet`` objects, with every problem they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from orepact.errors import ProblemCollector
from orepact.facts.code_loading import read_yaml
from orepact.facts.codes import Codes
from orepact.facts.rule_reading import as_day, as_list, as_text, one_of, unknown
from orepact.facts.rule_sets import ATTRIBUTION, KINDS, PARAMETERS, Concern, Question, RuleSet
from orepact.facts.rules import Rule, Suspensions

SET_KEYS = ("title", "description", "products", "date", "suspensions", "unverified", "tests", "concern")
QUESTION_KEYS = tuple(item.name for item in fields(Question))
CONCERN_KEYS = tuple(item.name for item in fields(Concern))
LISTS = ("stages", "places", "materials")


@dataclass
class SetReader:
    """Reads rule sets; ``unions`` are places that only rules name, ``rules`` those that tests may refer to."""

    codes: Codes
    unions: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, Rule]
    problems: ProblemCollector
    found: dict[str, RuleSet] = field(default_factory=dict)
    raw: dict[str, tuple[Mapping[str, Any], str, int | None]] = field(default_factory=dict)

    def read(self, paths: Iterable[Path]) -> dict[str, RuleSet]:
        """All sets of all files; ``like`` takes over what another set says."""
        for path in paths:
            content, lines = read_yaml(path, self.problems)
            for name, entry in content.items():
                if isinstance(entry, dict):
                    self.raw[str(name)] = (entry, path.name, lines.get(name))
                else:
                    self.problems.add(
                        str(name), "a set", repr(entry)[:60], "write `id: {...}`", row=lines.get(name), file=path.name
                    )
        for name in self.raw:
            self.found[name] = self._set(name)
        return self.found

    def _noter(self, name: str) -> Any:
        _, file, line = self.raw[name]

        def note(column: str, expected: str, found: str, mend: str) -> None:
            self.problems.add(f"{name}.{column}", expected, found, mend, row=line, file=file)

        return note

    def _content(self, name: str, note: Any, trail: tuple[str, ...] = ()) -> dict[str, Any]:
        content = dict(self.raw[name][0])
        like = content.pop("like", None)
        if like is None:
            return content
        if like not in self.raw or like in (*trail, name):
            ring = like in (*trail, name)
            note(
                "like",
                "another rule set",
                f"a ring back to {like!r}" if ring else repr(like),
                "name a set that stands on its own",
            )
            return content
        return {**self._content(str(like), note, (*trail, name)), **content}

    def _set(self, name: str) -> RuleSet:
        note = self._noter(name)
        content = self._content(name, note)
        unknown([key for key in content if key not in SET_KEYS], frozenset(), "key", "key of rule sets", note)
        for key in ("title", "tests"):
            if not content.get(key):
                note(key, f"the key {key}", "nothing", f"add `{key}`")
        one_of(content, "suspensions", tuple(Suspensions), note)
        stages = tuple(str(stage) for stage in as_list(content.get("products", [])))
        unknown(stages, frozenset(self.codes.stages), "products", "stage", note)
        profile = self._concern(content.get("concern"), note)
        questions = [self._question(entry, profile, note) for entry in content.get("tests") or []]
        for repeated in sorted({q.test for q in questions if [p.test for p in questions].count(q.test) > 1}):
            note("tests", "each test once", f"{repeated} twice", "rename one")
        return RuleSet(
            id=name,
            title=as_text("title", content.get("title", ""), note),
            description=as_text("description", content.get("description", ""), note),
            tests=tuple(questions),
            products=stages,
            date=as_day("date", content["date"], note) if content.get("date") else None,
            suspensions=_suspensions(content.get("suspensions")),
            unverified=tuple(as_text("unverified", text, note) for text in as_list(content.get("unverified", []))),
            file=self.raw[name][1],
            places={place: self._leaves(place) for q in questions for place in (*q.places, q.origin) if place in self._places},
        )

    def _leaves(self, place: str) -> tuple[str, ...]:
        """A place or union by name, and every leaf place in it."""
        leaves = self.unions[place] if place in self.unions else self.codes.members(place)
        return tuple(dict.fromkeys([place, *leaves]))

    def _question(self, entry: Any, profile: Concern | None, note: Any) -> Question:
        if not isinstance(entry, dict):
            note("tests", "a test as a mapping", repr(entry)[:60], "write `- {test: ..., title: ..., kind: ...}`")
            return Question("", "", "")
        name = str(entry.get("test", "?"))
        unknown([key for key in entry if key not in QUESTION_KEYS], frozenset(), f"tests.{name}", "key of tests", note)
        for key in ("test", "title", "kind"):
            if not entry.get(key):
                note(f"tests.{name}.{key}", f"the key {key}", "nothing", f"add `{key}`")
        values: dict[str, Any] = {
            key: tuple(str(item) for item in as_list(entry[key]))
            if key in LISTS
            else as_text(f"tests.{name}.{key}", entry[key], note)
            for key in entry
            if key in QUESTION_KEYS and key != "concern"
        }
        kind = KINDS.get(str(entry.get("kind")))
        if kind is None:
            one_of(
                {"kind": str(entry.get("kind"))},
                "kind",
                tuple(KINDS),
                lambda *words: note(f"tests.{name}.{words[0]}", *words[1:]),
            )
        elif "concern" in kind.needs:
            values["concern"] = self._concern(entry.get("concern"), note) or profile
        question = Question(**{"test": "", "title": "", "kind": "", **values})
        self._check(question, note)
        return question

    def _check(self, question: Question, note: Any) -> None:
        at = f"tests.{question.test}"
        kind = KINDS.get(question.kind)
        if kind is not None:
            for key in kind.needs:
                if not getattr(question, key):
                    note(f"{at}.{key}", f"the parameter {key} of {question.kind}", "nothing", f"add `{key}`")
            for key in PARAMETERS:
                if getattr(question, key) and key not in (*kind.needs, *kind.may):
                    note(f"{at}.{key}", f"parameters of {question.kind}", key, "remove it")
            if kind.needs_rule and not question.rule:
                note(f"{at}.rule", "the key of a rule", "nothing", "add `rule`")
        self._check_key(question.rule, f"{at}.rule", note)
        self._check_key(question.carved_out, f"{at}.carved_out", note)
        unknown(question.stages, frozenset(self.codes.stages), f"{at}.stages", "stage", note)
        unknown(question.places, self._places, f"{at}.places", "place", note)
        unknown([question.origin] if question.origin else [], self._places, f"{at}.origin", "place", note)
        unknown([question.element] if question.element else [], frozenset(self.codes.elements), f"{at}.element", "element", note)

    @property
    def _places(self) -> frozenset[str]:
        return frozenset([*self.codes.places, *self.codes.groups, *self.unions])

    def _check_key(self, key: str, column: str, note: Any) -> None:
        if key:
            unknown([key], frozenset(rule.key for rule in self.rules.values()), column, "rule key", note)

    def _concern(self, entry: Any, note: Any) -> Concern | None:
        if entry is None:
            return None
        if not isinstance(entry, dict) or not entry.get("countries"):
            note(
                "concern",
                "when a maker is of concern, with `countries`",
                repr(entry)[:60],
                "write concern: {countries: RULE_KEY, ...}",
            )
            return None
        unknown([key for key in entry if key not in CONCERN_KEYS], frozenset(), "concern", "key of concern", note)
        one_of(entry, "attribution", ATTRIBUTION, note)
        for key in ("countries", "named", "single", "aggregate"):
            self._check_key(str(entry.get(key, "")), f"concern.{key}", note)
        for key in ("control", "located"):
            if not isinstance(entry.get(key, False), bool):
                note(f"concern.{key}", "true or false", repr(entry[key]), "write true or false")
        return Concern(**{key: value for key, value in entry.items() if key in CONCERN_KEYS})


def _suspensions(word: Any) -> Suspensions:
    return Suspensions(word) if word in tuple(Suspensions) else Suspensions.extended
