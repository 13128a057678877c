"""``python -m tempuse.cli``, as the server begins its worker."""

from tempuse.cli.main import main

main(prog_name="tempuse")
