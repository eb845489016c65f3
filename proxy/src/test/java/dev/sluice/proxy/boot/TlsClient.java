package dev.sluice.proxy.boot;

import dev.sluice.testkit.Patience;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's own clients, for TLS listeners of this machine whose certificate is for localhost. */
final class TlsClient implements AutoCloseable {
    private final SSLContext context;
    private final HttpClient http;

    private TlsClient(SSLContext context) {
        this.context = context;
        http = HttpClient.newBuilder().sslContext(context).connectTimeout(Patience.LIMIT).build();
    }

    /** A client that trusts the authority and shows a certificate if it has one. */
    static TlsClient of(TestCertificates trusted, Optional<Issued> own) {
        try {
            KeyStore trust = empty();
            trust.setCertificateEntry("ca", trusted.authority());
            TrustManagerFactory trusting = TrustManagerFactory.getInstance("PKIX");
            trusting.init(trust);
            KeyManagerFactory showing = KeyManagerFactory.getInstance("PKIX");
            KeyStore keys = empty();
            if (own.isPresent()) {
                keys.setKeyEntry(
                        "own",
                        own.get().key(),
                        new char[0],
                        new X509Certificate[] {own.get().certificate()});
            }
            showing.init(keys, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(showing.getKeyManagers(), trusting.getTrustManagers(), null);
            return new TlsClient(context);
        } catch (GeneralSecurityException | IOException failed) {
            throw new IllegalStateException("no TLS client", failed);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    HttpResponse<String> get(HttpClient.Version version, int port, String... headers)
            throws IOException, InterruptedException {
        return http.send(request(version, port, headers).build(), BodyHandlers.ofString());
    }

    HttpResponse<byte[]> post(HttpClient.Version version, int port, byte[] body)
            throws IOException, InterruptedException {
        return http.send(
                request(version, port).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
                BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(
            HttpClient.Version version, int port, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/a"))
                        .version(version)
                        .timeout(Patience.LIMIT);
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** A connection whose handshake is done, asking for this name. */
    SSLSocket connect(int port, String serverName, String... protocols) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(Math.toIntExact(Patience.LIMIT.toMillis()));
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Override
    public void close() {
        http.close();
    }
}
