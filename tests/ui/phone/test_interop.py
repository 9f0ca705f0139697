"""The page and the kiosk ask, encode and seal alike: the page's own script runs under Node."""

import base64
import json
import secrets
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.content import questionnaire as questionnaires
from kiosk.content.questionnaire import Answers, Questionnaire
from kiosk.flow.model import File
from kiosk.protocol import picture_code
from kiosk.protocol import report as reports
from kiosk.protocol.report import ICON_PLAINTEXT, Report
from kiosk.protocol.sealing import StationPrivateKey, seal, seal_told
from tests.vectors import load
from ui.phone.page.bundle import bundle
from ui.phone.page.content import asked
from ui.touch.filing_worker import build_report

pytestmark = pytest.mark.fresh
NODE = Path(__file__).parent / "node"
PLAIN = questionnaires.load()
VILLAGES = ("ncs1", "ncs2")
ASKED = PLAIN.with_villages(VILLAGES)
KINDS = [box.id for box in ASKED.boxes if box.kind != "notices"]
KEY = StationPrivateKey.generate()
OFFICIAL = load("hpke")["vectors"][0]

Script = Callable[..., Any]


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Script]:
    bundled = tmp_path_factory.mktemp("node") / "interop.js"
    bundled.write_text(bundle(NODE / "interop.js", {}), "utf-8")
    with subprocess.Popen(
        ["node", "--require", str(NODE / "browser.cjs"), str(bundled)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as node:  # fmt: skip
        assert node.stdin
        assert node.stdout

        def call(name: str, **question: object) -> Any:
            assert node.stdin
            assert node.stdout
            node.stdin.write(json.dumps({"call": name, **question}) + "\n")
            node.stdin.flush()
            return json.loads(node.stdout.readline())

        yield call
        node.stdin.close()


@st.composite
def visits(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """A box and what a person answers in turn, now and then changing an earlier answer."""
    box = draw(st.sampled_from(KINDS))
    given: list[tuple[str, str]] = []
    answers: Answers = ()
    for _ in range(draw(st.integers(1, 14))):
        question = ASKED.next_question(box, answers)
        if question is None or (answers and draw(st.integers(0, 5)) == 0):
            question = draw(st.sampled_from([name for name, _ in answers]))
        given.append((question, draw(st.sampled_from(ASKED.questions[question].choices))))
        answers = chosen(ASKED, box, answers, *given[-1])
    return box, given


def chosen(of: Questionnaire, box: str, answers: Answers, question: str, choice: str) -> Answers:
    return of.on_path(box, (*((n, c) for n, c in answers if n != question), (question, choice)))


LETTERS = st.text("aăâđêôơưằẳẵặấệốợữ 0123,.\n", max_size=500)


@settings(deadline=None)
@given(visits(), st.sampled_from(["vi", "hmn"]), LETTERS, st.booleans(), st.booleans())
def test_same_answers_lead_to_same_questions_and_same_bytes(
    script: Script,
    visit: tuple[str, list[tuple[str, str]]],
    language: str,
    text: str,
    dated: bool,
    answerable: bool,
) -> None:
    box, given_answers = visit
    report_id = secrets.token_bytes(16)
    told = script(
        "visit",
        questionnaire=asked(PLAIN),
        villages=VILLAGES,
        box=box,
        given=given_answers,
        language=language,
        text=text,
        site={"day": "2026-11-22" if dated else None, "half": "pm" if dated else None},
        id=report_id.hex(),
        answerKey=KEY.public.raw.hex() if answerable else None,
    )
    answers: Answers = ()
    steps = []
    for question, choice in given_answers:
        answers = chosen(ASKED, box, answers, question, choice)
        steps.append([list(ASKED.path(box, answers)), ASKED.next_question(box, answers)])
    assert told["steps"] == steps
    assert tuple(told["choices"]) == ASKED.questions["where"].choices
    urgent = ASKED.is_urgent(answers)
    day = ("2026-11-22 pm" if urgent else "2026-11-22") if dated else None
    expected = replace(
        build_report(File(box, answers, language), ASKED, day),
        report_id=report_id,
        channel="phone",
        text=script("fitting", text=text.strip()) or None,
        answer_key=KEY.public.raw if answerable else None,
    )
    assert bytes.fromhex(told["report"]) == reports.encode(expected)


LONGEST = [["border", "strangers"], ["armed", "armed_yes"], ["where", "village:" + "z" * 40],
           ["when", "this_week"], ["how_many", "unknown"], ["facts", "seen_before"],
           ["danger", "danger_yes"]]  # fmt: skip


def test_the_longest_text_fits_and_what_cannot_be_seen_is_left_out(script: Script) -> None:
    def typed(text: str) -> Report:
        told = script(
            "visit",
            questionnaire=asked(PLAIN),
            villages=["z" * 40],
            box="border",
            given=LONGEST,
            language="hmn",
            text=text,
            site={"day": "2026-11-22", "half": "pm"},
            id="00" * 16,
            answerKey=KEY.public.raw.hex(),
        )
        padded = script("pad", data=told["report"], size=ICON_PLAINTEXT)
        return reports.decode(reports.unpad(bytes.fromhex(padded)))

    assert typed("a" * 600).text == "a" * 500
    assert typed("ậ" * 600).text == "ậ" * 466
    assert typed("\U0001f985" * 600).text == "\U0001f985" * 350
    assert typed(" a\x1b[1m\u202eb\nc\u200f\x00 ").text == "a[1mb\nc"
    assert typed("a\u0323\u0302").text == "ậ"
    assert typed("\n\u202e").text is None


def test_what_the_page_seals_the_station_opens(script: Script) -> None:
    padded = reports.pad(b"secret", ICON_PLAINTEXT)
    question = {"data": padded.hex(), "key": KEY.public.raw.hex(), "keyId": KEY.public.key_id.hex()}
    for part in (1, 3):
        assert KEY.open(part, bytes.fromhex(script("seal", part=part, **question))) == padded


def test_what_the_kiosk_seals_the_page_s_suite_opens(script: Script) -> None:
    seed = OFFICIAL["skRm"]
    key = picture_code.expanded(bytes.fromhex(seed))
    sealed = seal(1, b"secret", key.public)
    info = b"homthu seal v1\x01" + key.public.key_id
    opened = script(
        "open", seed=seed, enc=sealed[:1120].hex(), sealed=sealed[1120:].hex(), info=info.hex(),
        aad="",
    )  # fmt: skip
    assert bytes.fromhex(opened) == b"secret"


@given(st.lists(st.sampled_from(picture_code.pictures()), min_size=6, max_size=6), st.booleans())
def test_page_and_kiosk_agree_on_which_codes_are_consistent(
    script: Script, code: list[str], right: bool
) -> None:
    if right:
        code[-1] = picture_code.check_picture(code[:-1])
    expected = picture_code.is_consistent(tuple(code))
    assert script("isConsistent", families=picture_code.families(), code=code) == expected


def test_wishes_and_what_is_told_open_on_the_other_side_alone(script: Script) -> None:
    seed = OFFICIAL["skRm"]
    theirs = picture_code.expanded(bytes.fromhex(seed)).public
    key_id = KEY.public.key_id
    sealed = script("sealWish", data=b"wish".hex(), key=KEY.public.raw.hex(), keyId=key_id.hex())
    assert KEY.open_wish(bytes.fromhex(sealed)) == b"wish"
    told = seal_told(b"told", theirs, KEY.public)
    opened = script("openTold", seed=seed, told=told.hex(), keyId=key_id.hex())
    assert bytes.fromhex(opened) == b"told"


def test_the_page_s_suite_opens_the_official_ciphertext(script: Script) -> None:
    first = OFFICIAL["encryptions"][0]
    opened = script(
        "open", seed=OFFICIAL["skRm"], enc=OFFICIAL["enc"], sealed=first["ct"],
        info=OFFICIAL["info"], aad=first["aad"],
    )  # fmt: skip
    assert opened == first["pt"]


SEAL = load("seal")
FROM_PHONES = [
    case for case in load("report")["cases"]
    if case["fields"]["channel"] == "phone" and "voice" not in case["fields"]
]  # fmt: skip


def questionnaire_for(fields: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The smallest questionnaire whose answers make the report of a vector, and the answers."""
    given = [(f"what_{number}", choice) for number, choice in enumerate(fields["what"])]
    given += [(name, fields[name]) for name in ("where", "when", "how_many") if name in fields]
    given += [("danger", "yes")] if fields["urgent"] else []
    asked: dict[str, dict[str, Any]] = {
        name: {"field": "what" if name.startswith("what_") else name, "then": {},
               "yes": "yes" if name == "danger" else None}
        for name in (*(name for name, _ in given), "where")
    }  # fmt: skip
    asked["where"]["choices"] = ["elsewhere"]
    steps = [name for name, _ in given]
    return {"boxes": {fields["box"]: {"steps": steps}}, "questions": asked}, given


@pytest.mark.parametrize("case", FROM_PHONES, ids=lambda case: case["name"])
def test_the_page_writes_reports_as_the_vectors_say(script: Script, case: dict[str, Any]) -> None:
    fields = case["fields"]
    questionnaire, given = questionnaire_for(fields)
    day, _, half = fields.get("day", "").partition(" ")
    told = script(
        "visit",
        questionnaire=questionnaire,
        villages=[],
        box=fields["box"],
        given=given,
        language=fields["language"],
        text=fields["text"],
        site={"day": day or None, "half": half or None},
        id=fields["report_id"]["hex"],
        answerKey=fields.get("answer_key", {}).get("hex"),
    )
    assert told["report"] == case["hex"]


def test_there_are_reports_from_phones_with_and_without_a_code() -> None:
    assert {"answer_key" in case["fields"] for case in FROM_PHONES} == {True, False}


def test_the_page_pads_as_the_vectors_say(script: Script) -> None:
    padding = load("padding")
    sizes = padding["sizes"]
    assert script("sizes") == [sizes["icons"], sizes["voice"], sizes["photo"]]
    for case in padding["cases"]:
        assert script("pad", data=case["data"], size=case["size"]) == case["hex"]


@pytest.mark.parametrize("case", SEAL["cases"], ids=lambda case: case["name"])
def test_the_page_s_suite_opens_what_is_sealed_in_the_vectors(
    script: Script, case: dict[str, Any]
) -> None:
    seed, sealed = SEAL["recipients"][case["recipient"]]["xwing_seed"], case["sealed"]
    opened = script(
        "open", seed=seed, enc=sealed[: 2 * 1120], sealed=sealed[2 * 1120 :], info=case["info"],
        aad="",
    )  # fmt: skip
    assert opened == case["plaintext"]


def test_the_page_opens_what_the_server_has_sealed_in_the_vectors(script: Script) -> None:
    (case,) = (case for case in SEAL["cases"] if case["name"] == "code told")
    seed = SEAL["recipients"]["phone"]["xwing_seed"]
    key_id = SEAL["recipients"]["station"]["key_id"]
    opened = script("openTold", seed=seed, told=case["sealed"], keyId=key_id)
    assert opened == case["plaintext"]


def test_the_page_checks_codes_as_the_vectors_say(script: Script) -> None:
    vectors = load("picture_code")
    families = {"all": vectors["pictures"]}
    for case in vectors["codes"]:
        for last in vectors["pictures"]:
            code = [*case["chosen"], last]
            consistent = script("isConsistent", families=families, code=code)
            assert consistent == (last == case["check"])


def test_the_page_posts_kind_flags_and_id_before_what_is_sealed(script: Script) -> None:
    (case,) = (case for case in FROM_PHONES if case["fields"]["urgent"])
    fields = case["fields"]
    questionnaire, given = questionnaire_for(fields)
    told = {"box": fields["box"], "answers": given, "language": "hmn", "text": "", "photo": "ffd8"}
    station = {
        "station_key": base64.b64encode(KEY.public.raw).decode(),
        "key_id": KEY.public.key_id.hex(),
    }
    icons, photo = map(
        bytes.fromhex, script("envelopes", questionnaire=questionnaire, told=told, site=station)
    )
    assert (icons[:2], photo[:2]) == (b"\x01\x01", b"\x03\x01")
    assert icons[2:18] == photo[2:18]
    report = reports.decode(reports.unpad(KEY.open(1, icons[18:])))
    assert report.report_id == icons[2:18]
    assert KEY.open(3, photo[18:]) == reports.pad(b"\xff\xd8", 31_232)
