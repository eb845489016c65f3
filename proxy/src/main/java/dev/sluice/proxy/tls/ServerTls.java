package dev.sluice.proxy.tls;

import dev.sluice.proxy.exchange.PeerCertificate;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.SanMatcher;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** TLS of a filter chain with its clients. Thread-safe. */
public final class ServerTls {
    private final DownstreamTlsSpec spec;
    private final ContextHolder holder = new ContextHolder();

    ServerTls(DownstreamTlsSpec spec) {
        this.spec = spec;
    }

    DownstreamTlsSpec spec() {
        return spec;
    }

    ContextHolder holder() {
        return holder;
    }

    /** The handler of a new connection, which owns it; empty while there is no certificate. */
    public Optional<SslHandler> handler(ByteBufAllocator allocator) {
        return holder.with(context -> context.newHandler(allocator));
    }

    /** The client's certificate, when it showed one that was judged. */
    public static Optional<PeerCertificate> peer(SslHandler handshaken) {
        try {
            SSLSession session = handshaken.engine().getSession();
            return session.getPeerCertificates()[0] instanceof X509Certificate leaf
                    ? Optional.of(certificate(leaf))
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException nothingShown) {
            return Optional.empty();
        } catch (CertificateException malformed) {
            return Optional.empty();
        }
    }

    /** The name that the client asked for (SNI). */
    public static Optional<String> serverName(SslHandler handshaken) {
        if (handshaken.engine().getSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return Optional.of(host.getAsciiName());
                }
            }
        }
        return Optional.empty();
    }

    private static PeerCertificate certificate(X509Certificate leaf) throws CertificateException {
        return new PeerCertificate(
                PeerTrust.hash(leaf),
                leaf.getSubjectX500Principal().getName(),
                PeerNames.of(leaf, SanMatcher.Kind.URI),
                PeerNames.of(leaf, SanMatcher.Kind.DNS));
    }
}
