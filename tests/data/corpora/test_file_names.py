"""What the names of the corpora say, and the oddities that their documentation mentions."""

from pathlib import Path
from typing import Any

import pytest

from mdat_data.corpora import read_corpus
from mdat_data.corpus import FOREIGN, Corpus
from mdat_data.readers.file_names import COPY


def read(name: str, root: Path, *paths: str) -> Corpus:
    """A corpus of some empty files."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return read_corpus(name, root)


@pytest.mark.parametrize(
    ("name", "path", "facts"),
    [
        (
            "ravdess",
            "Actor_12/03-01-06-01-02-01-12.wav",
            {
                "id": "03-01-06-01-02-01-12",
                "transcript": "Dogs are sitting by the door.",
                "emotion": "fear",
                "speaker": "12",
                "language": "en",
                "sex": "female",
            },
        ),
        (
            "cremad",
            "AudioWAV/1001_IEO_ANG_HI.wav",
            {
                "id": "1001_IEO_ANG_HI",
                "transcript": "It's eleven o'clock.",
                "emotion": "angry",
                "speaker": "1001",
                "language": "en",
                "sex": "male",
            },
        ),
        (
            "tess",
            "YAF_bite_ps.wav",
            {
                "id": "YAF_bite_ps",
                "transcript": "Say the word bite.",
                "emotion": "surprise",
                "speaker": "YAF",
                "sex": "female",
            },
        ),
        ("tess", "OA_bite_neutral.wav", {"id": "OAF_bite_neutral", "speaker": "OAF"}),
        (
            "savee",
            "AudioData/JK/sa03.wav",
            {"id": "JK_sa03", "emotion": "sad", "speaker": "JK", "sex": "male", "transcript": ""},
        ),
        ("savee", "DC_su15.wav", {"id": "DC_su15", "emotion": "surprise", "speaker": "DC"}),
        (
            "shemo",
            "male/M02W03.wav",
            {"id": "M02W03", "emotion": "surprise", "speaker": "M02", "language": "fa"},
        ),
        (
            "cafe",
            "CaFE_48k/Dégoût/Fort/02-D-2-5.wav",
            {
                "id": "02-D-2-5",
                "transcript": "Cinq pumas fiers et passionnés.",
                "emotion": "disgust",
                "speaker": "02",
                "language": "fr",
                "sex": "female",
            },
        ),
        ("cafe", "CaFE_192k/D‚go–t/Fort/02-D-2-5.aiff", {"id": "02-D-2-5", "emotion": "disgust"}),
        (
            "aesdd",
            "anger/a06 (5)b.wav",
            {"id": "a06 (5)b", "emotion": "angry", "speaker": "5", "language": "el", "sex": ""},
        ),
        ("aesdd", "fear/f10 (01).wav", {"id": "f10 (01)", "emotion": "fear", "speaker": "1"}),
        (
            "subesco",
            "F_02_MONIKA_S_2_SURPRISE_3].wav",
            {
                "id": "F_02_MONIKA_S_2_SURPRISE_3",
                "emotion": "surprise",
                "speaker": "F_02",
                "language": "bn",
                "sex": "female",
            },
        ),
        (
            "mesd",
            "Neutral_C_A_basta_ya.wav",
            {
                "id": "Neutral_C_A_basta_ya",
                "transcript": "basta ya",
                "emotion": "neutral",
                "speaker": "C",
                "language": "es",
                "sex": "",
            },
        ),
        ("mesd", "Anger_M_B_ira.wav", {"speaker": "M", "sex": "male"}),
        (
            "ased",
            "04Sad/S4-04-02-01-29.wav",
            {
                "id": "S4-04-02-01-29",
                "emotion": "sad",
                "speaker": "29",
                "language": "am",
                "sex": "female",
            },
        ),
        ("ased", "02Fearful/f2-07-02-02-21.wav", {"speaker": "21", "sex": "female"}),
        (
            "turevdb",
            "Sound Source/Calm/1984_sk_ogul1.wav",
            {
                "id": "1984_sk_ogul1",
                "transcript": "ogul",
                "emotion": "calm",
                "speaker": "1984",
                "language": "tr",
            },
        ),
        (
            "oreau",
            "Ore\u0301auFR_02/m/sesss/07z03Sa.wav",
            {"id": "07z03Sa", "emotion": "surprise", "speaker": "07", "sex": "male"},
        ),
        (
            "emovdb",
            "bea/Sleepy/Sleepiness_1-28_0011.wav",
            {"id": "bea_sleepiness_1-28_0011", "emotion": "sleepy", "speaker": "bea"},
        ),
        (
            "casia",
            "相同文本300/ZhaoZuoxiang/fear/211.wav",
            {
                "id": "zhaozuoxiang_fear_211",
                "emotion": "fear",
                "speaker": "zhaozuoxiang",
                "language": "zh",
                "sex": "male",
            },
        ),
        (
            "polish",
            "m1.s_nie_2.wav",
            {
                "id": "m1.s_nie_2",
                "transcript": "nie",
                "emotion": "fear",
                "speaker": "m1",
                "language": "pl",
            },
        ),
        (
            "enterface",
            "subject 11/anger/sentence 1/s12_an_1.avi",
            {
                "id": "s11_an_1",
                "transcript": "What??? No, no, no, listen! I need this money!",
                "emotion": "angry",
                "speaker": "11",
                "language": "en",
            },
        ),
        (
            "enterface",
            "subject 2/anger/sentence 1/s2_an_2.avi",
            {"id": "s2_an_1", "transcript": "What??? No, no, no, listen! I need this money!"},
        ),
        ("enterface", "subject 16/surprise/sentence 3/s16_su_3avi.avi", {"id": "s16_su_3"}),
        ("enterface", "subject 3/fear/sentence 5/s_3_fe_5.avi", {"id": "s3_fe_5"}),
        (
            "enterface",
            "subject 6/sadness/s6_sa.avi",
            {"id": "s6_sa", "transcript": "", "emotion": "sad", "speaker": "6"},
        ),
        (
            "resd",
            "test/11_disgust_anger/11_anger_disgust a_041.wav",
            {
                "id": "11_anger_disgust a_041",
                "emotion": "angry",
                "speaker": "11a",
                "group": "11",
                "language": "ru",
            },
        ),
        (
            "resd",
            "train/x/37_enthusiasm_neutral_e_070.wav",
            {"emotion": "enthusiasm", "group": "37"},
        ),
        (
            "esd-en",
            "0013/Sad/evaluation/0013_001053.wav",
            {
                "id": "0013_001053",
                "emotion": "sad",
                "speaker": "0013",
                "language": "en",
                "sex": "male",
            },
        ),
        ("esd-zh", "0009/Angry/0009_000351.wav", {"language": "zh", "sex": "female"}),
    ],
)
def test_values(name: str, path: str, facts: dict[str, Any], tmp_path: Path) -> None:
    corpus = read(name, tmp_path, path)
    [utterance] = corpus.utterances
    assert {fact: getattr(utterance, fact) for fact in facts} == facts
    assert utterance.audio == tmp_path / path
    assert utterance.group == facts.get("group", utterance.speaker)


@pytest.mark.parametrize(
    ("name", "path", "sentence", "intensity"),
    [
        ("ravdess", "03-01-06-02-01-01-12.wav", "01", "strong"),
        ("ravdess", "03-01-01-01-02-01-12.wav", "02", "normal"),
        ("cremad", "AudioWAV/1001_IEO_ANG_HI.wav", "IEO", "high"),
        ("cremad", "AudioWAV/1001_TAI_ANG_XX.wav", "TAI", ""),
        ("cafe", "01-C-1-2.wav", "2", "mild"),
        ("cafe", "01-N-1-2.wav", "2", ""),
        ("tess", "OAF_back_angry.wav", "back", ""),
        ("aesdd", "fear/f10 (01).wav", "10", ""),
        ("subesco", "F_02_MONIKA_S_1_NEUTRAL_5.wav", "1", ""),
        ("emovdb", "bea_Angry/anger_1-28_0011.wav", "0011", ""),
        ("jlcorpus", "female1_angry_10a_1.wav", "10", ""),
        ("casia", "wangzhe/fear/211.wav", "211", ""),
        ("ased", "a5-02-01-02-50.wav", "02", ""),
        ("ased", "S4-04-02-01-29.wav", "sad 04", ""),
        ("oreau", "OréauFR_02/m/sesss/07z03Sa.wav", "S03", ""),
        ("enterface", "subject 1/fear/sentence 5/s1_fe_5.avi", "fe5", ""),
        ("enterface", "subject 6/sadness/s6_sa.avi", "", ""),
        ("savee", "DC_su15.wav", "", ""),
    ],
)
def test_sentence_and_intensity_are_read_where_the_names_tell_them(
    name: str, path: str, sentence: str, intensity: str, tmp_path: Path
) -> None:
    [utterance] = read(name, tmp_path, path).utterances
    assert (utterance.sentence, utterance.intensity) == (sentence, intensity)


@pytest.mark.parametrize(
    ("name", "paths", "left_out"),
    [
        (
            "ravdess",
            ["03-01-06-01-02-01-12.wav", "03-02-06-01-02-01-12.wav", "01-01-06-01-02-01-12.mp4"],
            {"song or film": 2},
        ),
        (
            "ravdess",
            ["Actor_01/03-01-01-01-01-01-01.wav", "all/03-01-01-01-01-01-01.wav"],
            {COPY: 1},
        ),
        ("ravdess", ["03-01-06-01-02-01-12.wav", "03-01-09-01-02-01-12.wav"], {FOREIGN: 1}),
        ("cremad", ["AudioWAV/1001_IEO_ANG_HI.wav", "AudioWAV/1076_MTI_SAD_XX.wav"], {"silent": 1}),
        (
            "cremad",
            ["AudioWAV/1001_IEO_ANG_HI.wav", "AudioMP3/1001_IEO_ANG_HI.mp3"],
            {"the same in AudioWAV": 1},
        ),
        ("cremad", ["AudioMP3/1001_IEO_ANG_HI.mp3"], {}),
        (
            "oreau",
            ["OréauFR_01/f/sessc/10a01Ca.wav", "OréauFR_02/f/sessc/10a01Ca.wav"],
            {"first version": 1},
        ),
        (
            "jlcorpus",
            ["Raw JL corpus/female1_angry_10a_1.wav", "raw jl corpus/female1_angry_10a_1.wav"],
            {COPY: 1},
        ),
        ("esd-zh", ["0001/Sad/0001_001051.wav", "0011/Sad/0011_001051.wav"], {"other language": 1}),
        ("esd-zh", ["0001/Sad/0001_001051.wav", "0001/Sad/0002_001051.wav"], {FOREIGN: 1}),
        ("casia", ["wangzhe/sad/201.wav", "Chang.Liu/sad/201.wav"], {FOREIGN: 1}),
    ],
)
def test_what_is_left_out(
    name: str, paths: list[str], left_out: dict[str, int], tmp_path: Path
) -> None:
    corpus = read(name, tmp_path, *paths)
    assert len(corpus.utterances) == 1
    assert corpus.left_out == left_out


def test_words_stand_beside_the_recordings_of_jl(tmp_path: Path) -> None:
    (tmp_path / "female1_angry_10a_1.txt").write_text("Tom beats\nthat farmer.\n")
    corpus = read("jlcorpus", tmp_path, "female1_angry_10a_1.wav", "male2_sad_3b_2.wav")
    assert [u.transcript for u in corpus.utterances] == ["Tom beats that farmer.", ""]
    assert [u.sex for u in corpus.utterances] == ["female", "male"]


@pytest.mark.parametrize(
    ("name", "speaker", "text", "encoding"),
    [
        ("esd-zh", "0003", "打远一看，它们的确很是美丽。", "utf-16"),
        ("esd-zh", "0001", "打远一看，它们的确很是美丽。", "gb18030"),
        ("esd-en", "0011", "The nine the eggs, I keep.", "utf-8-sig"),
        ("esd-en", "0016", "Tom’s café.", "utf-8"),
        ("esd-en", "0017", "A na\xefve caf\xe9.", "latin-1"),
    ],
)
def test_texts_of_esd_are_read_in_the_encodings_of_its_tables(
    name: str, speaker: str, text: str, encoding: str, tmp_path: Path
) -> None:
    table = tmp_path / speaker / f"{speaker}.txt"
    table.parent.mkdir()
    lines = f"{speaker}_000351\t{text}\tAngry\r\n{speaker}_000352 {text} \tAngry\n\n"
    table.write_bytes(lines.encode(encoding))
    paths = [f"{speaker}/Angry/{speaker}_00035{number}.wav" for number in (1, 2, 3)]
    assert [u.transcript for u in read(name, tmp_path, *paths).utterances] == [text, text, ""]
