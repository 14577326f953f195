"""An open link as a QR code at a place."""

from __future__ import annotations

import io

from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing, Receipt
from manyi.kernel.labels import Label


@CHANNELS.register
class QrCode(Channel):
    """A QR code on a poster, a counter card or a receipt, open to everybody who passes."""

    id = "qr"
    label = Label("二维码", "QR code")
    reach = "hand"

    def send(self, message: Outgoing) -> Receipt:
        """Always refused: a code is put up, not sent."""
        raise ChannelError("a QR code is put up, not sent", permanent=True)


def svg(address: str) -> str:
    """The QR code of an address as SVG; error correction M, so that a scratched poster still reads."""
    import segno  # only the pages with codes need it

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", xmldecl=False, border=2, omitsize=True)
    return out.getvalue().decode()
