"""Demo, English: synthetic speech for trying the programs, not for science.

Origin: eight voices of the speech synthesiser eSpeak NG say five sentences in four emotions, 160
recordings, 22.05 kHz mono. Only the prosody table of this module makes the emotions.
Obtain: pip install "mdat-keras[demo]"; the first reading synthesises the folder. Remove it to
synthesise it again.
Licence: the speech is yours to use as you like; eSpeak NG itself is under GPL 3.0 or later.
Layout: f1_angry_1.wav, which is speaker f1, angry and the first sentence.
Oddities: scores on this corpus say nothing about human speech. Among the four
languages this one has a low, slow anger and a joy that is hardly loud.
Citation: eSpeak NG, https://github.com/espeak-ng/espeak-ng.
"""

from functools import partial

from mdat_data.corpus import Size
from mdat_data.readers.demo import ESPEAK_NG, Prosody, read_demo

LANGUAGE = "en"
SIZE = Size(recordings=160, speakers=8, hours=0.06)
SENTENCES = (
    "The train leaves at eight.",
    "The window is still open.",
    "We will meet again tomorrow.",
    "The book is on the table.",
    "They are coming home today.",
)
PROSODY = {
    "angry": Prosody(rate=170, volume=112, pitch=38, range=60),
    "happy": Prosody(rate=190, volume=92, pitch=60, range=85),
    "neutral": Prosody(rate=180, volume=96, pitch=44, range=40),
    "sad": Prosody(rate=150, volume=78, pitch=46, range=22),
}
LABELS = {emotion: emotion for emotion in PROSODY}
BIBTEX = ESPEAK_NG

read = partial(read_demo, language=LANGUAGE, sentences=SENTENCES, prosody=PROSODY)
