"""Authoring: loads what editors write, says where it is wrong, and proves it safe."""

from .defects import Defect
from .load import Project, check_scenario_file, check_tree_file, load_project

__all__ = ["Defect", "Project", "check_scenario_file", "check_tree_file", "load_project"]
