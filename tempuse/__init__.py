"""tempuse: an open register of vacant buildings and plots for temporary use."""

__version__ = "0.1.0"
