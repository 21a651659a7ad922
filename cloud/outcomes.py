"""What becomes of a call and of its picture, by what the service answered."""

from __future__ import annotations

import logging
from datetime import timedelta
from http import HTTPStatus

from django.db import transaction
from django.utils import timezone

import environment
from cameras import runs
from cameras.models import RunStatus
from cloud import budget, client, pace
from cloud.account import Usage, detail, parse_usage, sdk_usage, wait_seconds
from cloud.answers import Answer, parse
from cloud.client import NoAnswer, Reply
from cloud.models import CallStatus, CloudCall, CloudRun, PauseKind
from cloud.saving import save_answer
from cloud.values import Malformed

log = logging.getLogger(__name__)

SERVICE = "Plate Recognizer"
LEAST_WAIT = 1.0
USUAL_WAIT = 60.0
"""Seconds after a 429 that tells no time."""
TOKEN = f"{SERVICE} refuses the token: check PLATE_RECOGNIZER_TOKEN"
REFUSALS = {f"its statistics answered {code}" for code in (401, 403)}
CREDITS = f"the account at {SERVICE} is out of credits"


def settle(run: CloudRun, call: CloudCall, reply: Reply) -> None:
    """Keep an answer of whatever kind, and act on it."""
    call.http_status, call.raw, call.duration_ms = reply.status, reply.text, reply.milliseconds
    run.duration_ms = reply.milliseconds
    if reply.ok:
        read(run, call, reply)
    elif reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        throttled(run, call, reply)
    elif reply.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        forbidden(run, call, reply)
    elif HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        refused(run, call, reply)
    else:
        told = detail(reply.text)
        settle_without(run, call, f"it answered {reply.status}" + (f": {told}" if told else ""), may_count=True)


def read(run: CloudRun, call: CloudCall, reply: Reply) -> None:
    """The picture was looked at: keep its plates."""
    try:
        answer: Answer = parse(reply.text, run.image.width, run.image.height)
        usage = sdk_usage(reply.text)
    except Malformed as problem:
        settle_without(run, call, str(problem), may_count=True)
        return
    pace.works()
    if usage:
        budget.note(usage)
    save_answer(run, call, answer)
    log.info("%s: %s", SERVICE, ", ".join(plate.text for plate in answer.plates) or "no plate")


def throttled(run: CloudRun, call: CloudCall, reply: Reply) -> None:
    """It was asked too soon: nobody sends before the time it states, and the attempt is given back."""
    wait = wait_seconds(reply.text, reply.retry_after)
    seconds = max(LEAST_WAIT, wait if wait is not None else USUAL_WAIT)
    pace.pause(PauseKind.THROTTLED, f"{SERVICE} asked to wait {seconds:g} s", timedelta(seconds=seconds))
    with transaction.atomic():
        end(call, CallStatus.THROTTLED, detail(reply.text), counted=False)
        due = CloudRun.objects.filter(pk=run.pk, status=RunStatus.QUEUED, attempts__gt=0)
        due.update(attempts=run.attempts - 1, begun_at=None, queued_at=pace.NEVER, reason="asked to wait")


def forbidden(run: CloudRun, call: CloudCall, reply: Reply) -> None:
    """The token or the credits: the service's statistics tell which. Nothing is sent for an hour."""
    end(call, CallStatus.REFUSED, detail(reply.text), counted=False)
    usage = ask_usage()
    if isinstance(usage, Usage) and usage.spent:
        until = f", until {usage.resets_at:%Y-%m-%d}" if usage.resets_at else ""
        kind, reason = PauseKind.CREDITS, CREDITS + until
    elif isinstance(usage, Usage):
        kind, reason = PauseKind.TOKEN, f"{SERVICE} knows the token and refuses: {detail(reply.text)}"
    else:
        told = detail(reply.text)
        kind, reason = PauseKind.TOKEN, TOKEN if usage in REFUSALS else f"{SERVICE} refuses ({told}); {usage}"
    pace.pause(kind, reason, pace.REFUSED)
    runs.finish(run, RunStatus.SKIPPED, reason=reason)


def ask_usage() -> Usage | str:
    """What the account has used, kept for the budget; else what the service answered instead, in words.

    It takes a turn as every call does, though it costs nothing.
    """
    if not pace.take_turn():
        return "there was no time to ask for its statistics"
    budget.asked()
    try:
        reply = client.statistics(environment.current())
        if not reply.ok:
            return f"its statistics answered {reply.status}"
        usage = parse_usage(reply.text)
    except (NoAnswer, Malformed) as problem:
        return f"its statistics: {problem}"
    budget.note(usage)
    return usage


def refused(run: CloudRun, call: CloudCall, reply: Reply) -> None:
    """It does not want this picture; another one may be fine."""
    told = detail(reply.text)
    if reply.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        told = f"the picture, {run.image.bytes:,} bytes, is larger than it takes. {told}".strip()
    reason = f"{SERVICE} answered {reply.status}: {told or 'no more than that'}"
    with transaction.atomic():
        end(call, CallStatus.REFUSED, reason, counted=False)
        runs.finish(run, RunStatus.FAILED, reason=reason)


def settle_without(run: CloudRun, call: CloudCall, problem: str, *, may_count: bool) -> None:
    """Nothing came that helps: pause for all, and keep the picture due until its attempts are used up."""
    reason = f"{SERVICE}: {problem}"
    pace.back_off(reason)
    end(call, CallStatus.FAILED, reason, counted=may_count)
    if run.attempts >= runs.MAX_ATTEMPTS:
        runs.give_up(run, reason)
    else:
        CloudRun.objects.filter(pk=run.pk, status=RunStatus.QUEUED).update(reason=reason[:255])


def end(call: CloudCall, status: CallStatus, problem: str = "", *, counted: bool = True) -> None:
    """Write how a call ended; one that the service does not count is taken off the day's number."""
    if not counted and call.counted:
        budget.count(-1, call.begun_at.date())
    call.status, call.detail, call.counted, call.ended_at = status, problem[:255], counted, timezone.now()
    call.save()
