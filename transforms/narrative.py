"""The former communes' paragraphs merged under the outline of the new commune's report.

Rules, so that nothing is invented and no former commune's figure or name passes for the new one's:

- A section goes under the report's heading that says the same, looked for first below the heading
  that its own parent went under. A section that goes under none is a finding; its text stays in the
  document's sections. A deeper section than the report has goes under its parent's heading, its own
  heading in front.
- A report's closing formula ('Trên đây là báo cáo …./.') is none of its paragraphs.
- Paragraphs that say the same are printed once and keep all origins. Those with different figures,
  document numbers, days or negations never say the same, however alike they look.
- What all communes say, without a figure, is printed as the new commune's, and where each spoke of
  itself by name the new commune's name stands instead. What not all say, and everything that has a
  figure or names a former commune, is attributed: 'Tại xã Đức Hiệp (cũ): …'.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from rapidfuzz import fuzz

from extractors.document import Finding, Source
from transforms.directives import same_number
from transforms.numbers import find_numbers
from transforms.text import clean, key
from transforms.units import Level

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date

    from catalog.model import Heading, Report
    from transforms.reading import Reading, Section
    from transforms.units import UnitIndex

SAME_TEXT = 90.0
"""Least likeness of two paragraphs that say the same. In the sample documents copies that were
touched up are at 92 and above; one that adds a statement of its own to the same words at 83."""
SAME_HEADING = 82.0
"""Least likeness of a heading to one of the report's below the same parent."""
SAME_HEADING_ANYWHERE = 92.0
"""The same for a heading that stands under another parent than in the report."""
OF_THE_REPORT = 0.25
"""Least share of a document's headings that the report has; with fewer it is another report."""

_BULLET = re.compile(r"^\s*[-–—+•*]\s+")
_MARK = re.compile(r"^\s*(?:\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ][.)])\s+")
_ASIDE = re.compile(r"\s*\([^()]*\)|\s+theo\s+quyết\s+định\s+số.*$", re.IGNORECASE)
_CLOSING = re.compile(
    r"trên đây là|(?:ubnd|ủy ban nhân dân|đảng ủy|hội khuyến học)[^.;]{0,60}"
    r"(?:kính (?:trình|gửi|báo cáo)|(?:trân trọng )?báo cáo[^.;]{0,80}\./)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+(?:[.,/]\d+)*")
_TURNING = re.compile(
    r"(?<!\w)(?:không|chưa|chẳng|thiếu|giảm|tăng|thấp|cao|ít|nhiều|vượt|trừ|ngoài)(?!\w)"
)
_SELF_TYPED, _SELF_BARE = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One document of a former unit: its sha256, the unit's slug, its sections."""

    document: str
    unit: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A paragraph of a document that a merged one comes from; ``row`` is the paragraph's index."""

    document: str
    unit: str
    row: int
    text: str


@dataclass(frozen=True, slots=True)
class MergedParagraph:
    """A paragraph of the new unit's report under the heading with ``path``.

    ``origin`` is 'common' for what more units than one say, else 'own'.
    """

    unit: str
    report: str
    path: tuple[str, ...]
    heading: str
    ordinal: int
    text: str
    origin: Literal["common", "own"]
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Narrative:
    """The merged paragraphs in the report's order, and findings by their document's sha256."""

    paragraphs: tuple[MergedParagraph, ...]
    findings: tuple[tuple[str, Finding], ...]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A paragraph with its own unit's names as marks, and what the same must agree in."""

    origin: Origin
    text: str
    key: str
    signature: tuple[object, ...]
    has_figures: bool
    names_others: bool


@dataclass(slots=True)
class _Group:
    """Paragraphs that say the same; the first stands for them."""

    spoken: list[_Spoken] = field(default_factory=list)

    @property
    def units(self) -> list[str]:
        return list(dict.fromkeys(one.origin.unit for one in self.spoken))


def contributions(
    readings: Iterable[tuple[str, Reading]], former: Collection[str], as_of: date | None = None
) -> list[Contribution]:
    """What documents (sha256, reading) of the former units contribute, in their order.

    Only those of the day ``as_of``, by default the latest that any of them reports; each document
    once (same unit, number and day of issue); none that another replaces, and no draft of a unit
    that sent a signed one. What corrects or supplements a document leaves its paragraphs standing.
    """
    ours = [(document, one) for document, one in readings if one.header.unit in former]
    days = [one.header.as_of for _, one in ours if one.header.as_of]
    day = as_of or max(days, default=None)
    replaced = {
        (one.header.unit, same_number(one.header.supersedes))
        for _, one in ours
        if one.header.supersession == "replaces" and one.header.supersedes
    }
    signed = {
        one.header.unit for _, one in ours if one.header.as_of == day and not one.header.draft
    }
    chosen: list[Contribution] = []
    seen: set[tuple[str, str, date | None]] = set()
    for document, one in ours:
        unit, number = one.header.unit, same_number(one.header.number or document)
        if unit is None or one.header.as_of != day or (unit, number) in replaced:
            continue
        if one.header.draft and unit in signed:
            continue
        if (unit, number, one.header.issued_on) not in seen:
            seen.add((unit, number, one.header.issued_on))
            chosen.append(Contribution(document, unit, one.sections))
    return chosen


