"""Linkage: which reports tell of the same event.

Exact grouping: reports of one type, place, day, actor, target and, where one is named, holder and
status tell of one event. It never joins what differs in any of these, so it joins too little
rather than too much; finding the same event behind different words is later work.
"""

from zenobia.linkage.events import EVENTS, events
from zenobia.linkage.grouping import group, is_event

__all__ = ["EVENTS", "events", "group", "is_event"]
