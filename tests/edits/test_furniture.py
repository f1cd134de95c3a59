import pytest

from edits.making import DEAD, METRO, PARK, RAIN, ROAD, SCHOOL, reading
from pipelines.edits import Furniture
from pipelines.edits.passing import passing

CHURN = (
    "Views: 1,204",
    "3 comments",
    "1,204 people are reading this now",
    "Updated 5 minutes ago",
    "Monday, 23 November 2026 08:15",
    "2026-11-23 08:15",
    "阅读 1204 次",
    "发布时间：2026年11月23日 08:15",
    "更新于 5 分钟前",
    "1204人正在阅读",
    "临江 晴 8℃",
    "Advertisement",
    "广告",
    "Read more: The bridge that nobody wanted",
    "延伸阅读：无人想要的桥",
    "Related stories",
    "Share this article",
)
TEXT = (
    "12 killed",
    "Dead: 14",
    "Death toll rises to 14",
    "死亡人数：14",
    "第3章 起点",
    "1. Wash the rice",
    "GDP grew 3.2%",
    "Harbour board: 7 votes for, 2 against",
    "Views of the harbour changed in 1904",
    "Comments by the mayor in full",
    "He read 12 books a day",
    "It was −8°C when they set out.",
    "阅读的人在2025年增加了三成。",
    "今日上午10时，会议开始。",
)


@pytest.mark.parametrize("line", CHURN)
def test_lines_around_an_article_are_left_out(line):
    assert reading(RAIN, line, DEAD).keys == reading(RAIN, DEAD).keys


@pytest.mark.parametrize("line", TEXT)
def test_lines_of_the_story_stay(line):
    assert len(reading(RAIN, line, DEAD).lines) == 3


def test_bare_links_are_left_out_and_links_in_sentences_stay():
    told = (RAIN, "The bridge that nobody wanted", DEAD)
    assert len(reading(*told).lines) == 3
    assert len(reading(*told, linked=["The bridge that nobody wanted"]).lines) == 2
    assert len(reading(*told, linked=["old bridge"]).lines) == 3


def test_what_stands_below_a_label_goes_with_it_until_the_next_sentence():
    kept = reading(RAIN, "相关阅读", "旧桥之谜", "渡轮停航", METRO, PARK)
    assert [line.text for line in kept.lines] == [RAIN, METRO, PARK]


def test_the_headline_and_the_byline_among_the_text_do_not_count():
    plain = reading(RAIN, DEAD)
    assert reading("Flood hits the valley", "By Ada Thornbury", RAIN, DEAD).content == plain.content
    assert reading(RAIN, DEAD, title="Flood hits the valley - Tide", site="Tide").content == plain.content


def test_paragraph_breaks_do_not_count():
    assert reading(RAIN, DEAD).content == reading(f"{RAIN} {DEAD}").content


def test_a_place_where_unlike_texts_take_turns_holds_advertisements():
    ads = ("Book a winter cruise with Bluefin Lines today.", "Learn the cello online.", "晨曦床垫全场半价。")
    shown = [reading(RAIN, ad, DEAD, SCHOOL) for ad in ads]
    assert passing(shown) == {
        line.key for each, ad in zip(shown, ads, strict=True) for line in each.lines if line.text == ad
    }
    assert passing([reading(RAIN, DEAD), *shown[:2]]) == set()


def test_a_line_that_comes_goes_and_comes_again_is_none_of_the_article():
    without, with_it = reading(RAIN, DEAD), reading(RAIN, ROAD, DEAD)
    assert passing([without, with_it, without]) == set()
    assert passing([without, with_it, without, with_it]) == {with_it.keys[1]}


def test_a_passage_that_is_changed_to_and_fro_stays():
    one, other = reading(RAIN, DEAD), reading(RAIN, DEAD.replace("12", "14"))
    assert passing([one, other, one, other, one]) == set()


def test_growing_articles_are_no_rotation():
    grown = [reading(RAIN, DEAD), reading(METRO, RAIN, DEAD), reading(PARK, METRO, RAIN, DEAD)]
    grown.append(reading(SCHOOL, PARK, METRO, RAIN, DEAD))
    assert passing(grown) == set()


def test_what_comes_and_goes_all_over_a_site_is_the_site_s():
    pairs = [[reading(text), reading(text, ROAD)] for text in (RAIN, DEAD, METRO)]
    assert Furniture.of(pairs).among([pairs[0][1]]) == {pairs[0][1].keys[1]}
    assert Furniture.of(pairs[:2]).among([pairs[0][1]]) == set()


def test_a_figure_that_several_articles_correct_is_no_ticker():
    told = [[reading(text, "# Dead: 12"), reading(text, "# Dead: 14")] for text in (RAIN, METRO, PARK, ROAD)]
    assert Furniture.of(told).among(told[0]) == set()
    tickers = [
        [reading(text, f"# Index {n}.1"), reading(text, f"# Index {n}.7")]
        for n, text in enumerate((RAIN, METRO, PARK))
    ]
    assert len(Furniture.of(tickers).among(tickers[0])) == 2


def test_a_correction_added_to_many_articles_is_never_furniture():
    notice = "Correction: An earlier version of this article misnamed the river."
    told = [[reading(text), reading(text, notice)] for text in (RAIN, METRO, PARK, ROAD)]
    assert Furniture.of(told).among(told[0]) == set()
