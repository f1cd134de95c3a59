"""A survey: what a live site offers, asked in a few small crawl jobs with a temporary archive.

They are jobs as any other, so robots.txt, delays, address policy and limits hold as in every crawl; what they
recorded is read back from their archive, which is then thrown away.
"""

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.config import Config
from crawler.discovery import Base, discover
from crawler.jobs.process import JobProcess
from crawler.jobs.questions import Answer, Question, Survey, Wanted, next_questions
from crawler.jobs.spec import JobSpec, Outcome, Progress, new_job
from crawler.ledger import Ledger
from crawler.recorder.archives import open_archive
from crawler.sites import profile_for
from crawler.sites.writing import Draft, Listed, write_profile
from crawler.state import Database
from pipelines.archive import Archive, StoredCapture
from pipelines.errors import JobError, NotArchived, ProfileError, RecordError
from pipelines.extract import open_page
from pipelines.model import header

_MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_BODY = 16 * 2**20
_TIMEOUT_SECONDS = 20.0
_PATIENCE_SECONDS = 60.0
_JOB_SECONDS = 900.0


def survey(
    url: str, config: Config, *, tell: Callable[[Sequence[Question]], None] = lambda _: None
) -> Survey:
    """Return what the site at *url* answered to at most some 25 requests; *tell* hears of each round before.

    *config* is the user's: what it says of delays, robots.txt, addresses and the user agent holds. Its store
    and state database are not touched. Where the site cannot be read, the survey has no front page, and its
    only answers say why.

    :raises ProfileError: *url* is no http or https URL.
    :raises JobError: a job could not do its work.
    """
    start = Base(url).join(url) if "://" in url else None
    if start is None:
        raise ProfileError(f"site profile: {url!r} is no address; write the whole URL, https://…")
    with TemporaryDirectory(prefix="newswarc-survey-") as folder:
        asking = _Asking(config, Path(folder))
        known = Survey(start)
        while questions := next_questions(known):
            tell(questions)
            known = asking.ask(known, questions)
    return known


