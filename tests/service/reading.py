"""Archives to read from, served as a whole service."""

from contextlib import contextmanager

from segments.making import exchange, open_archive, record_all
from service.serving import config_in, serving

SITE = "https://news.example"


def at(number: int) -> str:
    """The timestamp of ``exchange(number)``."""
    return f"202611231405{9 + number:02d}" if number < 51 else f"20261123140{6 + (number - 51) // 60}00"


@contextmanager
def reading(folder, exchanges, *more, **settings):
    """Serve an archive of *exchanges*, and of *more*, recorded once the first are published."""
    archive = open_archive(folder)
    for each in (exchanges, *more):
        record_all(archive, each(archive) if callable(each) else each)
    archive.close()
    with serving(config_in(folder, **settings)) as (client, context):
        yield client, context


def page(number, wire, path="/"):
    return exchange(number, wire, url=f"{SITE}{path}")


@contextmanager
def taken_down(context, *rules):
    """Let take-downs (action and target) count for a block."""
    given = {"who": "the harbour master", "reason": "a name"}
    entries = [context.register.add(action, target, **given) for action, target in rules]
    context.refresh()
    try:
        yield
    finally:
        for entry in entries:
            context.register.lift(entry.id, **given)
        context.refresh()
