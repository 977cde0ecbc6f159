"""openstacksdk against the service, as programs use it."""

import pytest


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")  # its own
def test_openstacksdk(sdk):
    assert sdk.get_flavor("m1.small").ram == 2048
    assert sdk.compute.find_flavor("2").name == "m1.small"
    assert sdk.image.find_image("local-spark").status == "active"
    assert sdk.network.find_network("private").status == "ACTIVE"
    image = sdk.image.create_image("from-sdk", data=b"content", disk_format="raw", container_format="bare")
    assert sdk.image.download_image(sdk.image.get_image(image.id)).content == b"content"
    sdk.image.delete_image(image)
    sdk.create_container("from-sdk")
    sdk.create_object("from-sdk", "folder/object", data=b"content")
    assert [found.name for found in sdk.object_store.objects("from-sdk")] == ["folder/object"]
    assert sdk.object_store.download_object("folder/object", "from-sdk") == b"content"
    sdk.delete_object("from-sdk", "folder/object")
    sdk.delete_container("from-sdk")
