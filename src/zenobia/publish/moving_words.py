"""The words of a map that is moved through time, in English and in Arabic."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["moving_words"]

_LANGUAGES = ("en", "ar")
# English, Arabic.
_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "map": ("Map of who held what, moved through time", "خريطة السيطرة عبر الزمن"),
        "slider": ("Day of the map", "يوم الخريطة"),
        "slider_help": (
            "Arrow keys move it, Home and End go to the first and the last day; the address keeps the day.",
            "تحرّكها مفاتيح الأسهم، وHome وEnd إلى أول يوم وآخره؛ والعنوان يحفظ اليوم.",
        ),
        "earlier": ("Earlier", "أقدم"),
        "later": ("Later", "أحدث"),
        "nearer": ("Zoom in", "تكبير"),
        "farther": ("Zoom out", "تصغير"),
        "place": ("Place", "المكان"),
        "pick": ("Choose a place", "اختر مكاناً"),
        "choose": (
            "Choose a place from the list or on the map: who held it, how surely, and by whose word.",
            "اختر مكاناً من القائمة أو على الخريطة لترى من سيطر عليه وبأي احتمال وبحسب مَن.",
        ),
        "all": ("All places on this day, as a table", "كل الأماكن في هذا اليوم، كجدول"),
        "holder": ("Most likely held by", "الأرجح أنه بيد"),
        "chance": ("Chance", "الاحتمال"),
        "with": ("with a chance of", "باحتمال"),
        "last": ("Last evidence", "آخر دليل"),
        "old": ("old", "قديم"),
        "none": ("none of its own", "لا دليل خاص به"),
        "silent": ("No report in the record says who held it.", "لا يذكر أي تقرير في السجلّ من سيطر عليه."),
        "besieged": ("Besieged by", "يحاصره"),
        "claimed": ("Said by its holder’s own side only.", "بحسب الطرف المسيطر وحده."),
        "evidence": ("Where this comes from:", "مصدر هذا:"),
        "reports": ("All its reports", "كل التقارير عنه"),
        "summary": (
            "Of {n} places that reports speak of, most likely held by: {held}.",
            "من {n} من الأماكن التي تتحدث عنها التقارير، الأرجح: {held}.",
        ),
        "comma": (", ", "، "),
        "over": ("over 0.99", "أكثر من 0.99"),
        "under": ("under 0.01", "أقل من 0.01"),
        "wheel": ("Use the buttons, or Ctrl and the wheel, to zoom", "كبّر بالأزرار أو بعجلة الفأرة مع Ctrl"),
        "fingers": ("Move the map with two fingers", "حرّك الخريطة بإصبعين"),
        "contested": ("contested: enemies hold parts of it", "متنازع عليه: للأعداء أجزاء منه"),
        "shared": ("shared", "مشترك"),
        "is_old": ("hollow with a dot: no evidence for 90 days", "مفرّغ مع نقطة: لا دليل منذ 90 يوماً"),
        "is_claimed": ("dashed: said by its holder’s side only", "متقطع: بحسب الطرف المسيطر وحده"),
        "is_unsure": ("small: chance under 0.9", "صغير: الاحتمال دون 0.9"),
        "is_besieged": ("dashed ring: besieged", "حلقة متقطعة: محاصَر"),
        "known": ("As known on", "بحسب المعروف في"),
        "everything": ("As known from everything in the record", "بحسب كل ما في السجلّ"),
        "record": ("Record", "السجلّ"),
        "credit": (
            "Marks are places: nothing is said of the land between them. Made with Natural Earth: de facto borders, "
            "for orientation; no position on any dispute. Drawn with MapLibre GL JS.",
            "العلامات أماكن، ولا يُقال شيء عن الأرض بينها. أرضية الخريطة: Natural Earth، والحدود للاستدلال فقط. "
            "رُسمت بواسطة MapLibre GL JS.",
        ),
    }
)  # fmt: skip


def moving_words(language: str) -> dict[str, str]:
    """Every word of the map in a language."""
    return {key: pair[_LANGUAGES.index(language)] for key, pair in _WORDS.items()}
