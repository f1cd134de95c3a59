import newsite


def test_the_demonstration_crawls_reads_and_verifies(newswarc, tmp_path):
    done = newswarc("demo", "--articles", 3, "--store", "d")
    for family in newsite.families().values():
        assert any(case.title in done.stdout for case in family.cases), family
    assert "  whole\n" in done.stdout
    assert "  newswarc list d\n" in done.stdout
    assert list((tmp_path / "d" / "news" / "archive").rglob("*.warc.gz"))
