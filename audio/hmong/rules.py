"""eSpeak NG's dictionary source for Hmong, written from the tables of letters and sounds.

The syntax is that of eSpeak NG's docs/dictionary.md: `_` is a word's end, `K` no vowel, `L01` a
letter group. eSpeak spells a word that has no vowel among its first letters, so the longest
onsets and the vowel w are first replaced by single letters.
"""

from collections import defaultdict
from collections.abc import Iterator

from audio.hmong.phonemes import Sounds, spoken

SINGLE = {"ntsh": "ņ", "ntxh": "ň", "nplh": "ń", "ndlh": "ñ", "w": "ù"}
VOWELS = "a e i o u ù"


def rules(sounds: Sounds) -> str:
    """The text of hmn_rules."""
    groups: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for letters, rule in _rules(sounds):
        groups[letters[0]].append((letters, rule))
    lines = [f".L01 {VOWELS}", ".replace"]
    lines += [f"  {letters}  {single}" for letters, single in SINGLE.items()]
    for first in sorted(groups):
        lines += ["", f".group {first}"]
        lines += [rule for _, rule in sorted(groups[first], key=lambda item: -len(item[0]))]
    return "\n".join(lines) + "\n"


def _rules(sounds: Sounds) -> Iterator[tuple[str, str]]:
    for onset, phonemes in sounds["onsets"].items():
        letters = SINGLE.get(onset, onset)
        yield letters, f"       {letters}      {phonemes}"
    for rime, sound in sounds["rimes"].items():
        letters = rime.replace("w", SINGLE["w"])
        yield letters, f"       {letters}      {spoken(sound)}"
        for tone, quality in sounds["tones"].items():
            if "voice" in quality:
                heard = spoken(sound, quality["voice"])
                yield letters, f"       {letters} ({tone}_    {heard}"
                yield letters, f"       {letters} ({tone}K    {heard}"
    for tone, sound in sounds["tones"].items():
        if not tone:
            continue
        yield tone, f"  L01) {tone}       {sound['phoneme']}"
        if tone in sounds["onsets"]:
            yield tone, f"  L01) {tone} (L01  {sounds['onsets'][tone]}"
