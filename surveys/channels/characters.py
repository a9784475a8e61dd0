"""Text cut into what its reader sees as one character, as Twilio's calculator cuts it.

Extended grapheme clusters of Unicode 10 (UAX 29, revision 31), whose rules for emoji are lists.
Newer Unicode joins newer emoji too; a count that equals what is billed must not. What the
calculator does by mistake is not copied: a flag loses its second mark there.
"""

from __future__ import annotations

import regex

# E_Base, E_Base_GAZ and Glue_After_Zwj of Unicode 10's GraphemeBreakProperty.txt.
_PERSON = r"\U0001F466-\U0001F469"
_BASE = (
    r"\u261D\u26F9\u270A-\u270D\U0001F385\U0001F3C2-\U0001F3C4\U0001F3C7\U0001F3CA-\U0001F3CC"
    r"\U0001F442-\U0001F443\U0001F446-\U0001F450\U0001F46E\U0001F470-\U0001F478\U0001F47C"
    r"\U0001F481-\U0001F483\U0001F485-\U0001F487\U0001F4AA\U0001F574-\U0001F575\U0001F57A\U0001F590"
    r"\U0001F595-\U0001F596\U0001F645-\U0001F647\U0001F64B-\U0001F64F\U0001F6A3"
    r"\U0001F6B4-\U0001F6B6\U0001F6C0\U0001F6CC\U0001F918-\U0001F91C\U0001F91E-\U0001F91F\U0001F926"
    r"\U0001F930-\U0001F939\U0001F93D-\U0001F93E\U0001F9D1-\U0001F9DD" + _PERSON
)
_GLUED = (
    r"\u2640\u2642\u2695-\u2696\u2708\u2764\U0001F308\U0001F33E\U0001F373\U0001F393\U0001F3A4"
    r"\U0001F3A8\U0001F3EB\U0001F3ED\U0001F48B\U0001F4BB-\U0001F4BC\U0001F527\U0001F52C\U0001F5E8"
    r"\U0001F680\U0001F692" + _PERSON
)
_TONE = r"\U0001F3FB-\U0001F3FF"
_EXTEND = rf"[\p{{GCB=Extend}}--[{_TONE}]]"
_MARK = rf"(?:{_EXTEND}|[\u200D\p{{GCB=SpacingMark}}])"
_TONED = rf"[{_BASE}]{_EXTEND}*[{_TONE}]"
_HANGUL = (
    r"\p{GCB=L}*(?:\p{GCB=V}+|\p{GCB=LV}\p{GCB=V}*|\p{GCB=LVT})\p{GCB=T}*|\p{GCB=L}+|\p{GCB=T}+"
)
_ALONE = r"\r\n\p{GCB=Control}\uD800-\uDFFF"
_FLAG = r"\p{GCB=Regional_Indicator}{2}"
_CHARACTER = regex.compile(
    rf"[{_ALONE}]"
    rf"|\p{{GCB=Prepend}}*(?:{_TONED}|{_HANGUL}|{_FLAG}|[^{_ALONE}])"
    rf"(?:{_MARK}|(?<=\u200D)(?:[{_PERSON}]{_EXTEND}*[{_TONE}]|[{_GLUED}]))*",
    regex.VERSION1,
)


def characters(text: str) -> list[str]:
    """The characters of a text in order; joined they are the text."""
    found: list[str] = _CHARACTER.findall(text)
    return found
