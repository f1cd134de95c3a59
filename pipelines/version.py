"""The version of newswarc, in one place: packaging, warcinfo records and manifests read it here."""

VERSION = "0.1.0"
SOFTWARE = f"newswarc/{VERSION}"
