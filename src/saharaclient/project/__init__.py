"""A project as code: all that a Sahara holds in one file, and what has to be done so that a cloud holds what it says.

`Project.read` reads a file, `export` writes down a cloud, `plan` compares, `apply` follows a plan. It needs the extra
``project``.
"""

from __future__ import annotations

from saharaclient.project.applying import Progress, apply
from saharaclient.project.document import Project
from saharaclient.project.exporting import Exported, export
from saharaclient.project.leaving import moved
from saharaclient.project.planning import plan, plan_destroy
from saharaclient.project.plans import Action, Change, Plan
from saharaclient.project.problems import Problem, ProjectError, StalePlan, Unfinished

__all__ = [
    "Action",
    "Change",
    "Exported",
    "Plan",
    "Problem",
    "Progress",
    "Project",
    "ProjectError",
    "StalePlan",
    "Unfinished",
    "apply",
    "export",
    "moved",
    "plan",
    "plan_destroy",
]
