"""A net of news sites on addresses of the loopback, with an oracle: what must become of every URL."""

from newsite.net.model import Announcer, Entry, Fate, NetSite, Outcome, Story
from newsite.net.world import Net, net

__all__ = ["Announcer", "Entry", "Fate", "Net", "NetSite", "Outcome", "Story", "net"]
