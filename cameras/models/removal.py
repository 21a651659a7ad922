"""Files that are about to be removed."""

from django.db import models


class Removal(models.Model):
    """Pictures whose rows are gone, while their files may still be there.

    Written with the removal of the rows and gone once the files are: so that whoever is killed in between has the next
    purge remove them.
    """

    paths = models.JSONField(default=list, help_text="Of the pictures, relative to the data folder.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{len(self.paths)} files since {self.at:%Y-%m-%d %H:%M}"
