"""Laws of projects: what a day knows does not change later; falls against every path written out; no tonne given out twice."""

from datetime import date
from itertools import permutations
from math import prod

from hypothesis import given, settings
from hypothesis import strategies as st

from orepact.pact.dates.days import Span
from orepact.pact.projects.history import months_between, slip_curve
from orepact.pact.projects.permits import PermitPath, Permits, remaining
from orepact.pact.projects.project import Project
from orepact.pact.supply.cascade import Chain, Plant, Tie, cascade
from orepact.pact.supply.matching import Gap, Offer, matches

SITES = ("a", "b", "c", "d", "e")
SHARES = st.sampled_from([0.25, 0.5, 0.75, 1.0])


@st.composite
def contracts(draw):
    """Contracts between five sites, each of a good of its own, so that a lost supplier is the only one."""
    pairs = draw(st.lists(st.sampled_from(list(permutations(SITES, 2))), min_size=1, max_size=8, unique=True))
    return [Tie(f"t{at}", seller, buyer, f"good{at}", draw(SHARES)) for at, (seller, buyer) in enumerate(pairs)]


def strengths(ties):
    """Strength of each link: a seller loses the share it sold, a buyer its only supplier."""
    found = {}
    for tie in ties:
        for lost, left, strength in ((tie.buyer, tie.seller, tie.sold), (tie.seller, tie.buyer, 1.0)):
            found[lost, left] = max(strength, found.get((lost, left), 0.0))
    return found


def every_path(links, depth):
    """The strongest path from "a" to each other site, over every path written out."""
    best = {}
    for length in range(1, depth + 1):
        for rest in permutations(SITES[1:], length):
            steps = [*zip(("a", *rest), rest, strict=False)]
            if all(step in links for step in steps):
                best[rest[-1]] = max(best.get(rest[-1], 0.0), prod(links[step] for step in steps))
    return best


@given(contracts(), st.integers(1, 4))
def test_each_site_falls_by_its_strongest_path(ties, depth):
    plants = [Plant(name, name, "", "CA-ON", "CAN", "operating") for name in SITES]
    found = {fall.site: fall for fall in cascade(["a"], Chain.of(plants, {}, ties), least=0.0, depth=depth).falls}
    assert {site: fall.strength for site, fall in found.items()} == {
        site: round(strength, 4) for site, strength in every_path(strengths(ties), depth).items()
    }
    for fall in found.values():
        assert len(fall.path) <= depth
        assert fall.strength == round(prod(step.strength for step in fall.path), 4)
        assert [step.lost for step in fall.path[1:]] == [step.site for step in fall.path[:-1]]


AMOUNTS = st.floats(0.5, 1000)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=4), st.lists(AMOUNTS, min_size=1, max_size=4))
def test_no_tonne_is_given_out_twice(sites, wants):
    offers = [
        Offer(f"s{at}", "S", "salt", "operating", capacity=one, promised=two, firmness=1.0) for at, (one, two) in enumerate(sites)
    ]
    gaps = [Gap(f"b{at}", "salt", want, 2028) for at, want in enumerate(wants)]
    found = matches(offers, gaps)
    assert len(found) == len(offers) * len(gaps)
    for offer in offers:
        given_out = sum(one.allotted or 0 for one in found if one.site == offer.site)
        assert given_out <= offer.left + 1e-6
    for gap in gaps:
        assert sum(one.allotted or 0 for one in found if one.buyer == gap.buyer) <= gap.quantity + 1e-6
    total = sum(one.allotted or 0 for one in found)
    possible = min(sum(offer.left for offer in offers), sum(wants))
    assert abs(total - possible) < 1e-6 * max(1.0, possible)


DATES = st.one_of(
    st.integers(2000, 2040).map(str),
    st.builds("{}-{:02}".format, st.integers(2000, 2040), st.integers(1, 12)),
    st.builds("{}-H{}".format, st.integers(2000, 2040), st.integers(1, 2)),
    st.dates().filter(lambda day: 2000 <= day.year <= 2040).map(str),
)


@given(DATES, DATES)
def test_a_slip_lies_within_its_bounds_and_turns_with_its_dates(one, other):
    low, middle, high = months_between(one, other)
    assert low <= middle <= high
    assert months_between(other, one) == (-high, -middle, -low)


STATES = st.sampled_from(["planned", "construction", "paused", "operating", "cancelled"])
DAYS = st.dates(date(2000, 1, 1), date(2042, 12, 31))
WORDS = st.lists(st.tuples(DATES, STATES, DATES), max_size=6)


@settings(deadline=None)
@given(WORDS, WORDS, DAYS)
def test_what_is_said_later_changes_nothing_before(early, more, on):
    """Only words whose last day has come count; the slip curve known on a day is the beginning of any later one."""

    def project(words):
        return Project(
            id="p",
            title="P",
            project_kind="mine",
            statuses=[{"date": said, "status": state} for said, state, _ in words],
            plans=[{"said_on": said, "planned_for": then} for said, _, then in words],
        )

    later = [word for word in more if Span.of(word[0]).last > on]
    assert project([*early, *later]).standing(on) == project(early).standing(on)
    now, then = (slip_curve(project([*early, *later]), day) for day in (on, date(2045, 1, 1)))
    assert then[: len(now)] == now


@st.composite
def paths(draw):
    """A path of up to six steps, each after some of those before it, shuffled; days None for some."""
    number = draw(st.integers(1, 6))
    steps = []
    for at in range(number):
        after = draw(st.lists(st.integers(0, at - 1), unique=True, max_size=3)) if at else []
        days = draw(st.one_of(st.none(), st.integers(1, 300)))
        steps.append({"id": f"s{at}", "title": "S", "permit_kind": "water", "days": days, "after": [f"s{one}" for one in after]})
    return PermitPath(id="way", title="W", place="CA-ON", project_kind="mine", steps=draw(st.permutations(steps)))


def longest(path, step):
    return (step.days or 0) + max((longest(path, path.by_id[name]) for name in step.after), default=0)


@settings(deadline=None)
@given(paths(), st.data(), DAYS)
def test_the_critical_path_is_the_longest_and_never_longer_once_a_step_is_through(path, data, on):
    before = remaining(Permits(id="p", title="P", project="x", path="way"), path, on)
    assert before.days == max(longest(path, step) for step in path.steps)
    assert before.days == sum(path.by_id[name].days or 0 for name in before.steps)
    assert set(before.untimed) == {step.id for step in path.steps if step.days is None}
    first = data.draw(st.sampled_from([step for step in path.steps if not step.after]))
    done = {"step": first.id, "applied_on": "1999", "decided_on": "1999", "outcome": "granted"}
    after = remaining(Permits(id="p", title="P", project="x", path="way", progress=[done]), path, on)
    assert after.days <= before.days
    assert first.id not in after.steps
