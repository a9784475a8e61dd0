"""How phone numbers are written without a + in the countries whose habits we know."""

from __future__ import annotations

TRUNK = ("GB", "FR", "NL", "IT", "IE", "BE", "CH", "AU", "ZA", "NZ", "SE", "AT", "DE")
"""Countries that dial a 0 first; those with lengths of their own before those without."""
SHAPES = {
    (3, 3, 4): ("US", "IT", "IN"),
    (3, 7): ("IT", "US"),
    (1, 3, 3, 4): ("US",),
    (10,): ("US", "BR", "IN", "IT"),
    (5, 5): ("IN",),
    (9,): ("ES", "PT"),
    (3, 3, 3): ("ES", "PT", "IT"),
    (3, 6): ("ES", "PT", "IT"),
    (3, 2, 2, 2): ("ES",),
    (2, 3, 2, 2): ("ES",),
    (2, 4, 4): ("BR",),
    (2, 5, 4): ("BR",),
    (2, 8): ("BR",),
    (2, 9): ("BR",),
    (11,): ("BR", "US"),
}
"""How many digits stand together in numbers without a 0 or a +, and where that is so."""
CODES = ("44", "49", "33", "34", "39", "351", "55", "31", "32", "41", "43", "353", "91")
"""Country codes that people write without their +."""
