package dev.sluice.proxy.snapshot.tls;

/** Versions of TLS that are spoken; 1.0 and 1.1 are retired (RFC 8996). */
public enum TlsVersion {
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    private final String word;

    TlsVersion(String word) {
        this.word = word;
    }

    /** As Java and OpenSSL write it. */
    public String word() {
        return word;
    }
}
