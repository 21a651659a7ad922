"""The addresses of the pages of alerts, which stand among those of `web.urls`."""

from __future__ import annotations

from django.urls import URLPattern, path

from web.views import alert_channels, alert_rules, alerts, speech

urlpatterns: list[URLPattern] = [
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/arm/", alerts.arm, name="alert_arm"),
    path("alerts/deliveries/<int:delivery_id>/again/", alerts.send_again, name="alert_again"),
    path("alerts/rules/", alert_rules.rules, name="alert_rules"),
    path("alerts/rules/new/", alert_rules.new, name="alert_rule_new"),
    path("alerts/rules/snooze/", alert_rules.snooze, name="alert_snooze"),
    path("alerts/rules/ready-made/<slug:slug>/", alert_rules.add_ready_made, name="alert_ready_made"),
    path("alerts/rules/<int:rule_id>/", alert_rules.rule, name="alert_rule"),
    path("alerts/rules/<int:rule_id>/delete/", alert_rules.delete, name="alert_rule_delete"),
    path("alerts/rules/<int:rule_id>/switch/", alert_rules.switch, name="alert_rule_switch"),
    path("alerts/channels/", alert_channels.channels, name="alert_channels"),
    path("alerts/channels/new/", alert_channels.new, name="alert_channel_new"),
    path("alerts/channels/<int:channel_id>/", alert_channels.channel, name="alert_channel"),
    path("alerts/channels/<int:channel_id>/try/", alert_channels.try_out, name="alert_channel_try"),
    path("alerts/channels/<int:channel_id>/delete/", alert_channels.delete, name="alert_channel_delete"),
    path("wall/speech.json", speech.speech, name="wall_speech"),
    path("visits/<int:visit_id>/why/", alerts.visit_why, name="visit_why"),
    path("events/<int:event_id>/why/", alerts.event_why, name="event_why"),
]
