"""`make browser-figures`: what a first view of the main pages costs. Ends with 1 where a budget is not kept."""

import sys
from statistics import median

from browser.chromium import open_browser
from browser.measuring import LATEST_PAINT, MOST_BYTES, MOST_BYTES_IN_ALL, SLOWER, FirstView, first_views
from browser.sample import asking, sample_system
from browser.table_of_pages import PAGES

MEASURED = (
    "home", "results", "bill of both houses", "legislator", "vote of the Câmara", "agenda", "status", "stats",
)  # fmt: skip
TIMES = 5
WINDOW = {"width": 1440, "height": 900}


def main() -> None:
    """Starts a system, measures, prints."""
    kept = True
    with sample_system() as system, open_browser() as browser:
        ask = asking(system)
        print(f"processor {SLOWER} times slower, empty cache, {TIMES} loads; budget: {MOST_BYTES_IN_ALL} B, "
              f"largest paint {LATEST_PAINT} ms, nothing moves")  # fmt: skip
        print(
            f"{'page':<22}{'bytes':>8}{'document':>10}{'style':>8}{'scripts':>9}{'shift':>8}"
            f"{'LCP ms: best':>14}{'median':>8}"
        )
        for page in PAGES:
            if page.name in MEASURED:
                path = system.until(lambda page=page: page.found(ask), 120, page.name)
                context = browser.new_context(viewport=WINDOW, reduced_motion="reduce")
                kept &= _printed(page.name, first_views(context, system.state.site_url + path, TIMES))
                context.close()
    sys.exit(0 if kept else 1)


def _printed(name: str, views: list[FirstView]) -> bool:
    """Prints a row; whether the budget is kept. The best paint counts: other processes share the machine."""
    paints, shift, size = (
        [one.paint for one in views],
        max(one.shift for one in views),
        max(one.in_all for one in views),
    )
    of_kind = [max(one.sizes.get(kind, 0) for one in views) for kind in MOST_BYTES]
    print(
        f"{name:<22}{size:>8.0f}{of_kind[0]:>10.0f}{of_kind[1]:>8.0f}{of_kind[2]:>9.0f}{shift:>8.4f}"
        f"{min(paints):>14.0f}{median(paints):>8.0f}",
        flush=True,
    )
    return min(paints) <= LATEST_PAINT and shift == 0 and size <= MOST_BYTES_IN_ALL


if __name__ == "__main__":
    main()
