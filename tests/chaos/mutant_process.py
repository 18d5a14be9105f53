"""`python mutant_process.py PATCHES MODULE` runs one of our services with time compressed, and mutated where told.

PATCHES are names out of `mutants.py` joined by commas, or `none`.
"""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from mutants import MUTANTS, VARIANTS
from pace import compress


def main() -> None:
    """Patches, then becomes the module."""
    patches, module = sys.argv[1], sys.argv[2]
    compress(module)
    for name in patches.split(","):
        if name in VARIANTS:
            VARIANTS[name](module)
        elif name != "none":
            MUTANTS[name].patch(module)
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
