"""Runs real programs across dumps and restores; see ../run.py."""
