"""Which error a reply becomes, and what it carries."""

import copy
import pickle

import pytest

from saharaclient.api import base
from tests.support import URL, make_client, recordings


@pytest.mark.parametrize(
    ("name", "code", "status", "cls"),
    [
        ("NOT_FOUND", 404, 404, base.NotFound),
        ("NOT_FOUND", 400, 400, base.NotFound),
        ("NAME_ALREADY_EXISTS", 400, 400, base.NameAlreadyExists),
        ("NAME_ALREADY_EXISTS", 409, 409, base.NameAlreadyExists),
        ("INVALID_REFERENCE", 400, 400, base.InvalidReference),
        ("QUOTA_ERROR", 400, 400, base.QuotaExceeded),
        ("FORBIDDEN", 403, 403, base.Forbidden),
        ("DELETION_FAILED", 400, 400, base.InUse),
        ("CANNOT_VERIFY", 400, 400, base.InvalidState),
        ("SOMETHING_NEW", 400, 400, base.BadRequest),
        ("SOMETHING_NEW", 409, 400, base.Conflict),
        (400, 400, 400, base.BadRequest),
        (None, 401, 401, base.Unauthorized),
        (None, "403", 500, base.Forbidden),
        (None, None, 413, base.OverLimit),
        (None, None, 429, base.OverLimit),
        (None, None, 500, base.ServerError),
        (None, None, 503, base.ServiceUnavailable),
        (None, None, 302, base.APIException),
    ],
)
def test_by_name_then_code_then_status(name, code, status, cls, requests_mock):
    body = {"error_name": name, "error_code": code, "error_message": "why"}
    requests_mock.patch(f"{URL}/clusters/1", status_code=status, json=body)
    with pytest.raises(base.APIException) as caught:
        make_client().clusters.update("1", name="n")
    assert type(caught.value) is cls
    assert (caught.value.error_name, str(caught.value)) == (name, "why")


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_every_recorded_error_is_named_by_its_cause(version, requests_mock):
    names = {}
    for exchange in recordings(version):
        if exchange.get("status", 0) >= 400:
            requests_mock.patch(f"{URL}/clusters/1", status_code=exchange["status"], json=exchange["response"])
            with pytest.raises(base.APIException) as caught:
                make_client(version).clusters.update("1")
            names[exchange["what"]] = type(caught.value).__name__
            message = exchange["response"].get("error_message") or exchange["response"]["error"]["message"]
            assert str(caught.value) == message
    assert names["unknown id"] == "NotFound"
    assert names["create duplicate name"] == "NameAlreadyExists"
    assert names["create with unknown plugin"] == "InvalidReference"
    assert names["create with unknown flavor"] == "NotFound"
    assert names["delete protected"] == "InUse"
    assert names["delete the template in use"] == "InUse"
    assert names["scale while scaling"] == "InvalidState"
    assert names["start verification"] == "InvalidState"
    assert names["no token"] == "Unauthorized"
    assert names["unknown path"] == "NotFound"
    assert names["malformed json"] == "BadRequest"
    assert names["unknown image"] == "ServerError"


def test_made_by_hand_as_before():
    error = base.APIException(error_code=404, error_name="N", error_message="not found")
    assert str(error) == "not found"
    error.error_message = "changed"
    assert str(error) == "changed"
    assert str(base.APIException(404)) == str(base.APIException()) == "None"


def test_errors_can_be_copied_and_pickled():
    error = base.NotFound(404, "NOT_FOUND", "gone")
    error.request_id = "req-1"
    for other in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (type(other), str(other), other.request_id) == (base.NotFound, "gone", "req-1")


def test_only_the_clients_own_exceptions_are_in_the_module():
    found = [v for v in vars(base).values() if isinstance(v, type) and issubclass(v, BaseException)]
    assert all(issubclass(cls, base.APIException) for cls in found)
    assert all(cls.__module__ == "saharaclient.api.base" for cls in found)
    assert set(found) == {base.APIException, *_below(base.APIException)}


def _below(cls):
    return {c for sub in cls.__subclasses__() for c in (sub, *_below(sub))}
