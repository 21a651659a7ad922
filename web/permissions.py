"""Who may correct what plates were read as, and who may change or delete pictures."""

from __future__ import annotations

from accounts.models import Person
from web.latest import sees_all

CORRECT = "plates.change_platereading"
CHANGE, DELETE = "cameras.change_image", "cameras.delete_image"


def may_correct(user: Person) -> bool:
    """Whether this person may say what a vehicle or a reading of the cameras that they see is."""
    return user.has_perm(CORRECT)


def may_correct_all(user: Person) -> bool:
    """Whether this person may change what every camera shows: all readings alike, merged plates, their undoing."""
    return user.has_perms([CORRECT, "plates.change_plate"]) and sees_all(user)


def may_change_pictures(user: Person) -> bool:
    """Whether this person may keep the pictures that they see, and have them looked at anew."""
    return user.has_perm(CHANGE)


def may_delete_pictures(user: Person) -> bool:
    """Whether this person may delete the pictures that they see."""
    return user.has_perm(DELETE)


def may_change_rules(user: Person) -> bool:
    """Whether this person may change rules and channels, which reach all cameras."""
    return user.has_perms(["alerts.change_rule", "alerts.change_channel"]) and sees_all(user)


def may_arm(user: Person) -> bool:
    """Whether this person may arm and disarm the site."""
    return user.has_perm("alerts.add_armedstate")
