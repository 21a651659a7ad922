"""Fields whose values are the same on every database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable
from django.db.models.lookups import BuiltinLookup, IContains, IEndsWith, IExact, IStartsWith

MARIADB_EXACT, MYSQL_EXACT = "utf8mb4_nopad_bin", "utf8mb4_0900_bin"
MYSQL_LOOSE = "utf8mb4_unicode_ci"

if TYPE_CHECKING:
    CharField = models.CharField[str | int | Combinable, str]
    Lookup = BuiltinLookup[Any]
else:  # Django's own classes take no type arguments
    CharField, Lookup = models.CharField, BuiltinLookup


class ExactCharField(CharField):
    """Text that names something for machines: equal only to itself, and sorted by code point.

    The usual collations of MariaDB and MySQL take `Gate`, `gate`, `gâte` and `gate ` for one name, so that the second
    camera of these would be given the pictures of the first; here they stay apart, as on SQLite.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        """The column, with a binary collation without padding where the usual one is not exact."""
        parameters: dict[str, Any] = dict(super().db_parameters(connection))
        if connection.vendor == "mysql":
            is_mariadb = connection.mysql_is_mariadb  # type: ignore[attr-defined]
            parameters["collation"] = MARIADB_EXACT if is_mariadb else MYSQL_EXACT
        return parameters


class AnyCase(Lookup):
    """A search that ignores case: on MariaDB and MySQL that is a property of the collation, and ours does not."""

    def process_lhs(self, compiler: Any, connection: BaseDatabaseWrapper, lhs: Any = None) -> Any:
        """The column, in a collation that takes upper and lower case for the same."""
        sql, params = super().process_lhs(compiler, connection, lhs)
        return (f"{sql} COLLATE {MYSQL_LOOSE}" if connection.vendor == "mysql" else sql), params


class Like(Lookup):
    """Whether the text is like a pattern in which `_` is one character and `%` any number of them.

    Only for patterns of letters and digits: nothing is escaped, and SQLite takes upper and lower case for the same.
    """

    lookup_name = "like"

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        """The operator with the pattern."""
        return f"LIKE {rhs}"


ExactCharField.register_lookup(Like)
for lookup in (IExact, IContains, IStartsWith, IEndsWith):
    ExactCharField.register_lookup(type(lookup.__name__, (AnyCase, lookup), {}))
