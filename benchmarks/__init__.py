"""Figures, side by side with peers or a floor, measured in one run."""
