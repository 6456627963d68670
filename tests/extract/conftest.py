from pathlib import Path

import pytest
import tiny_models
import torch


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Threads that wait for each other cost tiny models more than they bring."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all tiny models, each in a folder of its name."""
    folder = tmp_path_factory.mktemp("models")
    [tiny_models.save_speech_model(name, folder) for name in tiny_models.SPEECH]
    [tiny_models.save_text_model(name, folder) for name in tiny_models.TEXT]
    tiny_models.save_ctc_model(folder)
    [tiny_models.save_whisper_model(name, folder) for name in tiny_models.WHISPER]
    return folder
