"""The pages of docs/ that are written from the code say what the code says."""

from pathlib import Path

import pytest

from crawler.cli.reference import PAGES, exit_codes, updated
from crawler.config import settings
from crawler.jobs import Outcome
from crawler.scope import Reason
from pipelines import errors
from pipelines.fixity import Damage

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name):
    page = (DOCS / name).read_text("utf-8")
    assert updated(page, PAGES[name]()) == page, "run python -m crawler.cli.reference docs"


def test_every_exit_code_is_told():
    table = exit_codes()
    kinds = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)]
    assert len(kinds) > 10
    for kind in kinds:
        assert f"| {kind.exit_code} | `{kind.__name__}` |" in table
    for outcome in Outcome:
        assert f"| {int(outcome)} | job: {outcome.name.lower()} |" in table
    for damage in Damage:
        assert damage.note or f"| {damage.exit_code} | verify: `{damage}` |" in table


def test_every_reason_is_told():
    page = (DOCS / "reasons.md").read_text("utf-8")
    assert [reason for reason in Reason if f"| `{reason}` | {reason.meaning} |" not in page] == []


def test_every_flag_of_a_setting_is_an_option_of_crawl_or_serve():
    page = (DOCS / "commands.md").read_text("utf-8")
    crawl, serve = (
        page.partition(f"## newswarc {name}")[2].partition("\n## ")[0] for name in ("crawl", "serve")
    )
    flags = [setting.flag for setting in settings() if setting.flag]
    assert len(flags) > 5
    assert [flag for flag in flags if f"| `{flag}" not in crawl + serve] == []
