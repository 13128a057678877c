"""Papers as PDF: they can be read aloud, say exactly what they are given, and are the same each time."""

from __future__ import annotations

import io
import json
import logging
import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from tempuse import papers, resources
from tempuse.io.confined.walls import Limits
from tempuse.papers import (
    FactsBlock,
    ListBlock,
    PaperPart,
    PaperSection,
    SignatureLine,
    SignaturesBlock,
    TableBlock,
    TextBlock,
    making,
)
from tests import pdfs

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
NAMESPACE = "{http://www.aiim.org/pdfua/ns/id/}part"


def a_part(language: str = "nl", title: str = "Overeenkomst", word: str = "hal") -> PaperPart:
    signatures = [
        SignatureLine("Holder", "Ada signed"),
        SignatureLine("City", "not yet", True, ["Name", "Signature"]),
    ]
    return PaperPart(language, title, [
        PaperSection("Wie", [FactsBlock([("Naam", word), ("Soort", "groep")]), TextBlock("Een\ntwee")]),
        PaperSection("Waar", [TableBlock(["Nr.", "Naam"], [["SP-0001", word], ["SP-0002", "loods"]])]),
        PaperSection("Verder", [ListBlock(["stil na tien", "schoon"]), SignaturesBlock(signatures)]),
    ])  # fmt: skip


def a_paper(*parts: PaperPart, folder: Path | None = None, kind: str = papers.AGREEMENT) -> bytes:
    return papers.make(
        kind, parts or [a_part()], title="Overeenkomst PM-0012", language="nl", made_at=NOW, folder=folder,
        author="Rivermouth", number="PM-0012", footer="rivermouth.example",
    )  # fmt: skip


@pytest.mark.parametrize("kind", papers.KINDS)
def test_a_paper_can_be_read_aloud(kind: str) -> None:
    made = a_paper(kind=kind)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "nl"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == "Overeenkomst PM-0012"
        with pdf.open_metadata() as about:
            assert about[NAMESPACE] == "1"
            assert about["dc:title"] == "Overeenkomst PM-0012"
        assert not pdf.is_encrypted
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
        assert all("+LibertinusSerif" in font for font in fonts), "embedded, and no system's"
    found = [tag for tag, _ in pdfs.tags(made)]
    assert found[:2] == ["/Document", "/Title"]
    assert found.count("/H1") == 3
    assert (found.count("/TH"), found.count("/TD"), found.count("/Table")) == (2, 4, 1)
    assert found.count("/Lbl") == found.count("/LBody") == 4
    assert pdfs.bookmarks(made) == ["Wie", "Waar", "Verder"]


def test_the_second_language_is_named_as_such() -> None:
    made = a_paper(a_part(), a_part("en", "Agreement", "hall"))
    assert pdfs.bookmarks(made) == ["Overeenkomst", "Wie", "Waar", "Verder", "Agreement", "Wie", "Waar", "Verder"]
    found = pdfs.tags(made)
    assert [language for tag, language in found if tag == "/H1"] == ["", "en"]
    assert {language for tag, language in found if tag == "/H2"} == {"", "en"}


def test_the_same_words_give_the_same_bytes() -> None:
    first = a_paper()
    time.sleep(1.1)  # no clock is looked at
    assert a_paper() == first
    assert a_paper(a_part(word="loods")) != first


def test_what_people_write_is_text_and_nothing_else() -> None:
    hostile = [
        '#read("/etc/passwd")', "*bold* _slanted_ `code` $x^2$", "<label> @label #label", "#panic()", "[x] ] [ }",
        "= No", "\\u{41} \\ \\\" \"", "// no comment /* nor */ https://a.example/?b=c#d", "{{ 7*7 }} ${x} %s {0}",
        "' -- ~ --- ...",
    ]  # fmt: skip
    told = pdfs.flat(a_paper(*[a_part(word=each) for each in hostile]))
    told = told.replace("’", "'").replace("”", '"').replace("“", '"')
    for each in hostile:
        assert " ".join(each.split()) in told, each


def test_letters_of_all_europe_arrive() -> None:
    for each in (
        "Ωμέγα Ελλάδα",
        "Łódź Święto",
        "ķēniņš ģimene šņūē",
        "Привет їжак",
        "žluťoučký kůň",
        "İstanbul ğ",
        "ßẞ",
        "ﬁ",
    ):
        assert each in pdfs.flat(a_paper(a_part(word=each))).replace("fi", "ﬁ" if each == "ﬁ" else "fi"), each


def test_letters_that_no_font_has_are_named() -> None:
    told = pdfs.flat(a_paper(a_part(word="Ada 😀 漢 ไ👩‍👩‍👧")))
    assert "Ada [grinning face] [U+6F22] [U+0E44][woman][woman][girl]" in told


