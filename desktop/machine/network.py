"""Whether this PC's network came back: a reason to try the province at once. Where nobody can tell, nothing is lost."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QNetworkInformation, QNetworkInterface

_LOOK_EVERY = 15_000
_Reachability = QNetworkInformation.Reachability
_BACK = (_Reachability.Local, _Reachability.Site, _Reachability.Online)
_log = logging.getLogger(__name__)


class Network(QObject):
    """Emits `back` when the system says the network is there again, or, where it says nothing, when an address is new.

    Never blocks and never asks anybody outside this PC.
    """

    back = Signal()

    def __init__(self, parent: QObject, *, told: QNetworkInformation | None = None) -> None:
        """`told` is the system's word; None looks at this PC's own addresses every 15 seconds instead."""
        super().__init__(parent)
        self._reachable = True
        self._addresses = frozenset[str]()
        if told is not None:
            told.reachabilityChanged.connect(self._changed)
            self._reachable = told.reachability() in _BACK
            return
        self._addresses = _addresses()
        timer = QTimer(self, interval=_LOOK_EVERY)
        timer.timeout.connect(self.look)
        timer.start()

    @Slot(object)
    def _changed(self, reachability: QNetworkInformation.Reachability) -> None:
        was, self._reachable = self._reachable, reachability in _BACK
        if self._reachable and not was:
            self.back.emit()

    @Slot()
    def look(self) -> None:
        """Compare this PC's addresses with those it had."""
        before, self._addresses = self._addresses, _addresses()
        if self._addresses - before:
            self.back.emit()


def watched(parent: QObject) -> Network:
    """The network of this PC; the system is asked to tell where it can."""
    told = None
    if QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
        told = QNetworkInformation.instance()
    if told is None:
        _log.info("network.untold")
    return Network(parent, told=told)


def _addresses() -> frozenset[str]:
    return frozenset(each.toString() for each in QNetworkInterface.allAddresses() if not each.isLoopback())
