"""Write the floors below which no score may fall: ``PYTHONPATH=.:tests python tests/gate/floors.py``.

Floors rise to what is measured, less a margin for what is no loss. None is lowered unless the command is
given --allow-lower; then the commit must say why.
"""

import argparse
import json
import sys
from pathlib import Path

from gate import scoring

FLOORS = Path(__file__).with_name("floors.json")
DATA = Path(__file__).parents[3] / "shared" / "extraction"
MARGIN = 0.002


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--allow-lower", action="store_true")
    arguments = parser.parse_args()
    known = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {"data": "", "floors": {}}
    measured = scoring.scores(arguments.data)
    floors = {key: round(max(value - MARGIN, 0.0), 4) for key, value in measured.items()}
    lower = {key: value for key, value in floors.items() if value < known["floors"].get(key, 0.0)}
    if lower and not arguments.allow_lower:
        for key, value in lower.items():
            print(f"{key}: {value} is below the floor {known['floors'][key]}")
        if any(known["floors"][key] - value > MARGIN for key, value in lower.items()):
            print("nothing is written; mend the loss, or say --allow-lower")
            return 1
        floors |= {key: known["floors"][key] for key in lower}
    written = {"data": scoring.digest(arguments.data), "floors": floors}
    FLOORS.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
