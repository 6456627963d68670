"""Demo, English: synthetic speech that proves the pipeline, not the science.

Origin: eight voices of the speech synthesiser eSpeak NG say five sentences in four emotions, 160
recordings, 22.05 kHz mono. The emotions are nothing but the table of prosody in this module.
Obtain: made in the root when it is first read, by pip install "mdat-keras[demo]"; remove the
folder to make it anew.
Licence: the speech is yours to use as you like; eSpeak NG itself is under GPL 3.0 or later.
Layout: f1_angry_1.wav, which is speaker f1, angry and the first sentence.
Oddities: scores on this corpus say nothing about people. Against the
other languages, emotions are understated and anger is low.
Citation: eSpeak NG, https://github.com/espeak-ng/espeak-ng.
"""

from functools import partial

from mdat_data.demo import Prosody, read_demo

LANGUAGE = "en"
SENTENCES = (
    "The train leaves at eight.",
    "The window is still open.",
    "We will meet again tomorrow.",
    "The book is on the table.",
    "They are coming home today.",
)
PROSODY = {
    "angry": Prosody(rate=185, volume=120, pitch=40, range=65),
    "happy": Prosody(rate=195, volume=100, pitch=65, range=80),
    "neutral": Prosody(rate=175, volume=90, pitch=45, range=40),
    "sad": Prosody(rate=150, volume=75, pitch=35, range=20),
}
LABELS = {emotion: emotion for emotion in PROSODY}

read = partial(read_demo, language=LANGUAGE, sentences=SENTENCES, prosody=PROSODY)
