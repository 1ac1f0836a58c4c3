"""Trusted lists (ETSI TS 119 612), made and signed by the tests as a state's scheme operator would."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from signxml.xades import XAdESSigner

from backend import clock
from signatures.certificates import subject

NAMESPACE = "http://uri.etsi.org/02231/v2#"
BASE = "http://uri.etsi.org/TrstSvc/TrustedList"
GRANTED, WITHDRAWN = f"{BASE}/Svcstatus/granted", f"{BASE}/Svcstatus/withdrawn"
CA, TIMESTAMPS = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC", "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST"
LONG_AGO = datetime(2017, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Service:
    """A service of a provider: its certificate, its type, and its statuses, newest first, each with when it began."""

    name: str
    certificate: x509.Certificate
    type: str = CA
    statuses: Sequence[tuple[str, datetime]] = ((GRANTED, LONG_AGO),)


@dataclass(frozen=True)
class Operator:
    """Who signs the list."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def list_of(self, *services: Service) -> bytes:
        """The signed list, with these services of one provider."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        signed = XAdESSigner().sign(etree.fromstring(unsigned(*services)), key=key, cert=[self.certificate])
        return etree.tostring(signed)


def operator() -> Operator:
    """A scheme operator with a key of its own."""
    key, name, now = rsa.generate_private_key(65537, 2048), subject("Opérateur de la liste", "État"), clock.machine()
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    builder = builder.not_valid_before(now.replace(year=now.year - 1)).not_valid_after(now.replace(year=now.year + 1))
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return Operator(key, builder.sign(key, SHA256()))


def unsigned(*services: Service) -> bytes:
    """The list before it is signed."""
    return f"""<TrustServiceStatusList xmlns="{NAMESPACE}" TSLTag="http://uri.etsi.org/19612/TSLTag" Id="list">
<SchemeInformation>
<TSLVersionIdentifier>5</TSLVersionIdentifier><TSLSequenceNumber>1</TSLSequenceNumber><TSLType>{BASE}/TSLType/EUgeneric</TSLType>
<SchemeTerritory>FR</SchemeTerritory><ListIssueDateTime>2026-01-01T00:00:00Z</ListIssueDateTime>
<NextUpdate><dateTime>2036-01-01T00:00:00Z</dateTime></NextUpdate>
</SchemeInformation>
<TrustServiceProviderList><TrustServiceProvider>
<TSPInformation><TSPName><Name xml:lang="en">A provider</Name></TSPName></TSPInformation>
<TSPServices>{"".join(map(_service, services))}</TSPServices>
</TrustServiceProvider></TrustServiceProviderList>
</TrustServiceStatusList>""".encode()


def _service(one: Service) -> str:
    (status, since), *before = one.statuses
    history = "".join(f"<ServiceHistoryInstance>{_said(one, status, since)}</ServiceHistoryInstance>" for status, since in before)
    told = f"<ServiceInformation>{_said(one, status, since)}</ServiceInformation>"
    return f"<TSPService>{told}{f'<ServiceHistory>{history}</ServiceHistory>' if history else ''}</TSPService>"


def _said(one: Service, status: str, since: datetime) -> str:
    der = base64.b64encode(one.certificate.public_bytes(Encoding.DER)).decode()
    return f"""<ServiceTypeIdentifier>{one.type}</ServiceTypeIdentifier><ServiceName><Name xml:lang="en">{one.name}</Name></ServiceName>
<ServiceDigitalIdentity><DigitalId><X509Certificate>{der}</X509Certificate></DigitalId></ServiceDigitalIdentity>
<ServiceStatus>{status}</ServiceStatus><StatusStartingTime>{since:%Y-%m-%dT%H:%M:%SZ}</StatusStartingTime>"""
