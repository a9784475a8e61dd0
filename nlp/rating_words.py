"""Words that praise, blame or wave a question away: they rate, but name no subject."""

from __future__ import annotations

_ENGLISH = """
absolutely alright amazing answer answered answers anything appalling applicable appreciate
appreciated arrange aspect aspects average awesome awful bad badly best better bit brilliant
brilliantly cant class comment comments completely couldn't couldnt definitely delighted didnt
disappointed disappointing disgusting dont
everybody everyone everything excellent excellently exceptional exceptionally experience experienced
experiences extremely fab fabulous fantastic fault faultless faults feel feeling felt fine
first-class flawless good grateful great greatly happen happened happy hence hopeless horrible idea
ideas impeccable impressed improve improved improvement improvements incredible incredibly issue
issues job jobs know known liked look looked love loved lovely marvellous matter mention met need
needed nice nicely okay otherwise outstanding overall particular particularly perfect perfectly
pleasant pleased pleasing pleasure poor poorly positive positively possible possibly praise previous
problem problems quality question questions reason reasons recommend recommended remember right
round rubbish satisfaction satisfactory satisfied service services shocking something spot star
sufficient suggest suggestion suggestions suit super superb sure terrible terribly thank thankful
thanks think thinking thought top totally true truly truth understand unhappy unsure useless wasnt
well-done wonderful wonderfully worse worst wouldn't wouldnt
"""

RATING_WORDS = frozenset(_ENGLISH.split())
