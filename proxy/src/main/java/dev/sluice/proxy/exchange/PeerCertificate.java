package dev.sluice.proxy.exchange;

import dev.sluice.proxy.observe.LogFacts;
import java.util.List;
import java.util.Optional;

/**
 * The certificate that the other end of a connection showed and that was found good. Immutable.
 *
 * @param hash SHA-256 of the certificate in DER, lower-case hex
 * @param subject distinguished name, RFC 2253
 * @param uris subject alternative names of kind URI, in their order
 * @param dnsNames subject alternative names of kind DNS, in their order
 */
public record PeerCertificate(
        String hash, String subject, List<String> uris, List<String> dnsNames) {
    public PeerCertificate {
        uris = List.copyOf(uris);
        dnsNames = List.copyOf(dnsNames);
    }

    /** As access logs show it. */
    public LogFacts.Client logged() {
        return new LogFacts.Client(subject, uris, dnsNames, hash);
    }

    /** Who it is: the first SPIFFE id, else the first DNS name; empty when it has neither. */
    public Optional<String> identity() {
        return uris.stream()
                .filter(uri -> uri.startsWith("spiffe://"))
                .findFirst()
                .or(() -> dnsNames.stream().findFirst());
    }
}
