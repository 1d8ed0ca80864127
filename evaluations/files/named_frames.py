"""The frames that lines of a trial file name."""

from dataclasses import dataclass, field

from accounts.models import Project
from evaluations.definitions.catalogue import frame
from evaluations.files.trial_files import FileTrial
from evaluations.formats.definitions import DefinitionError
from evaluations.formats.lines import LineError
from evaluations.models import Frame


@dataclass
class NamedFrames:
    """Frames by KEY@VERSION, each looked for once in reach of the project."""

    project: Project
    _known: dict[str, Frame | None] = field(default_factory=dict)

    def of(self, trial: FileTrial) -> Frame | None:
        """The frame of a trial, None of none; raises LineError for one that is not stored."""
        if not trial.frame:
            return None
        if trial.frame not in self._known:
            try:
                self._known[trial.frame] = frame(trial.frame, self.project)
            except DefinitionError:
                self._known[trial.frame] = None
        if (found := self._known[trial.frame]) is None:
            raise LineError(f"frame {trial.frame!r} is not stored here: upload it first")
        return found
