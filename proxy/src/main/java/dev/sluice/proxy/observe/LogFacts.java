package dev.sluice.proxy.observe;

import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the access logs of an exchange ask for: where it is to be written, and the fields that their
 * formats and filters name, and no others. Immutable.
 *
 * @param logs where it is to be written
 * @param ends addresses of this proxy, and of who speaks with it
 * @param serverName asked for in TLS; empty: none
 * @param client who showed a certificate that was found good
 * @param request values of the request headers that are asked for, by lower-case name, as they went
 *     to the upstream, or as they came where none was asked
 * @param response the same of the answer, as the client got it
 * @param trailers the same of the answer's trailers
 */
public record LogFacts(
        List<AccessLogSpec> logs,
        Ends ends,
        String serverName,
        Optional<Client> client,
        Map<String, List<String>> request,
        Map<String, List<String>> response,
        Map<String, List<String>> trailers) {
    /** Of an exchange that no log asks about. */
    public static final LogFacts NONE =
            new LogFacts(List.of(), Ends.NONE, "", Optional.empty(), Map.of(), Map.of(), Map.of());

    public LogFacts {
        logs = List.copyOf(logs);
    }

    /**
     * Addresses of a connection.
     *
     * @param reached what the client reached, or wanted to reach
     * @param directRemote the direct peer's, whatever a header says
     * @param directLocal this proxy's, whatever a header or the kernel says
     */
    public record Ends(
            InetSocketAddress reached,
            InetSocketAddress directRemote,
            InetSocketAddress directLocal) {
        private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("", 0);
        static final Ends NONE = new Ends(NOWHERE, NOWHERE, NOWHERE);
    }

    /**
     * The certificate of a client.
     *
     * @param subject distinguished name, RFC 2253
     * @param uris subject alternative names of kind URI
     * @param dnsNames subject alternative names of kind DNS
     * @param hash SHA-256 of the certificate, lower-case hex
     */
    public record Client(String subject, List<String> uris, List<String> dnsNames, String hash) {}

    /** Of a connection, which has no heads. */
    public static LogFacts ofConnection(
            List<AccessLogSpec> logs, Ends ends, String serverName, Optional<Client> client) {
        return new LogFacts(logs, ends, serverName, client, Map.of(), Map.of(), Map.of());
    }
}
