"""The log of decisions: nothing is lost, nothing torn is taken for a decision."""

from __future__ import annotations

import json
import multiprocessing
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.decision_log import LOCAL, Log, append, new_id, read_log
from transforms.decisions import LINE, Correct, Decision, Seen, Settle, Withdraw

NOON = datetime(2025, 7, 1, 12, tzinfo=LOCAL)
OBSERVATION, RIVAL = "a" * 16, "b" * 16


def settle(why: str = "đã hỏi xã", at: datetime = NOON) -> Settle:
    seen = Seen(
        document="0" * 64, file_name="a.docx", table=1, row=2, column=3, text="82", value=82
    )
    others = {RIVAL: Decimal("81.50")}
    return Settle(
        id=new_id(), at=at, by="lan", why=why, observation=OBSERVATION, seen=seen, others=others
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    log = tmp_path / "decisions.jsonl"
    first = append(log, [settle("một"), settle("hai")])
    second = append(log, [settle("ba")])
    assert read_log(log) == Log((*first, *second))
    assert len(log.read_bytes().splitlines()) == 3
    line = json.loads(log.read_text("utf-8").splitlines()[0])
    assert (line["kind"], line["others"], line["seen"]["value"]) == (
        "settle",
        {RIVAL: "81.50"},
        "82",
    )


def test_no_log_is_an_empty_one_and_leaves_nothing(tmp_path: Path) -> None:
    assert read_log(tmp_path / "decisions.jsonl") == Log()
    assert not list(tmp_path.iterdir())


@given(cut=st.integers(min_value=1))
def test_a_torn_line_is_kept_out_said_and_set_aside(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    log = tmp_path_factory.mktemp("torn") / "decisions.jsonl"
    (whole,) = append(log, [settle("trọn")])
    line = LINE.dump_json(settle("cụt"))
    torn = line[: 1 + cut % (len(line) - 1)]
    with log.open("ab") as file:
        file.write(torn)
    read = read_log(log)
    assert read.decisions == (whole,)
    assert [(fault.line, fault.torn) for fault in read.faults] == [(2, True)]
    assert [one.code for one in read.findings] == ["decision-torn"]
    (next_one,) = append(log, [settle("sau")])
    assert read_log(log) == Log((whole, next_one))
    assert log.with_name("decisions.jsonl.torn").read_bytes() == torn + b"\n"


def test_a_line_that_only_lacks_its_end_is_a_decision(tmp_path: Path) -> None:
    log = tmp_path / "decisions.jsonl"
    (first,) = append(log, [settle("một")])
    log.write_bytes(log.read_bytes().rstrip(b"\n"))
    (second,) = append(log, [settle("hai")])
    assert read_log(log) == Log((first, second))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "guess"},
        {"extra": 1},
        {"by": "  "},
        {"at": "2025-07-01T12:00:00"},  # no time zone
        {"observation": "xyz"},
        {"others": {RIVAL: "NaN"}},
        {"seen": {"value": "0.1234567"}},
    ],
)
def test_what_is_no_decision_is_kept_out_and_blocks(
    tmp_path: Path, change: dict[str, object]
) -> None:
    log = tmp_path / "decisions.jsonl"
    good = append(log, [settle()])
    bad = json.loads(LINE.dump_json(settle())) | change
    log.write_bytes(json.dumps(bad).encode() + b"\n" + log.read_bytes())
    read = read_log(log)
    assert read.decisions == good
    codes = [one.code for one in read.findings]
    assert codes == ["decision-unreadable", "decision-chain-broken"]
    assert read.faults[0].line == 1


def test_an_id_stands_for_one_decision(tmp_path: Path) -> None:
    log = tmp_path / "decisions.jsonl"
    same = settle("một")
    written = append(log, [same, same.model_copy(update={"why": "hai"})])
    assert len({one.id for one in written}) == 2
    log.write_bytes(log.read_bytes() + LINE.dump_json(written[0]) + b"\n")
    faults = read_log(log).faults
    assert [fault.torn for fault in faults] == [False, False]
    assert f"id {written[0].id} stands twice" in {fault.detail for fault in faults}


def test_the_log_of_a_day_ends_with_that_day_in_vietnam() -> None:
    late = settle(at=datetime(2025, 7, 1, 23, 59, tzinfo=LOCAL))
    next_day = settle(at=datetime(2025, 7, 2, 0, 0, tzinfo=LOCAL))
    in_utc = settle(at=next_day.at.astimezone(tz=None) - timedelta(seconds=1))
    log = Log((late, next_day, in_utc))
    assert log.taken_by(date(2025, 7, 1)).decisions == (late, in_utc)
    assert log.taken_by(None) is log


def test_a_value_is_one_that_the_warehouse_holds() -> None:
    given = {"id": "c" * 16, "at": NOON, "by": "a", "why": "b", "observation": OBSERVATION}
    assert Correct(**given, seen=Seen(), value="1234.5").value == Decimal("1234.5")
    for value in ("1e30", "inf", "0.0000001"):
        with pytest.raises(ValidationError):
            Correct(**given, seen=Seen(), value=value)


def write_many(log: Path, by: str) -> None:
    for number in range(25):
        one = Withdraw(
            id=new_id(), at=NOON, by=by, why=f"{number} " + "x" * 3000, decision="d" * 16
        )
        append(log, [one])


def test_two_people_writing_at_once_lose_nothing(tmp_path: Path) -> None:
    log = tmp_path / "decisions.jsonl"
    spawn = multiprocessing.get_context("spawn")
    people = [spawn.Process(target=write_many, args=(log, by)) for by in ("lan", "minh")]
    for person in people:
        person.start()
    seen: set[str] = set()
    while any(person.is_alive() for person in people):
        read = read_log(log)
        assert not read.faults
        now = {one.id for one in read.decisions}
        assert seen <= now
        seen = now
    for person in people:
        person.join(60)
        assert person.exitcode == 0
    read = read_log(log)
    assert not read.faults
    by_person: dict[str, list[Decision]] = {"lan": [], "minh": []}
    for one in read.decisions:
        by_person[one.by].append(one)
    for written in by_person.values():
        assert [one.why.split()[0] for one in written] == [str(number) for number in range(25)]
