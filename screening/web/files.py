"""Streamlit's scripts, styles and fonts: those that are there and no others, compressed once."""

from __future__ import annotations

import gzip
import mimetypes
import re
from functools import lru_cache
from pathlib import Path

_LASTING = re.compile(r"\.[\w-]{8}\.\w+\Z")  # with a hash in the name: another content would have another name
_COMPRESSED = (".js", ".css", ".svg", ".html", ".json")

Headers = list[tuple[bytes, bytes]]


class Files:
    """The files below a directory. They are looked up once: what is not there then answers 404, whatever its name."""

    def __init__(self, directory: Path) -> None:
        self._paths = {
            f"/static/{path.relative_to(directory).as_posix()}": path for path in directory.rglob("*") if path.is_file()
        }

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def read(self, path: str, accepted: bytes) -> tuple[Headers, bytes]:
        """Headers and body for a browser that accepts these encodings. The largest takes a tenth of a second the first
        time."""
        file = self._paths[path]
        media = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = [(b"content-type", media.encode()), (b"vary", b"accept-encoding")]
        if _LASTING.search(file.name):
            headers.append((b"cache-control", b"public, max-age=31536000, immutable"))
        if file.suffix in _COMPRESSED and b"gzip" in accepted:
            return [*headers, (b"content-encoding", b"gzip")], compressed(file)
        return headers, file.read_bytes()


@lru_cache(maxsize=512)
def compressed(file: Path) -> bytes:
    """A file of the program as gzip; what was compressed once is kept."""
    return gzip.compress(file.read_bytes(), 6, mtime=0)
