"""Every address of the site that changes something writes its entry, once, or says why not."""

from django.db import connection

from accounts.models import AuditEvent, Door
from evaluations.pages.definition_pages import store_shipped
from tests.accounts.trail import pages, programs
from tests.accounts.trail.scene import (
    EntryRefused,
    Scene,
    deepest_entries,
    differing,
    entries_since,
    last_entry,
    no_entry_is_written,
    rows_of_all,
    undone,
)
from tests.support.addresses import addresses

OTHERS = {"file_format": "json", "suffix": "svg", "figure": "ring", "name": "confusion"}
OTHERS |= {"invite_token": "x", "member_invitation_id": 0, "user_id": 0}
OTHERS |= {"trail_format": "csv", "token_id": 0, "pk": 0, "computation_id": 0, "comparison_id": 0}
OTHERS |= {"receiver_id": 0, "delivery_id": 0, "upload_id": 0}
OTHERS |= {"part": "reasons", "judgments_form": "csv"}
OTHERS |= {"what": "trials", "file_name": "scores.csv"}
"""Arguments of addresses that the world does not name."""
ACTS, NO_ENTRY = pages.ACTS | programs.ACTS, pages.NO_ENTRY | programs.NO_ENTRY
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def changing(world, cast) -> set[str]:
    """The addresses that do not refuse every method by which something could be changed; those of
    the API with the method, as each of theirs is an act of its own."""
    scene = Scene(cast, world)
    scene.client.raise_request_exception = False
    found = set()
    for name, pattern in addresses():
        if name.partition(":")[0] == "admin":
            continue
        for method in CHANGING:
            if is_allowed(scene, name, pattern.callback, method):
                found.add(f"{method} {name}" if hasattr(pattern.callback, "cls") else name)
    return found


def is_allowed(scene, name, view, method) -> bool:
    if view_class := getattr(view, "view_class", None):
        return hasattr(view_class, method.lower())
    if hasattr(view, "cls"):
        return method.lower() in (getattr(view, "actions", None) or {})
    with undone():
        return scene.client.generic(method, scene.url(name, **OTHERS)).status_code != 405


def test_every_address_that_changes_something_is_known(world, cast):
    assert changing(world, cast) - set(ACTS) - set(NO_ENTRY) == set()


def act_of(name):
    """The API's acts are named with their method."""
    return Door.API if " " in name else Door.PAGE


LEFT = {
    Door.API: {"api.Token", "analysis.Computation"},
    Door.PAGE: {"annotations.Upload"},
}
"""When a token was used last, and figures that were computed to be looked at; what went wrong with
a file that waits, which its page says."""


def test_an_act_is_one_entry_in_its_transaction(world, cast):
    wrong = {}
    for name, act in ACTS.items():
        with undone():
            do = act.begin(cast, world, name)
            last, outside = last_entry(), len(connection.savepoint_ids)
            with deepest_entries() as depths:
                answer = do()
            entries = entries_since(last)
        own = [
            entry for entry in entries if "dispute" in name or not entry.verb.startswith("dispute")
        ]
        if len(own) != act.entries or answer.status_code >= 400:
            wrong[name] = f"{answer.status_code}: {own} {answer.content[:300]!r}"
        elif min(depths) <= outside or {entry.door for entry in entries} != {act_of(name)}:
            wrong[name] = f"{depths} in {outside}, {[entry.door for entry in entries]}"
    assert wrong == {}


def test_nothing_stays_of_an_act_whose_entry_is_not_written(world, cast):
    store_shipped()  # what comes with the program is there once somebody asks for it
    wrong = {}
    for name, act in ACTS.items():
        with undone():
            do = act.begin(cast, world, name)
            before = rows_of_all()
            try:
                with no_entry_is_written():
                    wrong[name] = f"came through: {do().status_code}"
            except EntryRefused:
                if stayed := set(differing(before, rows_of_all())) - LEFT.get(act_of(name), set()):
                    wrong[name] = stayed
    assert wrong == {}


def test_an_entry_says_who_did_it(world, cast):
    scene = Scene(cast, world)
    scene.client.post(scene.url("study_state"), {"state": "paused"})
    entry = AuditEvent.objects.first()
    assert (entry.actor, entry.door) == (cast.administrator, Door.PAGE)
    assert entry.detail == {"before": {"state": "open"}, "after": {"state": "paused"}}


def test_a_secret_is_not_in_the_trail(world, cast):
    scene = Scene(cast, world)
    scene.client.post(scene.url("invitation_act"), {"act": "revoke"})
    entry, nonce = AuditEvent.objects.first(), world.invitation.nonce
    assert entry.detail == {"before": {"nonce": "(hidden)"}, "after": {"nonce": "(hidden)"}}
    assert all(nonce not in str(entry.detail) for entry in AuditEvent.objects.all())
