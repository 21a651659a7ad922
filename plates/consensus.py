"""One text out of several readings of the same plate, character by character.

The readings are aligned with the one that agrees best with all others, and vote at each place with their confidence: so
does ROVER of speech recognition (Fiscus, “A Post-Processing System to Yield Reduced Word Error Rates”, ASRU 1997).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plates.likeness import alignment, distance
from plates.readings import MOST_CANDIDATES, Seen

MOST_VOTERS = 40
"""The surest so many readings of a vehicle vote; more change nothing but the time that it takes."""
CUT_OFF = 0.6
"""Weight of overlooked characters at either end: a plate that leaves the picture shows fewer characters, never more."""
CORRELATION = 0.8
"""How much pictures of one visit err alike, from 0 (each for itself) to 1 (all the same). Ours, on the safe side: the
same light, dirt and typeface are on all of them."""
MOST_CERTAIN = 0.99

Place = tuple[int, int]
"""Where a character stands: before which character of the pivot (its number twice over, even), or at it (odd)."""

Ballot = dict[Place, tuple[str, dict[str, float], float]]
"""What a reading says at each place: its own character, what may stand there with probabilities, and its weight."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The text that readings make together, its confidence 0 to 1, and other texts with theirs, best first.

    `said`: it is what people said of one of them.
    """

    text: str
    confidence: float
    candidates: tuple[tuple[str, float], ...]
    said: bool = False


def merge(readings: Sequence[Seen]) -> Merged:
    """The text of readings of one plate, at least one. What people said of one of them stands."""
    said = [one for one in readings if one.corrected and one.text]
    if said:
        return Merged(max(said, key=lambda one: one.pk).text, 1.0, (), said=True)
    voters = sorted(readings, key=lambda one: -one.confidence)[:MOST_VOTERS]
    pivot = best_agreed(voters)
    ballots = [(one, ballot(one, pivot)) for one in voters]
    places = sorted({place for _, votes in ballots for place in votes})
    text, agreement = "", 1.0
    for place in places:
        winner, share = elected(ballots, place, is_edge=place[0] in (0, 2 * len(pivot)))
        text, agreement = text + winner, min(agreement, share)
    return Merged(text, confidence(voters, text, agreement), other_texts(voters, text))


def best_agreed(voters: Sequence[Seen]) -> str:
    """The text that is closest to all that was read, each weighed with its confidence."""
    weights: Counter[str] = Counter()
    for one in voters:
        weights[one.seen] += one.confidence  # type: ignore[assignment]  # a Counter adds up any numbers
    return min(weights, key=lambda text: sum(weights[other] * distance(text, other) for other in weights))


def ballot(one: Seen, pivot: str) -> Ballot:
    """What a reading says at each place of the pivot."""
    pairs, choices = alignment(pivot, one.seen), distributions(one)
    inside = [number for number, (here, there) in enumerate(pairs) if here is not None and there is not None]
    votes: Ballot = {}
    at, extra = 0, 0
    for number, (here, there) in enumerate(pairs):
        if here is None and there is not None:
            votes[2 * at, extra] = (one.seen[there], choices[there], one.confidence)
            extra += 1
        elif here is not None:
            missing = there is None
            edge = missing and inside and not inside[0] < number < inside[-1]
            own, shares = ("", {"": 1.0}) if there is None else (one.seen[there], choices[there])
            votes[2 * here + 1, 0] = (own, shares, one.confidence * (CUT_OFF if edge else 1))
            at, extra = here + 1, 0
    return votes


def distributions(one: Seen) -> list[dict[str, float]]:
    """What may stand at each place of a reading: by the reader's probabilities, else by the texts that it considered.

    Half of the weight stays with the text itself, which the reader chose with the formats of plates in mind.
    """
    places: list[dict[str, float]] = [defaultdict(float) for _ in one.seen]
    if one.characters:
        for place, shares in zip(places, one.characters, strict=True):
            spread(place, shares)
    else:
        texts = dict(one.candidates) or {one.seen: 1.0}
        for text, share in texts.items():
            for here, there in alignment(one.seen, text):
                if here is not None:
                    places[here]["" if there is None else text[there]] += share
    for place, character in zip(places, one.seen, strict=True):
        total = sum(place.values()) or 1.0
        for key in place:
            place[key] *= 0.5 / total
        place[character] = place.get(character, 0.0) + 0.5
    return places


def spread(place: dict[str, float], shares: Mapping[str, float]) -> None:
    """Add probabilities to a place."""
    for character, share in shares.items():
        place[character] = place.get(character, 0.0) + share


def elected(ballots: Sequence[tuple[Seen, Ballot]], place: Place, *, is_edge: bool) -> tuple[str, float]:
    """The character with the most votes at a place, empty for none, and the share of readings that have it too.

    `is_edge`: the place is before or behind all characters of the pivot.
    """
    votes: dict[str, float] = defaultdict(float)
    own: dict[str, float] = defaultdict(float)
    for one, said in ballots:
        character, shares, weight = said.get(place, ("", {"": 1.0}, one.confidence * (CUT_OFF if is_edge else 1)))
        spread(votes, {key: share * weight for key, share in shares.items()})
        own[character] += weight
    winner = max(votes, key=lambda key: (votes[key], key))
    return winner, own[winner] / (sum(own.values()) or 1.0)


def confidence(voters: Sequence[Seen], text: str, agreement: float) -> float:
    """How sure the merged text is, 0 to 1.

    The mean of the readings' confidences, weighed with themselves, times the share of readings that agree at the place
    most in doubt; then raised by how many pictures show the very text, counted as independent looks with the design
    effect of correlated samples (Kish, “Survey Sampling”, 1965): n pictures are worth 1 + (n - 1)(1 - correlation).
    """
    total = sum(one.confidence for one in voters)
    mean = sum(one.confidence * one.confidence for one in voters) / total if total else 0.0
    pictures = len({one.image_id for one in voters if one.seen == text})
    looks = 1 + max(pictures - 1, 0) * (1 - CORRELATION)
    raised = 1 - float((1 - mean * agreement) ** looks)
    return min(raised, max(MOST_CERTAIN, mean * agreement))


def other_texts(voters: Sequence[Seen], text: str) -> tuple[tuple[str, float], ...]:
    """The other texts that readings considered, each with the confidence that it has over all readings, best first."""
    total = sum(one.confidence for one in voters) or 1.0
    shares: dict[str, float] = defaultdict(float)
    for one in voters:
        for other, share in {one.seen: one.confidence, **dict(one.candidates)}.items():
            shares[other] += one.confidence * share / total
    shares.pop(text, None)
    return tuple(sorted(shares.items(), key=lambda pair: -pair[1])[:MOST_CANDIDATES])
