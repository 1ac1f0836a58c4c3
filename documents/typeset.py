"""Generated documents: a Typst template and its data become an archival, accessible PDF."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.core.serializers.json import DjangoJSONEncoder

from backend import clock

FONTS_DIR = Path(__file__).parent / "fonts"
TEMPLATES_DIR = Path(__file__).parent / "templates"
ARCHIVAL_AND_ACCESSIBLE = ("a-3a", "ua-1")  # ISO 19005-3 level A, ISO 14289-1


def typeset(template: Path, data: Mapping[str, Any], *, standard: str | Sequence[str] = ARCHIVAL_AND_ACCESSIBLE) -> bytes:
    """Typeset `template` with `data` into a PDF of the given standard(s): "a-2a", "a-3a", "ua-1" …

    The template reads `json(bytes(sys.inputs.data))`: data are values, never source. It may import its neighbours and what is in the folder
    of the template and below. The document must set its title and its language. Raises typst.TypstError where the template is at fault.
    """
    standards: Any = [standard] if isinstance(standard, str) else list(standard)
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)},
        format="pdf",
        pdf_standards=standards,
        timestamp=clock.now().replace(microsecond=0),
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts of the wheel and ours; never the machine's, so that a document is the same everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS_DIR)] if FONTS_DIR.is_dir() else [])
