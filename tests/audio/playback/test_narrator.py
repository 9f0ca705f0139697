"""The narrator reads clause after clause and drops everything at a touch."""

from collections.abc import Callable

from audio.playback.narrator import Narrator
from audio.speech.voice import Clause, Manner

PROMPT = Clause("Việc đó ở đâu?", "vi")
FOREST = Clause("Trong rừng", "vi", "choice:forest")


class Voice:
    def __init__(self) -> None:
        self.said: list[str] = []
        self.stops = 0
        self.ended: Callable[[], None] = lambda: None

    def say(self, clause: Clause, manner: Manner, ended: Callable[[], None]) -> None:
        self.said.append(clause.text)
        self.ended = ended

    def stop(self) -> None:
        self.stops += 1

    def close(self) -> None:
        pass


def narrator() -> tuple[Narrator, Voice, list[str | None], list[bool]]:
    voice = Voice()
    targets: list[str | None] = []
    ends: list[bool] = []
    reader = Narrator(voice, lambda call: call(), targets.append, lambda: ends.append(True))
    return reader, voice, targets, ends


def test_clauses_come_one_after_the_other_and_end_once() -> None:
    reader, voice, targets, ends = narrator()
    reader.read([PROMPT, FOREST], Manner())
    assert voice.said == [PROMPT.text]
    voice.ended()
    assert voice.said == [PROMPT.text, FOREST.text]
    assert ends == []
    voice.ended()
    assert targets == [None, "choice:forest", None]
    assert ends == [True]


def test_hush_is_no_end_of_speech_and_a_late_voice_is_ignored() -> None:
    reader, voice, targets, ends = narrator()
    reader.read([PROMPT, FOREST], Manner())
    late = voice.ended
    reader.hush()
    late()
    assert voice.said == [PROMPT.text]
    assert voice.stops == 1
    assert ends == []
    assert targets[-1] is None


def test_a_new_reading_replaces_the_old_one() -> None:
    reader, voice, _, _ = narrator()
    reader.read([PROMPT, FOREST], Manner())
    late = voice.ended
    reader.read([FOREST], Manner())
    late()
    assert voice.said == [PROMPT.text, FOREST.text]
