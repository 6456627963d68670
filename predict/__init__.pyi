from .prediction import Prediction as Prediction
from .prediction import Segment as Segment
