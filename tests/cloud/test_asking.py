"""One picture and what becomes of it, for every answer that the service can give."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cameras.models import DeadLetter, Image, RunStatus
from cloud import budget, pace
from cloud.asking import run_cloud
from cloud.models import CallStatus, CloudCall, CloudDay, CloudRun, CloudState, PauseKind
from plates.models import PlateReading
from tests.cloud.conftest import Ready, SetMore
from tests.plate_service import (
    LIMIT,
    TOKEN,
    Answer,
    Service,
    drips,
    drops,
    forbids,
    plates,
    raw,
    result,
    says,
    sleeps,
    statistics,
    throttles,
)

pytestmark = pytest.mark.django_db(transaction=True)


def again(image: Image) -> CloudRun:
    """The run of an image, asked when pauses and turns are over."""
    CloudState.objects.update(paused_until=pace.NEVER)
    CloudRun.objects.filter(image=image).update(begun_at=None)
    return done(image)


def done(image: Image) -> CloudRun:
    """The run of an image after the service was asked."""
    run_cloud(image.pk)
    return CloudRun.objects.get(image=image)


def test_the_plates_become_readings_with_their_candidates(service: Service, ready: Ready) -> None:
    others = [{"score": 0.91, "plate": "kv482bt"}, {"score": 0.8, "plate": "kv48 2 8t"}, {"score": 0.7, "plate": ""}]
    service.answers = [plates(result("kv-482-bt", 0.91, candidates=others), result("abc123", 0.5))]
    image = ready()
    run = done(image)
    assert (run.status, run.model, run.version, run.attempts) == (RunStatus.DONE, "platerecognizer", "1", 1)
    best, second = PlateReading.objects.filter(image=image).order_by("-confidence")
    assert (best.text, best.raw_text, best.confidence, best.reader) == ("KV482BT", "kv-482-bt", 0.91, "platerecognizer")
    assert list(best.box) == [143, 481, 282, 575]
    assert best.candidates == [{"text": "KV482BT", "confidence": 0.91}, {"text": "KV4828T", "confidence": 0.8}]
    assert second.text == "ABC123"
    call = CloudCall.objects.get()
    assert (call.status, call.http_status, call.service_ms, call.counted) == (CallStatus.ANSWERED, 201, 288.758, True)
    assert '"kv-482-bt"' in call.raw
    assert call.vehicles[0] == {"plate": "KV482BT", "region": "gb", "type": "Sedan"}
    assert CloudDay.objects.get().calls == 1


def test_make_model_and_colour_are_kept_when_they_come(service: Service, ready: Ready) -> None:
    told = {
        "model_make": [{"make": "Riley", "model": "RMF", "score": 0.3}, {"make": "Ford", "model": "A", "score": 0.6}],
        "color": [{"color": "black", "score": 0.9}],
        "orientation": [{"orientation": "Unknown", "score": 0.9}],
    }
    service.answers = [plates(result("nhk552", 0.9, **told))]
    done(ready())
    expected = {"plate": "NHK552", "region": "gb", "type": "Sedan", "make": "Ford", "model": "A", "colour": "black"}
    assert CloudCall.objects.get().vehicles == [expected]


def test_no_plate_is_an_answer_too(service: Service, ready: Ready) -> None:
    service.answers = [plates()]
    image = ready()
    assert done(image).status == RunStatus.EMPTY
    run_cloud(image.pk)
    assert len(service.pictures) == 1, "what has ended is not sent again"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (says(500, {"detail": "oops"}), "it answered 500: oops"),
        (raw(502, "<html>Bad gateway"), "it answered 502: <html>Bad gateway"),
        (says(302, {}, Location="http://127.0.0.1:1/"), "it answered 302"),
        (sleeps(3), "did not answer within 1 s"),
        (drips(0.05), "came too slowly"),
        (drops(), "the connection was cut"),
        (raw(200, "no json"), "no JSON"),
        (raw(200, b"\xff\xfe\x00"), "no JSON"),
        (raw(200, "[" * 100_000), "no JSON"),
        (raw(200, "[]"), "no JSON object"),
        (raw(200, "{}"), "no list of results"),
        (raw(200, '{"results": [1]}'), "result 0 of its answer is no object"),
        (plates(result("ok", 0.9), {"plate": 7, "score": 1}), "result 1 of its answer has no plate with a score"),
        (raw(200, '{"results": [{"plate": "a", "score": NaN}]}'), "result 0 of its answer has no plate with a score"),
        (plates(result("a", 0.5, box={"xmin": "1"})), "result 0 of its answer has no box"),
        (raw(200, b" " * (1 << 21)), "longer than 1,048,576 bytes"),
    ],
)
def test_what_cannot_be_used_is_tried_again_later_and_given_up_in_the_end(
    service: Service, ready: Ready, answer: Answer, told: str
) -> None:
    service.answers = [answer]
    image = ready()
    run = done(image)
    assert (run.status, run.attempts) == (RunStatus.QUEUED, 1)
    assert told in run.reason
    state = pace.state()
    assert (state.pause, state.failures) == (PauseKind.FAILING, 1)
    assert timedelta(seconds=20) < state.paused_until - timezone.now() <= timedelta(seconds=30)
    run_cloud(image.pk)
    assert len(service.pictures) == 1, "nothing is sent during a pause"
    again(image)
    assert pace.state().paused_until - timezone.now() > timedelta(seconds=50), "the next pause is longer"
    assert again(image).status == RunStatus.FAILED
    again(image)
    assert len(service.pictures) == 3
    assert told in DeadLetter.objects.get().reason
    assert budget.current().used == 3, "they may have been counted"
    assert not PlateReading.objects.exists()


def test_a_service_that_is_not_there_costs_nothing(env: object, service: Service, ready: Ready) -> None:
    service.server_close()
    service.shutdown()
    run = done(ready())
    assert run.status == RunStatus.QUEUED
    assert "cannot be reached (NewConnectionError)" in run.reason
    assert budget.current().used == 0


def test_a_429_makes_everybody_wait_as_long_as_it_says(service: Service, ready: Ready) -> None:
    wait = "Request was throttled. Expected available in 37 seconds."
    service.answers = [throttles(wait), plates(result("kv482bt", 0.9))]
    image = ready()
    run = done(image)
    assert (run.status, run.attempts) == (RunStatus.QUEUED, 0), "it does not use up the picture's attempts"
    state = pace.state()
    assert state.pause == PauseKind.THROTTLED
    assert timedelta(seconds=30) < state.paused_until - timezone.now() <= timedelta(seconds=37)
    run_cloud(image.pk)
    assert len(service.pictures) == 1
    assert budget.current().used == 0
    assert again(image).status == RunStatus.DONE
    assert pace.state().pause == PauseKind.NONE


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (throttles("Request was throttled. Expected available in 2 minutes."), 120),
        (throttles("slow down", Retry_After="90"), 90),
        (throttles("slow down"), 60),
    ],
)
def test_a_429_in_other_words_is_understood(service: Service, ready: Ready, answer: Answer, seconds: int) -> None:
    service.answers = [answer]
    done(ready())
    assert abs((pace.state().paused_until - timezone.now()).total_seconds() - seconds) < 5


def test_a_wrong_token_stops_all_and_says_so(service: Service, ready: Ready) -> None:
    service.answers, service.usage = [forbids()], says(403, {"detail": "Invalid token."})
    first, second = ready(), ready()
    run = done(first)
    assert run.status == RunStatus.SKIPPED
    assert run.reason == "Plate Recognizer refuses the token: check PLATE_RECOGNIZER_TOKEN"
    assert done(second).reason == run.reason
    assert [one.path for one in service.asked] == ["/v1/plate-reader/", "/v1/statistics/"]
    assert (pace.state().pause, budget.current().used) == (PauseKind.TOKEN, 0)
    assert CloudCall.objects.get().status == CallStatus.REFUSED


def test_another_token_ends_the_pause(service: Service, ready: Ready, env: SetMore) -> None:
    service.answers, service.usage = [forbids()], says(401, {"detail": "Invalid token."})
    done(ready())
    service.answers = [plates()]
    env(token="another-token")
    assert done(ready()).status == RunStatus.EMPTY
    assert service.pictures[-1].authorization == "Token another-token"


def test_what_others_used_of_the_account_is_asked_for_once_before_the_first_call(
    service: Service, ready: Ready
) -> None:
    CloudState.objects.update(asked_at=None)
    service.usage = statistics(1873)
    done(ready())
    done(ready())
    assert [one.path.split("/")[2] for one in service.asked] == ["statistics", "plate-reader", "plate-reader"]
    assert budget.current().used == 1875


def test_spent_credits_are_told_apart_from_a_wrong_token(service: Service, ready: Ready) -> None:
    service.answers, service.usage = [forbids()], statistics(LIMIT)
    run = done(ready())
    assert run.reason == "the account at Plate Recognizer is out of credits, until 2026-12-14"
    assert pace.state().pause == PauseKind.CREDITS
    assert budget.current().left == 0


def test_a_403_for_other_reasons_says_what_the_service_says(service: Service, ready: Ready) -> None:
    service.answers, service.usage = [says(403, {"detail": "Account suspended"})], statistics(3)
    assert "Account suspended" in done(ready()).reason
    assert budget.current().used == 3


def test_a_picture_that_is_too_large_fails_alone(service: Service, ready: Ready) -> None:
    service.answers = [says(413, {"detail": "too large"}), plates()]
    image = ready()
    Image.objects.filter(pk=image.pk).update(bytes=5_000_000)
    run = done(image)
    assert run.status == RunStatus.FAILED
    assert "413: the picture, 5,000,000 bytes, is larger than it takes" in run.reason
    assert not pace.paused(pace.state())
    assert done(ready()).status == RunStatus.EMPTY


def test_bad_words_in_an_answer_are_cleaned(service: Service, ready: Ready) -> None:
    service.answers = [plates(result("kv\ud800482\x00bt", 7.5, vehicle={"type": "S\x00UV\u202e", "score": 1}))]
    image = ready()
    assert done(image).status == RunStatus.DONE
    reading = PlateReading.objects.get(image=image)
    assert (reading.text, reading.raw_text, reading.confidence) == ("KV482BT", "kv482bt", 1.0)
    assert CloudCall.objects.get().vehicles[0]["type"] == "SUV"


def test_corrected_readings_and_those_of_this_computer_stay(service: Service, ready: Ready) -> None:
    image = ready()
    facts = {"image": image, "confidence": 0.3, "x1": 0, "y1": 0, "x2": 1, "y2": 1, "at": image.received_at}
    PlateReading.objects.create(**facts, text="HERE1", raw_text="HERE1", reader="rapidocr")
    PlateReading.objects.create(
        **facts, text="RIGHT1", raw_text="WRONG", reader="platerecognizer", corrected_at=timezone.now()
    )
    done(image)
    texts = PlateReading.objects.filter(image=image).order_by("text").values_list("text", flat=True)
    assert list(texts) == ["HERE1", "KV482BT", "RIGHT1"]


def test_an_sdk_needs_no_token_and_tells_its_usage(service: Service, ready: Ready, env: SetMore) -> None:
    env(token="")
    service.answers = [plates(usage={"max_calls": 1000, "calls": 44})]
    assert done(ready()).status == RunStatus.EMPTY
    assert service.pictures[0].authorization == ""
    month = budget.current()
    assert (month.used, month.limit) == (44, 1000)


def test_the_token_shows_up_nowhere(
    service: Service, ready: Ready, env: SetMore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for answer in (forbids(), says(500, {}), drops(), plates(result("kv482bt", 0.9))):
        service.answers = [answer]
        again(ready())
    assert all(one.authorization == f"Token {TOKEN}" for one in service.asked)
    rows = [*CloudCall.objects.values(), *CloudRun.objects.values(), *CloudState.objects.values()]
    shown = caplog.text + str(rows) + str(list(DeadLetter.objects.values())) + repr(env())
    assert TOKEN not in shown
