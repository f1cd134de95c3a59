"""The articles of whole sites: what comes and goes all over a site is learned before one is judged."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipelines.edits.grouping import grouped
from pipelines.edits.passing import Furniture
from pipelines.edits.reading import Reading, reading_of
from pipelines.edits.sighting import Sighting, State, judged
from pipelines.edits.versions import Again, History, history
from pipelines.hostnames import registered_domain
from pipelines.urls import host


def histories(sightings: Iterable[Sighting], *, again: Again | None = None) -> Iterator[tuple[str, History]]:
    """Yield the key and the history of each article that *sightings*, of any sites, are captures of."""
    groups = grouped(sightings)
    furniture = site_furniture(groups.values())
    for key, group in groups.items():
        yield key, history(group, furniture=furniture.get(site_of(group)), again=again)


def site_furniture(groups: Iterable[Sequence[Sighting]]) -> dict[str, Furniture]:
    """Return what comes and goes in the articles of each site, by registered domain."""
    sites: dict[str, list[list[Reading]]] = defaultdict(list)
    for group in groups:
        readings = [
            reading_of(each.article) for each in group if each.article and judged(each).state is State.TEXT
        ]
        if len(readings) > 1:
            sites[site_of(group)].append(readings)
    return {site: Furniture.of(found) for site, found in sites.items()}


def site_of(group: Sequence[Sighting]) -> str:
    """Return the registered domain of an article's captures."""
    return registered_domain(host(group[0].capture.url)) if group else ""
