"""Rules, channels, what was told to whom, and why something was not."""

from alerts.models.channel import Channel
from alerts.models.message import Delivery, DeliveryState, Message, Occasion
from alerts.models.rule import Rule
from alerts.models.state import ArmedState, DueCheck, Snooze, Trace

__all__ = [
    "ArmedState",
    "Channel",
    "Delivery",
    "DeliveryState",
    "DueCheck",
    "Message",
    "Occasion",
    "Rule",
    "Snooze",
    "Trace",
]