class _Recorded:
    """What the jobs of a survey have recorded so far, the latest capture of each address."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._captures = {capture.url: capture for capture in archive.catalog.all()}

    @property
    def count(self) -> int:
        """How many addresses have answered."""
        return len(self._captures)

    def followed(self, url: str) -> tuple[str, StoredCapture | None]:
        """Return where *url* led in the end, after redirects, and what was answered there, if anything."""
        for _ in range(_MOST_REDIRECTS):
            stored = self._open(url)
            if stored is None:
                break
            place = header(stored.head.headers, b"location")
            target = Base(url).join(place.decode("latin-1")) if place else None
            if stored.head.status not in _REDIRECTS or target is None:
                return url, stored
            url = target
        return url, None

    def _open(self, url: str) -> StoredCapture | None:
        capture = self._captures.get(url)
        try:
            return self._archive.open(capture) if capture else None
        except (NotArchived, RecordError):
            return None


class _Asking:
    """Asks for exactly the addresses it is given, in a job of their own, and reads the answers back."""

    def __init__(self, config: Config, folder: Path) -> None:
        self._profiles = folder / "profiles"
        self._log = folder / "log"
        self._config = _temporary(config, folder)
        self._count = 0

    def ask(self, known: Survey, questions: Sequence[Question]) -> Survey:
        """Return what is *known* with the answers to *questions*."""
        targets = tuple(map(self._target, questions))
        last = _run(new_job(targets, self._config, log_file=self._log))
        with closing(open_archive(self._config)) as archive:
            recorded = _Recorded(archive)
            answers = [
                self._answer(recorded, question, target, last)
                for question, target in zip(questions, targets, strict=True)
            ]
            asked = replace(known, rounds=(*known.rounds, tuple(answers)), requests=recorded.count)
            return asked if known.robots else replace(asked, robots=_robots(recorded, asked))

    def _target(self, question: Question) -> str:
        """Return the file of a profile that means this one page, wherever it redirects to."""
        self._count += 1
        name = f"page-{self._count:03}"
        path = self._profiles / f"{name}.toml"
        page = (Listed(question.url),)
        write_profile(Draft(name, question.url, hosts=(Listed("*"),), sections=page), path)
        return str(path)

    def _answer(self, recorded: _Recorded, question: Question, target: str, last: Progress) -> Answer:
        url, stored = recorded.followed(question.url)
        answer = Answer(question, url) if stored is None else replace(_read(url, stored), question=question)
        if answer.status == 200:
            return answer
        reason, detail = self._refusal(target, question)
        return replace(answer, reason=reason or _first_reason(last), detail=detail)

    def _refusal(self, target: str, question: Question) -> tuple[str, str]:
        """Return code and detail that the ledger has for the page, empty where it has none."""
        identity = profile_for(target).crawl_identity().of(question.url)
        with Database(self._config.state_url) as database:
            ledger = Ledger(database, self._config.store.collection)
            pages = [ledger.page(site, identity) for site in ledger.sites().values()]
        return next(((str(page.reason), page.detail) for page in pages if page and page.reason), ("", ""))


def _temporary(config: Config, folder: Path) -> Config:
    """Return *config* for a small job whose store and state lie in *folder*."""
    crawl = config.crawl.model_copy(
        update={
            "text": False,
            "workers": 1,
            "hops": 0,
            "max_pages": None,
            "max_bytes": None,
            "max_time": _JOB_SECONDS,
            "host_pages": None,
            "host_bytes": None,
            "host_time": None,
            "max_body": min(config.crawl.max_body, _MAX_BODY),
            "timeout": min(config.crawl.timeout, _TIMEOUT_SECONDS),
            "patience": min(config.crawl.patience, _PATIENCE_SECONDS),
            "retries": min(config.crawl.retries, 1),
        }
    )
    store = type(config.store)(url=str(folder / "store"), collection="survey")
    segments = config.segments.model_copy(update={"durability": "write"})
    parts = {"crawl": crawl, "store": store, "segments": segments, "state": type(config.state)()}
    return config.model_copy(update=parts)


def _run(spec: JobSpec) -> Progress:
    process = JobProcess(spec)
    try:
        *_, last = process.events()
    except BaseException:
        # Its folder goes away with whatever is raised here.
        process.kill()
        raise
    if last.exit_code not in {Outcome.DONE, Outcome.NOTHING}:
        said = last.error or f"its job ended with {last.exit_code} ({last.reason})"
        raise JobError(f"survey: {said}{_last_words(spec.log_file)}; try again, or write the profile by hand")
    return last


def _last_words(log: Path | None) -> str:
    """Return the last error in the *log*, which does not stay, as a clause."""
    lines: list[str] = []
    if log is not None:
        with suppress(OSError):
            lines = log.read_text("utf-8", "replace").splitlines()
    return next((f" ({line})" for line in reversed(lines) if " ERROR " in line), "")


def _first_reason(last: Progress) -> str:
    return next(iter((*last.refusals, *last.failures)), "stopped")


def _robots(recorded: _Recorded, known: Survey) -> Answer | None:
    """Return the robots.txt that the job asked the front page's host for."""
    front = known.front
    place = Base(front.url).join("/robots.txt") if front else None
    if place is None:
        return None
    url, stored = recorded.followed(place)
    if stored is None or stored.head.status != 200:
        return None
    return replace(_read(url, stored), question=Question(place, Wanted.ROBOTS, "the survey"))


def _read(url: str, stored: StoredCapture) -> Answer:
    content_type = (header(stored.headers, b"content-type") or b"").decode("latin-1")
    nothing = Question(url, Wanted.FRONT, "")
    if stored.head.status != 200:
        return Answer(nothing, url, stored.head.status, content_type=content_type)
    body = open_page(stored.payload, url, headers=stored.headers).body
    found = discover(body, url, content_type=content_type)
    return Answer(nothing, url, 200, content_type=content_type, body=body, found=found)
