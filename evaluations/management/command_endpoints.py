"""Endpoints as the options of a command describe them."""

import argparse
import json
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import CommandError

from accounts.models import Project
from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.kinds import subjects_in_words
from evaluations.management.command_line import endpoint_named
from evaluations.models import Endpoint
from evaluations.respondents.chat.parameters import SYSTEM_ROLES
from evaluations.respondents.endpoints import respondent_of
from evaluations.respondents.respondent import RespondentError

SETTINGS = {
    "key_variable": "key_variable",
    "timeout": "timeout_seconds",
    "max_retries": "max_retries",
    "concurrency": "concurrency",
    "requests_per_minute": "requests_per_minute",
    "tokens_per_minute": "tokens_per_minute",
    "input_price": "input_price",
    "cached_input_price": "cached_input_price",
    "output_price": "output_price",
    "currency": "currency",
    "model_note": "note",
}
"""Options that describe an endpoint, and its fields; what is left out keeps its default."""


def add_endpoint_options(parser: argparse.ArgumentParser) -> None:
    who = parser.add_argument_group("who answers (one of --endpoint, --base-url, --simulated)")
    who.add_argument(
        "--endpoint",
        metavar="NAME",
        nargs="+",
        help="of the project, or of a new one",
    )
    who.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible address ending in /v1")
    who.add_argument("--model", metavar="NAME", help="the model's name at that address")
    who.add_argument("--key-variable", help="environment variable that holds the key")
    who.add_argument("--temperature", type=float)
    who.add_argument("--top-p", type=float)
    who.add_argument("--max-tokens", type=int)
    who.add_argument("--max-completion-tokens", type=int)
    who.add_argument("--reasoning-effort", metavar="WORD", help="as the endpoint names it")
    who.add_argument("--system-role", choices=SYSTEM_ROLES, help="of a system message")
    who.add_argument("--extra-body", type=_object, metavar="JSON", help="sent with each call")
    who.add_argument("--constraint", choices=["json_schema", "grammar"])
    who.add_argument("--timeout", type=_positive, help="seconds a call may take (default: 120)")
    who.add_argument("--max-retries", type=_count, help="of a call (default: 5)")
    who.add_argument(
        "--concurrency", type=_positive, help="calls at once of each worker (default: 8)"
    )
    who.add_argument("--requests-per-minute", type=_positive, help="of all workers together")
    who.add_argument("--tokens-per-minute", type=_positive, help="of all workers together")
    who.add_argument("--input-price", type=_price, help="of a million tokens")
    who.add_argument("--cached-input-price", type=_price, help="of those it had in its cache")
    who.add_argument("--output-price", type=_price, help="of a million tokens")
    who.add_argument("--currency", help="of the prices (default: USD)")
    who.add_argument("--model-note", help="shown with the model on every page")
    who.add_argument(
        "--simulated",
        nargs="+",
        metavar="SUBJECT",
        help="a simulated respondent each, by the first of its parameters; 'target' does as it is "
        f"told. Parameters: {subjects_in_words()}",
    )
    who.add_argument("--noise", type=float, help="of the simulated")


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 32767:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to 32767")
    return number


def _positive(text: str) -> int:
    number = int(text)
    if not 0 < number < 2**31:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1")
    return number


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no JSON ({error})") from None
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError(f"{text!r} is no JSON object")
    return found


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or not 0 <= price < 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no price from 0 to 999,999")
    return price.quantize(Decimal("0.000001"))


def endpoints_described(
    project: Project, options: dict[str, Any], instrument: InstrumentDefinition
) -> list[Endpoint]:
    """The endpoints the options describe; new ones are not saved. Raises CommandError."""
    if options["simulated"]:
        said, noise = options["simulated"], options["noise"]
        found = [_simulated(project, subject, noise, instrument) for subject in said]
    elif options["base_url"]:
        found = [_at_address(project, options)]
    elif options["endpoint"]:
        names = dict.fromkeys(options["endpoint"])
        found = [endpoint_named(project, name) for name in names]
    else:
        raise CommandError("say who answers: --endpoint, --base-url with --model, or --simulated")
    for endpoint in found:
        try:
            respondent_of(endpoint, instrument)
        except RespondentError as error:
            raise CommandError(f"{endpoint.name}: {error}") from None
    return found


def _at_address(project: Project, options: dict[str, Any]) -> Endpoint:
    if not options["model"]:
        raise CommandError("--base-url needs --model, the model's name at that address")
    named = options["endpoint"] or []
    if len(named) > 1:
        raise CommandError("--base-url describes one endpoint: give it one name")
    given = (
        *("temperature", "top_p", "max_tokens", "max_completion_tokens", "constraint"),
        *("reasoning_effort", "system_role", "extra_body"),
    )
    parameters = {name: options[name] for name in given if options[name] is not None}
    host = urlsplit(options["base_url"]).netloc
    fields = {
        field: options[option] for option, field in SETTINGS.items() if options[option] is not None
    }
    endpoint = Endpoint(
        project=project,
        name=(named[0] if named else f"{options['model']} at {host}")[:120],
        kind=Endpoint.Kind.OPENAI,
        model=options["model"],
        base_url=options["base_url"],
        parameters=parameters,
        **fields,
    )
    return _same_or_new(endpoint, ("model", "base_url", "parameters", *fields))


def _simulated(
    project: Project, said: str, noise: float | None, instrument: InstrumentDefinition
) -> Endpoint:
    try:
        subject = instrument.kind.subject(said, noise)
    except ValueError as error:
        amount = "" if noise is None else f" --noise {noise:g}"
        raise CommandError(f"--simulated {said}{amount}: {error}") from None
    endpoint = Endpoint(
        project=project,
        name=f"simulated respondent, {subject.words}",
        kind=Endpoint.Kind.SIMULATED,
        model=f"simulated respondent, {subject.words.partition(', ')[0]}",
        parameters=subject.parameters,
        concurrency=32,
    )
    return _same_or_new(endpoint, ("model", "parameters"))


def _same_or_new(endpoint: Endpoint, described: Iterable[str]) -> Endpoint:
    """The endpoint of that name if it is as *described*: a command never changes one, as runs may
    rest on it."""
    known = Endpoint.objects.filter(project=endpoint.project, name=endpoint.name).first()
    if known is None:
        return endpoint
    differing = [
        f"{name} is {getattr(known, name)!r}, not {getattr(endpoint, name)!r}"
        for name in described
        if getattr(known, name) != getattr(endpoint, name)
    ]
    if differing:
        raise CommandError(
            f"the endpoint {endpoint.name!r} exists with other settings ({'; '.join(differing)}): "
            "give the new one a name of its own with --endpoint"
        )
    return known
