"""What the marks of a map mean: those that it shows, and no others."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import escape

from zenobia.publish.fronts import draw_contacts
from zenobia.publish.labels import text_width
from zenobia.publish.mapscene import SURE, MapScene, is_stale, is_unsure
from zenobia.publish.marks import mark, ring
from zenobia.publish.palette import Style
from zenobia.publish.wording import plain
from zenobia.terms import CONTESTED, SHARED

__all__ = ["draw_legend"]


def draw_legend(scene: MapScene, look: Mapping[str, Style], top: float, room: float) -> tuple[str, float]:
    """What each mark means, in as many lines as it takes, and how high that is."""
    x, y, drawn = 10.0, top, []
    for symbol_drawn, words in legend_entries(scene, look):
        width = 34 + text_width(words, 13)
        if x + width > room and x > 10:
            x, y = 10.0, y + 26
        drawn.append(
            f'<g transform="translate({x:.1f} {y:.1f})">{symbol_drawn}<text x="14" y="4.5" font-size="13">'
            f"{escape(plain(words))}</text></g>"
        )
        x += width
    return "\n".join(drawn), y - top + 26


def legend_entries(scene: MapScene, look: Mapping[str, Style]) -> list[tuple[str, str]]:
    """Each mark that this map shows, with its words; marks that it does not show are left out."""
    shown = scene.shown
    leaders = {place.leader for place in shown if place.told}

    def sample(state: str | None, size: float = 7, *, stale: bool = False, claimed: bool = False) -> str:
        return mark(state, 0, 0, size, scene.id, look, stale=stale, claimed=claimed)

    entries = [(True, sample(h.id), h.name) for h in scene.holders if h.id in leaders]
    entries += [
        (CONTESTED in leaders, sample(CONTESTED), "contested: enemies hold parts of it"),
        (SHARED in leaders, sample(SHARED), "shared"),
        (any(p.besieged_by for p in shown), ring(0, 0, 8, None), "besieged, in the besieger's colour"),
        (any(is_unsure(p) for p in shown), sample("anyone", 4.5), f"small: chance under {SURE}"),
        (
            any(p.told and is_stale(scene.on, p.last_evidence, scene.stale_after) for p in shown),
            sample("anyone", stale=True),
            f"hollow: no evidence for {scene.stale_after} days",
        ),
        (
            any(p.claimed_only for p in shown),
            sample("anyone", claimed=True),
            "dashed: claimed by its holder's side only",
        ),
        (
            any(p.leader and not p.told for p in shown),
            mark("anyone", 0, 0, 3.6, scene.id, look, guessed=True),
            "grey outline: no report of its own, the shape is what its neighbours suggest",
        ),
        (any(not p.leader for p in shown), sample(None, 3.5), "no report"),
        (
            bool(scene.facing),
            draw_contacts([((-10, 0), (10, 0), ("", ""))], look),
            f"neighbours, at most {scene.within:g} km apart, with different holders and no third place between",
        ),
    ]
    return [(drawn, words) for present, drawn, words in entries if present]
