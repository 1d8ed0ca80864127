"""Data sets and reports can be looked at in the admin, and nothing else."""

import pytest
from django.urls import reverse

from accounts.models import User
from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from tests.analysis.studies import imported_study


@pytest.fixture
def admin_page(client, project):
    rows = [("x", "a", "yes"), ("x", "b", "no"), ("y", "a", "yes"), ("y", "b", "yes")]
    report = make_report(imported_study(project, rows), Parameters(replicates=200))
    client.force_login(User.objects.create_superuser("root", "root@example.org"))

    def get(name, *arguments):
        return client.get(reverse(f"admin:analysis_{name}", args=arguments))

    get.rows = {"dataset": report.data_set.pk, "report": report.pk}
    return get


@pytest.mark.parametrize("model", ["dataset", "report"])
def test_rows_are_shown(admin_page, model):
    assert admin_page(f"{model}_changelist").status_code == 200
    assert admin_page(f"{model}_change", admin_page.rows[model]).status_code == 200


@pytest.mark.parametrize("model", ["dataset", "report"])
def test_rows_are_neither_added_nor_deleted(admin_page, model):
    assert admin_page(f"{model}_add").status_code == 403
    assert admin_page(f"{model}_delete", admin_page.rows[model]).status_code == 403
