"""Content as one archive, so that an old response can always be screened again as on its day."""

from __future__ import annotations

import io
import tarfile
import tempfile
from pathlib import Path

from screening.engine.content import Content
from screening.loading.files import content_hash, files
from screening.loading.load import load


def packed(directory: Path, expected: str) -> bytes:
    """All content files as one archive. Raises OSError where they change meanwhile."""
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w:gz", compresslevel=6) as archive:
        for path in files(directory):
            archive.add(path, path.relative_to(directory).as_posix())
    if content_hash(directory) != expected:
        raise OSError("the content changed while it was being read")
    return body.getvalue()


def unpacked(archive: bytes) -> Content:
    """The content of an archive. Raises ContentError, TarError or OSError."""
    with tempfile.TemporaryDirectory() as place, tarfile.open(fileobj=io.BytesIO(archive)) as found:
        directory = Path(place) / "content"
        found.extractall(directory, filter="data")
        return load(directory)
