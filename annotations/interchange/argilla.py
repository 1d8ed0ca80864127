"""Records of Argilla as JSON (`records.to_json`): responses by question and user. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from annotations.interchange.said import Said, of_item
from evaluations.interchange.found import Broken, LeftOut
from evaluations.interchange.json_text import elements_of
from evaluations.interchange.looked_at import LIST, Looked

Result = Said | Broken | LeftOut


def why_not(looked: Looked) -> str:
    """Why a file holds no records of Argilla, '' where it does."""
    if looked.shape != LIST:
        return f"it is a {looked.shape}, no JSON list"
    if looked.damage:
        return looked.damage
    missing = [name for name in ("fields", "responses", "suggestions") if name not in looked.keys]
    return f"its first element has no {', '.join(missing)}" if missing else ""


def _records(looked: Looked) -> Iterator[tuple[str, Mapping[str, Any]] | Broken]:
    with looked.open() as file:
        for number, record in enumerate(elements_of(file.read), start=1):
            if isinstance(record, dict) and isinstance(record.get("fields"), dict):
                yield f"record {record.get('id', number)}", record
            else:
                yield Broken(f"element {number}", "is no record with fields", record)


def judgments(looked: Looked) -> Iterator[Result]:
    """What each user answered to the questions of a record."""
    for number, found in enumerate(_records(looked), start=1):
        if isinstance(found, Broken):
            yield found
            continue
        place, record = found
        by_user: dict[str, dict[str, Any]] = {}
        status: dict[str, Any] = {}
        for question, responses in _object(record.get("responses")).items():
            for response in responses if isinstance(responses, list) else []:
                user = str(_object(response).get("user_id"))
                by_user.setdefault(user, {})[question] = _object(response).get("value")
                status[user] = _object(response).get("status") or "submitted"
        if not by_user:
            yield LeftOut(place, "nobody answered it")
        for user, answers in by_user.items():
            where = f"{place}, user {user}"
            if status[user] != "submitted":
                yield LeftOut(where, f"the answers are {status[user]}")
            else:
                yield Said(where, _name(record, number), user, answers, {}, _facts(record))


def labels(looked: Looked) -> Iterator[Result]:
    """Each suggestion as the label of its agent."""
    for number, found in enumerate(_records(looked), start=1):
        if isinstance(found, Broken):
            yield found
            continue
        place, record = found
        by_agent: dict[str, dict[str, Any]] = {}
        for question, suggestion in _object(record.get("suggestions")).items():
            agent = str(_object(suggestion).get("agent") or "suggestions")
            by_agent.setdefault(agent, {})[question] = _object(suggestion).get("value")
        for agent, answers in by_agent.items():
            where = f"{place}, suggestions of {agent}"
            yield Said(where, _name(record, number), agent, answers, {}, _facts(record))


def _name(record: Mapping[str, Any], number: int) -> str:
    return str(record.get("id") or number)


def _facts(record: Mapping[str, Any]) -> dict[str, Any]:
    text = of_item(record["fields"]).get("text")
    facts = of_item({**_object(record.get("metadata")), "text": text})
    return facts if text is not None else {k: v for k, v in facts.items() if k != "text"}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
