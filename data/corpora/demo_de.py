"""Demo, German: synthetic speech for trying the programs, not for science.

Origin: eight voices of the speech synthesiser eSpeak NG say five sentences in four emotions, 160
recordings, 22.05 kHz mono. Only the prosody table of this module makes the emotions.
Obtain: pip install "mdat-keras[demo]"; the first reading synthesises the folder. Remove it to
synthesise it again.
Licence: the speech is yours to use as you like; eSpeak NG itself is under GPL 3.0 or later.
Layout: f1_angry_1.wav, which is speaker f1, angry and the first sentence.
Oddities: scores on this corpus say nothing about human speech. Among the four
languages this one has the quietest and slowest sadness, a low anger and a quick, high joy.
Citation: eSpeak NG, https://github.com/espeak-ng/espeak-ng.
"""

from functools import partial

from mdat_data.corpus import Size
from mdat_data.readers.demo import ESPEAK_NG, Prosody, read_demo

LANGUAGE = "de"
SIZE = Size(recordings=160, speakers=8, hours=0.06)
SENTENCES = (
    "Der Bus kommt heute später.",
    "Das Fenster steht noch offen.",
    "Wir treffen uns um sieben.",
    "Der Brief liegt auf dem Tisch.",
    "Morgen fahren wir nach Hause.",
)
PROSODY = {
    "angry": Prosody(rate=186, volume=132, pitch=36, range=66),
    "happy": Prosody(rate=206, volume=96, pitch=74, range=84),
    "neutral": Prosody(rate=168, volume=86, pitch=47, range=42),
    "sad": Prosody(rate=140, volume=68, pitch=40, range=25),
}
LABELS = {emotion: emotion for emotion in PROSODY}
BIBTEX = ESPEAK_NG

read = partial(read_demo, language=LANGUAGE, sentences=SENTENCES, prosody=PROSODY)
