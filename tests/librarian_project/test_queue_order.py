from librarian_project.queue_order import IngestMostly


def test_the_queue_of_new_pictures_comes_first_nine_times_of_ten() -> None:
    order = IngestMostly()
    order.update({"detect", "ingest"})
    turns = [order.consume(2) for _ in range(20)]
    assert turns.count(["ingest", "detect"]) == 18
    assert turns.count(["detect", "ingest"]) == 2


def test_what_can_wait_comes_last_in_every_turn() -> None:
    order = IngestMostly()
    order.update({"detect_later", "ingest", "detect"})
    assert {order.consume(3)[-1] for _ in range(20)} == {"detect_later"}


def test_rules_are_asked_before_anything_else() -> None:
    order = IngestMostly()
    order.update({"detect", "ingest", "alerts"})
    assert {order.consume(3)[0] for _ in range(20)} == {"alerts"}


def test_other_queues_have_the_first_look_in_turn() -> None:
    order = IngestMostly()
    order.update({"plates", "plates_later", "maintenance"})
    turns = [order.consume(3) for _ in range(6)]
    assert [one[0] for one in turns] == ["plates", "maintenance"] * 3
