"""JSON of any size, one value at a time."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.interchange import json_text
from evaluations.interchange.json_text import JsonText, elements_of
from evaluations.text.table_words import RejectedFile
from tests.support.examples import examples

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


class Dripping:
    """A stream that hands out so many bytes at most, however many are asked for."""

    def __init__(self, content, size):
        self._stream, self._size = io.BytesIO(content), size

    def read(self, size):
        return self._stream.read(min(size, self._size))


@given(st.lists(VALUES, max_size=6), st.integers(1, 7), st.sampled_from([None, 2]))
@settings(max_examples=examples(40))
def test_a_list_is_read_as_it_was_written_however_it_arrives(values, size, indent):
    content = json.dumps(values, ensure_ascii=False, indent=indent).encode("utf-8", "replace")
    expected = json.loads(content)
    assert list(elements_of(Dripping(content, size).read)) == expected


def test_an_object_is_walked_by_its_names():
    text = JsonText(io.BytesIO(b' {"a": [1, 2], "b": {"c": 3}} ').read)
    assert {name: text.value() for name in text.names()} == {"a": [1, 2], "b": {"c": 3}}


@pytest.mark.parametrize(
    "content", [b"[1, 2", b"[1 2]", b"[1,]", b"[1] 2", b"{", b"", b'["a', b"[nul]", b"[1, \xff]"]
)
def test_what_is_no_list_is_refused_with_its_place(content):
    with pytest.raises(RejectedFile, match=r"character|byte"):
        list(elements_of(io.BytesIO(content).read))


def test_the_elements_before_a_fault_are_read():
    found = elements_of(io.BytesIO(b'[{"a": 1}, {"b": 2}, {').read)
    assert [next(found), next(found)] == [{"a": 1}, {"b": 2}]


def test_nesting_beyond_all_bounds_is_refused():
    with pytest.raises(RejectedFile, match="nested too deeply"):
        list(elements_of(io.BytesIO(b"[" * 100_000).read))


def test_memory_holds_one_value_of_a_long_list():
    text = JsonText(_Endless().read)
    elements = text.elements()
    for _ in range(20_000):
        next(elements)
    assert len(text._text) <= 2 * json_text.PIECE


class _Endless:
    """A list without an end."""

    def __init__(self):
        self._rest = b"["

    def read(self, size):
        piece = self._rest + b'{"text": "' + b"a" * 90 + b'"},' * 1
        self._rest = b""
        return piece
