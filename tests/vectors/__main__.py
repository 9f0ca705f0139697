"""Write `docs/vectors` after the protocol was changed on purpose: `python -m tests.vectors`.

Prints which files have changed. Run by hand only.
"""

from tests.vectors import FOLDER, contents, links, load, reports, seals, signed, strict_cbor
from tests.vectors.encoding import Fields, pad, written

PICTURES = FOLDER.parents[1] / "kiosk" / "protocol" / "picture_code.toml"


def files() -> dict[str, Fields]:
    """All files by their names."""
    made = {
        "cbor": strict_cbor.strict_cbor(),
        "padding": links.padding(),
        "report": reports.report(),
        "voice": reports.voice(),
        "answer": reports.answer(),
        "health": reports.health(),
        "settings": contents.settings(),
        "withdrawal": contents.withdrawal(),
        "notice": contents.notice(),
        "sound": contents.sound(),
        "library": contents.library(),
        "loudspeaker": contents.loudspeaker(),
        "manifest": signed.manifest(),
        "message": signed.message(),
        "picture_code": seals.picture_code(seals.pictures_of(PICTURES)),
        "link_keys": links.link_keys(),
        "carry": links.carry(),
        "at_rest": seals.at_rest(),
        "hpke": seals.hpke(),
    }
    old = load("seal") if (FOLDER / "seal.json").exists() else {}
    made["seal"] = seals.seal(
        old,
        report=_padded(made["report"], "urgent, with an answer key", reports.ICONS),
        answer=_padded(made["answer"], "full", reports.ANSWER),
    )
    sealed_report = bytes.fromhex(made["seal"]["cases"][0]["sealed"])
    made["phone"] = seals.phone(sealed_report)
    made["cells"] = links.cells(
        sealed_report,
        health=_padded(made["health"], "full", reports.HEALTH),
        message=_padded(made["message"], "notice", signed.DOWN_BODY),
    )
    return made


def main() -> None:
    """Write what differs."""
    for name, content in files().items():
        path = FOLDER / f"{name}.json"
        text = written(content)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(f"{path.relative_to(FOLDER.parents[1])} has changed")


def _padded(content: Fields, name: str, size: int) -> bytes:
    (case,) = (case for case in content["cases"] if case["name"] == name)
    return pad(bytes.fromhex(case["hex"]), size)


if __name__ == "__main__":
    main()
