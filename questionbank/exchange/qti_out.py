"""A selection of items as a QTI 3.0 content package."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from lxml import etree
from lxml import html as lxml_html

from questionbank import figures
from questionbank.content import Content
from questionbank.models import ItemVersion

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATH = "http://www.w3.org/1998/Math/MathML"
MANIFEST = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_XML = "{http://www.w3.org/XML/1998/namespace}lang"
_MATCH = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"
_MAP = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"


def write_package(items: Sequence[tuple[ItemVersion, Content]]) -> bytes:
    """A ZIP with ``imsmanifest.xml``, one item file each, and their figures."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for version, content in items:
            archive.writestr(f"items/{version.item.code}.xml", _bytes(write_item(version, content)))
            for name, svg in content["figures"].items():
                archive.writestr(f"items/{version.item.code}/{name}", svg)
        archive.writestr("imsmanifest.xml", _bytes(_manifest(items)))
    return target.getvalue()


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def write_item(version: ItemVersion, content: Content) -> etree._Element:
    """One ``qti-assessment-item``; ``label`` carries section and topic, rubric blocks rationale and source."""
    item = version.item
    root = etree.Element(f"{{{QTI}}}qti-assessment-item", nsmap={None: QTI, "m": MATH})  # type: ignore[dict-item]
    root.set("identifier", item.code)
    root.set("title", item.code)
    root.set("label", f"{item.topic.section.code} | {item.topic.name}")
    root.set("adaptive", "false")
    root.set("time-dependent", "false")
    root.set(_XML, version.language)
    keyed = sorted(option["points"] for option in content["options"]) == [0, 0, 0, 0, 5]
    _declare(root, content, keyed)
    _body(root, content, {figures.data_uri(svg): f"{item.code}/{name}" for name, svg in content["figures"].items()})
    _add(root, "qti-response-processing", template=_MATCH if keyed else _MAP)
    return root


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{QTI}}}{name}")
    for key, value in attributes.items():
        child.set(key.rstrip("_").replace("_", "-"), value)
    child.text = text or None
    return child


def _declare(root: etree._Element, content: Content, keyed: bool) -> None:
    response = _add(
        root, "qti-response-declaration", identifier="RESPONSE", cardinality="single", base_type="identifier"
    )
    best = max(content["options"], key=lambda option: option["points"])
    _add(_add(response, "qti-correct-response"), "qti-value", best["label"])
    mapping = _add(response, "qti-mapping", default_value="0")
    for option in content["options"]:
        if option["points"] or not keyed:
            _add(mapping, "qti-map-entry", map_key=option["label"], mapped_value=str(option["points"]))
    outcome = _add(
        root, "qti-outcome-declaration", identifier="SCORE", cardinality="single", base_type="float"
    )
    _add(_add(outcome, "qti-default-value"), "qti-value", "0")


def _body(root: etree._Element, content: Content, addresses: Mapping[str, str]) -> None:
    body = _add(root, "qti-item-body")
    _fill(body, content["stem"], addresses)
    choice = _add(body, "qti-choice-interaction", response_identifier="RESPONSE", max_choices="1", shuffle="true")
    for option in content["options"]:
        _fill(_add(choice, "qti-simple-choice", identifier=option["label"]), option["html"], addresses)
    for name in ("rationale", "source"):
        if content[name]:
            block = _add(body, "qti-rubric-block", use="scoring", view="scorer", class_=name)
            _add(_add(block, "qti-content-body"), "p", content[name])


def _fill(parent: etree._Element, source: str, addresses: Mapping[str, str]) -> None:
    """The stored HTML as XML of the item's namespace; figures become files, MathML keeps its own namespace."""
    holder = lxml_html.fragment_fromstring(source, create_parent="div")
    parent.text = holder.text
    for child in holder:
        parent.append(_converted(child, addresses, QTI))


def _converted(old: etree._Element, addresses: Mapping[str, str], space: str) -> etree._Element:
    space = MATH if old.tag == "math" else space
    new = etree.Element(f"{{{space}}}{old.tag}")
    for key, value in old.attrib.items():
        new.set(str(key), addresses.get(str(value), str(value)) if key == "src" else str(value))
    new.text, new.tail = old.text, old.tail
    for child in old:
        new.append(_converted(child, addresses, space))
    return new


def _manifest(items: Sequence[tuple[ItemVersion, Content]]) -> etree._Element:
    root = etree.Element(f"{{{MANIFEST}}}manifest", nsmap={None: MANIFEST})  # type: ignore[dict-item]
    root.set("identifier", "MANIFEST-CAT-EXAM")
    data = etree.SubElement(root, f"{{{MANIFEST}}}metadata")
    etree.SubElement(data, f"{{{MANIFEST}}}schema").text = "QTI Package"
    etree.SubElement(data, f"{{{MANIFEST}}}schemaversion").text = "3.0.0"
    etree.SubElement(root, f"{{{MANIFEST}}}organizations")
    resources = etree.SubElement(root, f"{{{MANIFEST}}}resources")
    for version, content in items:
        code = version.item.code
        resource = etree.SubElement(resources, f"{{{MANIFEST}}}resource", identifier=f"RES-{code}")
        resource.set("type", "imsqti_item_xmlv3p0")
        resource.set("href", f"items/{code}.xml")
        for path in (f"{code}.xml", *(f"{code}/{name}" for name in content["figures"])):
            etree.SubElement(resource, f"{{{MANIFEST}}}file", href=f"items/{path}")
    return root
