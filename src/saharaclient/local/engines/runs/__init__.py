"""Runs of jobs as processes of this machine: how each job type is launched, followed and ended."""
