"""What a replay assumes and can't know, and what it found, in sentences."""

from __future__ import annotations

from feedback.whatif.schema import WhatIf
from surveys.learnt_hours import learns
from surveys.replay.rules import Rules

BASIS = """\
The changed rules count as if they had been applied at the beginning of the period: what waited \
then keeps its time, and new quotas begin empty.
Customers are taken as they are known today: attributes, segments and addresses of back then are \
not kept. Consent counts as it was at each moment.
Who was really asked because of the same event answers as they really did, as long after being \
asked. Who was not is taken not to answer: quotas of answers may fill later, and rests after an \
answer begin less often, than they would.
Everything leaves at once and arrives, unless it really failed: pauses, a provider's trouble and \
conversations that people took over are not replayed.
Costs are of the first SMS of each invitation; further questions and reminders are not in them.
"""
GIVEN = (
    "What asks at dates, again and again, as a campaign or by hand is taken as it was made; its "
    "rests, caps, samples, windows and quotas are decided on anew."
)
ANEW = (
    "{what} would begin at other times or reach other customers than is told here: what asks at "
    "dates, again and again or as a campaign is taken as it was made."
)
LEARNT = (
    "{what} learns the hour of sending: here it leaves as soon as it may, for what would have been "
    "learnt by then is not known."
)
_MADE = ("timing", "delay_seconds", "filter", "kind")


def assumptions(now: Rules, then: Rules, lines: list[str]) -> list[str]:
    """What holds for a replay of these rules."""
    told = BASIS.splitlines()
    kinds = {**now.by_trigger, **then.by_trigger}
    given = sorted(one.key for one in kinds.values() if one.kind != "event")
    if given:
        told.append(GIVEN)
    moved = [
        key
        for key in given
        if any(line.startswith(f"trigger {key}: {name} ") for line in lines for name in _MADE)
        or f"trigger {key}: made" in lines
    ]
    if moved:
        told.append(ANEW.format(what=", ".join(moved)))
    learning = sorted(one.key for one in kinds.values() if learns(one.timing))
    if learning:
        told.append(LEARNT.format(what=", ".join(learning)))
    return told


def finding(found: WhatIf) -> str:
    """The first sentence: how many would have been asked, in place of how many."""
    now, then = int(found.asked.now), int(found.asked.then)
    if not found.changes:
        return f"The rules as they are ask {now:,} times; {found.asked.happened:,.0f} really were."
    people = f"{found.customers.then:,.0f} customers"
    if now == then:
        return f"{then:,} invitations to {people}, as many as by the rules as they are."
    more = "more" if then > now else "fewer"
    share = f", {abs(then - now) / now:.0%}" if now else ""
    return (
        f"{then:,} invitations to {people} in place of {now:,}: {abs(then - now):,}{share} {more}."
    )
