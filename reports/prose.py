"""Figures of several former communes in text: one sentence with the new commune's instead.

Where under one heading the paragraphs of two former communes or more have a figure of the same
indicator, and the roll-up has a value, the heading opens with a sentence of the catalogue
(``catalog/sentences.yaml``) that has the consolidated figure, and the communes' sentences that say
nothing else are left out. What stays keeps its attribution ('Tại xã Đức Hiệp (cũ): …'):

- sentences with a figure that has no consolidated one: of another day, of a village or a district,
  of an indicator without a value, or not understood;
- sentences that say something before they come to the figure; what they say behind it stays alone;
- paragraphs whose sentences cannot be told apart as the documents have them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reports.vietnamese import listing
from transforms.narrative import says_the_same
from transforms.sentences import split_sentences
from transforms.text import key

if TYPE_CHECKING:
    from catalog.model import Indicator
    from reports.facts import Facts, Figure, Passage, Spoken
    from reports.notes import Table

CONSOLIDATED = "consolidated"
"""Origin of a passage that has the new commune's own figures."""
RESULTS = frozenset({"result", "numerator", "denominator", "count"})
SAYS_SOMETHING = 6
"""Least words of a clause without figures that says something of its own: 'vượt kế hoạch đề ra' is
said by target and result."""

_ATTRIBUTION = re.compile(r"^Tại [^:]{1,200} \(cũ\): ")
_COMMA = re.compile(r",(?=\s)")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_CIRCUMSTANCE = re.compile(
    r"\W*(?:về|đến|trong|ở|tại|trên|theo|qua|tính|hiện|tổng)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a passage and its figures, each with the unit that wrote it."""

    text: str
    figures: tuple[tuple[str, Spoken], ...]


def narrated(facts: Facts, table: Table) -> tuple[Passage, ...]:
    """The passages as the report prints them, in order of their headings and ordinals.

    ``origins`` of a consolidated passage are the paragraphs that its figures stood in.
    """
    headings: defaultdict[tuple[str, ...], list[Passage]] = defaultdict(list)
    for passage in sorted(facts.passages, key=lambda passage: passage.ordinal):
        headings[tuple(passage.path)].append(passage)
    spoken: defaultdict[tuple[str, int | None], list[Spoken]] = defaultdict(list)
    for each in facts.spoken:
        spoken[each.document, each.row].append(each)
    return tuple(
        passage
        for under in headings.values()
        for passage in _under_heading(under, facts, table, spoken)
    )


def _under_heading(
    passages: Sequence[Passage],
    facts: Facts,
    table: Table,
    spoken: Mapping[tuple[str, int | None], Sequence[Spoken]],
) -> Iterable[Passage]:
    sentences = [_sentences(passage, spoken) for passage in passages]
    known = _consolidated(sentences, facts, table)
    if not known:
        return passages
    said: dict[str, str] = {}
    origins: list[Mapping[str, Any]] = []
    kept: list[Passage] = []
    for passage, parts in zip(passages, sentences, strict=True):
        left = list(_left(parts, known, facts, table, said))
        if left == [part.text for part in parts]:
            kept.append(passage)
            continue
        origins += [origin for origin in passage.origins if origin not in origins]
        if left:
            kept.append(replace(passage, text=_written(passage, left)))
    if not said:
        return passages
    in_order = dict.fromkeys(figure.indicator for figure in facts.figures)
    text = " ".join(said[indicator] for indicator in in_order if indicator in said)
    first = replace(passages[0], text=text, origin=CONSOLIDATED, origins=origins)
    return [
        replace(passage, ordinal=ordinal)
        for ordinal, passage in enumerate(_merged([first, *kept], table))
    ]


def _sentences(
    passage: Passage, spoken: Mapping[tuple[str, int | None], Sequence[Spoken]]
) -> list[_Sentence]:
    """The passage's sentences; one with all its figures if they are not those of its origins."""
    texts = split_sentences(_body(passage.text))
    figures: list[list[tuple[str, Spoken]]] = [[] for _ in texts]
    for origin in passage.origins:
        written = split_sentences(origin["text"])
        for one in spoken.get((origin["document"], origin["row"]), ()):
            if len(written) != len(texts) or one.text not in written:
                return [_Sentence(passage.text, ())]
            figures[written.index(one.text)].append((origin["unit"], one))
    return [_Sentence(text, tuple(of)) for text, of in zip(texts, figures, strict=True)]


def _consolidated(
    sentences: Iterable[Sequence[_Sentence]], facts: Facts, table: Table
) -> dict[str, Figure]:
    """The indicators that two units have a figure of, with the consolidated figure."""
    units: defaultdict[str, set[str]] = defaultdict(set)
    for parts in sentences:
        for part in parts:
            for unit, one in part.figures:
                if one.indicator is not None and _is_result(one, unit, facts):
                    units[one.indicator].add(unit)
    figures = {indicator: table.result(indicator) for indicator, of in units.items() if len(of) > 1}
    return {
        indicator: figure
        for indicator, figure in figures.items()
        if figure is not None and figure.value is not None
        if table.catalogue.indicators[indicator].kind in table.catalogue.sentences
    }


def _is_result(one: Spoken, unit: str, facts: Facts) -> bool:
    return one.unit == unit and one.as_of == facts.as_of and one.measure in RESULTS


def _left(
    parts: Sequence[_Sentence],
    known: Mapping[str, Figure],
    facts: Facts,
    table: Table,
    said: dict[str, str],
) -> Iterator[str]:
    """What stays of a passage; the consolidated sentences of what does not go to ``said``."""
    for place, part in enumerate(parts):
        if (
            _is_leant_on(parts, place)
            or not _is_said_by(part, known, facts, table)
            or _says_more(part)
        ):
            yield part.text
            continue
        for _, one in part.figures:
            if one.indicator is not None and one.indicator in known:
                said[one.indicator] = _sentence(known[one.indicator], table)
        if rest := _said_behind(part, table):
            yield rest


def _is_leant_on(parts: Sequence[_Sentence], place: int) -> bool:
    """Whether the sentence behind goes on about what this one counts without saying what:
    '…; tỷ lệ chung của toàn huyện là 45,3 %'.
    """
    following = [figure for part in parts[place + 1 : place + 2] for figure in part.figures]
    return parts[place].text.endswith(";") and any(one.indicator is None for _, one in following)


def _is_said_by(part: _Sentence, known: Mapping[str, Figure], facts: Facts, table: Table) -> bool:
    """Whether the consolidated sentences say all the figures of a sentence.

    A percentage that counts nothing of its own ('vượt 9,68 % so với mục tiêu') goes with the figure
    that it compares, a target with the one that all communes have.
    """
    results = False
    for unit, one in part.figures:
        if one.indicator in known and _is_result(one, unit, facts):
            results = True
        elif one.indicator is None and one.unit == unit and one.unit_of_measure == "%":
            continue
        elif one.measure == "target" and one.indicator is not None and one.indicator in known:
            target = table.target(one.indicator)
            if target is None or target.value is None:
                return False
        else:
            return False
    return results


def _says_more(part: _Sentence) -> bool:
    """Whether a clause before the first figure's says something of its own."""
    *clauses, _ = _COMMA.split(part.text[: _span(part)[0]])
    return any(
        len(clause.split()) >= SAYS_SOMETHING and not _CIRCUMSTANCE.match(clause)
        for clause in clauses
    )


def _said_behind(part: _Sentence, table: Table) -> str:
    """What a sentence says behind the clause of its last figure; nothing if that is little.

    A comma within the name of what is counted ('học sinh, sinh viên') ends no clause.
    """
    names = key(" · ".join(_wordings(part, table)))
    for comma in _COMMA.finditer(part.text, _span(part)[1]):
        rest = part.text[comma.end() :].strip()
        words = rest.split()
        if key(f", {' '.join(words[:2])}") not in names:
            return rest if len(words) >= SAYS_SOMETHING else ""
    return ""


def _wordings(part: _Sentence, table: Table) -> Iterator[str]:
    for _, one in part.figures:
        if one.indicator is not None:
            indicator = table.catalogue.indicators[one.indicator]
            yield from (indicator.name, *indicator.wordings)


def _span(part: _Sentence) -> tuple[int, int]:
    """Where the first figure begins and the last one ends; all of it if none is found again."""
    values = {_digits(f"{one.value:f}") for _, one in part.figures if one.value is not None}
    found = [each for each in _FIGURE.finditer(part.text) if _digits(each.group()) in values]
    return (found[0].start(), found[-1].end()) if found else (0, len(part.text))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text).rstrip("0")


