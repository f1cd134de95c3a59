"""Names of hosts: :mod:`pipelines.hostnames`, where the archive needs them too."""

from pipelines.hostnames import is_public_suffix, normal_host, registered_domain

__all__ = ["is_public_suffix", "normal_host", "registered_domain"]
