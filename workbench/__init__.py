"""The Upsampling Comparison Workbench: what each upsampling method does to a picture, and why, pixel by pixel."""

__version__ = "0.1.0"
