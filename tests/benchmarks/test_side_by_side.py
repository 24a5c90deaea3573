"""The side-by-side command runs and prints every row; how long anything takes is not for tests to say."""

import subprocess
import sys


def test_the_quick_run_prints_every_table_and_row():
    command = [sys.executable, "-m", "tests.benchmarks", "--quick"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout
    for row in ("whole pass", "Archway", "triangles", "4,000", "8,000", "16,000", "reading only"):
        assert f"| {row} |" in printed
    for file_format in ("binary STL", "PLY with colours", "OBJ", "ASCII STL"):
        assert f"| {file_format} |" in printed
    assert "holds" in printed or "misses" in printed
