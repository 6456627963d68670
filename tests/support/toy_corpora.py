"""Toy copies of the corpora that many tests use: true layouts and oddities, with tones as voices.

The contract test finds the writer of a corpus by its name, `write_<module>`: here, or in the own
test of the corpus.
"""

import wave
import zlib
from itertools import product
from pathlib import Path

import numpy as np
import soundfile

HERTZ = {"angry": 500, "happy": 400, "neutral": 300, "sad": 200}
NEMO_EMOTIONS = {"anger": "angry", "happiness": "happy", "neutral": "neutral", "sadness": "sad"}
NEMO_HEADER = "file_id\temotion\traw_text\tnormalized_text\tspeaker_id\tgender\tage\n"


def write_wav(path: Path, emotion: str, rate: int = 16000, channels: int = 1) -> None:
    """Write 0.2 to 0.4 s of a noisy tone whose pitch depends on the emotion, always the same."""
    rng = np.random.default_rng(zlib.crc32(path.name.encode()))
    steps = np.arange(int(rate * rng.uniform(0.2, 0.4)))
    tone = np.sin(2 * np.pi * HERTZ.get(emotion, 100) * steps / rate)
    signal = 8000 * tone + rng.normal(scale=800, size=steps.size)
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(signal, channels).astype("<i2").tobytes())


def write_emodb(root: Path) -> None:
    """Four speakers, four emotions, two sentences, and one recording of each other emotion."""
    letters = {"W": "angry", "F": "happy", "N": "neutral", "T": "sad"}
    for speaker, letter, sentence in product(("03", "08", "09", "10"), letters, ("a01", "b02")):
        write_wav(root / f"wav/{speaker}{sentence}{letter}a.wav", letters[letter])
    write_wav(root / "wav/03a01Lb.wav", "boredom")
    write_wav(root / "wav/08a02Ec.wav", "disgust")
    write_wav(root / "wav/09b10Ad.wav", "fear")


def write_emovo(root: Path) -> None:
    """Four speakers, four emotions, two sentences, and one recording of each other emotion.

    All recordings are stereo except one, which is mono.
    """
    codes = {"rab": "angry", "gio": "happy", "neu": "neutral", "tri": "sad"}
    for speaker, code, sentence in product(("f1", "f2", "m1", "m2"), codes, ("b1", "n4")):
        channels = 1 if (speaker, code, sentence) == ("m1", "tri", "b1") else 2
        path = root / f"{speaker}/{code}-{speaker}-{sentence}.wav"
        write_wav(path, codes[code], rate=48000, channels=channels)
    write_wav(root / "f1/dis-f1-d2.wav", "disgust", rate=48000, channels=2)
    write_wav(root / "f3/pau-f3-l2.wav", "fear", rate=48000, channels=2)
    write_wav(root / "m3/sor-m3-l3.wav", "surprise", rate=48000, channels=2)


def write_urdu(root: Path, clips: int = 2) -> None:
    """Four speakers, four emotions, `clips` recordings of each, and a README."""
    folders = ("Angry", "Happy", "Neutral", "Sad")
    for folder, (number, speaker) in product(folders, enumerate(("SM1", "SM2", "SF1", "SF2"))):
        for clip in range(1, clips + 1):
            name = f"{speaker}_F{clip}_{folder[0]}{clips * number + clip:02d}.wav"
            write_wav(root / folder / name, folder.lower(), rate=44100)
    (root / "README.md").write_text("For research only.", encoding="utf-8")


def write_nemo(root: Path) -> None:
    """Four speakers, four emotions, two sentences, one of each other emotion; some are FLAC."""
    said = [*product(("EB0", "KD0", "MP0", "TP0"), NEMO_EMOTIONS, (1, 2))]
    said += [("EB0", "fear", 3), ("KD0", "surprise", 3)]
    lines = [NEMO_HEADER]
    for speaker, emotion, sentence in said:
        name = f"{speaker}_{emotion}_{sentence}"
        cells = (
            f"{name}.wav",
            emotion,
            f'"{sentence}" mówi.',
            "mówi",
            f"   {speaker}",
            "male",
            "24",
        )
        lines.append("\t".join(cells) + "\n")
        path = root / f"samples/{name}.wav"
        write_wav(path, NEMO_EMOTIONS.get(emotion, "other"), rate=24_000)
        if speaker == "MP0":
            samples, rate = soundfile.read(path)
            soundfile.write(path.with_suffix(".flac"), samples, rate)
            path.unlink()
    (root / "data.tsv").write_text("".join(lines), encoding="utf-8")


