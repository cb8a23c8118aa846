"""What the build of a wheel adds: constraints.txt, for `course wheelhouse` of an installed copy."""

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Constraints(BuildHookInterface):
    """An installed copy carries the file beside the notebooks; a clone has it where it is."""

    def initialize(self, version, build_data):
        """Called before the files are collected; version: "standard" or "editable"."""
        if version == "standard":
            build_data["force_include"]["constraints.txt"] = "course/_material/constraints.txt"
