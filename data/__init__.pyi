from .cache.reader import FeaturesFile as FeaturesFile
from .cache.reader import open_features as open_features
from .errors import InputError as InputError
from .utterance import EMOTIONS as EMOTIONS
from .utterance import Utterance as Utterance

__version__: str
