"""Demo, Urdu: synthetic speech for trying the programs, not for science.

Origin: eight voices of the speech synthesiser eSpeak NG say five sentences in four emotions, 160
recordings, 22.05 kHz mono. Only the prosody table of this module makes the emotions.
Obtain: pip install "mdat-keras[demo]"; the first reading synthesises the folder. Remove it to
synthesise it again.
Licence: the speech is yours to use as you like; eSpeak NG itself is under GPL 3.0 or later.
Layout: f1_angry_1.wav, which is speaker f1, angry and the first sentence.
Oddities: scores on this corpus say nothing about human speech. Among the four
languages this one has a loud but slow anger and a sadness that is not low.
Citation: eSpeak NG, https://github.com/espeak-ng/espeak-ng.
"""

from functools import partial

from mdat_data.corpus import Size
from mdat_data.readers.demo import ESPEAK_NG, Prosody, read_demo

LANGUAGE = "ur"
SIZE = Size(recordings=160, speakers=8, hours=0.06)
SENTENCES = (
    "آج موسم بہت اچھا ہے۔",
    "میں کل بازار جاؤں گا۔",
    "کتاب میز پر رکھی ہے۔",
    "وہ ابھی گھر آیا ہے۔",
    "ہم شام کو چائے پیتے ہیں۔",
)
PROSODY = {
    "angry": Prosody(rate=172, volume=132, pitch=56, range=62),
    "happy": Prosody(rate=202, volume=120, pitch=64, range=78),
    "neutral": Prosody(rate=182, volume=108, pitch=46, range=55),
    "sad": Prosody(rate=158, volume=72, pitch=50, range=36),
}
LABELS = {emotion: emotion for emotion in PROSODY}
BIBTEX = ESPEAK_NG

read = partial(read_demo, language=LANGUAGE, sentences=SENTENCES, prosody=PROSODY)
