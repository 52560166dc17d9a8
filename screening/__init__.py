"""Intake pre-screening for ketamine-infusion pain clinics: items to discuss with a clinician, never a verdict."""

__version__ = "0.1.0"
