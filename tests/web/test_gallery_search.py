"""Filters of the gallery that combine."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cameras.models import Camera, Image, Visit
from tests.web.making import AT, add_object, add_reading, followed, make_camera, make_image, make_plate, text_of
from web import gallery_conditions, gallery_search

GALLERY = "/gallery/"


def shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="card-link" href="/images/(\d+)/"', page)]


def found(client: Client, query: str) -> list[int]:
    return shown(text_of(client, f"{GALLERY}?{query}"))


def said(page: str) -> str:
    match = re.search(r'class="gallery-count[^>]*>([^<]*)<', page)
    return match[1].strip() if match else ""


def numbers(*images: Image) -> list[int]:
    return [one.pk for one in images]


@pytest.fixture(params=["few", "many"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to search: picture by picture of the few that a rare condition leaves, and along the order."""
    if request.param == "many":
        monkeypatch.setattr(gallery_conditions, "FEW", 0)


@pytest.fixture
def pool(db: None) -> Camera:
    return make_camera("Garden", "Pool")


def test_it_shows_several_cameras(viewer: Client, camera: Camera, pool: Camera) -> None:
    barn = make_camera("Garden", "Barn")
    images = [
        make_image(one, AT + timedelta(seconds=n), files=False) for n, one in enumerate((camera, pool, barn) * 20)
    ]
    wanted = [one.pk for one in reversed(images) if one.camera_id != barn.pk]
    page = text_of(viewer, f"{GALLERY}?camera={camera.pk}&camera={pool.pk}")
    assert shown(page) + shown(followed(viewer, page, "next")) == wanted
    assert said(page) == "40 pictures"
    assert shown(followed(viewer, followed(viewer, page, "next"), "prev")) == wanted[:30]


def test_it_shows_a_node(viewer: Client, camera: Camera, pool: Camera) -> None:
    own, _ = make_image(pool), make_image(camera)
    assert found(viewer, f"node={pool.node_id}") == [own.pk]
    assert found(viewer, f"node={pool.node_id}&camera={camera.pk}") == []


def test_it_narrows_to_a_range_of_times(viewer: Client, camera: Camera) -> None:
    """12:30:15 in Berlin is the time of the first."""
    first, second, third = (make_image(camera, AT + timedelta(minutes=n), files=False) for n in range(3))
    assert found(viewer, "from=2026-05-17T12:31") == numbers(third, second)
    assert found(viewer, "to=2026-05-17T12:31") == numbers(second, first)
    assert found(viewer, "from=2026-05-17&to=2026-05-17") == numbers(third, second, first)
    assert found(viewer, "from=2026-05-18") == []


@pytest.mark.parametrize(
    ("query", "hours"),
    [
        ("after=08:00&before=09:00", [8]),
        ("after=22:30&before=01:00", [23, 0]),
        ("after=22:00", [22, 23]),
        ("before=02:00", [0, 1]),
    ],
)
def test_it_narrows_to_a_time_of_day_by_the_sites_clock_in_summer_and_winter(
    viewer: Client, camera: Camera, query: str, hours: list[int]
) -> None:
    """Berlin is two hours ahead in July, one in January."""
    wanted = []
    for begins in (datetime(2026, 1, 14, 23, tzinfo=UTC), datetime(2026, 7, 14, 22, tzinfo=UTC)):
        for hour in range(24):
            image = make_image(camera, begins + timedelta(hours=hour, minutes=10), files=False)
            wanted += [image.pk] if hour in hours else []
    assert sorted(found(viewer, query)) == wanted


def test_it_narrows_to_weekdays_by_the_sites_calendar(viewer: Client, camera: Camera) -> None:
    """The 17th of May 2026 is a Sunday; 23:00 UTC of it is Monday in Berlin."""
    sunday, monday = make_image(camera, AT), make_image(camera, datetime(2026, 5, 17, 23, tzinfo=UTC))
    make_image(camera, AT + timedelta(days=2))
    assert found(viewer, "weekday=6") == [sunday.pk]
    assert found(viewer, "weekday=0") == [monday.pk]
    assert found(viewer, "weekday=0&weekday=6") == [monday.pk, sunday.pk]


