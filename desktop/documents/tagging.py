"""The structure tree: what a screen reader walks, kept beside what is painted.

Rule of the house: the logical text is the ActualText of the *structure element*. Put on a marked-content span it makes
Chrome, Edge and poppler spell Persian backwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from desktop.documents.objects import Array, Book, Dict, Name, Ref, Value, text_string

LANG = "fa-IR"


@dataclass(slots=True, eq=False)
class Element:
    """A node of the tree. `kids` are elements and (page index, mcid) of marked content, in reading order.

    `said` is its ActualText (`alt` its Alt). `attributes` are raw entries of its attribute dictionary.
    """

    tag: str
    said: str = ""
    alt: str = ""
    attributes: dict[str, Value] = field(default_factory=dict)
    kids: list[Element | tuple[int, int]] = field(default_factory=list)

    def child(self, tag: str, said: str = "", alt: str = "", **attributes: Value) -> Element:
        made = Element(tag, said, alt, attributes)
        self.kids.append(made)
        return made

    def below(self) -> Iterator[Element]:
        """This element and all under it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.below()


def header_cell(row: Element, said: str, scope: str) -> Element:
    """A TH that names its Row or Column."""
    return row.child("TH", said, O=Name("Table"), Scope=Name(scope))


def place_tree(book: Book, root: Element, pages: list[Ref]) -> None:
    """Write the tree under `root` and its ParentTree into the catalog."""
    tree_dict = Dict(Type=Name("StructTreeRoot"))
    tree = book.add(tree_dict)
    nodes = {id(element): Dict(Type=Name("StructElem"), S=Name(element.tag)) for element in root.below()}
    refs = {key: book.add(node) for key, node in nodes.items()}
    owners: list[dict[int, Ref]] = [{} for _ in pages]
    nodes[id(root)]["P"] = tree
    for element in root.below():
        _fill(nodes[id(element)], element, refs, pages)
        for kid in element.kids:
            if isinstance(kid, Element):
                nodes[id(kid)]["P"] = refs[id(element)]
            else:
                owners[kid[0]][kid[1]] = refs[id(element)]
    numbers: list[Value] = []
    for index, owned in enumerate(owners):
        numbers += [index, Array([owned[mcid] for mcid in range(len(owned))])]
    tree_dict["K"] = Array([refs[id(root)]])
    tree_dict["ParentTree"] = book.add(Dict(Nums=Array(numbers)))
    tree_dict["ParentTreeNextKey"] = len(pages)
    book.catalog(StructTreeRoot=tree)


def _fill(node: Value, element: Element, refs: dict[int, Ref], pages: list[Ref]) -> None:
    marked = [kid[0] for kid in element.kids if not isinstance(kid, Element)]
    if marked:
        node["Pg"] = pages[marked[0]]
    kids: list[Value] = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(refs[id(kid)])
        elif kid[0] == marked[0]:
            kids.append(kid[1])
        else:
            kids.append(Dict(Type=Name("MCR"), Pg=pages[kid[0]], MCID=kid[1]))
    if kids:
        node["K"] = Array(kids)
    if element.said:
        node["ActualText"] = text_string(element.said)
    if element.alt:
        node["Alt"] = text_string(element.alt)
    if element.attributes:
        node["A"] = Dict(**element.attributes)


def declare(book: Book, title: str, instant: str) -> None:
    """Catalog entries and XMP by which the file says it is PDF/UA-1, Persian, read from right to left."""
    xmp = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:language><rdf:Bag><rdf:li>{LANG}</rdf:li></rdf:Bag></dc:language>"
        f"<xmp:CreateDate>{instant}</xmp:CreateDate><xmp:ModifyDate>{instant}</xmp:ModifyDate>"
        '<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )
    book.catalog(
        MarkInfo=Dict(Marked="true"),
        ViewerPreferences=Dict(DisplayDocTitle="true", Direction=Name("R2L")),
        Metadata=book.text_stream(xmp, {"Type": Name("Metadata"), "Subtype": Name("XML")}),
    )
