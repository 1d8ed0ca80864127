"""A large file is seen to by a worker: its page says how far that is, and nothing is doubled."""

import io
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from annotations import tasks
from annotations.models import Judgment, Study, Upload
from annotations.studies.imports import found, waiting, working
from annotations.studies.imports.found import Progress
from evaluations.background import leases, telling
from evaluations.definitions.catalogue import SHIPPED
from evaluations.definitions.catalogue import instrument as shipped_instrument
from evaluations.models import Run, Trial
from evaluations.tasks import swept

TRIALS = (SHIPPED / "smollm2" / "smollm2_trials_reversed.jsonl").read_bytes()
JUDGED = b"item,rater,value\n" + b"".join(
    b"i%d,%s,yes\n" % (number, rater) for number in range(50) for rater in (b"anna", b"bert")
)
OPTIONS = {"study": "Made", "scale": "nominal", "categories": ["yes", "no"], "partial": False}


@pytest.fixture(autouse=True)
def all_files_are_large(monkeypatch):
    monkeypatch.setattr(working, "AT_ONCE", 0)


def kept(cast, content=JUDGED, what="judgments", name="made.csv", **options):
    given = (OPTIONS if what == "judgments" else {}) | options
    file = SimpleUploadedFile(name, content)
    return waiting.keep(cast.project, cast.researcher, what, file, given)


def kept_trials(cast, content=TRIALS):
    options = {"run": "Made", "instrument": shipped_instrument().pk, "note": "", "partial": False}
    return kept(cast, content, "trials", "made.jsonl", **options)


def page_of(cast, upload):
    return cast.client("researcher").get(upload.get_absolute_url()).content.decode()


def press(cast, upload, button="import"):
    address = reverse("upload_act", args=["lab", upload.pk])
    return cast.client("researcher").post(address, {button: "1"})


