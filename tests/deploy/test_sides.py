"""One clinic, two processes: patients are served with the shared half of the keys, staff with all of them."""

from __future__ import annotations

import pytest

from screening.records.store import Store
from screening.settings import EnvironmentProblem, Settings, use
from screening.web.server import application


@pytest.fixture
def sides(tmp_path):
    """(settings of the patients' process, settings of the staff's)"""
    staff = Settings(data=tmp_path / "records", role="staff")
    store = Store.open(staff)
    store.keys.share(tmp_path / "shared")
    store.database.engine.dispose()
    yield Settings(data=staff.data, keys=tmp_path / "shared", role="patient"), staff
    use(Settings.at(tmp_path / "records"))


def test_patients_are_served_with_what_keys_share_copies(sides):
    patients, staff = sides
    assert not list(patients.keys.glob("*.private"))
    for settings in (patients, staff):
        assert application(settings)


def test_staff_are_not_served_with_it(sides):
    patients, _ = sides
    with pytest.raises(EnvironmentProblem, match="staff"):
        application(patients.model_copy(update={"role": "staff"}))
