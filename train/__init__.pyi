from .config import TrainConfig as TrainConfig
from .experiments.run_experiment import cross_validate as cross_validate
from .experiments.run_experiment import transfer as transfer
from .runs.folder import read_run as read_run
from .runs.run import Run as Run

__version__: str
