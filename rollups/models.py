"""What was counted, by hour and by day, and how far counting has come."""

from __future__ import annotations

from django.db import models

from rollups.columns import Daily, Hourly, OfSite, Things, Traffic, Visits, Work


class TrafficHour(Traffic, Hourly):
    """One hour of a camera."""

    class Meta(Hourly.Meta):
        constraints = [models.UniqueConstraint(fields=["at", "camera"], name="one_traffic_an_hour")]


class TrafficDay(Traffic, Daily):
    """One day of a camera."""

    class Meta(Daily.Meta):
        constraints = [models.UniqueConstraint(fields=["at", "camera"], name="one_traffic_a_day")]


class TrafficSite(Traffic, OfSite):
    """One day of the site."""

    class Meta(OfSite.Meta):
        constraints = [models.UniqueConstraint(fields=["at"], name="one_traffic_a_day_of_site")]


class VisitsDay(Visits, Daily):
    """The hours of one day of a camera."""

    class Meta(Daily.Meta):
        constraints = [models.UniqueConstraint(fields=["at", "camera"], name="one_visits_a_day")]


class VisitsSite(Visits, OfSite):
    """The hours of one day of the site."""

    class Meta(OfSite.Meta):
        constraints = [models.UniqueConstraint(fields=["at"], name="one_visits_a_day_of_site")]


class ThingsHour(Things, Hourly):
    """One label in one hour."""

    class Meta(Hourly.Meta):
        constraints = [models.UniqueConstraint(fields=["at", "camera", "label"], name="one_label_an_hour")]


class ThingsDay(Things, Daily):
    """One label on one day."""

    class Meta(Daily.Meta):
        constraints = [models.UniqueConstraint(fields=["at", "camera", "label"], name="one_label_a_day")]
        indexes = [models.Index(fields=["camera", "at", "label", "things"], name="thingsday_all")]


class ThingsSite(Things, OfSite):
    """One label on one day of the site."""

    class Meta(OfSite.Meta):
        constraints = [models.UniqueConstraint(fields=["at", "label"], name="one_label_a_day_of_site")]


class WorkHour(Work, Hourly):
    """One stage in one hour."""

    class Meta(Hourly.Meta):
        constraints = [models.UniqueConstraint(fields=["at", "camera", "stage"], name="one_stage_an_hour")]


class WorkDay(Work, Daily):
    """One stage on one day."""

    class Meta(Daily.Meta):
        constraints = [models.UniqueConstraint(fields=["at", "camera", "stage"], name="one_stage_a_day")]


class WorkSite(Work, OfSite):
    """One stage on one day of the site."""

    class Meta(OfSite.Meta):
        constraints = [models.UniqueConstraint(fields=["at", "stage"], name="one_stage_a_day_of_site")]


class Ledger(models.Model):
    """The one row that says how far counting has come; who counts locks it, so that nobody counts beside another."""

    zone = models.CharField(max_length=64, blank=True, help_text="The time zone by which days were summed.")
    counted_from = models.DateTimeField(
        null=True, blank=True, help_text="Counting everything anew, newest first, has come down to here. Empty: done."
    )
    since = models.DateTimeField(null=True, blank=True, help_text="Where that ends; empty: with the oldest.")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When everything was last counted anew.")

    def __str__(self) -> str:
        return f"counted down to {self.counted_from}" if self.counted_from else "counted"
