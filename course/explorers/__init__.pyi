from course.explorers.accumulation import Accumulation as Accumulation
from course.explorers.average import Average as Average
from course.explorers.decay_and_clip import DecayAndClip as DecayAndClip
from course.explorers.look_ahead import LookAhead as LookAhead
from course.explorers.noise import Noise as Noise
from course.explorers.race import Race as Race
from course.explorers.scaling import Scaling as Scaling
from course.explorers.schedule import Schedule as Schedule
from course.explorers.stages import Stages as Stages
from course.explorers.step import Step as Step
from course.explorers.valley import Valley as Valley

__all__ = [
    "Step",
    "Noise",
    "Schedule",
    "Valley",
    "LookAhead",
    "DecayAndClip",
    "Average",
    "Accumulation",
    "Scaling",
    "Race",
    "Stages",
]

EXPLORERS: dict[str, str]
