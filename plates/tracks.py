"""Which readings of a visit are of the same vehicle: by their texts, and by how a plate can move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, groupby

from plates.likeness import LOOK_ALIKE, distance
from plates.looking import SAME_PLATE, shared
from plates.readings import Seen

SAME = 0.3
"""Texts whose distance is at most this part of the longer one's length can be one plate: 2 characters of 7."""
MAYBE = 0.6
"""Beyond it they cannot; between the two the plate's place has to fit."""
CERTAIN = 0.9
"""Two readings that are so sure and differ by more than look-alikes are two plates."""
DOUBTFUL = 0.5
"""A text that is less sure says little: the plate's place may overrule it."""
WIDTHS_A_SECOND = 30
"""How far a plate moves: a vehicle of 54 km/h passes 30 times the 52 cm of an EU plate in a second."""
GROWTH_A_SECOND = 2.0
"""So many times larger or smaller may a plate become in a second; as much again for boxes that are not exact."""

Track = list[Seen]


def tracks(readings: Iterable[Seen]) -> list[Track]:
    """The readings of each vehicle, in the order of time.

    Two of one picture are of one vehicle only where two readers read the same plate.
    """
    ordered = sorted(readings, key=lambda one: (one.at, one.image_id, -one.confidence, one.pk))
    found: list[Track] = []
    for _, group in groupby(ordered, key=lambda one: (one.at, one.image_id)):
        plates = together(group)
        assign(found, [each[0] for each in plates])
        for first, *others in plates:
            next(track for track in found if track[-1] is first).extend(others)
    return united(found)


def together(picture: Iterable[Seen]) -> list[Track]:
    """The readings of one picture by plates: those whose boxes overlap are of one, the surest first."""
    plates: list[Track] = []
    for one in sorted(picture, key=lambda each: (not each.corrected, -each.confidence, each.pk)):
        same = next((each for each in plates if shared(each[0].box, one.box) > SAME_PLATE), None)
        if same:
            same.append(one)
        else:
            plates.append([one])
    return plates


def assign(found: list[Track], picture: Sequence[Seen]) -> None:
    """Give each reading of a picture to the vehicle that it fits best, or to one of its own."""
    fits = [(fit(track, one), number, one) for number, track in enumerate(found) for one in picture]
    taken: set[int] = set()
    given: set[int] = set()
    for how, number, one in sorted(fits, key=lambda each: (each[0], each[1], each[2].pk)):
        if how <= MAYBE and number not in taken and one.pk not in given:
            found[number].append(one)
            taken.add(number)
            given.add(one.pk)
    found.extend([one] for one in picture if one.pk not in given)


def fit(track: Track, one: Seen) -> float:
    """How badly a reading fits a vehicle: the distance of the texts over their length; above `MAYBE` it does not."""
    best, last = surest(track), track[-1]
    if best.corrected and one.corrected:
        return 1.0 if told_apart(best, one) else 0.0
    apart = min(distance_between(best, one), distance_between(last, one))
    if both_certain(best, one):
        limit = LOOK_ALIKE / max(len(best.seen), 1)
        return apart if distance_between(best, one) <= limit else 1.0
    if apart <= SAME:
        return apart
    doubtful = min(best.confidence, one.confidence) < DOUBTFUL
    return min(apart, MAYBE) if (apart <= MAYBE or doubtful) and can_move(last, one) else 1.0


def distance_between(one: Seen, other: Seen) -> float:
    """The distance of two readings' texts over the length of the longer, 0 to 1.

    What else the reader considered counts, the less the less sure it was of it.
    """
    pairs = [(one.seen, other.seen, 0.0)]
    for first, second in ((one, other), (other, one)):
        surest_text = first.candidates[0][1] if first.candidates else 0.0
        pairs += [(text, second.seen, 1 - share / surest_text) for text, share in first.candidates if share > 0]
    return min((distance(a, b) + less) / max(len(a), len(b), 1) for a, b, less in pairs)


def both_certain(one: Seen, other: Seen) -> bool:
    """Whether both texts can be relied on; people's word counts above all."""
    return all(each.corrected or each.confidence >= CERTAIN for each in (one, other))


def told_apart(one: Seen, other: Seen) -> bool:
    """Whether people said that two readings are of two plates."""
    return one.corrected and other.corrected and one.text != other.text


def can_move(one: Seen, other: Seen) -> bool:
    """Whether a plate can have come from one box to the other in the time between, by its own width as the scale."""
    seconds = abs((other.at - one.at).total_seconds())
    small, large = sorted((max(one.width, 1.0), max(other.width, 1.0)))
    centres = [((each.box[0] + each.box[2]) / 2, (each.box[1] + each.box[3]) / 2) for each in (one, other)]
    way = ((centres[0][0] - centres[1][0]) ** 2 + (centres[0][1] - centres[1][1]) ** 2) ** 0.5
    return bool(way <= large * (1 + WIDTHS_A_SECOND * seconds) and large / small <= GROWTH_A_SECOND ** (1 + seconds))


def united(found: list[Track]) -> list[Track]:
    """The vehicles, those joined that a certain misreading kept apart: no picture shows both, and times overlap."""
    for one, other in combinations(found, 2):
        if one and other and is_same(one, other):
            one.extend(other)
            one.sort(key=lambda each: (each.at, each.pk))
            other.clear()
    return [track for track in found if track]


def is_same(one: Track, other: Track) -> bool:
    """Whether two tracks are of one vehicle: like texts, and the shorter one's pictures lie among the other's."""
    few, many = sorted((one, other), key=len)
    if {each.image_id for each in few} & {each.image_id for each in many} or told_apart(surest(few), surest(many)):
        return False
    among = many[0].at < few[0].at and few[-1].at < many[-1].at
    return among and distance_between(surest(few), surest(many)) <= SAME


def surest(track: Track) -> Seen:
    """The reading that is most sure, of equal ones the last."""
    return max(track, key=lambda one: (one.corrected, one.confidence, one.at))