def merge(report: Report, unit: str, parts: Sequence[Contribution], units: UnitIndex) -> Narrative:
    """The narrative of ``unit``'s report from its former units' documents of one period.

    The documents are to be distinct and not superseded. Those that are evidently another report
    (see OF_THE_REPORT) contribute nothing and cause no finding.
    """
    outline = _Outline(report)
    under: defaultdict[tuple[str, ...], list[_Spoken]] = defaultdict(list)
    findings: list[tuple[str, Finding]] = []
    contributing: list[str] = []
    for contribution in parts:
        placed, unplaced = outline.place(contribution.sections)
        if len(placed) < OF_THE_REPORT * (len(placed) + len(unplaced)) or not placed:
            continue
        contributing.append(contribution.unit)
        findings += [(contribution.document, _unmatched(one, contribution)) for one in unplaced]
        for path, section in placed:
            under[path] += _spoken(section, contribution, units)
    former = tuple(dict.fromkeys(contributing))
    paragraphs = [
        paragraph
        for heading in report.outline
        for paragraph in _merged(heading, report, unit, under[heading.path], former, units)
    ]
    return Narrative(tuple(paragraphs), tuple(findings))


def _unmatched(section: Section, contribution: Contribution) -> Finding:
    row = section.indices[0] if section.indices else None
    source = Source("text", section.heading, row=row)
    heading = f"{'.'.join(section.path)}. {section.heading}"
    return Finding("heading-unmatched", {"heading": heading}, source, unit=contribution.unit)


# --- headings -------------------------------------------------------------------------------


class _Outline:
    """A report's headings by their wordings."""

    def __init__(self, report: Report) -> None:
        self._wordings: dict[tuple[str, ...], list[str]] = {
            heading.path: [_heading_key(text) for text in (heading.heading, *heading.wordings)]
            for heading in report.outline
        }
        self._children: defaultdict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        for path in self._wordings:
            self._children[path[:-1]].append(path)

    def place(
        self, sections: Sequence[Section]
    ) -> tuple[list[tuple[tuple[str, ...], Section]], list[Section]]:
        """Sections with the report's heading that each goes under, and those that go under none."""
        placed: list[tuple[tuple[str, ...], Section]] = []
        unplaced: list[Section] = []
        found: dict[tuple[str, ...], tuple[str, ...] | None] = {(): ()}
        for section in sections:
            if not section.path or section.path[0].startswith("Phụ lục"):
                continue
            parent = found.get(section.path[:-1])
            path = self._match(section, parent)
            if path is None and parent and not self._children[parent]:
                path, section = parent, _folded(section)  # noqa: PLW2901  the report has no deeper heading
            found[section.path] = path
            if path is None:
                unplaced.append(section)
            else:
                placed.append((path, section))
        return placed, unplaced

    def _match(self, section: Section, parent: tuple[str, ...] | None) -> tuple[str, ...] | None:
        heading = _heading_key(section.heading)
        if parent is not None:
            best = self._best(heading, self._children[parent], SAME_HEADING)
            if best is not None:
                return best
        return self._best(heading, list(self._wordings), SAME_HEADING_ANYWHERE)

    def _best(
        self, heading: str, paths: Sequence[tuple[str, ...]], least: float
    ) -> tuple[str, ...] | None:
        """The one path whose wordings come closest; None if two come equally close."""
        scores = {
            path: max(fuzz.ratio(heading, wording) for wording in self._wordings[path])
            for path in paths
        }
        best = max(scores.values(), default=0.0)
        closest = [path for path, score in scores.items() if score == best]
        return closest[0] if best >= least and len(closest) == 1 else None


def _heading_key(text: str) -> str:
    return key(_ASIDE.sub("", clean(text)))


def _folded(section: Section) -> Section:
    """A section without a heading of its own: the heading stands before its first paragraph."""
    if not section.paragraphs:
        return section
    first = _BULLET.sub("", section.paragraphs[0])
    paragraphs = (f"{section.heading}: {first}", *section.paragraphs[1:])
    return type(section)(section.path, section.heading, paragraphs, section.indices)


# --- paragraphs -----------------------------------------------------------------------------


