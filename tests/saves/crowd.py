"""A server or worker in a process of its own: ``python crowd.py server|worker URL FROM TO``.

It says ``ready``, waits for a line, and then prints the id of each save that it added or leased. A server
asks for the pages from FROM to TO for one key; a worker ends when TO saves have ended.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crawler.frontier.owner import new_owner
from crawler.saves import Keys, Limits, Save, Saves
from crawler.state import Database


def serve(queue, key, numbers):
    for each in numbers:
        found = Limits().admit(queue, key, f"https://{each % 7}.example/{each}")
        print(found.id if isinstance(found, Save) else "refused")


def work(queue, number):
    owner = new_owner()
    while (standing := queue.standing()).done_today + standing.failed_today < number:
        leased = queue.lease(owner=owner, most=3, seconds=60)
        for save in leased:
            print(save.id, save.attempts, flush=True)
        time.sleep(0.01)
        assert queue.renew([save.id for save in leased], owner=owner, seconds=60) == {s.id for s in leased}
        for save in leased:
            assert queue.succeed(save.id, owner=owner, status=200)


def main():
    role, url, first, last = sys.argv[1:]
    with Database(url) as database:
        queue, key = Saves(database, "news"), Keys(database).get("anna")
        print("ready", flush=True)
        sys.stdin.readline()
        if role == "server":
            serve(queue, key, range(int(first), int(last)))
        else:
            work(queue, int(last))


if __name__ == "__main__":
    main()
