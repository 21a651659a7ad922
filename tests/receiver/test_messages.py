from __future__ import annotations

import json

import pytest

from receiver.messages import Event, Heartbeat, Picture, Refused, Tuning, parse

JPEG = b"\xff\xd8\xff\xe0rest"


def header(text: object, **more: object) -> bytes:
    return json.dumps({"msg": text, **more}).encode()


@pytest.mark.parametrize("text", ["Garage North cam|jpg", "Garage North cam|image", "Garage North cam|jpg|moving"])
def test_it_reads_a_picture_of_every_text(text: str) -> None:
    assert parse([header(text), JPEG]) == Picture("Garage", "North cam", text, JPEG, None)


@pytest.mark.parametrize(
    ("shape", "read"), [([4, 5], (4, 5, 1)), ([4, 5, 1], (4, 5, 1)), ([4, 5, 3], (4, 5, 3)), ([4, 5, 4], (4, 5, 4))]
)
def test_it_reads_a_raw_picture_by_its_dtype_whatever_the_text_says(
    shape: list[int], read: tuple[int, int, int]
) -> None:
    data = bytes(read[0] * read[1] * read[2])
    message = parse([header("Garage|jpg", dtype="uint8", shape=shape), data])
    assert message == Picture("Garage", "", "Garage|jpg", data, read)


@pytest.mark.parametrize(
    ("text", "view", "kind", "fields"),
    [
        ("Garage North cam|motion|moving", "North cam", "motion", ("moving",)),
        ("Garage North cam|motion|still|drive", "North cam", "motion", ("still", "drive")),
        ("Garage North cam|light|dark|", "North cam", "light", ("dark", "")),
        ("Garage|Temp|76 F", "", "Temp", ("76 F",)),
        ("Garage|humidity|48.4 %", "", "humidity", ("48.4 %",)),
        ("Garage|Restart|pi|Linux|10.0.0.9|926|0.5", "", "Restart", ("pi", "Linux", "10.0.0.9", "926", "0.5")),
        ("Garage|Hail|big", "", "Hail", ("big",)),
        ("Garage|infrared|on", "", "infrared", ("on",)),
        ("Garage|jam|paper", "", "jam", ("paper",)),
        ("Garage|", "", "", ()),
    ],
)
def test_it_reads_any_other_second_field_as_an_event(text: str, view: str, kind: str, fields: tuple[str, ...]) -> None:
    assert parse([header(text), b"\x00"]) == Event("Garage", view, text, kind, fields)


def test_it_never_looks_at_the_second_frame_of_an_event() -> None:
    assert isinstance(parse([header("Garage|motion|moving", dtype="float64", shape="x"), b""]), Event)


def test_it_reads_heartbeats_and_tuning_pictures() -> None:
    assert parse([header("Garage|Heartbeat"), JPEG]) == Heartbeat("Garage")
    assert parse([header("3 Contours"), JPEG]) == Tuning("3 Contours", JPEG, None)


@pytest.mark.parametrize(
    ("sent", "node", "view"),
    [
        ("../../etc/x cam", "___.._etc_x", "cam"),
        (".. ..", "__", "__"),
        ("a\\b c/d", "a_b", "c_d"),
        ("a\x00b\nc v\u2028w", "a_b_c", "v_w"),
        ("a\ud800b", "a_b", ""),
    ],
)
def test_it_makes_names_harmless(sent: str, node: str, view: str) -> None:
    message = parse([header(f"{sent}|motion|moving"), b""])
    assert isinstance(message, Event)
    assert (message.node, message.view) == (node, view)


def test_it_lets_no_text_forge_a_log_line() -> None:
    message = parse([header("Garage|motion|moving\n2026-01-01 00:00:00,000 ~ forged\x1b[0m"), b""])
    assert isinstance(message, Event)
    assert message.text.isprintable()