def _spoken(section: Section, contribution: Contribution, units: UnitIndex) -> Iterator[_Spoken]:
    for text, row in zip(section.paragraphs, section.indices, strict=True):
        line = _MARK.sub("", _BULLET.sub("", clean(text))).removesuffix("./.").rstrip()
        if not line or _CLOSING.match(line):
            continue
        line = line if line.endswith((".", ":", ";", "!", "?", "…")) else f"{line}."
        origin = Origin(contribution.document, contribution.unit, row, text)
        marked, names_others = _marked(line, contribution.unit, units)
        compared = key(marked.replace(_SELF_TYPED, "xã").replace(_SELF_BARE, ""))
        figures = find_numbers(line)
        words = [str(figure.value) for figure in figures if not _DIGITS.search(figure.value.text)]
        signature = (
            frozenset(Counter(_DIGITS.findall(compared)).items()),
            frozenset(Counter(words).items()),
            frozenset(Counter(_TURNING.findall(compared)).items()),
        )
        yield _Spoken(origin, marked, compared, signature, bool(figures), names_others)


def _marked(text: str, unit: str, units: UnitIndex) -> tuple[str, bool]:
    """The text with its own unit's names as marks, and whether it names other communes."""
    names_others = False
    parts: list[str] = []
    end = 0
    for mention in units.mentions(text, near=unit):
        if mention.generic or mention.level > Level.COMMUNE:
            continue
        if mention.slug != unit:
            names_others = True
            continue
        parts += [text[end : mention.start], _SELF_TYPED if mention.typed else _SELF_BARE]
        end = mention.end
    return "".join([*parts, text[end:]]), names_others


def _grouped(spoken: Sequence[_Spoken]) -> list[_Group]:
    """The paragraphs by what they say, in the order of their first."""
    groups: list[_Group] = []
    alike: defaultdict[tuple[object, ...], list[_Group]] = defaultdict(list)
    for one in spoken:
        same = next(
            (
                group
                for group in alike[one.signature]
                if fuzz.ratio(group.spoken[0].key, one.key, score_cutoff=SAME_TEXT)
            ),
            None,
        )
        if same is None:
            same = _Group()
            groups.append(same)
            alike[one.signature].append(same)
        same.spoken.append(one)
    return groups


def _merged(
    heading: Heading,
    report: Report,
    unit: str,
    spoken: Sequence[_Spoken],
    former: tuple[str, ...],
    units: UnitIndex,
) -> Iterator[MergedParagraph]:
    """The paragraphs under one heading: what all say, what several say, what each says alone."""

    def rank(group: _Group) -> tuple[int, int]:
        return -len(group.units), former.index(group.units[0])

    for ordinal, group in enumerate(sorted(_grouped(spoken), key=rank)):
        yield MergedParagraph(
            unit,
            report.id,
            heading.path,
            heading.heading,
            ordinal,
            _text(group, unit, former, units),
            "common" if len(group.units) > 1 else "own",
            tuple(one.origin for one in group.spoken),
        )


def says_the_same(first: str, second: str) -> bool:
    """Whether two texts without figures say the same."""
    one, other = key(first), key(second)
    if _DIGITS.search(one) or _DIGITS.search(other):
        return False
    turns = Counter(_TURNING.findall(one)) == Counter(_TURNING.findall(other))
    return turns and fuzz.ratio(one, other) >= SAME_TEXT


def _text(group: _Group, unit: str, former: tuple[str, ...], units: UnitIndex) -> str:
    """What the report prints for a group: the new unit's own words, or attributed ones."""
    said_by = group.units
    is_plain = not any(one.has_figures or one.names_others for one in group.spoken)
    if said_by == [unit] or (is_plain and len(said_by) == len(former) > 1):
        return _named(group.spoken[0].text, unit, units)
    first = group.spoken[0]
    if len(said_by) == 1:
        return f"Tại {_full_name(said_by[0], units)} (cũ): {_named(first.text, said_by[0], units)}"
    names = [_full_name(slug, units) for slug in said_by]
    text = first.text.replace(_SELF_TYPED, "xã").replace(_SELF_BARE, "xã")
    return f"Tại {', '.join(names[:-1])} và {names[-1]} (cũ): {text}"


def _named(text: str, slug: str, units: UnitIndex) -> str:
    """The text with the marks as a unit's names."""
    unit = units.unit(slug)
    if unit is None:
        raise KeyError(slug)
    named = text.replace(_SELF_TYPED, f"{unit.type} {unit.name}").replace(_SELF_BARE, unit.name)
    return named[0].upper() + named[1:]


def _full_name(slug: str, units: UnitIndex) -> str:
    unit = units.unit(slug)
    if unit is None:
        raise KeyError(slug)
    return f"{unit.type} {unit.name}"
