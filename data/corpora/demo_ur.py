"""Demo, Urdu: synthetic speech that proves the pipeline, not the science.

Origin: eight voices of the speech synthesiser eSpeak NG say five sentences in four emotions, 160
recordings, 22.05 kHz mono. The emotions are nothing but the table of prosody in this module.
Obtain: made in the root when it is first read, by pip install "mdat-keras[demo]"; remove the
folder to make it anew.
Licence: the speech is yours to use as you like; eSpeak NG itself is under GPL 3.0 or later.
Layout: f1_angry_1.wav, which is speaker f1, angry and the first sentence.
Oddities: scores on this corpus say nothing about people. Against the
other languages, anger is slow and sadness is neither low nor slow.
Citation: eSpeak NG, https://github.com/espeak-ng/espeak-ng.
"""

from functools import partial

from mdat_data.demo import Prosody, read_demo

LANGUAGE = "ur"
SENTENCES = (
    "آج موسم بہت اچھا ہے۔",
    "میں کل بازار جاؤں گا۔",
    "کتاب میز پر رکھی ہے۔",
    "وہ ابھی گھر آیا ہے۔",
    "ہم شام کو چائے پیتے ہیں۔",
)
PROSODY = {
    "angry": Prosody(rate=170, volume=135, pitch=55, range=60),
    "happy": Prosody(rate=200, volume=120, pitch=62, range=75),
    "neutral": Prosody(rate=180, volume=110, pitch=45, range=55),
    "sad": Prosody(rate=160, volume=70, pitch=50, range=35),
}
LABELS = {emotion: emotion for emotion in PROSODY}

read = partial(read_demo, language=LANGUAGE, sentences=SENTENCES, prosody=PROSODY)
