package dev.sluice.proxy.snapshot.tls;

import java.util.List;
import java.util.Optional;

/** What lies between TCP and the protocol of an endpoint (Envoy {@code TransportSocket}). */
public sealed interface TransportSocketSpec {
    /** TLS, wherever in the socket it is. */
    Optional<UpstreamTlsSpec> tls();

    /** The same, for bytes. */
    default TransportSocketSpec carryingBytes() {
        return switch (this) {
            case RawBuffer raw -> raw;
            case Tls(UpstreamTlsSpec spec) -> new Tls(spec.carryingBytes());
            case ProxyProtocol(var version, var inner) ->
                    new ProxyProtocol(version, inner.carryingBytes());
        };
    }

    /**
     * The same, whose TLS offers these protocols by ALPN where it names none.
     *
     * @param names the preferred one first
     */
    default TransportSocketSpec offering(List<String> names) {
        return switch (this) {
            case RawBuffer raw -> raw;
            case Tls(UpstreamTlsSpec spec) -> new Tls(spec.offering(names));
            case ProxyProtocol(var version, var inner) ->
                    new ProxyProtocol(version, inner.offering(names));
        };
    }

    /** Nothing. */
    record RawBuffer() implements TransportSocketSpec {
        @Override
        public Optional<UpstreamTlsSpec> tls() {
            return Optional.empty();
        }
    }

    record Tls(UpstreamTlsSpec spec) implements TransportSocketSpec {
        @Override
        public Optional<UpstreamTlsSpec> tls() {
            return Optional.of(spec);
        }
    }

    /** The client's address is told first (PROXY protocol), then comes {@code inner}. */
    record ProxyProtocol(ProxyProtocolVersion version, TransportSocketSpec inner)
            implements TransportSocketSpec {
        @Override
        public Optional<UpstreamTlsSpec> tls() {
            return inner.tls();
        }
    }

    /** Versions of the PROXY protocol. */
    enum ProxyProtocolVersion {
        /** A line of text. */
        V1,
        /** A binary header. */
        V2
    }
}
