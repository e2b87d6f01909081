"""Asking where to save and what to open, in Persian, beginning on the stick that is in."""

from __future__ import annotations

from PySide6.QtCore import QDir, QStorageInfo
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.domain.texts import say

_WORDS = {
    QFileDialog.DialogLabel.LookIn: "file-where", QFileDialog.DialogLabel.FileName: "file-called",
    QFileDialog.DialogLabel.FileType: "file-kind", QFileDialog.DialogLabel.Accept: "file-save",
    QFileDialog.DialogLabel.Reject: "file-leave",
}  # fmt: skip
_STICKS = ("/media/", "/run/media/", "/Volumes/")
"""Where desktops mount what is plugged in; elsewhere the person goes there from home."""


def stick() -> str:
    """The folder of the first stick that can be written to, or home."""
    roots = [each.rootPath() for each in QStorageInfo.mountedVolumes() if each.isReady() and not each.isReadOnly()]
    return next((root for root in roots if root.startswith(_STICKS)), QDir.homePath())


def save_dialog(parent: QWidget, title: str, name: str, *, folder: str, files: str, suffix: str) -> QFileDialog:
    """Asks where to save a file called `name`, in `folder`, else on the stick, else at home; `files` names its kind."""
    dialog = QFileDialog(parent, title, folder or stick(), files)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(name)
    for label, key in _WORDS.items():
        dialog.setLabelText(label, say(f"preview.{key}"))
    return dialog


def open_dialog(parent: QWidget, title: str, *, files: str) -> QFileDialog:
    """Asks for a file that is there, on the stick, else at home; `files` names its kind."""
    dialog = QFileDialog(parent, title, stick(), files)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    for label, key in _WORDS.items():
        dialog.setLabelText(label, say(f"preview.{key}"))
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, say("way-back.file-open"))
    return dialog


def asked_path(dialog: QFileDialog) -> str:
    """The path the person chose, "" if they left."""
    accepted = dialog.exec() == QFileDialog.DialogCode.Accepted
    return dialog.selectedFiles()[0] if accepted else ""
