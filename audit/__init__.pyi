from .config import AuditConfig as AuditConfig
from .examine import audit as audit
from .result import Audit as Audit

__version__: str
