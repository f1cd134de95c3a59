import pytest

from edits.making import DEAD, METRO, PARK, RAIN, ROAD, SCHOOL, TEXT, reading, swapped
from pipelines.edits import difference
from pipelines.edits.grading import grade

FIRST = reading(*TEXT)


def graded(*texts, **more):
    found = grade(difference(FIRST, reading(*texts, **more)))
    return [str(each) for each in found.grades], found.reasons


@pytest.mark.parametrize(
    ("old", "new", "expected", "reason"),
    [
        ("12 people", "14 people", "substantive", "a figure"),
        ("12 people", "twelve people", "substantive", "a figure"),
        ("明年", "今年", "substantive", "other words"),
        ("周一", "周二", "substantive", "a figure"),
        ("heavy rain", "haevy rain", "typo", "spelling"),
        ("the water", "the the water", "typo", "spelling"),
        ("Monday", "Sunday", "substantive", "a figure"),
        ("will stay closed", "will not stay closed", "substantive", "a negation"),
        ("expect to", "are unable to", "substantive", "other words"),
        ("保持不变", "可能上涨", "substantive", "a negation"),
        ("免费", "收费", "substantive", "other words"),
        ("已经完成", "尚未完成", "substantive", "a negation"),
        ("开通", "停运", "substantive", "other words"),
        ("工程已经", "工成已经", "typo", "spelling"),
        ("town", "towns", "typo", "spelling"),
        ("hills", "hill-sides", "substantive", "other words"),
        ("valley will", "Valley will", "typo", "spelling"),
        (", 票价", "，票价", "", ""),
    ],
)
def test_a_change_within_a_passage(old, new, expected, reason):
    texts = TEXT if not expected else swapped(TEXT, old, new)
    grades, reasons = graded(*texts)
    assert grades == ([expected] if expected else [])
    assert reason in " ".join(reasons)


@pytest.mark.parametrize(
    ("old", "new", "grade_"),
    [("Harwick", "Harwich", "substantive"), ("Harwick", "harwick", "typo"), ("王立", "王丽", "substantive")],
)
def test_names_are_no_typos(old, new, grade_):
    text = "The road to Harwick was closed, 记者王立说。"
    found = grade(difference(reading(text), reading(text.replace(old, new))))
    assert found.grades == (grade_,)
    assert ("a name" in found.reasons[0]) == (grade_ == "substantive")


def test_headline_and_byline():
    assert graded(*TEXT, title="Flood destroys the valley")[0] == ["headline"]
    grades, reasons = graded(*TEXT, authors=("Bo Wu",))
    assert grades == ["byline"]
    assert reasons == ("byline: now without Ada Thornbury and with Bo Wu",)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((*TEXT, "The mayor spoke in the evening of a long night."), ["appended"]),
        ((RAIN, "Update: The water is falling in the north of the town.", *TEXT[1:]), ["appended"]),
        ((RAIN, "更新（10时）：北部水位开始下降，道路已经重新开放。", *TEXT[1:]), ["appended"]),
        ((RAIN, "The mayor spoke in the evening of a long night.", *TEXT[1:]), ["substantive"]),
        ((*TEXT, "Correction: An earlier version of this article misnamed the river."), ["correction"]),
        ((*TEXT, "更正：本文此前版本误写了河流名称。"), ["correction"]),
        ((*TEXT, "Editor's note: This story was amended to correct the name of the river."), ["correction"]),
        (TEXT[1:], ["removed"]),
        ((DEAD, SCHOOL, ROAD, METRO, PARK, RAIN), ["substantive"]),
        ((*TEXT[1:], "更正：标题有误。"), ["correction", "removed"]),
    ],
)
def test_passages_that_come_and_go(texts, expected):
    assert graded(*texts)[0] == expected


def test_many_small_changes_are_more_than_typos():
    typos = {"river": "rivre", "killed": "klled", "Schools": "Shcools", "bridge": "brigde", "lane": "laen"}
    typos |= {"month": "mnoth", "heavy": "haevy"}
    texts = TEXT
    for old, new in typos.items():
        texts = swapped(texts, old, new)
    grades, reasons = graded(*texts)
    assert grades == ["substantive"]
    assert "7 places changed" in reasons[0]


def test_an_old_text_that_is_back_is_restored_first_of_all():
    found = grade(difference(reading(*TEXT[1:]), FIRST), restores=1)
    assert found.grades[0] == "restored"
    assert found.reasons[0] == "the text of version 1 is back"
