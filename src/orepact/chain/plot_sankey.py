"""The Sankey picture: an element from ore to use, stage by stage from left to right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.chain.palette import REST as GREY
from orepact.chain.palette import colours_of, faded, layout, short
from orepact.chain.stage_links import STOCK, fold_places, stage_links, stage_order, without_threads

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from orepact.chain.flows import Flows

REST = "Rest"
#: Links below this part of the largest stage are left out of the picture.
THREAD = 0.004


def sankey_figure(flows: Flows, element: str, year: int, top: int) -> Figure:
    """One node for each place at a stage (the ``top`` places by name, the others as Rest), links in contained tonnes.

    Links thinner than ``THREAD`` of the largest stage are left out.
    """
    links, named = fold_places(stage_links(flows, element, year), top, REST)
    links = without_threads(links, THREAD).rename(columns={"contained_t": "amount"})
    titles = flows.network.places["name"].where(flows.network.places["name"] != "", flows.network.places.index.to_series())
    title = f"{element.replace('_', ' ').capitalize()} in {year}, contained tonnes a year"
    ends = [*named, REST, STOCK]
    return draw_sankey(
        links, ends, stage_order(flows.network), unit="t", title=title, names=lambda name: str(titles.get(name, name))
    )


def draw_sankey(
    links: pd.DataFrame,
    ends: Sequence[str],
    stages: Sequence[str],
    *,
    unit: str,
    title: str = "",
    names: Callable[[str], str] = str,
    heads: Callable[[str], str] | None = None,
    colours: Mapping[str, str] | None = None,
) -> Figure:
    """Links ``from_stage, from_place, to_stage, to_place, amount``; ``ends`` in the order of their colours, ``stages`` from left.

    ``names`` and ``heads`` say ends and stages in words; ``colours``: of ends, where pictures beside this one have them.
    The trace says in ``meta`` which stage and end each node is.
    """
    import plotly.graph_objects as go

    nodes = _nodes(links, [*stages], [*ends])
    colours = colours or colours_of(ends, REST)
    said = heads or (lambda stage: stage.replace("_", " ").capitalize())
    figure = go.Figure(_trace(links, nodes, (names, said), colours, unit))
    figure.update_layout(**layout(title, height=560))
    figure.update_layout(annotations=_headings(nodes, said))
    return figure


def _nodes(links: pd.DataFrame, stages: list[str], places: list[str]) -> pd.DataFrame:
    """Nodes with stage, place, size and position (x by stage, y by size within the stage)."""
    out = links.rename(columns={"from_stage": "stage", "from_place": "place"}).groupby(["stage", "place"])["amount"].sum()
    into = links.rename(columns={"to_stage": "stage", "to_place": "place"}).groupby(["stage", "place"])["amount"].sum()
    both = pd.concat([out, into], axis=1, keys=["out", "in"]).fillna(0.0).reset_index()
    both["size"] = both[["out", "in"]].max(axis=1)
    used = [stage for stage in [*stages, *sorted(set(both["stage"]) - set(stages))] if stage in set(both["stage"])]
    rank = {stage: at for at, stage in enumerate(used)}
    order = {place: at for at, place in enumerate(places)}
    both = both.assign(rank=both["stage"].map(rank), order=both["place"].map(order))
    both = both.sort_values(["rank", "order"]).reset_index(drop=True)
    step = max(len(used) - 1, 1)
    both["x"] = (both["rank"] / step).clip(0.001, 0.999)
    total = both.groupby("rank")["size"].transform("sum").where(lambda sums: sums > 0, 1.0)
    both["y"] = ((both.groupby("rank")["size"].cumsum() - both["size"] / 2) / total).clip(0.001, 0.999)
    return both


def _trace(
    links: pd.DataFrame,
    nodes: pd.DataFrame,
    said: tuple[Callable[[str], str], Callable[[str], str]],
    colours: Mapping[str, str],
    unit: str,
) -> Any:
    import plotly.graph_objects as go

    number = {(row.stage, row.place): at for at, row in enumerate(nodes.itertuples(index=False))}
    titles, heads = said
    names = [titles(str(place)) for place in nodes["place"]]
    stages = [heads(str(stage)) for stage in nodes["stage"]]
    hover = [
        f"{name}, {stage}<br>← {short(into)} {unit}, → {short(out)} {unit}"
        for name, stage, into, out in zip(names, stages, nodes["in"], nodes["out"], strict=True)
    ]
    source = [number[key] for key in zip(links["from_stage"], links["from_place"], strict=True)]
    target = [number[key] for key in zip(links["to_stage"], links["to_place"], strict=True)]
    link_hover = [
        f"{names[a]}, {stages[a]} → {names[b]}, {stages[b]}<br>{short(t)} {unit}"
        for a, b, t in zip(source, target, links["amount"], strict=True)
    ]
    return go.Sankey(
        arrangement="snap",
        meta={"nodes": nodes[["stage", "place"]].to_numpy().tolist()},
        node={
            "label": names,
            "color": [colours.get(place, GREY) for place in nodes["place"]],
            "x": nodes["x"].tolist(),
            "y": nodes["y"].tolist(),
            "customdata": hover,
            "hovertemplate": "%{customdata}<extra></extra>",
            "pad": 12,
            "thickness": 14,
            "line": {"width": 0},
        },
        link={
            "source": source,
            "target": target,
            "value": links["amount"].tolist(),
            "color": [faded(colours.get(place, GREY), 0.35) for place in links["from_place"]],
            "customdata": link_hover,
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    )


def _headings(nodes: pd.DataFrame, said: Callable[[str], str]) -> list[dict[str, Any]]:
    """The names of the stages above their columns."""
    columns = nodes.drop_duplicates("stage")
    anchors = {0.001: "left", 0.999: "right"}
    return [
        {
            "x": x,
            "y": 1.06,
            "xref": "paper",
            "yref": "paper",
            "showarrow": False,
            "xanchor": anchors.get(x, "center"),
            "text": said(stage),
        }
        for x, stage in zip(columns["x"], columns["stage"], strict=True)
    ]
