"""`python mutant_process.py PATCHES MODULE` runs one of our services with time compressed, and mutated where told.

PATCHES are names out of `chaos_mutants.py` joined by commas, or `none`.
"""

import os
import runpy
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from chaos.mutants.chaos_mutants import MUTANTS, VARIANTS
from chaos.system.compressed_waits import compress


def main() -> None:
    """Patches, then becomes the module."""
    patches, module = sys.argv[1], sys.argv[2]
    if module == "api_gateway.indexer":
        _log_through_a_pipe()
    compress(module)
    for name in patches.split(","):
        if name in VARIANTS:
            VARIANTS[name](module)
        elif name != "none":
            MUTANTS[name].patch(module)
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _log_through_a_pipe() -> None:
    """The disk is full for the index, not for the log: whoever may write no file any more still says what is wrong."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(reading)
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        os.close(writing)
        return
    os.close(writing)
    while piece := os.read(reading, 65536):
        os.write(1, piece)
    os._exit(0)


if __name__ == "__main__":
    main()
