"""The image service: images and their bytes."""
