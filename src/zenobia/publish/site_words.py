"""The words of the site's own pages, in English and in Arabic; what a record says stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from zenobia.publish.wording import MONTHS, calendar
from zenobia.terms import parse_day

__all__ = ["DIRECTIONS", "LANGUAGES", "day_in", "months_in", "words_in"]

LANGUAGES = ("en", "ar")
DIRECTIONS = MappingProxyType({"en": "ltr", "ar": "rtl"})
_MONTHS_AR = (
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
)
# English, Arabic.
_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "skip": ("Skip to the page", "انتقل إلى الصفحة"),
        "site": ("A checkable record", "سجلّ يمكن التحقق منه"),
        "index": ("Overview", "نظرة عامة"),
        "map": ("Map through time", "الخريطة عبر الزمن"),
        "claims": ("Claims", "الادعاءات"),
        "places": ("Places", "الأماكن"),
        "actors": ("Parties", "الأطراف"),
        "forecasts": ("Forecasts and scores", "التوقعات ونتائجها"),
        "issued": ("Issued", "صدر في"),
        "known_then": ("Known then", "المعروف حينها"),
        "reports": ("reports", "تقارير"),
        "due": ("Speaks of days until", "يشمل الأيام حتى"),
        "passes": ("From, to", "من، إلى"),
        "rank": ("Rank", "الترتيب"),
        "limits": ("Nine chances in ten", "تسعة من عشرة"),
        "one_rate": ("At one rate for all", "بمعدل واحد للجميع"),
        "came": ("What came, by what is known now", "ما حدث، بحسب المعروف الآن"),
        "passed": ("passed", "انتقل"),
        "not_passed": ("did not pass", "لم ينتقل"),
        "unheard": ("not heard of since", "لم يُذكر بعدها"),
        "asked_by": ("Asked for by", "تسأل عنه"),
        "score": ("Score", "النتيجة"),
        "skill": ("By what part this forecast is better", "بأي قدر هذا التوقع أفضل"),
        "together": ("All forecasts together", "كل التوقعات معاً"),
        "no_forecasts": (
            "No forecast is due. One is shown once every day that it speaks of may be told.",
            "لا توقّع حلّ أجله بعد.",
        ),
        "scores_note": (
            "Lower is better. Brier: the mean squared distance from what came. Logarithmic: minus the mean logarithm "
            "of the chance given to what came; a chance under 0.001 counts as that. Both over the places that were "
            "heard of since. “No change” says that nothing ever passes; “one rate” that all places pass equally "
            "often. In brackets nineteen chances in twenty, by leaving out one area of 42 km, or one month of issue, "
            "at a time; of fewer than ten of them nobody can tell.",
            "الأقل أفضل. محسوبة على الأماكن التي ذُكرت بعد الصدور. بين قوسين حدود تسعة عشر من عشرين.",
        ),
        "corrections": ("Corrections", "التصحيحات"),
        "method": ("Method", "المنهج"),
        "tables": ("Tables", "الجداول"),
        "briefs": ("Briefings", "الإحاطات"),
        "other": ("العربية", "English"),
        "known": ("As known", "بحسب المعروف"),
        "record": ("Record", "السجلّ"),
        "case": ("Case", "الحالة"),
        "claim": ("Claim", "الادعاء"),
        "said": ("What was said", "ما قيل"),
        "by": ("Said by", "القائل"),
        "now": ("Verdict now", "الحكم الآن"),
        "then": ("As known then", "بحسب المعروف حينها"),
        "because": ("Because", "لأن"),
        "supported": ("supported", "مدعوم"),
        "contradicted": ("contradicted", "منقوض"),
        "partly": ("partly", "جزئياً"),
        "cannot tell": ("cannot tell", "لا يمكن الجزم"),
        "not asked": ("not asked", "لم يُسأل"),
        "place": ("Place", "المكان"),
        "province": ("Province", "المحافظة"),
        "kind": ("Kind", "النوع"),
        "holder": ("Most likely on", "الأرجح في"),
        "chance": ("Chance", "الاحتمال"),
        "last": ("Last evidence", "آخر دليل"),
        "none": ("none of its own", "لا دليل خاص بها"),
        "contested": ("contested", "متنازع عليه"),
        "shared": ("shared", "مشترك"),
        "actor": ("Party", "الطرف"),
        "belongs": ("Belongs to, is backed by, is allied with", "يتبع أو يدعمه أو يتحالف معه"),
        "holds": ("Can hold places", "يمكنه السيطرة على أماكن"),
        "from": ("from", "من"),
        "until": ("until", "حتى"),
        "part_of": ("part of", "جزء من"),
        "backed_by": ("backed by", "يدعمه"),
        "allied_with": ("allied with", "حليف لـ"),
        "date": ("Day", "اليوم"),
        "slider": ("Day of the map", "يوم الخريطة"),
        "slider_help": ("Arrow keys move from day to day.", "تنقلك مفاتيح الأسهم من يوم إلى آخر."),
        "image": ("This map as an image", "هذه الخريطة كصورة"),
        "feed": ("Follow by feed (Atom)", "تابِع عبر الخلاصة (Atom)"),
        "published": ("Published", "نُشر"),
        "source": ("Source", "المصدر"),
        "before": ("Said before", "قيل سابقاً"),
        "after": ("Says now", "يقول الآن"),
        "withdrawn": ("withdrawn", "سُحب"),
        "no_corrections": ("Nothing that is released was corrected.", "لم يُصحَّح شيء مما نُشر."),
        "english": ("", "ما حسبه البرنامج من نصوص يبقى بالإنكليزية."),
        "file": ("File", "الملف"),
        "rows": ("Rows", "الصفوف"),
        "files_note": (
            "Comma-separated and JSON, UTF-8. An empty cell is “not stated”; 0 is “stated: none”.",
            "ملفات CSV وJSON بترميز UTF-8. الخلية الفارغة تعني «لم يُذكر»، و0 تعني «ذُكر: لا شيء».",
        ),
        "footer": (
            "Holders of places are estimates with stated chances, not facts. Unknown, none and not asked are three "
            "different things here, and “cannot tell” is a full answer.",
            "السيطرة على الأماكن تقديرات باحتمالات معلنة، لا حقائق. المجهول والمعدوم وغير المسؤول عنه ثلاثة أمور "
            "مختلفة هنا، و«لا يمكن الجزم» جواب كامل.",
        ),
        "release": (
            "This is a release: it shows what may be told, and everything on it is worked out from that alone.",
            "هذا إصدار علني: يعرض ما يجوز قوله، وكل ما فيه محسوب من ذلك وحده.",
        ),
        "corrections_note": (
            "Sources correct themselves. Each line is a report that a later one of the same source replaced or took "
            "back; nothing is erased, and what was known before a day of correction stays what it was.",
            "المصادر تصحّح نفسها. كل سطر تقرير استبدله أو سحبه تقرير لاحق من المصدر نفسه؛ لا يُمحى شيء.",
        ),
        "map_note": (
            "Marks are places; nothing is said of the land between them.",
            "العلامات أماكن، ولا يُقال شيء عن الأرض بينها.",
        ),
        "credit": (
            "Made with Zenobia. Map ground: Made with Natural Earth; borders are de facto lines for orientation and "
            "take no position on any dispute.",
            "صُنع بواسطة زنوبيا. أرضية الخريطة: Natural Earth؛ الحدود للاستدلال فقط ولا تعبّر عن أي موقف.",
        ),
    }
)


def words_in(language: str) -> dict[str, str]:
    """Every word of our own pages in a language."""
    return {key: pair[LANGUAGES.index(language)] for key, pair in _WORDS.items()}


def day_in(language: str, day: date | str | None) -> str:
    """A day as readers of a language say it."""
    if language == "en" or day is None:
        return calendar(day)
    whole = parse_day(day) if isinstance(day, str) else day
    return f"{whole.day} {_MONTHS_AR[whole.month - 1]} {whole.year}"


def months_in(language: str) -> tuple[str, ...]:
    """The names of the months."""
    return MONTHS if language == "en" else _MONTHS_AR