def test_what_turns_round_or_is_no_letter_is_left_out() -> None:
    told = pdfs.flat(a_paper(a_part(word="ab\u202edc\x00e\ufffef\ud800g")))
    assert "abdcefg" in told
    made = a_paper(a_part(word="שלום עולם"), a_part(word="مرحبا"))
    assert set("שלוםעל") <= set(pdfs.text(made)), "letters of another direction are letters"


def test_a_word_longer_than_the_page_is_broken() -> None:
    made = a_paper(a_part(word="x" * 5000))
    assert pdfs.text(made).count("x") >= 10_000
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) > 1
    one = pdfs.text(a_paper(a_part(word="abcdefghij" * 30))).splitlines()
    assert max(map(len, one)) < 120


# ---- the city's own templates -----------------------------------------------------------------------------

HEAD = '#import "paper.typ": paper\n#paper(json(bytes(sys.inputs.paper)))\n'


def test_a_city_may_change_a_paper(tmp_path: Path) -> None:
    (tmp_path / "agreement.typ").write_text(HEAD + "\nSealed in Rivermouth.\n")
    assert "Sealed in Rivermouth." in pdfs.flat(a_paper(folder=tmp_path))
    assert "Sealed in Rivermouth." not in pdfs.flat(a_paper(folder=tmp_path, kind=papers.DECISION))
    assert papers.faults(tmp_path, NOW) == []
    assert a_paper(folder=tmp_path / "none") == a_paper()


def test_a_city_may_change_how_every_paper_looks(tmp_path: Path) -> None:
    ours = resources.path("papers/paper.typ").read_text()
    (tmp_path / "paper.typ").write_text(ours.replace("title(said(data.title))", "title[The arms of Rivermouth]"))
    for kind in papers.KINDS:
        assert "The arms of Rivermouth" in pdfs.flat(a_paper(folder=tmp_path, kind=kind))


@pytest.mark.parametrize(
    ("text", "line", "detail"),
    [
        (HEAD + "#nothing", 3, "unknown variable"),
        ("\n#read(\"/etc/passwd\")", 2, "file not found"),
        ("#read(\"../../secret.key\")", 1, "escape"),
        ("#while true {}", 1, "always true"),
        ('#import "@preview/tablex:0.0.8": *', 1, "package"),
        ("= No title", 1, "title"),
        (HEAD + '#image("arms.png")', 3, "alt"),
    ],
)  # fmt: skip
def test_a_template_that_does_not_work_is_named_and_ours_is_used(
    tmp_path: Path, text: str, line: int, detail: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "agreement.typ").write_text(text)
    (tmp_path / "arms.png").write_bytes(PIXEL)
    with caplog.at_level(logging.WARNING, "tempuse.papers"):
        assert a_paper(folder=tmp_path) == a_paper()
    (said,) = [each.getMessage() for each in caplog.records]
    assert f"agreement.typ does not work, in line {line}" in said
    (fault,) = papers.faults(tmp_path, NOW)
    assert fault.message == "paper.template"
    assert fault.values["line"] == line
    assert detail in fault.values["detail"]


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_a_template_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_LIMITS", Limits(seconds=2))
    (tmp_path / "agreement.typ").write_text(
        "#{ for i in range(100000) { for j in range(100000) { let sum = i + j } } }"
    )
    assert a_paper(folder=tmp_path) == a_paper()
    (fault,) = papers.faults(tmp_path, NOW)
    assert fault.message == "paper.template_ended"


def test_a_city_may_bring_its_fonts(tmp_path: Path) -> None:
    assert "[U+6F22]" in pdfs.flat(a_paper(a_part(word="漢"), folder=tmp_path))
    folder = tmp_path / "fonts"
    folder.mkdir()
    font = next(iter(sorted(Path("/usr/share/fonts").rglob("*.ttf"))), None)
    if font is None:
        pytest.skip("no font is installed here")
    shutil.copyfile(font, folder / "Our font.ttf")
    assert pdfs.bookmarks(a_paper(folder=tmp_path)) == ["Wie", "Waar", "Verder"]


def test_a_link_in_the_folder_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("the-key-of-the-house")
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "secret.typ").symlink_to(tmp_path / "secret.key")
    (folder / "agreement.typ").write_text(HEAD + '#read("secret.typ")')
    assert a_paper(folder=folder) == a_paper()


# ---- an outside judge -------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("verapdf") is None, reason="veraPDF is not installed")
@pytest.mark.parametrize("kind", papers.KINDS)
def test_verapdf_has_nothing_to_say(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(a_paper(a_part(), a_part("en", "Agreement", "hall"), kind=kind))
    ran = subprocess.run(["verapdf", "--flavour", "ua1", "--format", "json", path], capture_output=True, check=False)
    (job,) = json.loads(ran.stdout)["report"]["jobs"]
    assert job["validationResult"][0]["compliant"], job
