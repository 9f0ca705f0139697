"""Faults that somebody might put into the page's script, as edits of one place each."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutant:
    """`old`, which stands exactly once in `file`, becomes `new`."""

    name: str
    file: str
    old: str
    new: str

    def apply(self, web: Path) -> None:
        """Edit the copy of the script in `web`; AssertionError where the edit does not fit."""
        path = web / self.file
        source = path.read_text("utf-8")
        assert source.count(self.old) == 1, f"{self.name}: not exactly once in {self.file}"
        path.write_text(source.replace(self.old, self.new), "utf-8")


HOME = """home({ language }) {
  return go({ ...newVisit(), language }, "menu")"""

MUTANTS = (
    Mutant(
        "Back keeps answers",
        "visit.js",
        "return { ...last, language, text, photo,",
        "return { ...last, answers: visit.answers, language, text, photo,",
    ),
    Mutant(
        "Home keeps typed text and answers",
        "visit.js",
        HOME,
        HOME.replace("language }", "language, text, answers }"),
    ),
    Mutant(
        "Home keeps the photo",
        "visit.js",
        HOME,
        HOME.replace("language }", "language, photo }"),
    ),
    Mutant(
        "a procedure goes on while filing is shut",
        "visit.js",
        "if (question.ends && !site.open)",
        "if (false)",
    ),
    Mutant(
        "a box opens while filing is shut",
        "visit.js",
        'if (["report", "reply"].includes(kind) && !site.open)',
        "if (false)",
    ),
    Mutant(
        "Back at the start keeps the language and what was typed",
        "visit.js",
        'if (!last || last.screen === "start") return newVisit()',
        "if (!last) return newVisit()",
    ),
    Mutant(
        "the quick exit leaves a way back to the menu",
        "visit.js",
        'return go({ ...newVisit(), language }, "notices")',
        'return go(home({ language }), "notices")',
    ),
    Mutant(
        "a change reads back before what it asks again is answered",
        "visit.js",
        'if (question) return go(visit, "question", question)',
        'if (question && visit.history.every(({ screen }) => screen !== "extra"))'
        ' return go(visit, "question", question)',
    ),
    Mutant(
        "words and photo are asked for again after each change",
        "visit.js",
        "go(visit, told ?",
        "go(visit, false ?",
    ),
    Mutant(
        "a choice adds no questions",
        "flow.js",
        'expand(questionnaire.questions[name].then[given.get(name) ?? ""] ?? [])',
        "",
    ),
    Mutant(
        "danger does not stay on the path when a change takes its question away",
        "flow.js",
        "if (questionnaire.questions[name].yes === choice) found.add(name)",
        "",
    ),
    Mutant(
        "an answer stays when a change takes its question away",
        "flow.js",
        "return path(questionnaire, box, [...given]).flatMap(",
        "return [...new Set([...path(questionnaire, box, [...given]), ...given.keys()])].flatMap(",
    ),
    Mutant(
        "the station's villages come last",
        "flow.js",
        "[...where.choices.slice(0, -1), ...named, ...where.choices.slice(-1)]",
        "[...where.choices, ...named]",
    ),
    Mutant(
        "nothing more is reported as a fact",
        "flow.js",
        ".filter((choice) => choice !== questionnaire.nothingMore)",
        "",
    ),
    Mutant(
        "nobody is urgent",
        "flow.js",
        "answers.some(([name, choice]) => questionnaire.questions[name].yes === choice)",
        "false",
    ),
    Mutant(
        "a text of 24 bytes has the wrong head",
        "cbor.js",
        "if (count < 24)",
        "if (count <= 24)",
    ),
    Mutant(
        "two fields change places",
        "report.js",
        '[4, last("where")]',
        '[5, last("where")]',
    ),
    Mutant(
        "the padding begins a byte late",
        "report.js",
        "padded[bytes.length] = 0x80",
        "padded[bytes.length + 1] = 0x80",
    ),
    Mutant(
        "a reply is sent with a new code",
        "main.js",
        "const answerKey = filing.proven ?? fresh?.key ?? null",
        "const answerKey = fresh?.key ?? null",
    ),
    Mutant(
        "a second try seals a second report",
        "main.js",
        'const sealed = visit.screen === "fault" ? visit.sealed : null',
        "const sealed = null",
    ),
    Mutant(
        "what could not be sent before was left is sealed all the same",
        "main.js",
        "if (signal.aborted) throw signal.reason",
        "",
    ),
    Mutant(
        "the answer to a code follows after the quick exit",
        "main.js",
        "if (!signal.aborted) show(coding.told(visit, heard))",
        "show(coding.told(visit, heard))",
    ),
    Mutant(
        "the phone keeps a photo that is no longer shown",
        "main.js",
        "if (visit.photo && visit.photo !== next.photo) URL.revokeObjectURL(visit.photo.address)",
        "",
    ),
    Mutant(
        "a code is right when one picture of it is",
        "coding.js",
        "visit.entered.every(",
        "visit.entered.some(",
    ),
    Mutant(
        "Back leads into a code that was entered",
        "coding.js",
        "!ENTRY.includes(left.screen)",
        "left.screen",
    ),
    Mutant(
        "a mis-tap is looked for",
        "picture_code.js",
        "pictures[check] === code.at(-1)",
        "true",
    ),
    Mutant(
        "an answer that changes nothing is not offered for change",
        "screens.js",
        "grid(...state.answers.map(",
        'grid(...state.answers.filter(([, choice]) => choice !== "nothing_more").map(',
    ),
)
