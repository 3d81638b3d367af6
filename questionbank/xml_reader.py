"""Reading XML from strangers: no document type, no entities, no network, no endless depth."""

from lxml import etree


class XmlRefused(Exception):
    """XML that is not read: ``code`` is ``xml_doctype`` or ``xml_broken``, ``line`` where it broke."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code, line)
        self.code = code
        self.line = line


def read_xml(data: bytes) -> etree._Element:
    """The root element; comments and processing instructions are left out.

    A document type is refused whole: it is the door of entity bombs and of files read from this machine. Raises
    :class:`XmlRefused`.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise XmlRefused("xml_doctype")
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise XmlRefused("xml_broken", getattr(broken, "lineno", 0) or 0) from None
    if str(root.getroottree().docinfo.doctype):  # type: ignore[union-attr]
        raise XmlRefused("xml_doctype")
    return root
