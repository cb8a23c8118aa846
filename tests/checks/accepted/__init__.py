"""Other right ways to answer each task, a file for each sheet: the checks must take them all.

`ACCEPTED` holds them by task; `SURVIVORS` the mutants of a reference that are no fault, with the
reason.
"""

from importlib import import_module
from pkgutil import iter_modules

_SHEETS = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
ACCEPTED = {task: found for sheet in _SHEETS for task, found in sheet.ACCEPTED.items()}
SURVIVORS = {
    task: reasons for sheet in _SHEETS for task, reasons in getattr(sheet, "SURVIVORS", {}).items()
}
