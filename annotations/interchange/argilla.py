"""Records of Argilla: as JSON (`records.to_json`), with responses by question and user, and flat
(`records.to_list(flatten=True)`, `records.to_datasets()`), with columns of each question's
answers, of who gave them, and of whether they were sent. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotations.interchange.said import Said, of_item
from evaluations.interchange import columnar
from evaluations.interchange.found import Broken, LeftOut
from evaluations.interchange.json_text import elements_of, json_lines
from evaluations.interchange.looked_at import LINES, LIST, Looked
from evaluations.text.table_words import RejectedFile

NESTED = ("fields", "responses", "suggestions")
RESPONSES, USERS, STATUS = ".responses", ".responses.users", ".responses.status"
SUGGESTION, AGENT, SCORE = ".suggestion", ".suggestion.agent", ".suggestion.score"
OF_QUESTION = (RESPONSES, USERS, STATUS, SUGGESTION, AGENT, SCORE)
OF_RECORD = ("id", "status", "_server_id", "external_id")

Result = Said | Broken | LeftOut


def why_not(looked: Looked) -> str:
    """Why a file holds no records of Argilla, '' where it does."""
    if looked.damage:
        return looked.damage
    if looked.shape in (LIST, LINES):
        missing = [name for name in NESTED if name not in looked.keys]
        if not missing or _is_flat(looked.keys):
            return ""
        return f"its first record has no {', '.join(missing)}, and no columns of flat records"
    if why := columnar.why_not(looked):
        return why
    try:
        names = columnar.columns(looked)
    except RejectedFile as error:
        return str(error)
    return "" if _is_flat(names) else f"its rows have no columns that end with {RESPONSES}"


def _is_flat(names: Iterable[str]) -> bool:
    """Whether these are the names of a flat record: each says which records there are, and has the
    answers or the suggestions to some question."""
    known = set(names)
    return "id" in known and any(
        name.endswith(SUGGESTION) or (name.endswith(RESPONSES) and f"{name}.users" in known)
        for name in known
    )


def _records(looked: Looked) -> Iterator[tuple[str, Mapping[str, Any]] | Broken]:
    """Place and record; a flat one as the nested one that it was."""
    for place, record in _values(looked):
        if isinstance(record, Broken):
            yield record
        elif isinstance(record, dict) and isinstance(record.get("fields"), dict):
            yield f"record {_word(record.get('id'), place)}", record
        elif isinstance(record, dict) and _is_flat(record):
            yield f"record {_word(record.get('id'), place)}", _nested(record)
        else:
            yield Broken(place, "is no record with fields", record)


def _values(looked: Looked) -> Iterator[tuple[str, Any]]:
    if looked.shape not in (LIST, LINES):
        yield from columnar.rows(looked)
        return
    with looked.open() as file:
        if looked.shape == LIST:
            yield from ((f"element {n}", one) for n, one in enumerate(elements_of(file.read), 1))
        else:
            yield from ((f"line {n}", one) for n, one in json_lines(file))


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The record that *flat* was made of; its fields and metadata, which nothing parts, as both."""
    responses: dict[str, list[dict[str, Any]]] = {}
    suggestions: dict[str, dict[str, Any]] = {}
    for name, given in flat.items():
        question = name.removesuffix(RESPONSES)
        if question != name and isinstance(given, list):
            who, how = (flat.get(f"{question}{part}") or [] for part in (USERS, STATUS))
            responses[question] = [
                {"value": value, "user_id": _at(who, at), "status": _at(how, at)}
                for at, value in enumerate(given)
            ]
        question = name.removesuffix(SUGGESTION)
        if question != name and given is not None:
            agent = flat.get(f"{question}{AGENT}")
            suggestions[question] = {"value": given, "agent": agent}
    rest = {
        name: value
        for name, value in flat.items()
        if name not in OF_RECORD and not name.endswith(OF_QUESTION)
    }
    nested = {"id": flat.get("id"), "fields": rest, "metadata": rest}
    return nested | {"responses": responses, "suggestions": suggestions}


def _at(values: Any, at: int) -> Any:
    return values[at] if isinstance(values, list) and at < len(values) else None


def _word(value: Any, otherwise: str) -> str:
    return otherwise if value is None or value == "" else str(value)


def judgments(looked: Looked) -> Iterator[Result]:
    """What each user answered to the questions of a record."""
    for number, found in enumerate(_records(looked), start=1):
        if isinstance(found, Broken):
            yield found
            continue
        place, record = found
        yield from _responses(place, _name(record, number), record)


def _responses(place: str, item: str, record: Mapping[str, Any]) -> Iterator[Result]:
    by_user: dict[str, dict[str, Any]] = {}
    status: dict[str, Any] = {}
    twice: Counter[tuple[str, str]] = Counter()
    for question, responses in _object(record.get("responses")).items():
        for response in responses if isinstance(responses, list) else []:
            user = _word(_object(response).get("user_id"), "")
            by_user.setdefault(user, {})[question] = _object(response).get("value")
            status[user] = _object(response).get("status") or "submitted"
            twice[user, question] += 1
    if not by_user:
        yield LeftOut(place, "nobody answered it")
    again = {user: question for (user, question), number in twice.items() if number > 1}
    for user, answers in by_user.items():
        where = f"{place}, user {user}"
        if status[user] != "submitted":
            yield LeftOut(where, f"the answers are {status[user]}")
        elif user in again:
            yield Broken(where, f"answers {again[user]!r} more than once", record)
        else:
            for question in [name for name, value in answers.items() if _is_of_parts(value)]:
                del answers[question]
                yield LeftOut(where, f"the answer to {question!r} is no label, number or text")
            yield Said(where, item, user, answers, {}, _facts(record))


def _is_of_parts(value: Any) -> bool:
    """Whether an answer marks parts of a text, or puts things in an order."""
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(one, dict) for one in value)
    )


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
