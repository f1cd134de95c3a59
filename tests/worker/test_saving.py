"""A save brings page, redirects and requisites, and says success once all is where readers look."""

from crawler.saves import State
from pipelines.search import SearchIndex


def test_the_page_is_whole_when_the_save_says_success(site, working):
    saving = working()
    url = f"{site.url}story"
    with saving.worker() as worker:
        save = saving.ended(saving.add(url), worker)
        archive = saving.archive()
        captures = {capture.url: capture for capture in archive.catalog.all()}
        held = SearchIndex(archive.search_folder).held()
        archive.close()
    assert save.state is State.SUCCESS, (save.error, save.message, saving.log())
    assert (save.final_url, save.status, save.message) == (url, 200, "")
    assert save.resources[0] == url
    assert len(save.resources) == 31
    assert set(save.resources) == captures.keys() - {f"{site.url}robots.txt"}
    assert captures[url].timestamp == save.timestamp
    assert {capture.segment for capture in captures.values()} == set(save.segments) == held.keys()
