"""Fetch each oracle case with Twisted's client and with Scrapy's parser; print what they brought, as JSON.

A script of its own: a reactor runs once in a process. Arguments: the site's URL, then names of cases.
"""

import json
import sys
import warnings

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory
from twisted.internet import defer, reactor, task
from twisted.internet.error import ConnectError
from twisted.internet.protocol import Protocol
from twisted.web._newclient import ResponseDone, ResponseFailed
from twisted.web.client import Agent, HTTPConnectionPool
from twisted.web.http import PotentialDataLoss

from newsite import oracle

# Seconds; short where silence is what the case is about.
LIMIT, SILENCE = 20, 0.4


class Body(Protocol):
    def __init__(self):
        self.done = defer.Deferred()
        self.size = 0

    def dataReceived(self, data):  # noqa: N802 - Twisted's name
        self.size += len(data)

    def connectionLost(self, reason):  # noqa: N802 - Twisted's name
        self.done.callback(reason.check(ResponseDone, PotentialDataLoss) is not None)


async def brought(agent, base, case):
    limit = SILENCE if case.truncated == "time" else LIMIT
    try:
        response = await agent.request(case.method.encode(), base + case.path.encode()).addTimeout(
            limit, reactor
        )
    except (ResponseFailed, ConnectError) as error:
        return "none", repr(error)
    body = Body()
    response.deliverBody(body)
    try:
        whole = await body.done.addTimeout(limit, reactor)
    except defer.TimeoutError:
        response._transport.loseConnection()
        return "partial", "timeout"
    return ("whole" if whole else "partial"), body.size


async def ask(reactor, base, names):
    results = {}
    for client in ("twisted", "scrapy"):
        pool = HTTPConnectionPool(reactor, persistent=True)
        pool.retryAutomatically = False
        if client == "scrapy":
            pool._factory = _LenientHTTP11ClientFactory
        agent = Agent(reactor, pool=pool)
        cases = [oracle.CASES[name] for name in names]
        asked = [defer.ensureDeferred(brought(agent, base.encode(), case)) for case in cases]
        for case, what in zip(cases, await defer.gatherResults(asked), strict=True):
            results.setdefault(case.name, {})[client] = what
        await pool.closeCachedConnections()
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    task.react(lambda reactor: defer.ensureDeferred(ask(reactor, sys.argv[1], sys.argv[2:])))
