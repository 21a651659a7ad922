"""Who may correct what plates were read as."""

from __future__ import annotations

from accounts.models import Person
from web.latest import sees_all

CORRECT = "plates.change_platereading"


def may_correct(user: Person) -> bool:
    """Whether this person may say what a vehicle or a reading of the cameras that they see is."""
    return user.has_perm(CORRECT)


def may_correct_all(user: Person) -> bool:
    """Whether this person may change what every camera shows: all readings alike, merged plates, their undoing."""
    return user.has_perms([CORRECT, "plates.change_plate"]) and sees_all(user)
