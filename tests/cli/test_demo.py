import newsite


def test_the_demonstration_crawls_reads_and_verifies(newswarc, tmp_path):
    done = newswarc("demo", "--articles", 3, "--store", "d")
    for family in newsite.families().values():
        assert any(case.title in done.stdout for case in family.cases), family
    assert "  whole\n" in done.stdout
    further = done.stdout.partition("\nLook further:\n")[2].splitlines()
    assert {"  newswarc list d", "  newswarc edits --store d"} <= {*further}
    search = next(line.split() for line in further if "search" in line)
    assert newswarc(*search[1:]).stdout
    assert ": 1 segment, " in done.stdout
    assert list((tmp_path / "d" / "news" / "archive").rglob("*.warc.gz"))
