"""What every panel is given: the model it shows and changes, and the look it takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.model.jobs import Runner
from workbench.model.pipeline import Pipeline
from workbench.model.probe import Probe
from workbench.model.results import Results
from workbench.model.session import Session
from workbench.model.view_state import ViewState
from workbench.ui.theme import Theme
from workbench.ui.tools import Toolbox


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of the model, made once by `ui.app`; panels subscribe, and never know each other."""

    session: Session
    view: ViewState
    results: Results
    probe: Probe
    pipeline: Pipeline
    theme: Theme
    runner: Runner
    tools: Toolbox = field(default_factory=Toolbox)