def write_iemocap(root: Path) -> None:
    """Five sessions, each two speakers, four emotions and two turns, and every oddity.

    Improvised and scripted dialogues; among the oddities are single raters' lines and files, turns
    without a label, lines without a turn, tags, colons, a byte that is not UTF-8, and files
    that another system's archiver leaves behind.
    """
    release = root / "IEMOCAP_full_release"
    for session in range(1, 6):
        for name in ("impro01", "script01_1"):
            _write_dialog(release, session, f"Ses0{session}F_{name}", _turns())
    odd = {
        "F000": ("xxx", "Hm."),
        "F001": ("oth", "Well."),
        "F002": ("exc", "[LAUGHTER] He said: now! [BREATHING]"),
        "F003": ("fru", "caf\udce9"),
        "F004": ("neu", "[BREATHING] I [LAUGHTER]: so]: what? [GARBAGE]"),
        "M000": ("sur", "[GARBAGE]"),
        "M001": ("fea", "No."),
        "M002": ("dis", "Yuck."),
    }
    _write_dialog(release, 1, "Ses01M_impro05b", odd)
    _write_dialog(release, 5, "Ses05M_script01_1b", {"F000": ("neu", "Where is it?")})
    session = release / "Session1"
    for left in ("dialog/EmoEvaluation/._Ses01F_impro01.txt", "dialog/transcriptions/._Ses01F.txt"):
        (session / left).write_bytes(b"\x00\x05\x16\x07")
    (session / "sentences/wav/Ses01F_impro01/._Ses01F_impro01_F000.wav").write_bytes(b"\x00\x05")
    for folder, ending in (("Categorical", "e2_cat"), ("Attribute", "e1_atr")):
        path = session / f"dialog/EmoEvaluation/{folder}/Ses01F_impro01_{ending}.txt"
        path.parent.mkdir()
        path.write_text(
            "[6.2901 - 8.2357]\tSes01F_impro01_F900\tang\t[2.5, 2.5, 2.5]\n", encoding="utf-8"
        )


Turns = dict[str, tuple[str, str]]
"""The end of a turn's id -> its label and words."""


def _turns() -> Turns:
    labels = ("neu", "ang", "hap", "sad")
    return {
        f"{letter}00{number}": (label, "Excuse me." if number == 0 else f"It is {number}.")
        for letter in "FM"
        for number, label in enumerate(labels)
    }


def _write_dialog(release: Path, session: int, dialog: str, turns: Turns) -> None:
    emotions = {"ang": "angry", "hap": "happy", "neu": "neutral", "sad": "sad"}
    labels = ["% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n\n"]
    words = []
    for second, (turn, (label, text)) in enumerate(turns.items()):
        labels += [
            f"[{second}.2901 - {second + 1}.2357]\t{dialog}_{turn}\t{label}\t[2.5, 2.5, 2.5]\n",
            "C-E2:\tNeutral;\t()\nA-E3:\tval 3; act 2; dom  2;\t()\n\n",
        ]
        words.append(f"{dialog}_{turn} [00{second}.2901-00{second + 1}.2357]: {text}\n")
        write_wav(
            release / f"Session{session}/sentences/wav/{dialog}/{dialog}_{turn}.wav",
            emotions.get(label, "other"),
        )
    words += [
        f"{dialog}_MXX0 [090.0000-091.0000]: Uh.\n",
        f"{dialog}_FXX1 [091.0000-092.0000]: [BREATHING]\n",
        "M: [LAUGHTER]\n",
        "F: [090.0000-091.0000]: Hello.\n",
    ]
    for folder, lines in (("EmoEvaluation", labels), ("transcriptions", words)):
        path = release / f"Session{session}/dialog/{folder}/{dialog}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8", errors="surrogateescape")
