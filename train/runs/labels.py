"""The names that are printed."""

_SYSTEMS = {
    "mdat": "MDAT",
    "bilstm": "BiLSTM",
    "safrlm": "SAFRLM-style, reconstructed from its abstract",
    "hcam": "HCAM",
    "svm": "SVM",
}


def system_label(system: str) -> str:
    """The printed name of a system; what follows a comma in it stays.

    >>> system_label("mdat, clips alone")
    'MDAT, clips alone'
    >>> system_label("safrlm")
    'SAFRLM-style, reconstructed from its abstract'
    """
    model, comma, what = system.partition(", ")
    return _SYSTEMS.get(model, model) + comma + what


def task_label(task: str) -> str:
    """The printed name of a corpus or a pair.

    >>> task_label("iemocap->emodb")
    'IEMOCAP→EMODB'
    """
    return task.upper().replace("->", "→")
