import re
from pathlib import Path

import selftest
from pipeline import defects

_FOLDER = Path(__file__).resolve().parents[1]


def test_each_defect_has_the_experiment_that_finds_it() -> None:
    found = [name for names in selftest.FINDS.values() for name in names]
    assert sorted(found) == sorted(defect.name for defect in defects.REGISTRY)
    assert sorted(selftest.FINDS) == sorted(path.stem for path in (_FOLDER / "experiments").glob("*.yaml"))


def test_the_readme_says_the_same() -> None:
    readme = (_FOLDER / "README.md").read_text()
    table = readme.partition("| experiment | defects |")[2].partition("\n\n")[0]
    rows = [re.findall(r"`([^`]+)`", line) for line in table.splitlines()[2:]]
    assert {row[0]: row[1:] for row in rows} == {name: found for name, found in selftest.FINDS.items() if found}
