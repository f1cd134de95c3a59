"""Headers under which archived content can neither run nor reach anything but the archive."""

import re
from typing import Final

_ORIGIN: Final = re.compile(
    r"(https?://(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?)(/[A-Za-z0-9._~/-]*)?"
)


def policy(base: str) -> str:
    """Return the ``Content-Security-Policy`` of everything that is replayed below *base*.

    Without ``allow-scripts`` no script runs; without ``allow-same-origin`` the page is of no origin, and has
    no cookies or storage. What it shows comes from ``/web/`` of *base*, which changes nothing.
    """
    here = f"{base}/web/" if _ORIGIN.fullmatch(base) else "'self'"
    return "; ".join(
        (
            "sandbox",
            "default-src 'none'",
            f"img-src {here} data:",
            f"style-src {here} 'unsafe-inline'",
            f"font-src {here} data:",
            f"media-src {here} data:",
            "script-src 'none'",
            "connect-src 'none'",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )


def replay_headers(base: str) -> dict[str, str]:
    """Return the headers of everything that is replayed below *base*."""
    return {
        "Content-Security-Policy": policy(base),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-DNS-Prefetch-Control": "off",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cache-Control": "private, max-age=60",
    }
