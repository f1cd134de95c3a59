"""A survey without crawl jobs: the questions are put to a real server by a plain client."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urljoin

from crawler.discovery import Kind, discover
from crawler.jobs.findings import draft
from crawler.jobs.questions import Answer, Question, Survey, Wanted, next_questions
from crawler.sites import load_profile
from crawler.sites.writing import write_profile
from crawler.visits import Limits
from newsite_tests.naive import get

_ANNOUNCING = {Kind.FEED, Kind.SITEMAP, Kind.NEWS_SITEMAP, Kind.SITEMAP_INDEX}


def answered(question):
    """Return the answer to *question*, redirects followed."""
    url = question.url
    try:
        status, headers, body = get(url)
        while status in {301, 302}:
            url = urljoin(url, headers["location"])
            status, headers, body = get(url)
    except OSError as error:
        return Answer(question, url, reason="refused", detail=str(error))
    content_type = headers.get("content-type", "")
    if status != 200:
        return Answer(question, url, status, reason="gone", content_type=content_type)
    found = discover(body, url, content_type=content_type)
    return Answer(question, url, status, content_type=content_type, body=body, found=found)


def surveyed(url):
    """Return the survey of the site at *url*."""
    known = Survey(url)
    while questions := next_questions(known):
        answers = tuple(map(answered, questions))
        known = replace(known, rounds=(*known.rounds, answers), requests=known.requests + len(answers))
        if known.robots is None and known.front is not None:
            robots = answered(Question(urljoin(known.front.url, "/robots.txt"), Wanted.ROBOTS, ""))
            held = robots if robots.kind is Kind.ROBOTS else None
            known = replace(known, robots=held, requests=known.requests + 1)
    return known


def drafted(known, *, name="paper", now=None):
    """Return the draft of a profile by what is *known*."""
    return draft(known, name=name, now=now or datetime.now(UTC), limits=Limits())


def profile_of(url, folder):
    """Return the profile that a survey of *url* writes, read back from its file."""
    path = folder / "paper.toml"
    write_profile(drafted(surveyed(url)), path)
    return load_profile(path)


def announced_by(profile):
    """Return what the sources of *profile* announce in its scope, as identities; indexes are followed."""
    scope, identity = profile.crawl_scope(), profile.crawl_identity()
    waiting = [source.url for source in profile.sources()]
    seen, found = set(), set()
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        answer = answered(Question(url, Wanted.SECTION, ""))
        found |= {identity.of(each.url) for each in answer.found.urls if scope.in_scope(each.url)}
        if answer.kind in _ANNOUNCING:
            waiting += [source.url for source in answer.found.more]
    return found
