"""Lists page by page, and searches that ask for no more than they need."""

import itertools
import tracemalloc
from urllib.parse import parse_qs, urlparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saharaclient._core.paging import Pager
from saharaclient.api import base
from tests.support import URL, make_client


class FakeList:
    """A server's list of `total` clusters, in pages."""

    def __init__(self, wire, total, name="c{}".format, extra_page=False):
        self.total, self.name, self.extra_page = total, name, extra_page
        self.requests = []
        wire.get(f"{URL}/clusters", json=self.page)

    def page(self, request, _context):
        query = {k: v[0] for k, v in parse_qs(urlparse(request.url).query).items()}
        self.requests.append(query)
        numbers = [n for n in range(self.total) if query.get("name", self.name(n)) in self.name(n)]
        start = int(query.get("marker", -1)) + 1
        numbers = [n for n in numbers if n >= start]
        limit = int(query.get("limit", len(numbers) or 1))
        page, rest = numbers[:limit], numbers[limit:]
        more = page and (rest or self.extra_page)
        return {
            "clusters": [{"id": str(n), "name": self.name(n)} for n in page],
            "markers": {"prev": None, "next": str(page[-1]) if more else None},
        }


@pytest.mark.parametrize("version", ["1.1", "2"])
@pytest.mark.parametrize("extra_page", [False, True])
@pytest.mark.parametrize(("total", "page_size"), [(0, 3), (1, 3), (3, 3), (7, 3), (7, 1)])
def test_iterate_yields_all(version, extra_page, total, page_size, requests_mock):
    server = FakeList(requests_mock, total, extra_page=extra_page)
    found = make_client(version).clusters.iterate(page_size=page_size, sort_by="name", reverse=True)
    assert server.requests == []
    assert [c.id for c in found] == [str(n) for n in range(total)]
    assert all(q["limit"] == str(page_size) and q["sort_by"] == "-name" for q in server.requests)


def test_iterate_is_lazy(requests_mock):
    server = FakeList(requests_mock, 100)
    assert len(list(itertools.islice(make_client().clusters.iterate(page_size=10), 15))) == 15
    assert len(server.requests) == 2


def test_a_server_that_knows_no_paging_is_read_at_once(requests_mock):
    requests_mock.get(f"{URL}/clusters", json={"clusters": [{"id": "1"}, {"id": "2"}]})
    assert [c.id for c in make_client().clusters.iterate(page_size=1)] == ["1", "2"]


def test_a_server_that_repeats_a_page_is_an_error(requests_mock):
    requests_mock.get(f"{URL}/clusters", json={"clusters": [{"id": "1"}], "markers": {"next": "1"}})
    with pytest.raises(base.MalformedResponse, match="pages repeat"):
        list(make_client().clusters.iterate(page_size=1))


@given(st.lists(st.text(max_size=3), max_size=30))
def test_a_pager_ends_or_complains_whatever_the_markers(markers):
    pager, steps = Pager(1), 0
    try:
        for marker in itertools.chain(markers, itertools.cycle(["a", "b", "c"])):
            pager.advance(marker)
            steps += 1
    except base.MalformedResponse:
        pass
    assert steps <= len(set(markers) | {"a", "b", "c"})


def test_page_size_must_be_positive():
    with pytest.raises(ValueError, match="page_size"):
        make_client().clusters.iterate(page_size=0)


def test_a_long_list_takes_no_more_memory_than_a_page(requests_mock):
    FakeList(requests_mock, 20_000)
    clusters = make_client().clusters.iterate(page_size=1000)
    next(clusters)
    tracemalloc.start()
    try:
        count = 1
        for count, _ in enumerate(clusters, 2):
            requests_mock.reset_mock()
            if count == 3000:
                tracemalloc.reset_peak()
                early = tracemalloc.get_traced_memory()[0]
        late = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert count == 20_000
    assert late - early < 300_000  # bytes; 17,000 resources would be megabytes


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_find_unique_asks_the_server_to_filter(version, requests_mock):
    server = FakeList(requests_mock, 1000)
    assert make_client(version).clusters.find_unique(name="c997").id == "997"
    assert len(server.requests) == 1
    assert server.requests[0]["name"] == "c997"


def test_what_the_server_finds_is_compared_again(requests_mock):
    """A server that matches substrings finds c1, c10, c11 … for c1."""
    FakeList(requests_mock, 200)
    client = make_client()
    assert client.clusters.find_unique(name="c1").id == "1"
    assert [c.id for c in client.clusters.find(name="c1")] == ["1"]
    assert client.clusters.find(name="c1", id="2") == []


