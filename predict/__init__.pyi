from .config import PredictConfig as PredictConfig
from .model import Model as Model
from .model import load as load
from .prediction import Prediction as Prediction
from .prediction import Predictions as Predictions
from .prediction import Segment as Segment

__version__: str
