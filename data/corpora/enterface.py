"""eNTERFACE'05, audio-visual emotions in English.

Origin: participants of 14 nations, not actors, hear a story and react with one of five sentences in
six emotions, in English; 1,263 films (AVI) of 43 people, 48 kHz.
Obtain: http://www.enterface.net/enterface05 (project2_database.zip); unpack it into the root. The
sound of the films is read through the extra `media`.
Licence: none is stated with the films; the paper offers them for scientific research.
Layout: subject 1/anger/sentence 1/s1_an_1.avi, which is subject 1, anger and sentence 1; an is
anger, di disgust, fe fear, ha happiness, sa sadness, su surprise.
Oddities: a sentence belongs to one emotion, so the text gives the emotion away. Subject 6 has one
film of about a minute for each emotion, without a transcript. There is no subject 12: the names of
subject 11 begin with s12. Other slips of names are s_3_ha_1, s16_su_3avi and s2_an_1, which is
sentence 2. Folders are believed, and ids are made of them. Subject 23 lacks three films. The sexes
are not given (published: 81 % men). Some say "him" where others say "her".
Citation: O. Martin, I. Kotsia, B. Macq, I. Pitas: The eNTERFACE'05 audio-visual emotion database.
International Conference on Data Engineering Workshops 2006.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "en"
SIZE = Size(recordings=1263, speakers=43, hours=1.1)
LABELS = {
    "an": "angry",
    "di": "disgust",
    "fe": "fear",
    "ha": "happy",
    "sa": "sad",
    "su": "surprise",
}
BIBTEX = """
@inproceedings{martin2006enterface,
  author    = {Martin, Olivier and Kotsia, Irene and Macq, Benoit and Pitas, Ioannis},
  title     = {The {eNTERFACE'05} audio-visual emotion database},
  booktitle = {International Conference on Data Engineering Workshops},
  year      = {2006},
  doi       = {10.1109/ICDEW.2006.145}
}
"""
SENTENCES = {
    "an1": "What??? No, no, no, listen! I need this money!",
    "an2": "I don't care about your coffee! Please serve me!",
    "an3": "I can have you fired you know!",
    "an4": "Is your coffee more important than my money?",
    "an5": "You're getting paid to work, not drink coffee!",
    "di1": "That's horrible! I'll never eat noodles again.",
    "di2": "Something is moving inside my plate.",
    "di3": "Aaaaah a cockroach!!!",
    "di4": "Eeeek, this is disgusting!!!",
    "di5": "That's gross!",
    "fe1": "Oh my god, there is someone in the house!",
    "fe2": "Someone is climbing up the stairs.",
    "fe3": "Please don't kill me...",
    "fe4": "I'm not alone! Go away!",
    "fe5": "I have nothing to give you! Please don't hurt me!",
    "ha1": "That's great, I'm rich now!!!",
    "ha2": "I won: this is great! I'm so happy!!",
    "ha3": "Wahoo... This is so great.",
    "ha4": "I'm so lucky!",
    "ha5": "I'm so excited!",
    "sa1": "Life won't be the same now.",
    "sa2": "Oh no, tell me this is not true, please!",
    "sa3": "Everything was so perfect! I just don't understand!",
    "sa4": "I still loved him.",
    "sa5": "He was my life.",
    "su1": "You have never told me that!",
    "su2": "I didn't expect that!",
    "su3": "Wahoo, I would never have believed this!",
    "su4": "I never saw that coming!",
    "su5": "Oh my God, that's so weird!",
}
NAME = (
    r"subject (?P<speaker>\d+)/[a-z]+/(?:sentence (?P<sentence>[1-5])/)?"
    rf"s_?\d+_(?P<label>{'|'.join(LABELS)})(?:_\d)?(?:avi)?"
)


def read(root: Path) -> Reading:
    """Read the films that are there, or recordings that were made of them."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    sentence = name["sentence"] or ""
    return replace(
        utterance,
        id="_".join(filter(None, [f"s{utterance.speaker}", name["label"], sentence])),
        transcript=SENTENCES.get(name["label"] + sentence, ""),
        sentence=name["label"] + sentence if sentence else "",
    )
