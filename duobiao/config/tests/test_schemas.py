"""The names of the API's schemas: two of one name would describe one answer by the other."""

from collections import defaultdict

from ninja import Schema

from duobiao.config.api import api


def subclasses(parent: type) -> set[type]:
    return {found for child in parent.__subclasses__() for found in (child, *subclasses(child))}


def test_no_two_schemas_have_one_name():
    assert api.get_openapi_schema()["paths"]
    by_name = defaultdict(set)
    for schema in subclasses(Schema):
        if schema.__module__.startswith("duobiao."):
            by_name[schema.__name__].add(schema.__module__)

    assert {name: sorted(places) for name, places in by_name.items() if len(places) > 1} == {}
