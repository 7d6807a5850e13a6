"""Linear operators by their structure: separable, selecting, stencil, composed."""
