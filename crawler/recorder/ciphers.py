"""Names of TLS cipher suites: OpenSSL's own, and IANA's, which ``WARC-Cipher-Suite`` holds.

Source: IANA TLS Cipher Suites registry; OpenSSL's ciphers(1).
"""

_AUTHENTICATED = ("ECDHE-ECDSA", "ECDHE-RSA", "DHE-RSA", "DHE-DSS")
_CIPHERS = {
    "AES128-GCM-SHA256": "AES_128_GCM_SHA256",
    "AES256-GCM-SHA384": "AES_256_GCM_SHA384",
    "AES128-SHA256": "AES_128_CBC_SHA256",
    "AES256-SHA384": "AES_256_CBC_SHA384",
    "AES256-SHA256": "AES_256_CBC_SHA256",
    "AES128-SHA": "AES_128_CBC_SHA",
    "AES256-SHA": "AES_256_CBC_SHA",
    "AES128-CCM": "AES_128_CCM",
    "AES256-CCM": "AES_256_CCM",
    "CAMELLIA128-SHA": "CAMELLIA_128_CBC_SHA",
    "CAMELLIA256-SHA": "CAMELLIA_256_CBC_SHA",
    "CHACHA20-POLY1305": "CHACHA20_POLY1305_SHA256",
    "ARIA128-GCM-SHA256": "ARIA_128_GCM_SHA256",
    "ARIA256-GCM-SHA384": "ARIA_256_GCM_SHA384",
    "DES-CBC3-SHA": "3DES_EDE_CBC_SHA",
}


def iana_name(openssl_name: str | None) -> str | None:
    """Return IANA's name of the suite that OpenSSL calls *openssl_name*, None where it is not known here.

    >>> iana_name("ECDHE-RSA-AES128-GCM-SHA256")
    'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'
    """
    if openssl_name is None or openssl_name.startswith("TLS_"):
        return openssl_name
    for exchange in _AUTHENTICATED:
        cipher = _CIPHERS.get(openssl_name.removeprefix(f"{exchange}-"))
        if openssl_name.startswith(exchange) and cipher:
            return f"TLS_{exchange.replace('-', '_')}_WITH_{cipher}"
    # Without an exchange in its name, OpenSSL means RSA.
    return f"TLS_RSA_WITH_{_CIPHERS[openssl_name]}" if openssl_name in _CIPHERS else None
