from typing import Any

import anywidget
import traitlets

class Explorer(anywidget.AnyWidget, metaclass=traitlets.MetaHasTraits):
    script: Any
    swept: Any
    shared: Any
    along: Any
    step: Any

    @property
    def parameters(self) -> Any: ...
    def __init__(self, **traits: Any) -> None: ...
    def still(self) -> bytes: ...
