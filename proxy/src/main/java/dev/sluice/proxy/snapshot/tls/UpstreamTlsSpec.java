package dev.sluice.proxy.snapshot.tls;

import java.util.List;

/**
 * TLS with endpoints (Envoy {@code UpstreamTlsContext}). Immutable.
 *
 * @param common versions, certificates, judgement
 * @param name asked for
 * @param san whether the endpoint's certificate must have that name
 */
public record UpstreamTlsSpec(TlsSpec common, ServerName name, NameCheck san) {
    /** The same, which offers these protocols where it names none. */
    public UpstreamTlsSpec offering(List<String> names) {
        return common.alpn().isEmpty()
                ? new UpstreamTlsSpec(common.offering(names), name, san)
                : this;
    }

    /** The same, for bytes. */
    public UpstreamTlsSpec carryingBytes() {
        return new UpstreamTlsSpec(common.carryingBytes(), name, san);
    }

    /** Which server name is asked for (SNI, RFC 6066 section 3). */
    public sealed interface ServerName {
        /**
         * The same for all.
         *
         * @param name empty: none
         */
        record Fixed(String name) implements ServerName {}

        /** The host name of the endpoint ({@code auto_host_sni}), else {@code fallback}. */
        record OfEndpoint(String fallback) implements ServerName {}
    }

    /** Whether the endpoint's certificate must have the name that was asked for. */
    public enum NameCheck {
        /** Only what the validation says is checked. */
        NONE,
        /** The certificate has that name ({@code auto_sni_san_validation}). */
        ASKED_NAME
    }
}
