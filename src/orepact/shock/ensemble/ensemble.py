"""``run_members``: all members of a study, from the journal where they are done and from workers where not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from orepact.errors import WorkStopped
from orepact.shock.ensemble.journal import Journal
from orepact.shock.ensemble.runners import Chunk, NoWorkers, Runner, WorkersGone, runner_for
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.shock.ensemble.member import MemberLoss
    from orepact.shock.ensemble.study import Study

Report = Callable[[str, float], None]
#: Members that are sent to a worker at once, and written to the journal together.
CHUNK = 20
#: Times that workers may vanish with nothing done in between before the run stops.
TRIES = 3


def run_members(
    study: Study,
    numbers: Sequence[int],
    *,
    runner: Runner | None = None,
    journal: Journal | None = None,
    report: Report | None = None,
    step: str = "solving members",
) -> tuple[MemberLoss, ...]:
    """The members with these numbers, in that order.

    Those in the journal are read from it, the others solved and written to it chunk by chunk. When workers die the rest is sent
    out anew; when they keep dying, or nobody answers, ``WorkStopped`` says how many are done and how to go on. The numbers do not
    depend on the runner, on the order in which chunks come back, or on how often the run was interrupted.
    """
    wanted = tuple(dict.fromkeys(numbers))
    stored = journal.read(study.key) if journal is not None else {}
    done = {number: stored[number] for number in wanted if number in stored}
    tries, chosen = 0, runner or runner_for()
    while len(done) < len(wanted):
        before = len(done)
        if report is not None and chosen.opening:
            report(f"{chosen.opening}: {len(done)} of {len(wanted)} done", len(done) / len(wanted))
        try:
            for members in chosen.run(study, _chunks([n for n in wanted if n not in done])):
                if journal is not None:
                    journal.append(study.key, members)
                done |= {member.member: member for member in members}
                if report is not None:
                    report(f"{step}: {len(done)} of {len(wanted)}", len(done) / len(wanted))
        except WorkersGone as error:
            tries = tries + 1 if len(done) == before else 1
            if tries >= TRIES or isinstance(error, NoWorkers):
                raise WorkStopped(str(error), done=len(done), wanted=len(wanted), resume=_resume(journal)) from error
    return tuple(done[number] for number in wanted)


def _chunks(numbers: Sequence[int]) -> list[Chunk]:
    return [tuple(numbers[at : at + CHUNK]) for at in range(0, len(numbers), CHUNK)]


def _resume(journal: Journal | None) -> str:
    if journal is None:
        return f"name a file with {field('journal')} to keep what is done"
    return f"ask the same again: the journal {journal.path} keeps what is done"
