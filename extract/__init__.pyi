from .config import ExtractConfig as ExtractConfig
from .encode import ExtractSummary as ExtractSummary
from .encode import extract as extract
from .progress import Progress as Progress

__version__: str
