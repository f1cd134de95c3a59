"""Texts come from the article files."""

import subprocess
import sys
from pathlib import Path

from pipelines.storage import LocalStore
from search.making import name_of, publish, row

READING = """
import sys
from pathlib import Path
import psutil
from pipelines.search import Shown, texts
from pipelines.storage import LocalStore

place = Shown("", sys.argv[2], 0, 0, "", "", "", "", "", (), "")
before = psutil.Process().num_threads()
(text,) = texts(LocalStore(Path(sys.argv[1])), [place])
print(text, psutil.Process().num_threads() - before)
"""


def test_texts_are_read_without_threads_that_may_outlive_python(tmp_path):
    store = LocalStore(tmp_path / "store")
    publish(store, tmp_path, [row("The ferry.")])
    command = [sys.executable, "-c", READING, str(tmp_path / "store"), name_of(1).articles_key]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "The ferry. 0\n"