GOOD = header("Garage cam|jpg")


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ([], "not two frames"),
        ([GOOD], "not two frames"),
        ([GOOD, JPEG, JPEG], "not two frames"),
        ([header("x" * 5000), JPEG], "header too large"),
        ([b"", JPEG], "header is not JSON"),
        ([b"\xff\xfe{", JPEG], "header is not JSON"),
        ([b"[" * 4000, JPEG], "header is not JSON"),
        ([b'{"msg": "a|jpg", "x": NaN}', JPEG], "header is not JSON"),
        ([b'{"msg": "a|jpg", "x": -Infinity}', JPEG], "header is not JSON"),
        ([b'["msg"]', JPEG], "header is not an object"),
        ([b"null", JPEG], "header is not an object"),
        ([b"{}", JPEG], "no text in the header"),
        ([header(5), JPEG], "no text in the header"),
        ([header(["a|jpg"]), JPEG], "no text in the header"),
        ([header("a|motion|" + "x" * 2000), JPEG], "text too long"),
        ([header("|jpg"), JPEG], "node or view name empty or too long"),
        ([header(" |jpg"), JPEG], "node or view name empty or too long"),
        ([header("n" * 65 + "|jpg"), JPEG], "node or view name empty or too long"),
        ([header("n " + "v" * 129 + "|jpg"), JPEG], "node or view name empty or too long"),
        ([header("ü" * 60 + " " + "ü" * 60 + "|jpg"), JPEG], "node or view name empty or too long"),
        ([GOOD, b""], "not a JPEG"),
        ([GOOD, b"GIF89a"], "not a JPEG"),
        ([header("ROI"), b"GIF89a"], "not a JPEG"),
        ([header("a|motion|x"), bytes(70_000)], "event with too large a second frame"),
        ([header("a|jpg", dtype="float64", shape=[1, 8]), bytes(8)], "dtype is not uint8"),
        ([header("a|jpg", dtype=None, shape=[1, 8]), bytes(8)], "dtype is not uint8"),
        ([header("a|jpg", dtype="uint8"), bytes(8)], "shape is not a list of positive numbers"),
        ([header("a|jpg", dtype="uint8", shape="8"), bytes(8)], "shape is not a list of positive numbers"),
        ([header("a|jpg", dtype="uint8", shape=[True, 8]), bytes(8)], "shape is not a list of positive numbers"),
        ([header("a|jpg", dtype="uint8", shape=[-1, -8]), bytes(8)], "shape is not a list of positive numbers"),
        ([header("a|jpg", dtype="uint8", shape=[0, 0]), b""], "shape is not a list of positive numbers"),
        ([header("a|jpg", dtype="uint8", shape=[1.0, 8]), bytes(8)], "shape is not a list of positive numbers"),
        ([header("a|jpg", dtype="uint8", shape=[10**900, 8]), bytes(8)], "shape is not a list of positive numbers"),
        ([header("a|jpg", dtype="uint8", shape=[70_000, 1]), bytes(70_000)], "shape is not a list of positive numbers"),
        ([header("a|jpg", dtype="uint8", shape=[8]), bytes(8)], "shape is not that of a picture"),
        ([header("a|jpg", dtype="uint8", shape=[1, 1, 1, 8]), bytes(8)], "shape is not that of a picture"),
        ([header("a|jpg", dtype="uint8", shape=[2, 2, 2]), bytes(8)], "shape is not that of a picture"),
        ([header("a|jpg", dtype="uint8", shape=[3, 3]), bytes(8)], "shape and length differ"),
    ],
)
def test_it_refuses_what_is_not_a_message(frames: list[bytes], reason: str) -> None:
    with pytest.raises(Refused, match=f"^{reason}$"):
        parse(frames)


def test_it_survives_a_number_too_long_to_convert() -> None:
    with pytest.raises(Refused):
        parse([b'{"msg": ' + b"9" * 4080 + b"}", JPEG])
