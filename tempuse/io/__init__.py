"""Files in and files out: what a file is, its rows, their columns and values against ours, and back."""

import os

from tempuse.io import drivers

# Fiona and pyogrio have their home below this package, so that this stands before GDAL is loaded, whoever asks first.
os.environ.update(drivers.environment())
