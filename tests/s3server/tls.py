"""Certificates for a server on 127.0.0.1, of an authority made for the occasion."""

import ssl
from pathlib import Path

import trustme


def server_context(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return a context for the server's side, and the PEM file, in *folder*, that its clients must trust."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    return context, bundle
