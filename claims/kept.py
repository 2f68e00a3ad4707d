"""What was made of a data file, kept for the next run as Python keeps its compiled modules.

Compiling the patterns of a language takes longer than reading an article with them. So what was
made of a data file stands beside it in ``__pycache__``, where Python puts compiled modules too (or
where ``PYTHONPYCACHEPREFIX`` says). What was made of other data, by other code or by another Python
is made anew; where nothing can be written, everything is made anew each time. Who can write there
can change the program itself, so what stands there is read as a program is.

A pickled pattern is compiled anew when it is read: ``re`` doesn't give away what it compiled. The
`Compiler` here remembers that, a list of integers, of which ``re`` makes the same pattern a hundred
times as fast. It asks Python's own compiler for it, which is no public interface; where there is
another one, patterns are compiled each time.
"""

from __future__ import annotations

import io
import os
import pickle
import re
import sys
from array import array
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import blake2b
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar

try:
    import _sre  # type: ignore[import-not-found]
    from re import _compiler, _parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover (another Python)
    _sre = None

Made = TypeVar("Made")
_Code = tuple[str, int, bytes, int, dict[str, int], tuple[str | None, ...]]


class Compiler:
    """Compiles patterns, and remembers what of."""

    def __init__(self) -> None:
        self.codes: dict[re.Pattern[str], _Code] = {}

    def compile(self, pattern: str, flags: int = 0) -> re.Pattern[str]:
        """What ``re.compile`` makes of a pattern; raises re.error as that does."""
        try:
            code = _coded(pattern, flags)
            compiled = _decoded(code)
        except (AttributeError, TypeError, ValueError, RuntimeError):  # pragma: no cover
            return re.compile(pattern, flags)  # another Python
        self.codes[compiled] = code
        return compiled


def kept(source: Path, code: Iterable[str], make: Callable[[Compiler], Made]) -> Made:
    """What ``make`` makes of a data file, or has made of it before.

    ``code`` are the files of the modules that make it.
    """
    key = _key([source, *map(Path, code), Path(__file__)])
    path = Path(cache_from_source(str(source))).with_suffix(".pickle")
    with suppress(Exception), path.open("rb") as file:  # not there, of other data, or damaged
        if file.read(len(key)) == key:
            known: Made = pickle.load(file)  # noqa: S301 (as much ours as the module beside it)
            return known
    compiler = Compiler()
    made = make(compiler)
    with suppress(OSError):
        _write(path, key + _pickled(made, compiler))
    return made


def _key(files: Iterable[Path]) -> bytes:
    told = blake2b(sys.version.encode(), digest_size=16)
    for file in files:
        told.update(blake2b(file.read_bytes()).digest())
    return told.digest()


def _write(path: Path, data: bytes) -> None:
    """Put a file in its place whole: others may read it or write the same."""
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def _pickled(made: object, compiler: Compiler) -> bytes:
    data = io.BytesIO()
    _Pickler(data, compiler).dump(made)
    return data.getvalue()


class _Pickler(pickle.Pickler):
    """Pickles patterns as what was compiled."""

    def __init__(self, file: io.BytesIO, compiler: Compiler) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._codes = compiler.codes

    def reducer_override(self, thing: Any) -> Any:
        """How to make a thing anew."""
        code = self._codes.get(thing) if isinstance(thing, re.Pattern) else None
        return NotImplemented if code is None else (_decoded, (code,))


def _coded(pattern: str, flags: int) -> _Code:
    """What Python's compiler makes of a pattern, as ``re._compiler.compile`` does."""
    parsed = _parser.parse(pattern, flags)
    names = dict(parsed.state.groupdict)
    groups: list[str | None] = [None] * parsed.state.groups
    for name, number in names.items():
        groups[number] = name
    flags |= parsed.state.flags
    code = array("I", _compiler._code(parsed, flags))
    return pattern, flags, code.tobytes(), len(groups) - 1, names, tuple(groups)


def _decoded(code: _Code) -> re.Pattern[str]:
    pattern, flags, integers, groups, names, by_number = code
    compiled: re.Pattern[str] = _sre.compile(
        pattern, flags, array("I", integers).tolist(), groups, names, by_number
    )
    return compiled
