"""The simulated respondent's words in other languages than English.

As in English (`prose`), every style names exactly one chosen option. Arabic amounts are in its own
digits.
"""

from collections.abc import Callable, Mapping

from evaluations.formats.scenes.checks import language_of

from .words import ChosenWords

Style = Callable[[ChosenWords], str]

_BARE: dict[str, Style] = {
    "bare": lambda w: w.label,
    "full stop": lambda w: f"{w.label}.",
    "bold": lambda w: f"**{w.label}**",
}

STYLES: Mapping[str, Mapping[str, Style]] = {
    "es": _BARE
    | {
        "named": lambda w: f"Opción {w.label}",
        "sentence": lambda w: f"Elijo la opción {w.label}.",
        "would": lambda w: f"Me quedaría con la opción {w.label}.",
        "payoffs": lambda w: f"Opción {w.label}: {w.own} para mí, {w.other} para la otra persona.",
        "labelled": lambda w: f"Respuesta: {w.label}",
        "reason before": lambda w: (
            f"He pensado en lo que recibe cada parte: {w.own} y {w.other}.\n\n"
            f"Elijo la opción {w.label}."
        ),
        "rival first": lambda w: (
            f"La opción {w.rival} no encaja tan bien con mi objetivo.\n\n"
            f"Mi respuesta final es la opción {w.label}."
        ),
    },
    "zh": _BARE
    | {
        "named": lambda w: f"选项{w.label}",
        "sentence": lambda w: f"我选择选项{w.label}。",
        "would": lambda w: f"我会选{w.label}。",
        "payoffs": lambda w: f"选项{w.label}：我得到{w.own}，对方得到{w.other}。",
        "labelled": lambda w: f"答案：{w.label}",
        "reason before": lambda w: (
            f"我考虑了双方各得到多少：{w.own}和{w.other}。\n\n我选择选项{w.label}。"
        ),
        "rival first": lambda w: f"选项{w.rival}不太符合我的目标。\n\n我的最终选择是{w.label}。",
    },
    "ar": _BARE
    | {
        "named": lambda w: f"الخيار {w.label}",
        "sentence": lambda w: f"أختار الخيار {w.label}.",
        "would": lambda w: f"سأختار الخيار {w.label}.",
        "payoffs": lambda w: f"الخيار {w.label}: {w.own} لي، و{w.other} للشخص الآخر.",
        "labelled": lambda w: f"الإجابة: {w.label}",
        "reason before": lambda w: (
            f"فكّرت في ما يحصل عليه كل طرف: {w.own} و{w.other}.\n\nأختار الخيار {w.label}."
        ),
        "rival first": lambda w: (
            f"الخيار {w.rival} لا يناسب هدفي بالقدر نفسه.\n\nاختياري النهائي هو الخيار {w.label}."
        ),
    },
}
"""By language and name; a language that is not here is answered in English."""

TALK: Mapping[str, Mapping[str, str]] = {
    "es": {
        "induction": "Una persona así mira lo que recibe cada parte y elige según sus valores.",
        "task": "Entendido. A partir de ahora respondo como esa persona.",
        "goal": "Busco el reparto que mejor encaja con los valores de esta persona.",
    },
    "zh": {
        "induction": "这样的人会看双方各得到多少，并按照自己的价值观来选择。",
        "task": "明白了。从现在起，我按照这个人的方式回答。",
        "goal": "我寻求最符合这个人价值观的分法。",
    },
    "ar": {
        "induction": "ينظر مثل هذا الشخص إلى ما يحصل عليه كل طرف، ويختار وفق قيمه.",
        "task": "مفهوم. من الآن فصاعدًا أجيب كما يجيب هذا الشخص.",
        "goal": "أسعى إلى القسمة التي تناسب قيم هذا الشخص أكثر من غيرها.",
    },
}
"""What is said before the items; it tells nothing about the angle."""

_ARABIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")


def styles_of(language: str) -> Mapping[str, Style] | None:
    """The styles of a language, whatever the region; None where there are none of its own."""
    return STYLES.get(language_of(language))


def talk_of(language: str) -> Mapping[str, str] | None:
    """What is said before the items; None where nothing is written in the language."""
    return TALK.get(language_of(language))


def digits_of(language: str, amount: float) -> str:
    """An amount as the language writes it."""
    return f"{amount:g}".translate(_ARABIC) if language_of(language) == "ar" else f"{amount:g}"
