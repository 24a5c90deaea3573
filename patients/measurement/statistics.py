"""Rates and how sure they are."""

from math import sqrt

Z_95_TWO_SIDED = 1.959964


def rate(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def wilson_lower_bound(successes: int, trials: int, z: float = Z_95_TWO_SIDED) -> float:
    """Lower end of the score interval (E. B. Wilson, JASA 22 (1927) 209-212); 0 without trials."""
    if not trials:
        return 0.0
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, (centre - spread) / (1 + z * z / trials))