@pytest.mark.usefixtures("way")
def test_it_narrows_to_things_by_label_score_and_number(viewer: Client, camera: Camera) -> None:
    one, two, dog = (make_image(camera, AT + timedelta(seconds=n), files=False) for n in range(3))
    add_object(one, "car", 0.5)
    add_object(two, "car", 0.9)
    add_object(two, "car", 0.8, box=(300, 20, 500, 220))
    add_object(two, "dog", 0.7, box=(200, 300, 250, 350))
    add_object(dog, "dog", 0.7)
    assert found(viewer, "label=car") == numbers(two, one)
    assert found(viewer, "label=car&score=60") == [two.pk]
    assert found(viewer, "label=car&count=2") == [two.pk]
    assert found(viewer, "label=car&count=2&score=85") == []
    assert found(viewer, "label=car&label=dog") == [two.pk]
    assert found(viewer, "label=cat") == []
    assert found(viewer, "count=3") == [two.pk]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("plate=482", ["KV482BT"]),
        ("plate=kv 4", ["KV482BT", "KV499BT"]),
        ("plate=KV4??BT", ["KV482BT", "KV499BT"]),
        ("plate=?V482BT", ["KV482BT"]),
        ("plate=*BT", ["KV482BT", "KV499BT"]),
        ("plate=KV4", ["KV482BT", "KV499BT"]),
        ("plate=V*2", []),
        ("plate=KV482BI", []),
        ("plate=KV4828T&similar=on", ["KV482BT"]),
        ("plate=HB", ["HB1"]),
        ("plate=HB&list=known", []),
        ("list=known", ["KV482BT"]),
        ("list=unknown", ["HB1", "KV499BT"]),
        ("list=any", ["HB1", "KV482BT", "KV499BT"]),
        ("plate=KV&list=unknown", ["KV499BT"]),
    ],
)
def test_it_narrows_to_plates(viewer: Client, camera: Camera, query: str, texts: list[str]) -> None:
    """HB1 was read once, and is no plate yet."""
    images = {text: make_image(camera, files=False) for text in ("KV482BT", "KV499BT", "HB1", "")}
    make_plate("KV482BT", images["KV482BT"], list="known")
    make_plate("KV499BT", images["KV499BT"])
    add_reading(images["HB1"], "HB1")
    assert sorted(found(viewer, query)) == sorted(images[text].pk for text in texts)


@pytest.mark.usefixtures("way")
def test_it_narrows_to_what_stands_in_a_region_of_interest(viewer: Client, camera: Camera, pool: Camera) -> None:
    Camera.objects.filter(pk=camera.pk).update(rois={"gate": [[0, 50], [50, 100]]})
    inside, outside, elsewhere = make_image(camera), make_image(camera), make_image(pool)
    for image, box in ((inside, (10, 200, 110, 400)), (outside, (10, 20, 110, 100)), (elsewhere, (10, 200, 110, 400))):
        add_object(image, "car", box=box)
    assert found(viewer, "roi=gate") == [inside.pk]
    assert found(viewer, "roi=gate&label=car&score=50") == [inside.pk]
    assert found(viewer, "roi=gate&label=dog") == []


@pytest.mark.usefixtures("way")
def test_it_narrows_to_kept_pictures(viewer: Client, camera: Camera) -> None:
    kept, _ = make_image(camera, keep=True), make_image(camera)
    assert found(viewer, "kept=on") == [kept.pk]


@pytest.mark.usefixtures("way")
def test_it_combines_everything(viewer: Client, camera: Camera, pool: Camera) -> None:
    Camera.objects.filter(pk=camera.pk).update(rois={"gate": [[0, 0], [100, 100]]})
    right = make_image(camera, keep=True)
    wrong = [make_image(camera), make_image(pool, keep=True), make_image(camera, AT + timedelta(hours=2), keep=True)]
    for image in (right, *wrong):
        add_object(image, "car")
        make_plate("KV482BT", image, list="known")
    query = (
        f"camera={camera.pk}&camera={pool.pk}&from=2026-05-16&to=2026-05-18T10:00&after=12:00&before=13:00&weekday=6"
    )
    things = "label=car&score=50&count=1&roi=gate&plate=KV*&similar=on&list=known&kept=on&group=visit"
    text_of(viewer, GALLERY)  # that the session is used is noted now and then, and labels are remembered
    with CaptureQueriesContext(connection) as asked:
        assert found(viewer, f"{query}&{things}") == [right.pk]
    assert len(asked) <= 12, chr(10).join(q["sql"][:90] + " ... " + q["sql"][-80:] for q in asked.captured_queries)


