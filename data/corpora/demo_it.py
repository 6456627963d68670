"""Demo, Italian: synthetic speech that proves the pipeline, not the science.

Origin: eight voices of the speech synthesiser eSpeak NG say five sentences in four emotions, 160
recordings, 22.05 kHz mono. The emotions are nothing but the table of prosody in this module.
Obtain: made in the root when it is first read, by pip install "mdat-keras[demo]"; remove the
folder to make it anew.
Licence: the speech is yours to use as you like; eSpeak NG itself is under GPL 3.0 or later.
Layout: f1_angry_1.wav, which is speaker f1, angry and the first sentence.
Oddities: scores on this corpus say nothing about people. Against the
other languages, everything is livelier and anger is as high as joy.
Citation: eSpeak NG, https://github.com/espeak-ng/espeak-ng.
"""

from functools import partial

from mdat_data.demo import Prosody, read_demo

LANGUAGE = "it"
SENTENCES = (
    "Il treno parte alle otto.",
    "La finestra è ancora aperta.",
    "Ci vediamo domani sera.",
    "Il libro è sul tavolo.",
    "Oggi andiamo al mercato.",
)
PROSODY = {
    "angry": Prosody(rate=215, volume=130, pitch=65, range=85),
    "happy": Prosody(rate=200, volume=115, pitch=72, range=95),
    "neutral": Prosody(rate=185, volume=105, pitch=52, range=60),
    "sad": Prosody(rate=150, volume=85, pitch=42, range=35),
}
LABELS = {emotion: emotion for emotion in PROSODY}

read = partial(read_demo, language=LANGUAGE, sentences=SENTENCES, prosody=PROSODY)
