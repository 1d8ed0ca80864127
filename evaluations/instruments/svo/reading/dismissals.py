"""Labels that stand alone and are turned down by the words around them: 'B: not for me.'

A label with nothing but a mark after it is how most answers begin, and also how an answer goes
through the options one by one. Only the words next to it tell the two apart.
"""

import re

_VERB = r"(?:choose|pick|select|take|accept|want|like|consider)"
_THIS = r"(?:that|this|it)\b"
_TURNED_DOWN = re.compile(
    r"[ .:;,)!\n-]*(?:"
    r"no\b(?! (?:other|matter|doubt|one\b|option))|nope\b|never\b"
    r"|not\b(?! (?:only|just|merely|because|too|so|as|the (?:most|best)))"
    r"|too (?:generous|kind|greedy|selfish|unfair|extreme|risky|much|little|low|high)\b"
    r"|I (?:reject|refuse|avoid|exclude|rule out) (?:" + _THIS + r"|option)"
    r"|I (?:(?:would|do|will|can|could) (?:not|never)|(?:would|do|ca|wo|could)n't|cannot|never)"
    rf" {_VERB} {_THIS}"
    r"|(?:that|this|which)(?: one)? I (?:reject|refuse|avoid|exclude|never|(?:would|do|will)(?:n't"
    r"| not| never)|won't)"
    r"|pros\b|cons\b|(?:dis)?advantages?\b"
    # Answers come in the language of the prompt pack; a mere 'no' is known in the commonest.
    r"|(?:nein|nicht|niemals|keinesfalls|non|pas|jamais|nunca|jam[aá]s|n[aã]o|нет|не|никогда)(?!\w)"
    r"|[不否没沒]|いいえ|아니)",
    re.IGNORECASE,
)
_OTHERS_LISTED = re.compile(
    r"\b(?:rul(?:e|ed|ing) out|reject\w*|exclud\w+|eliminat\w+|discard\w*|avoid\w*|refus\w+"
    r"|dislik\w+|hat(?:e|ed)|worst|least|never|not|other person|opponent|partner)\b[^\n]*:\n\Z",
    re.IGNORECASE,
)
_REACH = 120
"""Characters before a label in which the line above it is looked at."""


def is_dismissed(text: str, start: int, end: int) -> bool:
    """Whether the lone label at ``text[start:end]`` is turned down by what stands beside it."""
    if _TURNED_DOWN.match(text, end):
        return True
    return _OTHERS_LISTED.search(text, max(0, start - _REACH), start) is not None


def opens_sentence(text: str, end: int) -> bool:
    """Whether a sentence that began with the letter goes on in the next line: 'A\\nfair split'."""
    return text[end : end + 1] == "\n" and text[end + 1 : end + 2].islower()
