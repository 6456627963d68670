"""Demo, German: synthetic speech that proves the pipeline, not the science.

Origin: eight voices of the speech synthesiser eSpeak NG say five sentences in four emotions, 160
recordings, 22.05 kHz mono. The emotions are nothing but the table of prosody in this module.
Obtain: made in the root when it is first read, by pip install "mdat-keras[demo]"; remove the
folder to make it anew.
Licence: the speech is yours to use as you like; eSpeak NG itself is under GPL 3.0 or later.
Layout: f1_angry_1.wav, which is speaker f1, angry and the first sentence.
Oddities: scores on this corpus say nothing about people. Against the
other languages, sadness is slowest and anger is marked by loudness.
Citation: eSpeak NG, https://github.com/espeak-ng/espeak-ng.
"""

from functools import partial

from mdat_data.demo import Prosody, read_demo

LANGUAGE = "de"
SENTENCES = (
    "Der Bus kommt heute später.",
    "Das Fenster steht noch offen.",
    "Wir treffen uns um sieben.",
    "Der Brief liegt auf dem Tisch.",
    "Morgen fahren wir nach Hause.",
)
PROSODY = {
    "angry": Prosody(rate=205, volume=130, pitch=45, range=75),
    "happy": Prosody(rate=190, volume=105, pitch=70, range=80),
    "neutral": Prosody(rate=175, volume=90, pitch=48, range=45),
    "sad": Prosody(rate=140, volume=65, pitch=38, range=25),
}
LABELS = {emotion: emotion for emotion in PROSODY}

read = partial(read_demo, language=LANGUAGE, sentences=SENTENCES, prosody=PROSODY)
