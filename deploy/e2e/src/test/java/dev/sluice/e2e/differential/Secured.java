package dev.sluice.e2e.differential;

import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS in front of a listener that wants it: takes what clients send without TLS, agrees on the
 * protocol that they begin with, and passes bytes both ways. Thread-safe.
 */
final class Secured implements AutoCloseable {
    /** What every connection of HTTP/2 begins with, and no request of HTTP/1 (RFC 9113). */
    private static final String PREFACE = "PRI";

    private final SSLContext context;
    private final int port;
    private final TcpUpstream plain;

    private Secured(SSLContext context, int port) {
        this.context = context;
        this.port = port;
        plain = TcpUpstream.start(this::carry);
    }

    /** An authority, and what a listener of this machine shows. */
    record Identity(TestCertificates authority, Issued server) {
        static Identity in(Path folder) {
            TestCertificates authority = TestCertificates.in(folder);
            return new Identity(authority, authority.issue("server", "localhost"));
        }
    }

    /** In front of the listener at this port. */
    static Secured before(int port, Identity identity) {
        try {
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry("ca", identity.authority().authority());
            TrustManagerFactory trusting = TrustManagerFactory.getInstance("PKIX");
            trusting.init(trust);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusting.getTrustManagers(), null);
            return new Secured(context, port);
        } catch (GeneralSecurityException | IOException failed) {
            throw new IllegalStateException("no TLS for clients", failed);
        }
    }

    /** Where clients connect without TLS. */
    int port() {
        return plain.port();
    }

    private void carry(TcpConnection client) throws IOException {
        client.in().mark(PREFACE.length());
        String first = new String(client.read(PREFACE.length()), StandardCharsets.ISO_8859_1);
        client.in().reset();
        try (SSLSocket secure =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port)) {
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setApplicationProtocols(
                    new String[] {first.equals(PREFACE) ? "h2" : "http/1.1"});
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            Thread.ofVirtual().start(() -> answer(secure, client));
            copy(
                    client.in(),
                    bytes -> {
                        secure.getOutputStream().write(bytes);
                        secure.getOutputStream().flush();
                    });
        }
    }

    private static void answer(SSLSocket secure, TcpConnection client) {
        try {
            copy(secure.getInputStream(), client::send);
            client.close();
        } catch (IOException gone) {
            // One of the two has left; the other end hears of it by its own reading.
        }
    }

    private interface Sink {
        void take(byte[] bytes) throws IOException;
    }

    private static void copy(InputStream from, Sink to) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            to.take(Arrays.copyOf(buffer, read));
        }
    }

    @Override
    public void close() {
        plain.close();
    }
}
