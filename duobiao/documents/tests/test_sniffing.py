"""What a file is, and which part of its name is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.documents.domain.file_names import LONGEST, safe_name
from duobiao.documents.domain.media_types import INLINE_TYPES, UNKNOWN, sniff


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"%PDF-1.7 <script>", "a.png", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "a.pdf", "image/png"),
        (b"\xff\xd8\xff\xe0", "x", "image/jpeg"),
        (b"GIF89a<script>", "x.gif", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x", "image/webp"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "logo.svg", "text/plain"),
        (b"<!doctype html><script>alert(1)</script>", "a.png", "text/plain"),
        (
            b"PK\x03\x04....[Content_Types].xml....word/document.xml",
            "x",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml",
            "x",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (b"PK\x03\x04....a.txt", "a.docx", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "老合同.DOC", "application/msword"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "what", "application/x-ole-storage"),
        ("会议纪要\r\n第一条".encode(), "纪要.txt", "text/plain"),
        ("会议纪要".encode("gb18030"), "纪要.csv", "text/plain"),
        (b"\x00\x01\x02\x03", "x.txt", UNKNOWN),
        (b"MZ\x90\x00", "setup.pdf", UNKNOWN),
        (b"\x00\x00\x00\x1cftypM4A \x00", "语音.m4a", "audio/mp4"),
        (b"#!AMR\n<script>", "a.html", "audio/amr"),
        (b"OggS\x00", "a.mp3", "audio/ogg"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "x", "audio/wav"),
    ],
)
def test_the_bytes_say_what_a_file_is(head, name, expected):
    assert sniff(head, name) == expected


def test_a_text_cut_through_a_character_is_still_text():
    assert sniff(("中" * 4000).encode()[:8192], "x") == "text/plain"


@given(st.binary(max_size=200), st.text(max_size=20))
def test_nothing_that_a_browser_runs_is_ever_shown(head, name):
    kind = sniff(head, name)

    assert kind not in {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"}
    assert (
        kind not in INLINE_TYPES
        or head[:4] in (b"%PDF", b"\x89PNG", b"GIF8", b"RIFF")
        or head[8:12] == b"WEBP"
        or head[:3] == b"\xff\xd8\xff"
    )


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("合同（终稿）.pdf", "合同（终稿）.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\报价.xlsx", "报价.xlsx"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("发票\u202efdp.exe", "发票fdp.exe"),
        ("", "file"),
        ("...", "file"),
        ("长" * 300 + ".docx", "长" * 195 + ".docx"),
    ],
)
def test_a_name_keeps_no_folder_and_no_mark(given_name, kept):
    assert safe_name(given_name) == kept


@given(st.text(max_size=400))
def test_a_kept_name_is_short_and_stays_in_its_folder(name):
    kept = safe_name(name)

    assert 0 < len(kept) <= LONGEST
    assert not set(kept) & set('/\\\r\n\x00"')
    assert kept not in {".", ".."}