def _sentence(figure: Figure, table: Table) -> str:
    """The catalogue's sentence with the consolidated figure."""
    indicator = table.catalogue.indicators[figure.indicator]
    counts_part = figure.measure == "count" and indicator.kind == "rate"
    kind = "count" if counts_part else indicator.kind
    caveats = "; ".join(table.caveats(figure))
    text = table.catalogue.sentences[kind].text.format(
        name=_name(indicator, counts_part=counts_part),
        area=table.catalogue.units[table.facts.unit].type,
        value=table.shown(figure),
        unit_of_measure=figure.unit_of_measure,
        fraction="".join(f" ({fraction})" for fraction in table.fraction(indicator)),
        equation=figure.equation or "",
    )
    return f"{text.removesuffix('.')} ({caveats})." if caveats else text


def _name(indicator: Indicator, *, counts_part: bool) -> str:
    numerator = indicator.numerator
    return numerator.name if counts_part and numerator is not None else indicator.name


def _written(passage: Passage, left: Sequence[str]) -> str:
    """The passage of what is left, each sentence closed as the first of a sentence or its end."""
    attribution = _ATTRIBUTION.match(passage.text)
    text = ""
    for sentence in left:
        opens = not text or text.endswith((".", "!", "?", "…"))
        text += f" {sentence[0].upper() if opens else sentence[0]}{sentence[1:]}"
    text = re.sub(r"[;,:]$", ".", text.strip())
    return f"{attribution.group() if attribution else ''}{text}"


def _merged(passages: Sequence[Passage], table: Table) -> Sequence[Passage]:
    """The passages, those put together that say the same now that their figures are gone."""
    merged: list[Passage] = []
    for passage in passages:
        place = next(
            (
                place
                for place, other in enumerate(merged)
                if _may_merge(other, table) and _may_merge(passage, table)
                if says_the_same(_body(other.text), _body(passage.text))
            ),
            None,
        )
        if place is None:
            merged.append(passage)
            continue
        origins = [*merged[place].origins, *passage.origins]
        units = dict.fromkeys(table.unit_name(origin["unit"]) for origin in origins)
        text = f"Tại {listing(list(units))} (cũ): {_body(merged[place].text)}"
        merged[place] = replace(merged[place], text=text, origin="common", origins=origins)
    return merged


def _may_merge(passage: Passage, table: Table) -> bool:
    """Whether a passage is attributed, and would not name a unit that did not say it."""
    names = [table.catalogue.units[unit].name for unit in table.facts.former_units]
    body = _body(passage.text)
    return body != passage.text and not any(name in body for name in names)


def _body(text: str) -> str:
    return _ATTRIBUTION.sub("", text)
