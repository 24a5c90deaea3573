"""Uploads on their way to the store: the sender's file name never reaches the disk, not even for a moment."""

from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class NeutralUploadHandler(TemporaryFileUploadHandler):
    """As Django's, but the temporary file has no ending of the sender's."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = TemporaryUploadedFile("upload", self.content_type, 0, self.charset, self.content_type_extra)
        self.file.name = self.file_name
