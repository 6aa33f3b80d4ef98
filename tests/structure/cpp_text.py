"""As much of C++'s grammar as is needed to find string literals: comments, characters, strings, raw strings."""

import re

TOKEN = re.compile(
    r"""
      (?P<comment> //[^\n]* | /\*.*?\*/ )
    | (?P<raw> (?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\((?P<raw_text>.*?)\)(?P=mark)" )
    | (?P<string> (?:u8|[uUL])?"(?P<text>(?:[^"\\\n]|\\.)*)"[A-Za-z_]* )
    | (?P<number> \b\d[\d'A-Za-z.]* )
    | (?P<character> '(?:[^'\\\n]|\\.)+' )
    | (?P<space> \s+ )
    | (?P<other> \w+ | . )
    """,
    re.X | re.S,
)
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "'": "'"}


def unescape(text):
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match.group(1), match.group(1)), text, flags=re.S)


def string_literals(text):
    """(line, value) of each literal; those that stand side by side are one, as for the compiler."""
    found, line, value, start = [], 1, None, 0
    for match in TOKEN.finditer(text):
        kind = match.lastgroup if match.lastgroup not in ("mark", "raw_text", "text") else None
        piece = None
        if match.group("raw") is not None:
            piece = match.group("raw_text")
        elif match.group("string") is not None:
            piece = unescape(match.group("text"))
        if piece is not None:
            value, start = (piece, line) if value is None else (value + piece, start)
        elif kind not in ("comment", "space") and value is not None:
            found.append((start, value))
            value = None
        line += match.group().count("\n")
    if value is not None:
        found.append((start, value))
    return found