@pytest.mark.django_db
class TestItsPage:
    def test_says_that_it_waits_for_a_worker(self, cast):
        page = page_of(cast, kept(cast))
        assert "The file is being looked at" in page
        assert "Waiting for a worker" in page
        assert 'name="import"' not in page

    def test_says_what_the_worker_is_at(self, cast):
        upload = kept(cast)
        Upload.objects.update(
            state="running",
            doing="Reading: 40 of 100 lines",
            share=0.4,
            lease_expires_at=timezone.now() + timedelta(minutes=1),
        )
        page = page_of(cast, upload)
        assert "Reading: 40 of 100 lines" in page
        assert 'value="0.40"' in page

    def test_says_that_it_waits_again_when_the_worker_went_silent(self, cast):
        upload = kept(cast)
        Upload.objects.update(
            state="running",
            doing="Reading: 40 of 100 lines",
            lease_expires_at=timezone.now() - timedelta(seconds=1),
        )
        assert "Waiting for a worker" in page_of(cast, upload)

    def test_asks_again_until_there_is_more_to_see(self, cast):
        upload = kept(cast)
        address = reverse("upload_progress", args=["lab", upload.pk])
        assert f'hx-get="{address}"' in page_of(cast, upload)
        client = cast.client("researcher")
        assert "HX-Refresh" not in client.get(address).headers
        working.work(upload.pk)
        assert client.get(address).headers["HX-Refresh"] == "true"

    def test_says_what_was_understood_and_stores_nothing_yet(self, cast):
        upload = kept(cast)
        assert working.work(upload.pk)
        page = page_of(cast, upload)
        assert "A closed study Made: 100 judgments of 50 items by 2 raters" in page
        assert not Study.objects.exists()

    def test_leads_to_what_the_file_became(self, cast):
        upload = kept(cast)
        working.work(upload.pk)
        assert press(cast, upload).url == upload.get_absolute_url()
        assert "The file is being imported" in page_of(cast, upload)
        working.work(upload.pk)
        study = Study.objects.get()
        assert f'href="{study.get_absolute_url()}"' in page_of(cast, upload)
        assert Judgment.objects.filter(item__study=study).count() == 100

    def test_says_what_went_wrong_and_tries_again(self, cast, monkeypatch):
        upload = kept(cast)
        with monkeypatch.context() as patched:
            patched.setattr(found, "look_at", lambda path: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                working.work(upload.pk)
        page = page_of(cast, upload)
        assert "fault of the program" in page
        press(cast, upload, "again")
        working.work(upload.pk)
        assert "A closed study Made" in page_of(cast, upload)


@pytest.mark.django_db
class TestAWorker:
    def test_is_nudged_by_whoever_sends_and_looks(self, cast, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as nudged:
            upload = kept(cast)
            tasks.see_to(upload)
            page_of(cast, upload)
        assert len(nudged) == 1

    def test_that_was_told_to_end_gives_the_file_back(self, cast):
        upload = kept(cast)
        assert not working.work(upload.pk, ending=lambda: True)
        upload.refresh_from_db()
        assert (upload.state, upload.attempts) == ("queued", 0)

    def test_that_died_over_an_import_is_followed_by_one_that_imports_once(self, cast):
        upload = kept_trials(cast)
        working.work(upload.pk)
        working.ask_to_import(upload)
        leases.claim(Upload.objects.all(), upload.pk)  # and never heard of again
        assert not working.work(upload.pk)
        Upload.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
        assert working.work(upload.pk)
        assert Trial.objects.count() == 8

    def test_that_died_after_the_import_leaves_nothing_to_double(self, cast):
        upload = kept(cast)
        working.work(upload.pk)
        working.ask_to_import(upload)
        working.work(upload.pk)
        Upload.objects.update(state="running", lease_expires_at=timezone.now())
        assert working.work(upload.pk)
        upload.refresh_from_db()
        assert (upload.state, Study.objects.count()) == ("done", 1)

    def test_that_lost_the_file_stores_nothing(self, cast, monkeypatch):
        upload = kept(cast)
        working.work(upload.pk)
        working.ask_to_import(upload)

        def lose(looked):
            Upload.objects.update(lease_owner="another")
            return []

        monkeypatch.setattr(working, "first_of", lose)
        assert not working.work(upload.pk)
        assert not Study.objects.exists()

    def test_imports_nothing_for_whoever_may_not_any_more(self, cast):
        upload = kept(cast)
        working.work(upload.pk)
        working.ask_to_import(upload)
        Membership.objects.filter(user=cast.researcher).delete()
        working.work(upload.pk)
        upload.refresh_from_db()
        assert "not a member" in upload.found["problems"][0]
        assert not Study.objects.exists()

    def test_lets_go_of_files_that_nobody_imported(self, cast):
        upload = kept(cast)
        Upload.objects.update(created_at=timezone.now() - Upload.KEPT - timedelta(seconds=1))
        swept.send(sender=None)
        assert not Upload.objects.filter(pk=upload.pk).exists()

    def test_that_holds_an_old_file_keeps_it(self, cast):
        kept(cast)
        leases.claim(Upload.objects.all(), Upload.objects.get().pk)
        Upload.objects.update(created_at=timezone.now() - Upload.KEPT - timedelta(seconds=1))
        assert waiting.forget_old() == 0


class TestProgress:
    @pytest.fixture(autouse=True)
    def every_word_is_told(self, monkeypatch):
        monkeypatch.setattr(found, "EVERY", 0)

    @pytest.fixture
    def words(self):
        return []

    @pytest.fixture
    def progress(self, words):
        return Progress(lambda *said: words.append(said), size=100, lines=10)

    def test_is_told_in_lines(self, progress, words):
        progress.read(b"\n" * 4 + b"x" * 46)
        assert words == [(0.5, "Reading: 4 of 10 lines")]

    def test_of_a_file_without_lines_is_told_in_megabytes(self, words):
        one_line = Progress(lambda *said: words.append(said), size=2**21, lines=1)
        one_line.read(b"x" * 2**20)
        assert words == [(0.5, "Reading: 1.0 of 2.0 MB")]

    def test_of_storing_goes_on_where_reading_ended(self, progress, words):
        progress.start = 0.4
        progress.read(b"x" * 100)
        progress.doing = "Storing"
        progress.stored(30, 60)
        assert [round(share, 2) for share, _ in words] == [0.4, 0.7]
        assert words[-1][1] == "Storing: 30 of 60"

    def test_of_a_file_read_twice_begins_anew(self, progress, words):
        progress.read(b"x" * 100)
        progress.opened()
        progress.read(b"x" * 50)
        assert [share for share, _ in words] == [1.0, 0.5]


@pytest.mark.django_db(transaction=True)
def test_what_one_long_transaction_does_is_told_beside_it(cast, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite takes one writer at a time: nothing is told before the end")
    monkeypatch.setattr(telling, "BEAT", 0.01)
    upload = kept(cast)
    held = leases.claim(Upload.objects.all(), upload.pk)
    seen = threading.Event()

    def look():
        while not seen.is_set():
            if Upload.objects.get(pk=upload.pk).doing == "Storing":
                seen.set()
        connection.close()

    with telling.beside(held) as tell, transaction.atomic():
        Run.objects.create(project=cast.project, name="r", instrument=shipped_instrument())
        tell(0.5, "Storing")
        reader = threading.Thread(target=look, daemon=True)
        reader.start()
        assert seen.wait(20)
    reader.join()


@pytest.mark.django_db(transaction=True)
def test_work_in_a_transaction_is_left_when_the_row_is_lost(cast, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite takes one writer at a time: nobody can take it up meanwhile")
    monkeypatch.setattr(telling, "BEAT", 0.01)
    upload = kept(cast)
    held = leases.claim(Upload.objects.all(), upload.pk)
    Upload.objects.filter(pk=upload.pk).update(lease_owner="another")
    with pytest.raises(leases.LeaveOffError), telling.beside(held) as tell:
        while True:
            tell(0.5, "Storing")


@pytest.mark.django_db(transaction=True)
def test_a_large_file_is_imported_as_a_worker_does_it(cast):
    upload = kept(cast)
    assert working.work(upload.pk)
    working.ask_to_import(upload)
    assert working.work(upload.pk)
    assert Judgment.objects.count() == 100


@pytest.mark.django_db
def test_a_file_of_many_pieces_is_the_file_that_came(cast, monkeypatch, tmp_path):
    monkeypatch.setattr(waiting, "PIECE", 7)
    upload = kept(cast)
    assert upload.pieces.count() > 100
    path = waiting.written(upload, waiting.Part.FILE, tmp_path)
    assert path.read_bytes() == JUDGED
    assert (upload.size, upload.lines) == (len(JUDGED), 101)
    assert path.suffix == ".csv"


def test_a_watched_file_reads_as_the_file_does(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(JUDGED)
    watched = found.watched(path, Progress(lambda *_: None, len(JUDGED), 101))
    with watched.open() as stream:
        assert io.TextIOWrapper(stream, newline="").read().encode() == JUDGED
