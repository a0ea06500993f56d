"""The drawing of a skeleton: SVG elements that name the skeleton's sublabels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

_BY_NAME = re.compile(r"""data-label-name=(?:"([^"]*)"|'([^']*)')""")
_BY_ID = re.compile(r"""data-label-id=(?:"([0-9]+)"|'([0-9]+)')""")


def names_to_ids(svg: str, ids: Mapping[str, int]) -> str:
    """Name sublabels by id, as the drawing is kept and sent. Unknown names stay as they are."""

    def replace(match: re.Match[str]) -> str:
        name = unescape(match[1] if match[1] is not None else match[2])
        return f'data-label-id="{ids[name]}"' if name in ids else match[0]

    return _BY_NAME.sub(replace, svg)


def ids_to_names(svg: str, names: Mapping[int, str]) -> str:
    """Name sublabels by name, as the drawing is exported. Unknown ids stay as they are."""

    def replace(match: re.Match[str]) -> str:
        name = names.get(int(match[1] or match[2]))
        return match[0] if name is None else f'data-label-name="{escape(name)}"'

    return _BY_ID.sub(replace, svg)
