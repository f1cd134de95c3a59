"""What Save Page Now calls each failure."""

import pytest

from crawler.saves import OVERTIME, Code, of_reason, of_status
from crawler.scope import Reason

# "Save Page Now 2 Public API Docs", section Error codes.
DOCUMENTED = """
    bad-gateway bad-request bandwidth-limit-exceeded blocked blocked-client-ip blocked-url browsing-timeout
    capture-location-error cannot-fetch celery filesize-limit ftp-access-denied gateway-timeout
    http-version-not-supported internal-server-error invalid-url-syntax invalid-server-response
    invalid-host-resolution job-failed method-not-allowed not-implemented no-browsers-available
    network-authentication-required no-access not-found proxy-error protocol-error read-timeout
    soft-time-limit-exceeded service-unavailable too-many-daily-captures too-many-redirects
    too-many-requests user-session-limit unauthorized max-daily-bandwidth max-daily-bandwidth-from-ip
    max-daily-bandwidth-host
"""


def test_every_code_is_documented():
    assert {code.removeprefix("error:") for code in Code} <= set(DOCUMENTED.split())


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_code(reason):
    assert of_reason(reason).error in Code
    assert of_reason(reason).message == f"save: {reason.meaning}"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (Reason.DNS, "invalid-host-resolution"),
        (Reason.TIMEOUT, "read-timeout"),
        (Reason.SIZE, "filesize-limit"),
        (Reason.ADDRESS, "blocked-url"),
        (Reason.SCHEME, "invalid-url-syntax"),
        (Reason.MALFORMED, "invalid-url-syntax"),
        (Reason.TOO_LONG, "invalid-url-syntax"),
        (Reason.ROBOTS, "blocked-url"),
        (Reason.ROBOTS_UNREACHABLE, "blocked-url"),
        (Reason.RATE_LIMITED, "too-many-requests"),
        (Reason.REDIRECTS, "too-many-redirects"),
        (Reason.TLS, "cannot-fetch"),
        (Reason.REFUSED, "cannot-fetch"),
        (Reason.CUT, "protocol-error"),
        (Reason.PROTOCOL, "invalid-server-response"),
        (Reason.INTERNAL, "job-failed"),
    ],
)
def test_reasons(reason, code):
    assert of_reason(reason).error == f"error:{code}"


def test_robots_are_named():
    found = of_reason(Reason.ROBOTS, "forbidden by https://a.example/robots.txt")
    assert found.message == "save: robots.txt forbids it (forbidden by https://a.example/robots.txt)"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "bad-request"),
        (401, "unauthorized"),
        (403, "no-access"),
        (404, "not-found"),
        (405, "method-not-allowed"),
        (408, "read-timeout"),
        (410, "not-found"),
        (418, "bad-request"),
        (429, "too-many-requests"),
        (500, "internal-server-error"),
        (501, "not-implemented"),
        (502, "bad-gateway"),
        (503, "service-unavailable"),
        (504, "gateway-timeout"),
        (505, "http-version-not-supported"),
        (509, "bandwidth-limit-exceeded"),
        (511, "network-authentication-required"),
        (520, "bad-gateway"),
        (524, "gateway-timeout"),
        (999, "blocked"),
    ],
)
def test_statuses(status, code):
    found = of_status(status)
    assert found.error == f"error:{code}"
    assert f"status {status};" in found.message


@pytest.mark.parametrize("status", [0, 200, 304, 399])
def test_what_is_no_error_has_no_code(status):
    with pytest.raises(ValueError, match=f"{status} is no status of an error"):
        of_status(status)


def test_overtime():
    assert OVERTIME.error == "error:soft-time-limit-exceeded"
