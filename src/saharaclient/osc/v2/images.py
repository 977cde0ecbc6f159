"""The commands of the image registry in API 2, written once in `saharaclient.osc.images`."""

from saharaclient.osc.images import (
    AddImageTags,
    ListImages,
    RegisterImage,
    RemoveImageTags,
    SetImageTags,
    ShowImage,
    UnregisterImage,
)