def test_a_name_that_could_be_a_pattern_is_not_left_to_the_server(requests_mock):
    server = FakeList(requests_mock, 10, name="c({})".format)
    assert make_client().clusters.find_unique(name="c(3)").id == "3"
    assert "name" not in server.requests[0]


def test_the_search_for_one_stops_at_the_second(requests_mock):
    server = FakeList(requests_mock, 10_000, name=lambda _: "same")
    with pytest.raises(base.MultipleMatches, match=r"^Multiple matches found\.$") as caught:
        make_client().clusters.find_unique(name="same")
    assert caught.value.error_code == 409
    assert len(server.requests) == 1


def test_no_match(requests_mock):
    FakeList(requests_mock, 10)
    with pytest.raises(base.NotFound, match=r"^No matches found\.$") as caught:
        make_client().clusters.find_unique(name="nobody")
    assert caught.value.error_code == 404
    assert make_client().clusters.find(colour="red") == []


def test_kinds_without_pages_are_found_too(requests_mock):
    requests_mock.get(f"{URL}/plugins", json={"plugins": [{"name": "fake"}, {"name": "spark"}]})
    requests_mock.get(f"{URL}/images?name=i", json={"images": [{"id": "1", "name": "i"}]})
    client = make_client()
    assert client.plugins.find_unique(name="spark").id == "spark"
    assert client.images.find_unique(name="i").id == "1"


def test_pages_can_be_made_and_read_as_before():
    one = base.Resource(None, {"id": "a"})
    page = base.Page([one], "p", "n", 1)
    assert (list(page), page.prev, page.next, page.limit) == ([one], "p", "n", 1)


@given(
    st.dictionaries(st.text(min_size=1), st.text() | st.integers() | st.lists(st.text(), min_size=1), max_size=3),
    st.none() | st.text(min_size=1),
)
def test_queries_are_encoded_safely(options, marker):
    query = base.get_query_string(options, marker=marker)
    read = parse_qs(query.removeprefix("?"), keep_blank_values=True)
    wanted = {"marker": marker, **options} if marker is not None else options
    expected = {k: [str(i) for i in v] if isinstance(v, list) else [str(v)] for k, v in wanted.items()}
    assert read == expected
    assert query == "" or query.isascii()


@pytest.mark.parametrize("kind", ["plugins", "images", "job_types"])
def test_kinds_without_pages_are_iterated_by_one_request_once_asked(kind, requests_mock):
    manager = getattr(make_client(), kind)
    requests_mock.get(f"{URL}{manager.path}", json={manager.list_key: [{"name": "a"}, {"name": "b"}]})
    resources = manager.iterate({"name": "x"})
    assert not requests_mock.called
    assert [r.name for r in resources] == ["a", "b"]
    assert requests_mock.call_count == 1
    assert requests_mock.last_request.qs == {"name": ["x"]}


ID = "00000000-0000-4000-8000-000000000001"


def test_resolve_takes_an_id_or_a_name(requests_mock):
    requests_mock.get(f"{URL}/clusters/{ID}", json={"cluster": {"id": ID, "name": "c"}})
    requests_mock.get(f"{URL}/clusters", json={"clusters": [{"id": ID, "name": "c"}]})
    manager = make_client().clusters
    assert manager.resolve(ID).name == "c"
    assert requests_mock.call_count == 1
    assert manager.resolve("c").id == ID
    assert requests_mock.call_count == 2
    manager.resolve("c", show_progress=True)
    assert requests_mock.last_request.qs == {"show_progress": ["true"]}


def test_resolve_says_what_is_not_there(requests_mock):
    manager = make_client().clusters
    requests_mock.get(f"{URL}/clusters/{ID}", status_code=404, json={"error_code": 404, "error_message": "no such id"})
    requests_mock.get(f"{URL}/clusters", json={"clusters": []})
    with pytest.raises(base.NotFound, match="no such id"):
        manager.resolve(ID)
    with pytest.raises(base.NotFound, match="There is no Cluster of the name or id 'x'"):
        manager.resolve("x")
    requests_mock.get(f"{URL}/clusters", json={"clusters": [{"id": "1", "name": "x"}, {"id": "2", "name": "x"}]})
    with pytest.raises(base.MultipleMatches, match="several are called 'x'"):
        manager.resolve("x")


def test_a_name_that_looks_like_an_id_is_tried_as_both(requests_mock):
    requests_mock.get(f"{URL}/clusters/{ID}", status_code=404, json={"error_code": 404, "error_message": "m"})
    requests_mock.get(f"{URL}/clusters", json={"clusters": [{"id": "1", "name": ID}]})
    assert make_client().clusters.resolve(ID).id == "1"
