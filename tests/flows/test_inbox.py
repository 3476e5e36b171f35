import hashlib
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.inbox import TEMPORARY, look_into, printable, state


def test_documents_come_in_order_with_hash_and_time(tmp_path: Path) -> None:
    (tmp_path / "xã B").mkdir()
    for name in ("b.pdf", "a.docx", "xã B/c.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    os.utime(tmp_path / "b.pdf", (0, 1_700_000_000))
    inbox = look_into(tmp_path)
    assert [each.name for each in inbox.documents] == ["a.docx", "b.pdf", "xã B/c.pdf"]
    assert inbox.documents[1].sha256 == hashlib.sha256(b"b.pdf").hexdigest()
    assert inbox.documents[1].received_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert inbox.refusals == ()


def test_the_same_content_twice_is_one_document(tmp_path: Path) -> None:
    for name in ("1.pdf", "2.pdf"):
        (tmp_path / name).write_bytes(b"same")
    inbox = look_into(tmp_path)
    assert [each.name for each in inbox.documents] == ["1.pdf"]
    (refusal,) = inbox.refusals
    assert (refusal.name, refusal.code, refusal.facts) == (
        *("2.pdf", "duplicate-file"),
        {"first": "1.pdf"},
    )


def test_links_fifos_and_sockets_are_refused_without_being_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.docx").write_bytes(b"secret")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "file.docx").symlink_to(outside / "secret.docx")
    (inbox / "folder").symlink_to(outside, target_is_directory=True)
    (inbox / "gone.pdf").symlink_to(tmp_path / "gone")
    os.mkfifo(inbox / "pipe.pdf")  # opening it would wait for ever
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(inbox)  # a socket's path has to be short
        listener.bind("socket.pdf")
        found = look_into(inbox)
    assert found.documents == ()
    assert {each.name: each.code for each in found.refusals} == {
        "file.docx": "link-refused",
        "folder": "link-refused",
        "gone.pdf": "link-refused",
        "pipe.pdf": "not-a-regular-file",
        "socket.pdf": "not-a-regular-file",
    }


@pytest.mark.parametrize(
    "name",
    ["~$bao-cao.docx", ".~lock.a.docx#", "~WRL0001.tmp", ".DS_Store", "Thumbs.db", "a.pdf.part"],
)
def test_temporary_files_are_nobodys_documents(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert look_into(tmp_path).documents == ()
    assert state(tmp_path) == {}


@pytest.mark.parametrize(
    "name", ["báo cáo.docx", "a~$b.docx", "part.pdf", "temp.docx", "a.tmp.pdf"]
)
def test_documents_are_no_temporary_files(name: str) -> None:
    assert not TEMPORARY.search(name)


def test_a_name_that_is_not_unicode_is_printed_and_read(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/b\xe1o c\xe1o\x1b[2J.pdf"
    with open(path, "wb") as file:  # noqa: PTH123 pathlib takes no bytes
        file.write(b"x")
    (document,) = look_into(tmp_path).documents
    assert document.name == "b�o c�o�[2J.pdf"
    assert document.path.read_bytes() == b"x"


@given(st.text())
def test_a_printed_name_cannot_steer_a_terminal(name: str) -> None:
    assert all(character.isprintable() for character in printable(name.replace("\0", "")))


def test_state_tells_growth_and_replacement(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"1")
    first = state(tmp_path)
    path.write_bytes(b"12")
    assert state(tmp_path) != first
    grown = state(tmp_path)
    os.utime(path, ns=(0, 0))
    assert state(tmp_path) != grown
