"""An operator finds every setting in the reference, and nothing there that is not read."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    read = set(re.findall(r'[\'"](TONGBAN_[A-Z_]+)[\'"]', (ROOT / "src/tongban/config/settings.py").read_text()))
    documented = set(re.findall(r"^\| `(TONGBAN_[A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text(), re.M))
    assert read == documented