@pytest.mark.usefixtures("way")
def test_it_shows_each_visit_once_by_its_newest_picture_that_matches(viewer: Client, camera: Camera) -> None:
    visits = [Visit.objects.create(camera=camera, started_at=AT, ended_at=AT) for _ in range(2)]
    images = [make_image(camera, AT + timedelta(seconds=n), files=False, visit=visits[n // 3]) for n in range(6)]
    alone = make_image(camera, AT - timedelta(seconds=1), files=False)
    for image in images[:2]:
        add_object(image, "car")
    page = text_of(viewer, f"{GALLERY}?group=visit")
    assert shown(page) == numbers(images[5], images[2], alone)
    assert said(page) == "3 visits" and page.count("3 pictures</span>") == 2
    assert found(viewer, "group=visit&label=car") == [images[1].pk]


def test_it_counts_up_to_a_thousand(viewer: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery_search, "MOST_COUNTED", 5)
    for number in range(5):
        make_image(camera, AT + timedelta(seconds=number), files=False)
    assert said(text_of(viewer, GALLERY)) == "5 pictures"
    make_image(camera, AT, files=False)
    assert said(text_of(viewer, GALLERY)) == "5+ pictures"


@pytest.mark.parametrize("cameras", [0, 1, 2])
@pytest.mark.usefixtures("way")
def test_it_says_how_far_it_looked_and_goes_on_there(
    viewer: Client, camera: Camera, pool: Camera, monkeypatch: pytest.MonkeyPatch, cameras: int
) -> None:
    """Only the oldest matches; a page tries the condition on ten pictures, half of what it does of times of day."""
    monkeypatch.setattr(gallery_search, "MOST_TRIED", 20)
    images = [make_image((camera, pool)[n % 2], AT + timedelta(seconds=n), files=False) for n in range(40)]
    for image in images[:2]:
        add_object(image, "car", 0.9)
        add_object(image, "dog", 0.9)
    query = "score=50" + "".join(f"&camera={one.pk}" for one in (camera, pool)[:cameras])
    page = text_of(viewer, f"{GALLERY}?{query}")
    assert "Looked back to" in page and not shown(page)
    pages = 1
    while not shown(page):
        page = followed(viewer, page, "next")
        pages += 1
    wanted = [one.pk for one in reversed(images[:2]) if not cameras or one.camera_id in (camera.pk, pool.pk)[:cameras]]
    assert shown(page) == wanted and pages > 1
    while page and "Looked back to" in page:
        page = followed(viewer, page, "next")
    back = text_of(viewer, f"{GALLERY}?{query}&newer=0-1")
    assert shown(back) == wanted


@pytest.mark.parametrize(
    "query",
    [
        *("node=0", "from=x", "to=2026-13-01T10:00", "after=25:00", "before=x", "weekday=7", "weekday=x", "weekday=٣"),
        *("score=101", "score=-1", "count=51", "list=x", "roi=x", "group=x", "camera=1&camera=x", "from=9999-12-31"),
    ],
)
def test_it_answers_404_to_filters_that_mean_nothing(viewer: Client, camera: Camera, query: str) -> None:
    make_image(camera)
    assert viewer.get(f"{GALLERY}?{query}").status_code == 404


def test_it_ignores_filters_that_a_form_sends_empty(viewer: Client, camera: Camera) -> None:
    image = make_image(camera)
    names = (
        "camera",
        "node",
        "day",
        "from",
        "to",
        "after",
        "before",
        "label",
        "score",
        "count",
        "plate",
        "list",
        "roi",
    )
    assert found(viewer, "&".join(f"{name}=" for name in names)) == [image.pk]


def test_a_limited_viewer_searches_own_pictures_only(limited: Client, camera: Camera, pool: Camera) -> None:
    own, other = make_image(camera), make_image(pool, keep=True)
    make_plate("KV482BT", other)
    add_object(other, "dog")
    for query in ("plate=KV*", "list=any", "kept=on", "label=dog", "group=visit&label=dog"):
        assert found(limited, query) == []
    assert found(limited, "") == [own.pk]
    assert limited.get(f"{GALLERY}?node={pool.node_id}").status_code == 404
